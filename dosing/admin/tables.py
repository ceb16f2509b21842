from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from dosing.models import AgeRange, ChildFormula, DoseRow, DoseTable, Phase, SchwartzRow

from .rows import RowInline, RowPage


class Ages(RowInline):
    model = AgeRange


class Rows(RowInline):
    model = DoseRow
    verbose_name_plural = "bands, dialysis rows, rows of medicines taken as well"


@admin.register(DoseTable)
class DoseTablePage(RowPage):
    list_display = ("drug", "slug", "title", "course", "measure")
    list_display_links = ("slug", "title")
    list_filter = ("drug", "course")
    list_select_related = ("drug",)
    search_fields = ("slug", "title", "drug__name")
    ordering = ["drug__position", "position", "pk"]
    inlines = (Rows, Ages)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A table that a regimen uses is protected: without it the regimen would reach nothing."""
        shown, counts, missing, protected = super().get_deleted_objects(objs, request)
        used = [
            f"{table} is used by the regimen “{phase.regimen}”"
            for table in objs
            for phase in Phase.objects.filter(drug=table.drug, table=table.slug)
        ]
        return shown, counts, missing, [*protected, *used]


class KRows(RowInline):
    model = SchwartzRow
    verbose_name_plural = "k by age, sex and birth weight"


@admin.register(ChildFormula)
class ChildFormulaPage(RowPage):
    list_display = ("table", "factor", "clearance_cap", "dose_cap_mg")
    list_select_related = ("table__drug",)
    search_fields = ("table__slug", "table__drug__name")
    exclude = ("position",)
    inlines = (KRows,)
