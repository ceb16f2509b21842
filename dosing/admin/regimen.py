from __future__ import annotations

from typing import Any

from django.contrib import admin

from dosing.models import (
    DoseTable,
    Immunoglobulin,
    Phase,
    Regimen,
    RegimenMonitoring,
    RegimenRule,
    TransplantEnd,
)

from .rows import RowForm, RowInline, RowPage


class PhaseForm(RowForm):
    def clean(self) -> dict[str, Any]:
        """The table must be one of the chosen drug's own."""
        values = super().clean() or {}
        drug, table = values.get("drug"), values.get("table")
        if drug is not None and table:
            own = DoseTable.objects.filter(drug=drug).values_list("slug", flat=True)
            if table not in own:
                has = ", ".join(own) or "none yet"
                self.add_error("table", f"{drug} has no table “{table}”. Its tables: {has}.")
        return values


class Phases(RowInline):
    model = Phase
    form = PhaseForm


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
