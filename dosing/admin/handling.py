from __future__ import annotations

from django.contrib import admin

from dosing.models import Bag, BottlePreparation, Hydration, InfusionTime, VialPreparation

from .rows import RowInline, RowPage


class Bags(RowInline):
    model = Bag


@admin.register(VialPreparation)
class VialPage(RowPage):
    list_display = ("drug", "vial_mg", "diluent_ml", "minutes")
    list_select_related = ("drug",)
    search_fields = ("drug__name",)
    exclude = ("position",)
    inlines = (Bags,)


class Times(RowInline):
    model = InfusionTime


class Fluids(RowInline):
    model = Hydration
    verbose_name_plural = "hydration by mg/kg"


@admin.register(BottlePreparation)
class BottlePage(RowPage):
    list_display = ("drug", "concentration_mg_ml", "bottles_ml")
    list_select_related = ("drug",)
    search_fields = ("drug__name",)
    exclude = ("position",)
    inlines = (Times, Fluids)
