"""Addresses of the product. None carries a fact about a patient."""

from django.urls import path

from .views import api, paper
from .views.calculator import calculator
from .views.compare import comparison
from .views.contents import contents
from .views.editions import compare_releases
from .views.impact import impact
from .views.reference import dialysis
from .views.sheet import sheet

urlpatterns = [
    path("", calculator, name="calculator"),
    path("compare/", comparison, name="compare"),
    path("sheet/", sheet, name="sheet"),
    path("sheet.pdf", paper.plan_sheet, name="sheet-pdf"),
    path("downtime/", paper.downtime, name="downtime"),
    path("downtime.pdf", paper.downtime_file, name="downtime-pdf"),
    path("reference/dialysis/", dialysis, name="dialysis"),
    path("content/", contents, name="content"),
    path("content/compare/", compare_releases, name="compare-releases"),
    path("content/impact/", impact, name="impact"),
    path("api/v1/calculate", api.calculate, name="api-calculate"),
    path("api/v1/openapi.json", api.openapi, name="api-openapi"),
]
