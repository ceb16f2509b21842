"""The impact of one release after another: started here, worked by a child process, asked after."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from dosing.content.frozen import Unreadable, formulary_of
from dosing.content.impact_run import (
    CannotStart,
    check_can_start_impact,
    result_of,
    start_impact,
)
from dosing.models import ImpactRun
from dosing.presenters.impact import impact_view, progress_words

from .editions import Pair, chosen, named_pair


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def impact(request: HttpRequest) -> HttpResponse:
    """Progress or result of a pair, for those who work on the content; POST starts it."""
    if not request.user.is_staff:
        if getattr(request, "htmx", False):
            return HttpResponseForbidden()
        return redirect_to_login(request.get_full_path())
    pair = named_pair(request)
    if request.method == "POST":
        return _started(request, pair)
    page = impact_page(pair)
    if getattr(request, "htmx", False):
        return render(request, "dosing/_impact.html", page)
    return render(request, "dosing/impact.html", chosen(pair) | page)


def _started(request: HttpRequest, pair: Pair) -> HttpResponse:
    """Start, and show; a start that is refused says why in its place."""
    page = impact_page(pair)
    if pair.before is not None and pair.after is not None:
        try:
            start_impact(
                before=pair.before.digest, after=pair.after.digest, again="again" in request.POST
            )
        except CannotStart as refused:
            page["refused"] = str(refused)
        else:
            return redirect(page["address"])
    return render(request, "dosing/impact.html", chosen(pair) | page, status=422)


def impact_page(pair: Pair) -> dict[str, Any]:
    """The state of a run: none, running, lost, failed, done; and what that state shows."""
    page: dict[str, Any] = {"state": "none", "refused": ""}
    before, after = pair.before, pair.after
    if before is None or after is None:
        return page | {"refused": "Choose two releases."}
    page["address"] = _address(before.digest, after.digest)
    try:
        check_can_start_impact(before=before.digest, after=after.digest)
    except CannotStart as refused:
        return page | {"refused": str(refused)}
    run = ImpactRun.objects.filter(before=before.digest, after=after.digest).first()
    if run is None:
        return page
    return page | _of_run(run) | {"run": run}


def _of_run(run: ImpactRun) -> dict[str, Any]:
    now = timezone.now()
    if run.failed:
        return {"state": "failed"}
    if run.is_running(now):
        return {"state": "running", "progress": progress_words(run.done, run.total)}
    if run.is_lost(now):
        return {"state": "lost", "progress": progress_words(run.done, run.total)}
    found = result_of(run)
    if found is None:
        return {"state": "none"}
    try:
        sides = [formulary_of(digest) for digest in (run.before, run.after)]
    except Unreadable as problem:
        return {"state": "none", "refused": str(problem)}
    return {"state": "done", "impact": impact_view(found, *sides)}


def _address(before: str, after: str) -> str:
    return f"{reverse('impact')}?{urlencode({'before': before, 'after': after})}"
