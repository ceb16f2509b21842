"""The calculator: an empty form, or the form with its answer; for htmx the answer alone."""

from __future__ import annotations

from typing import Any

from crispy_forms.utils import render_crispy_form
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dosing.forms import PlanForm
from dosing.forms.asking import Asked, ask, take_offer
from dosing.presenters.comparison import rivals
from dosing.presenters.guidance import beside
from dosing.presenters.plan import plan_view
from dosing.presenters.review_dates import dues

from .page import Content


def calculator(request: HttpRequest, content: Content) -> HttpResponse:
    """One address for the empty page, the page with its answer, and the answer alone."""
    data = take_offer(request.POST) if request.method == "POST" else None
    asked = None if data is None else ask(data, content.formulary, today=content.release.today)
    answer = _answer(asked, content)
    if getattr(request, "htmx", False):
        # An answer that follows the typing says what is missing; that is no failed request.
        status = 200 if "X-Follow" in request.headers else answer["status"]
        return render(request, "dosing/_follow.html", answer, status=status)
    form = PlanForm(data, formulary=content.formulary, asked=asked)
    # Drawn here, not deep inside the page: where CPython's frames outgrow a chunk of stack, each
    # of its thousand small calls would cost a page fault (a third of the time, measured).
    drawn = render_crispy_form(form)
    page = {**answer, "form": drawn, "idle_seconds": settings.IDLE_SECONDS}
    return render(request, "dosing/calculator.html", page, status=answer["status"])


def _answer(asked: Asked | None, content: Content) -> dict[str, Any]:
    """The state of the answer, what it shows, and the status it is sent with."""
    shown: dict[str, Any] = {
        "release": content.release,
        "desk": content.desk,
        "status": 200,
        "state": "empty",
    }
    if asked is None:
        return shown
    if asked.plan is None:
        return shown | {"state": "refused", "refusals": asked.refusals, "status": 422}
    texts = beside(
        content.formulary, asked.plan.regimen, asked.group, topics_only=asked.plan.stopped
    )
    return shown | {
        "state": "plan",
        "plan": plan_view(asked.plan, content.formulary, asked.entered),
        "dues": dues(asked.plan, texts.topics, content.release.today, content.release.contact),
        "rivals": rivals(content.formulary, asked.plan.regimen),
        "beside": texts,
    }
