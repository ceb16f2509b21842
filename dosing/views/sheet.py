"""The plan sheet: the same inputs, as a page for the printer."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dosing.content.live import Live
from dosing.forms.asking import ask
from dosing.presenters.guidance import beside
from dosing.presenters.sheet import SheetView, sheet_view

from .page import release, with_live_content


@require_http_methods(["GET", "HEAD", "POST"])
@with_live_content
def sheet(request: HttpRequest, live: Live) -> HttpResponse:
    """The sheet for what was posted."""
    made = sheet_for(request, live)
    if isinstance(made, HttpResponse):
        return made
    return render(
        request, "dosing/sheet.html", {"sheet": made, "idle_seconds": settings.IDLE_SECONDS}
    )


def sheet_for(request: HttpRequest, live: Live) -> SheetView | HttpResponse:
    """The sheet in words, or the answer where there is none: without inputs, to the calculator."""
    if request.method != "POST":
        return redirect("calculator")
    asked = ask(request.POST, live.formulary, today=timezone.localdate())
    if asked.plan is None:
        refused = {"title": "No plan sheet", "refusals": asked.refusals, "release": release(live)}
        return render(request, "dosing/not_made.html", refused, status=422)
    guidance = (
        beside(live.formulary, asked.plan.regimen, asked.group, topics_only=True)
        if asked.guidance_on_sheet
        else None
    )
    return sheet_view(asked.plan, live.formulary, release(live), asked.entered, guidance=guidance)
