"""What is kept beside the bed or in the drawer: the sheet as PDF, and the downtime paper."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dosing.exports.paper import PdfUnavailable, downtime_pdf, sheet_pdf
from dosing.presenters.downtime import DowntimePaper, downtime_paper

from .page import Content, with_live_content
from .sheet import sheet_for


def plan_sheet(request: HttpRequest, content: Content) -> HttpResponse:
    """The plan sheet as PDF; refused like the sheet itself."""
    made = sheet_for(request, content)
    if isinstance(made, HttpResponse):
        return made
    name = "draft-not-for-patients.pdf" if content.release.draft else "plan-sheet.pdf"
    return _pdf(request, name, lambda: sheet_pdf(made))


@require_safe
@with_live_content
def downtime(request: HttpRequest, content: Content) -> HttpResponse:
    """The downtime paper as a page."""
    return render(request, "dosing/downtime.html", {"paper": _downtime(content)})


@require_safe
@with_live_content
def downtime_file(request: HttpRequest, content: Content) -> HttpResponse:
    """The downtime paper as PDF."""
    return _pdf(request, "downtime-paper.pdf", lambda: downtime_pdf(_downtime(content)))


def _downtime(content: Content) -> DowntimePaper:
    return downtime_paper(content.formulary, content.digest, content.release)


def _pdf(request: HttpRequest, name: str, made: Callable[[], bytes]) -> HttpResponse:
    """A file to look at, under a name that tells nothing about a patient."""
    try:
        content = made()
    except PdfUnavailable:
        return render(request, "dosing/no_pdf.html", status=503)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
