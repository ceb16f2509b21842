"""The live content for reading, with all its sources: public, like the calculator."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dosing.content.live import Live
from dosing.presenters.contents import contents_of

from .page import release, with_live_content


@require_safe
@with_live_content
def contents(request: HttpRequest, live: Live) -> HttpResponse:
    """Every table, rule and text the calculator works with."""
    edition = release(live)
    found = contents_of(live.formulary, live.digest, edition)
    return render(request, "dosing/contents.html", {"contents": found, "release": edition})
