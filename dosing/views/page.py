"""What every page of this product has in common: its content, its headers, no caching."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from dosing.content.live import ContentUnavailable, Live, live_formulary
from dosing.engine.formulary import Formulary
from dosing.presenters.sheet import Release, release_of


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the buttons of a page lead: to the calculator's own pages, or to those of one draft."""

    calculator: str
    compare: str
    sheet: str
    sheet_pdf: str
    dialysis: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a page works with: content, the same in words, and where its buttons lead."""

    formulary: Formulary
    digest: str
    release: Release
    desk: Desk


View = Callable[[HttpRequest, Content], HttpResponse]


def with_live_content(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Hand the live content to a view; without one, the page that says so, with no number on it."""

    @wraps(view)
    def page(request: HttpRequest) -> HttpResponse:
        try:
            live = live_formulary()
            response = view(request, Content(live.formulary, live.digest, release(live), desk()))
        except ContentUnavailable as problem:
            response = unavailable(request, reason=str(problem))
        return kept_by_nobody(response)

    return page


def kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """Neither a browser nor anything between may keep it, or take the fragment for the page."""
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["HX-Request"])
    return response


def unavailable(request: HttpRequest, **shown: Any) -> HttpResponse:
    """503: why there is no content and what to do."""
    whole = not getattr(request, "htmx", False)
    template = "dosing/unavailable.html" if whole else "dosing/_unavailable.html"
    return render(request, template, shown, status=503)


def release(live: Live) -> Release:
    """The live edition in words, as of now."""
    return release_of(
        live.formulary,
        live.digest,
        approved=live.approved,
        printed_at=timezone.localtime(),
        time_zone=settings.TIME_ZONE,
    )


def desk(prefix: str = "", *draft: int) -> Desk:
    """The addresses of the calculator and of what its buttons open; of a draft by its number."""
    names = (field.name for field in fields(Desk))
    return Desk(*(reverse(f"{prefix}{name.replace('_', '-')}", args=draft) for name in names))
