from __future__ import annotations

from django.contrib import admin

from dosing.models import (
    Immunoglobulin,
    Phase,
    Regimen,
    RegimenMonitoring,
    RegimenRule,
    TransplantEnd,
)

from .rows import RowInline, RowPage


class Phases(RowInline):
    model = Phase


class TransplantEnds(RowInline):
    model = TransplantEnd
    verbose_name_plural = "last day after transplantation"


class Tests(RowInline):
    model = RegimenMonitoring
    verbose_name_plural = "tests this regimen adds"


class Rules(RowInline):
    model = RegimenRule


class Published(RowInline):
    model = Immunoglobulin
    verbose_name_plural = "published on adding immunoglobulin"


@admin.register(Regimen)
class RegimenPage(RowPage):
    list_display = ("title", "slug", "purpose", "audience")
    list_filter = ("purpose",)
    search_fields = ("slug", "title", "audience")
    inlines = (Phases, TransplantEnds, Rules, Tests, Published)
