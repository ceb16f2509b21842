"""The calculator with a draft: the very same pages, for editors and reviewers, for no patient."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import get_object_or_404
from django.utils import timezone

from dosing.content.preview import Draft, Unusable, check_can_try, release_draft, rows_draft
from dosing.content.readiness import check
from dosing.content.transitions import NotAllowed
from dosing.models import ContentRelease
from dosing.presenters.sheet import draft_words, release_of

from .page import Content, View, desk, kept_by_nobody, unavailable

log = logging.getLogger(__name__)

#: What content that is not ready, a table missing here or a rhythm there, makes the engine raise.
NOT_READY = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


def with_draft(view: View) -> Callable[..., HttpResponse]:
    """Hand a release that is not live to a view, or the working rows where none is named.

    Nobody without the right learns that there is such a page.
    """

    @wraps(view)
    def page(request: HttpRequest, pk: int | None = None) -> HttpResponse:
        if not request.user.is_authenticated:
            if getattr(request, "htmx", False):
                return HttpResponseForbidden()
            return redirect_to_login(request.get_full_path())
        return kept_by_nobody(_answer(request, pk, view))

    return page


def _answer(request: HttpRequest, pk: int | None, view: View) -> HttpResponse:
    now = timezone.localtime()
    release = _release(request, pk)
    named = (release.edition, release.digest) if release else ("", "")
    try:
        draft = rows_draft() if release is None else release_draft(release)
    except Unusable as problem:
        words = draft_words(*named, "", now)
        return unavailable(request, reason=str(problem), problems=problem.problems, draft=words)
    content = _content(draft, pk, now)
    try:
        return view(request, content)
    except NOT_READY:
        log.exception("A draft that is not ready was tried.")
        return unavailable(
            request,
            reason="The calculator cannot work with this draft as it stands.",
            problems=[str(one) for one in check(draft.formulary, now.date())],
            draft=content.release.draft,
        )


def _release(request: HttpRequest, pk: int | None) -> ContentRelease | None:
    """The release named, where this person may try it; None for the working rows."""
    try:
        check_can_try(by=request.user)
        if pk is None:
            return None
        release = get_object_or_404(ContentRelease, pk=pk)
        check_can_try(by=request.user, release=release)
    except NotAllowed as problem:
        raise Http404 from problem
    return release


def _content(draft: Draft, pk: int | None, now: datetime) -> Content:
    edition = draft.formulary.edition if draft.digest else ""
    release = release_of(
        draft.formulary,
        draft.digest,
        approved=False,
        printed_at=now,
        time_zone=settings.TIME_ZONE,
        draft=draft_words(edition, draft.digest, draft.state, now),
    )
    at = desk("rows-") if pk is None else desk("preview-", pk)
    return Content(draft.formulary, draft.digest, release, at)
