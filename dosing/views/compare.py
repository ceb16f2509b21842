"""Two regimens for the same patient, side by side."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from dosing.forms.asking import PHASES, ask
from dosing.presenters.comparison import compare

from .page import Content


def comparison(request: HttpRequest, content: Content) -> HttpResponse:
    """Both plans for what was posted; the other regimen in its usual lengths."""
    if request.method != "POST":
        return redirect(content.desk.calculator)
    left = ask(request.POST, content.formulary, today=content.release.today)
    right = ask(_other(request.POST), content.formulary, today=content.release.today)
    if left.plan is None or right.plan is None:
        refused = {
            "title": "Not compared",
            "refusals": left.refusals or right.refusals,
            "release": content.release,
        }
        return render(request, "dosing/not_made.html", refused, status=422)
    found = compare(left.plan, right.plan, content.formulary)
    # Facts of a patient stand on it: left alone, it gives way to the empty page.
    shown = {
        "found": found,
        "release": content.release,
        "desk": content.desk,
        "idle_seconds": settings.IDLE_SECONDS,
    }
    return render(request, "dosing/compare.html", shown)


def _other(data: QueryDict) -> QueryDict:
    """The same patient with the other regimen; lengths belong to the first one."""
    other = data.copy()
    other["regimen"] = data.get("other", "")
    for name in (*PHASES, "suggested"):
        other[name] = ""
    return other
