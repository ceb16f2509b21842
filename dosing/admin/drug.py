from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from dosing.models import (
    ActionLimit,
    BottlePreparation,
    ClockStep,
    DoseTable,
    Drug,
    DrugMonitoring,
    DrugRule,
    Instruction,
    OralPreparation,
    PublishedDose,
    Rounding,
    StartConditions,
    Threshold,
    VialPreparation,
)

from .rows import SIDE_BY_SIDE, WIDGETS, InReadingOrder, RowForm, RowInline, RowPage


class Tables(admin.StackedInline):
    """The drug's tables by name; each opens on its own page, where its bands are."""

    model = DoseTable
    readonly_fields = ("slug", "title", "course", "measure", "per_kg")
    fieldsets = ((None, {"fields": readonly_fields, "classes": SIDE_BY_SIDE}),)
    show_change_link = True
    can_delete = False
    ordering = ["position", "pk"]
    verbose_name_plural = "dose tables (open one to see its bands)"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WayOfPreparation(InReadingOrder, admin.StackedInline):
    """A drug has at most one of these; its bags, times and fluids are on its own page."""

    form = RowForm
    formfield_overrides = WIDGETS
    autocomplete_fields = ("sources",)
    exclude = ("position",)
    show_change_link = True
    extra = 0


class Vial(WayOfPreparation):
    model = VialPreparation


class Bottle(WayOfPreparation):
    model = BottlePreparation


class Oral(WayOfPreparation):
    model = OralPreparation


class Starts(WayOfPreparation):
    model = StartConditions


class Clock(RowInline):
    model = ClockStep
    verbose_name_plural = "around each dose, by the clock"


class Roundings(RowInline):
    model = Rounding


class Thresholds(RowInline):
    model = Threshold


class Monitoring(RowInline):
    model = DrugMonitoring
    verbose_name_plural = "monitoring"


class ActionLimits(RowInline):
    model = ActionLimit


class Rules(RowInline):
    model = DrugRule


class Instructions(RowInline):
    model = Instruction


class PublishedDoses(RowInline):
    model = PublishedDose


@admin.register(Drug)
class DrugPage(RowPage):
    list_display = ("name", "slug", "brands", "form", "route")
    search_fields = ("slug", "name", "brands")
    inlines = (
        Tables,
        Vial,
        Bottle,
        Oral,
        Clock,
        Starts,
        Roundings,
        Thresholds,
        Monitoring,
        ActionLimits,
        Rules,
        Instructions,
        PublishedDoses,
    )
