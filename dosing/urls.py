"""Addresses of the product. None carries a fact about a patient."""

from django.urls import path

from .views import api, paper
from .views.calculator import calculator
from .views.compare import comparison
from .views.contents import contents
from .views.editions import compare_releases
from .views.impact import impact
from .views.page import View, with_live_content
from .views.preview import with_draft
from .views.reference import dialysis
from .views.sheet import sheet

#: The calculator and what its buttons open (views/page.py: Desk): of the live content, and the very
#: same of a draft.
DESK: dict[str, tuple[str, View]] = {
    "calculator": ("", calculator),
    "compare": ("compare/", comparison),
    "sheet": ("sheet/", sheet),
    "sheet-pdf": ("sheet.pdf", paper.plan_sheet),
    "dialysis": ("reference/dialysis/", dialysis),
}

urlpatterns = [
    *(path(at, with_live_content(view), name=name) for name, (at, view) in DESK.items()),
    path("downtime/", paper.downtime, name="downtime"),
    path("downtime.pdf", paper.downtime_file, name="downtime-pdf"),
    path("content/", contents, name="content"),
    path("content/compare/", compare_releases, name="compare-releases"),
    path("content/impact/", impact, name="impact"),
    *(
        path(f"content/preview/{draft}/{at}", with_draft(view), name=f"{prefix}-{name}")
        for draft, prefix in (("rows", "rows"), ("<int:pk>", "preview"))
        for name, (at, view) in DESK.items()
    ),
    path("api/v1/calculate", api.calculate, name="api-calculate"),
    path("api/v1/openapi.json", api.openapi, name="api-openapi"),
]
