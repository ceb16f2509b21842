"""What institutions publish where the labels have no dose: to read, never worked with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dosing.content.live import Live
from dosing.presenters.reference import published

from .page import release, with_live_content


@require_safe
@with_live_content
def dialysis(request: HttpRequest, live: Live) -> HttpResponse:
    """Published doses on dialysis, as their sources print them."""
    page = {"drugs": published(live.formulary), "release": release(live)}
    return render(request, "dosing/dialysis.html", page)
