"""The live content for reading, with all its sources: public, like the calculator."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dosing.presenters.contents import contents_of

from .page import Content, with_live_content


@require_safe
@with_live_content
def contents(request: HttpRequest, content: Content) -> HttpResponse:
    """Every table, rule and text the calculator works with."""
    found = contents_of(content.formulary, content.digest, content.release)
    page = {"contents": found, "release": content.release}
    return render(request, "dosing/contents.html", page)
