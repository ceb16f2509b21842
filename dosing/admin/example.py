from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin

from dosing.models import ExpectedOrder, WorkedExample
from dosing.presenters.words import FREQUENCIES

from .rows import RowForm, RowInline, RowPage


class ExpectedForm(RowForm):
    """How often, in the words of the dose tables."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "frequency" in self.fields:
            self.fields["frequency"] = forms.ChoiceField(
                label="How often",
                required=False,
                choices=[("", "not compared"), *FREQUENCIES.items()],
            )


class Expected(RowInline):
    model = ExpectedOrder
    form = ExpectedForm
    verbose_name_plural = "expected orders, in the order of the phases"


@admin.register(WorkedExample)
class WorkedExamplePage(RowPage):
    list_display = ("slug", "regimen", "start")
    list_filter = ("regimen",)
    list_select_related = ("regimen",)
    search_fields = ("slug", "regimen__title")
    inlines = (Expected,)
