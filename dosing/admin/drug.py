from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from dosing.models import (
    ActionLimit,
    BottlePreparation,
    ClockStep,
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

from .rows import Inline, RowInline, RowPage
from .table_pictures import stored_picture


class WayOfPreparation(Inline):
    """A drug has at most one of these; its bags, times and fluids are on its own page."""

    autocomplete_fields = ("sources",)
    exclude = ("position",)
    show_change_link = True


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

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> Any:
        """With its dose tables to read; each is changed on its own page, where its rows are."""
        drug = context["original"]
        tables = () if drug is None else drug.tables.order_by("position", "pk")
        context["tables"] = [(table, stored_picture(table)) for table in tables]
        return super().render_change_form(request, context, *args, **options)
