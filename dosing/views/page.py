"""What every page of this product has in common: the live content, its headers, no caching."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from dosing.content.live import ContentUnavailable, Live, live_formulary
from dosing.presenters.sheet import Release, release_of

View = Callable[[HttpRequest, Live], HttpResponse]


def with_live_content(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Hand the live content to a view; without one, the page that says so, with no number on it."""

    @wraps(view)
    def page(request: HttpRequest) -> HttpResponse:
        try:
            response = view(request, live_formulary())
        except ContentUnavailable as problem:
            response = unavailable(request, str(problem))
        response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["HX-Request"])
        return response

    return page


def unavailable(request: HttpRequest, reason: str) -> HttpResponse:
    """503: why there is no content and what to do."""
    whole = not getattr(request, "htmx", False)
    template = "dosing/unavailable.html" if whole else "dosing/_unavailable.html"
    return render(request, template, {"reason": reason}, status=503)


def release(live: Live) -> Release:
    """The live edition in words, as of now."""
    return release_of(
        live.formulary,
        live.digest,
        approved=live.approved,
        printed_at=timezone.localtime(),
        time_zone=settings.TIME_ZONE,
    )
