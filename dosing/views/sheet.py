"""The plan sheet: the same inputs, as a page for the printer."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dosing.forms.asking import ask
from dosing.presenters.guidance import beside
from dosing.presenters.sheet import SheetView, sheet_view

from .page import Content


def sheet(request: HttpRequest, content: Content) -> HttpResponse:
    """The sheet for what was posted."""
    made = sheet_for(request, content)
    if isinstance(made, HttpResponse):
        return made
    shown = {"sheet": made, "desk": content.desk, "idle_seconds": settings.IDLE_SECONDS}
    return render(request, "dosing/sheet.html", shown)


def sheet_for(request: HttpRequest, content: Content) -> SheetView | HttpResponse:
    """The sheet in words, or the answer where there is none: without inputs, to the calculator."""
    if request.method != "POST":
        return redirect(content.desk.calculator)
    if request.POST.get("shown", content.release.digest) != content.release.digest:
        changed = {"title": "No plan sheet", "changed": True, "release": content.release}
        return render(request, "dosing/not_made.html", changed, status=409)
    asked = ask(request.POST, content.formulary, today=content.release.today)
    if asked.plan is None:
        refused = {"title": "No plan sheet", "refusals": asked.refusals, "release": content.release}
        return render(request, "dosing/not_made.html", refused, status=422)
    guidance = (
        beside(content.formulary, asked.plan.regimen, asked.group, topics_only=True)
        if asked.guidance_on_sheet
        else None
    )
    return sheet_view(
        asked.plan, content.formulary, content.release, asked.entered, guidance=guidance
    )
