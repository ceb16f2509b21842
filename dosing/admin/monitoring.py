from __future__ import annotations

from django.contrib import admin

from dosing.models import MonitoringPolicy, PolicyMonitoring, Rhythm

from .rows import RowInline, RowPage


@admin.register(Rhythm)
class RhythmPage(RowPage):
    list_display = ("title", "slug", "fixed_days", "from_day", "cycle_days", "offsets", "movable")
    search_fields = ("slug", "title")


class PolicyTests(RowInline):
    model = PolicyMonitoring
    verbose_name_plural = "tests this policy adds"


@admin.register(MonitoringPolicy)
class PolicyPage(RowPage):
    list_display = ("title", "slug", "intensive_test", "intensive_rhythm", "intensive_to_day")
    list_select_related = ("intensive_rhythm",)
    search_fields = ("slug", "title")
    inlines = (PolicyTests,)
