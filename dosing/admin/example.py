from __future__ import annotations

from django.contrib import admin

from dosing.models import ExpectedOrder, WorkedExample

from .rows import RowInline, RowPage


class Expected(RowInline):
    model = ExpectedOrder
    verbose_name_plural = "expected orders, in the order of the phases"


@admin.register(WorkedExample)
class WorkedExamplePage(RowPage):
    list_display = ("slug", "regimen", "start")
    list_filter = ("regimen",)
    list_select_related = ("regimen",)
    search_fields = ("slug", "regimen__title")
    inlines = (Expected,)
