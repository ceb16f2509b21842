"""Addresses of the product. None carries a fact about a patient."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

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

Methods = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]
posted = require_http_methods(["GET", "HEAD", "POST"])
#: The calculator and what its buttons open (views/page.py: Desk): of the live content, and the very
#: same of a draft.
DESK: dict[str, tuple[str, Methods, View]] = {
    "calculator": ("", posted, calculator),
    "compare": ("compare/", posted, comparison),
    "sheet": ("sheet/", posted, sheet),
    "sheet-pdf": ("sheet.pdf", posted, paper.plan_sheet),
    "dialysis": ("reference/dialysis/", require_safe, dialysis),
}

urlpatterns = [
    *(
        path(at, methods(with_live_content(view)), name=name)
        for name, (at, methods, view) in DESK.items()
    ),
    path("downtime/", paper.downtime, name="downtime"),
    path("downtime.pdf", paper.downtime_file, name="downtime-pdf"),
    path("content/", contents, name="content"),
    path("content/compare/", compare_releases, name="compare-releases"),
    path("content/impact/", impact, name="impact"),
    *(
        path(f"content/preview/{draft}/{at}", with_draft(methods(view)), name=f"{prefix}-{name}")
        for draft, prefix in (("rows", "rows"), ("<int:pk>", "preview"))
        for name, (at, methods, view) in DESK.items()
    ),
    path("api/v1/calculate", api.calculate, name="api-calculate"),
    path("api/v1/openapi.json", api.openapi, name="api-openapi"),
]
