"""Two releases side by side: public, to be read only. No fact about a patient is in its address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from dosing.content.frozen import Unreadable, find_release, formulary_of
from dosing.content.live import ContentUnavailable, live_formulary
from dosing.models import ContentRelease
from dosing.presenters.difference import difference_view
from dosing.presenters.sheet import Release

from .page import release


@dataclass(frozen=True, slots=True)
class Pair:
    """The two releases an address names; None where it names none."""

    before: ContentRelease | None
    after: ContentRelease | None
    problem: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether both are there."""
        return self.before is not None and self.after is not None


@require_safe
@cache_control(no_store=True)
def compare_releases(request: HttpRequest) -> HttpResponse:
    """The difference between two releases in clinical words, or the form that asks for them."""
    pair = named_pair(request)
    page: dict[str, Any] = chosen(request, pair)
    if pair.before is not None and pair.after is not None:
        try:
            sides = [formulary_of(one.digest) for one in (pair.before, pair.after)]
            page["difference"] = difference_view(*sides)
        except Unreadable as problem:
            page["problem"] = str(problem)
    status = 404 if page["problem"] else 200
    return render(request, "dosing/compare_releases.html", page, status=status)


def named_pair(request: HttpRequest) -> Pair:
    """By edition, digest or beginning of one; the live release stands for a first one left out."""
    names = [request.GET.get(side, "").strip() for side in ("before", "after")]
    among = to_be_read(request)
    found = [find_release(name, among) if name else None for name in names]
    if not names[0] and names[1]:
        found[0] = ContentRelease.objects.live()
    unknown = [name for name, one in zip(names, found, strict=True) if name and one is None]
    problem = "There is no release of that name: choose one from the list." if unknown else ""
    return Pair(found[0], found[1], problem)


def reads_drafts(request: HttpRequest) -> bool:
    """Whether this reader works on the content: in a group of dosing.content.roles, or over all."""
    return request.user.is_staff and request.user.has_perm("dosing.view_contentrelease")


def to_be_read(request: HttpRequest) -> QuerySet[ContentRelease]:
    """Releases this reader may read: before one is in use, only who works on the content."""
    releases = ContentRelease.objects.defer("document")
    if reads_drafts(request):
        return releases
    return releases.exclude(use__in=("unused", "scheduled"))


def chosen(request: HttpRequest, pair: Pair) -> dict[str, Any]:
    """What the form that chooses two releases needs; and the foot of the page."""
    return {
        "releases": to_be_read(request),
        "pair": pair,
        "problem": pair.problem,
        "release": _live(),
    }


def _live() -> Release | None:
    """The live edition for the foot; releases can be compared while none is live, too."""
    try:
        return release(live_formulary())
    except ContentUnavailable:
        return None
