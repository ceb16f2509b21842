from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from dosing.models import AgeRange, ChildFormula, DoseRow, DoseTable, Phase, SchwartzRow
from dosing.presenters import words

from .rows import SIDE_BY_SIDE, RowForm, RowInline, RowPage
from .table_pictures import typed_picture


class Ages(RowInline):
    model = AgeRange


class DoseRowForm(RowForm):
    """A row of a table: the words of the column heads, and codes in the ward's words."""

    LABELS: Mapping[str, str] = {
        "low_closed": "from or above",
        "low": "from",
        "high_closed": "to below, or to and including",
        "high": "to",
        "dialysis": "or dialysis",
        "taking": "medicine taken as well",
        "region": "where",
        "amount": "dose",
        "frequency": "how often",
        "advice": "note",
        "sources": "sources",
        "position": "place",
    }
    WORDS: Mapping[str, Mapping[str, str]] = {
        "dialysis": words.DIALYSES,
        "frequency": words.FREQUENCIES,
        "region": words.REGIONS,
        "taking": words.CO_MEDICATIONS,
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in self.LABELS.items():
            if (field := self.fields.get(name)) is None:
                continue
            field.label, field.help_text = label, ""
            # The column's head is no label of its cells: each has its own.
            inner: Any = getattr(field.widget, "widget", field.widget)
            inner.attrs["aria-label"] = label
        for name, known in self.WORDS.items():
            choice: Any = self.fields.get(name)
            if choice is not None:
                codes = [code for code, _ in choice.choices if code]
                choice.choices = [("", "–"), *((code, known[code]) for code in codes)]

    class Meta:
        widgets: Mapping[str, forms.Widget] = {
            "low_closed": forms.Select(choices=[("True", "from"), ("False", "above")]),
            "high_closed": forms.Select(choices=[("False", "to below"), ("True", "to incl.")]),
            "low": forms.TextInput(attrs={"size": 5, "inputmode": "decimal"}),
            "high": forms.TextInput(attrs={"size": 5, "inputmode": "decimal"}),
            "amount": forms.TextInput(attrs={"size": 7, "inputmode": "decimal"}),
            "position": forms.TextInput(attrs={"size": 4, "inputmode": "numeric"}),
            "advice": forms.Textarea(attrs={"rows": 3, "cols": 24}),
        }


class Rows(RowInline):
    """The rows as the table they are, with its picture below (templates/admin/dosing/dosetable)."""

    model = DoseRow
    form = DoseRowForm
    template = "admin/dosing/dosetable/rows.html"
    verbose_name = "row"
    BY_KIDNEYS = ("low_closed", "low", "high_closed", "high", "dialysis")
    BY_MEDICINE = ("taking", "region")
    LAST = ("amount", "frequency", "advice", "sources", "position")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Columns of the kind of table; all of them where the kind is not settled."""
        if obj is None or request.POST.get("measure", obj.measure) != obj.measure:
            return (*self.BY_KIDNEYS, *self.BY_MEDICINE, *self.LAST)
        return (*(self.BY_KIDNEYS if obj.measure else self.BY_MEDICINE), *self.LAST)


@admin.register(DoseTable)
class DoseTablePage(RowPage):
    list_display = ("drug", "slug", "title", "course", "measure")
    list_display_links = ("slug", "title")
    list_filter = ("drug", "course")
    list_select_related = ("drug",)
    search_fields = ("slug", "title", "drug__name")
    ordering = ["drug__position", "position", "pk"]
    inlines = (Rows, Ages)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": self.get_fields(request, obj), "classes": SIDE_BY_SIDE})]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> Any:
        # The rows need the width of the window.
        context["is_nav_sidebar_enabled"] = False
        table = context["adminform"].form.instance
        if table.pk:
            (rows, *_) = context["inline_admin_formsets"]
            context["picture"] = typed_picture(table, rows.formset)
        return super().render_change_form(request, context, *args, **options)

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
