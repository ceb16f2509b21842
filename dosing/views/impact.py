"""The impact of one release after another: started here, worked by a child process, asked after."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from dosing.content.impact_run import CannotStart, start_impact
from dosing.presenters.impact_state import ImpactState, impact_state

from .editions import Pair, chosen, named_pair, reads_drafts


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def impact(request: HttpRequest) -> HttpResponse:
    """Progress or result of a pair, for those who work on the content; POST starts it."""
    if not reads_drafts(request):
        if getattr(request, "htmx", False):
            return HttpResponseForbidden()
        return redirect_to_login(request.get_full_path())
    pair = named_pair(request)
    if request.method == "POST":
        return _started(request, pair)
    if getattr(request, "htmx", False):
        shown = {"state": _state(pair), "review": "review" in request.GET}
        return render(request, "dosing/_impact.html", shown)
    return _page(request, pair, 200)


def _started(request: HttpRequest, pair: Pair) -> HttpResponse:
    """Start, and show; what keeps it from being started stands on the page."""
    if pair.before is None or pair.after is None:
        return _page(request, pair, 422)
    before, after = pair.before.digest, pair.after.digest
    try:
        start_impact(before=before, after=after, again="again" in request.POST)
    except CannotStart:
        return _page(request, pair, 422)
    if "review" in request.GET:
        # Asked for on the reviewer's page of the release: that is where it is read.
        return redirect(
            f"{reverse('admin:dosing_contentrelease_change', args=[pair.after.pk])}#whom"
        )
    return redirect(f"{reverse('impact')}?{urlencode({'before': before, 'after': after})}")


def _page(request: HttpRequest, pair: Pair, status: int) -> HttpResponse:
    page = chosen(request, pair) | {"state": _state(pair)}
    return render(request, "dosing/impact.html", page, status=status)


def _state(pair: Pair) -> ImpactState:
    if pair.before is None or pair.after is None:
        return ImpactState(before="", after="", refused="Choose two releases.")
    return impact_state(before=pair.before.digest, after=pair.after.digest, now=timezone.now())
