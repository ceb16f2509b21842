from __future__ import annotations

from django.contrib import admin

from dosing.models import Disagreement, Guidance, Point, Side

from .rows import RowInline, RowPage


class Points(RowInline):
    model = Point


@admin.register(Guidance)
class GuidancePage(RowPage):
    list_display = ("title", "slug", "groups", "purposes")
    search_fields = ("slug", "title")
    inlines = (Points,)


class Sides(RowInline):
    model = Side


@admin.register(Disagreement)
class DisagreementPage(RowPage):
    list_display = ("question", "slug", "regimens")
    search_fields = ("slug", "question")
    inlines = (Sides,)
