"""Newer editions of the product: three columns, and each difference taken or left with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode

from dosing.content import upgrade as upgrades
from dosing.content.frozen import Unreadable
from dosing.content.rows import UnbuiltRows
from dosing.content.transitions import NotAllowed
from dosing.content.upgrade import Standing, standing
from dosing.forms.release import ReasonForm
from dosing.models import Upgrade
from dosing.presenters.upgrade import counted, lines, upgrade_view

from .release import ReadOnly

FOLDER = "admin/dosing/upgrade"
DOING = {"take": "Take", "leave": "Leave"}
#: What of the address stays when somebody decides: the drug, and whether only open ones show.
FILTERS = ("about", "show")


@admin.register(Upgrade)
class UpgradePage(ReadOnly):
    """An edition that waits is not edited: its differences are taken into the rows, or left."""

    list_display = ("now", "before", "arrived_at", "where_it_stands")
    list_display_links = ("now",)
    list_select_related = ("before", "now")

    @admin.display(description="where it stands")
    def where_it_stands(self, upgrade: Upgrade) -> str:
        try:
            return counted(standing(upgrade))
        except (Unreadable, UnbuiltRows) as problem:
            return str(problem)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        decide = path("<int:pk>/decide/", view(self.decide), name="dosing_upgrade_decide")
        return [decide, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Every difference asked for, and where the upgrade stands."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        upgrade = self._upgrade(request, int(object_id) if object_id.isdecimal() else 0)
        asked = {name: request.GET.get(name, "") for name in FILTERS}
        shown: dict[str, Any] = {"asked": asked}
        try:
            stand = standing(upgrade)
        except (Unreadable, UnbuiltRows) as problem:
            shown["problem"] = str(problem)
        else:
            only_open = asked["show"] == "open"
            shown["found"] = upgrade_view(stand, about=asked["about"], only_open=only_open)
        return self._page(request, "upgrade.html", upgrade, **shown)

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was chosen, with what it overwrites; once a reason is given, it is done."""
        upgrade = self._upgrade(request, pk)
        if request.method != "POST":
            return redirect("admin:dosing_upgrade_change", pk)
        decision, keys = _asked(request)
        try:
            stand = standing(upgrade)
        except (Unreadable, UnbuiltRows) as problem:
            return self._page(request, "upgrade.html", upgrade, problem=str(problem))
        if not keys:
            messages.error(request, "Tick at least one difference.")
            return redirect(_back(request, pk))
        form = ReasonForm(request.POST if "shown" in request.POST else None)
        if form.is_valid():
            try:
                stand = upgrades.decide(
                    upgrade=upgrade,
                    by=_who(request),
                    decision=decision,
                    keys=keys,
                    shown=request.POST["shown"],
                    **form.cleaned_data,
                )
            except NotAllowed as problem:
                form.add_error(problem.field or None, problem.reason)
            else:
                messages.success(request, f"Done. {counted(stand)}.")
                return redirect(_back(request, pk))
        return self._page(
            request,
            "decide.html",
            upgrade,
            status=422 if form.errors else 200,
            form=form,
            decision=decision,
            button=f"{DOING[decision]} {'it' if len(keys) == 1 else f'these {len(keys)}'}",
            **_confirmed(stand, decision, keys),
        )

    def _upgrade(self, request: HttpRequest, pk: int) -> Upgrade:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Upgrade.objects.select_related("before", "now"), pk=pk)

    def _page(
        self, request: HttpRequest, template: str, upgrade: Upgrade, status: int = 200, **shown: Any
    ) -> TemplateResponse:
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Newer edition {upgrade.now.edition}",
            "upgrade": upgrade,
            "not_for": _against(upgrade, request),
            "filters": {name: request.POST.get(name, "") for name in FILTERS},
            **shown,
        }
        return TemplateResponse(request, f"{FOLDER}/{template}", page, status=status)


def _asked(request: HttpRequest) -> tuple[str, Sequence[str]]:
    """take or leave, and which: one by its own button, or all that are ticked."""
    for decision in DOING:
        if key := request.POST.get(decision):
            return decision, [key]
    decision = request.POST.get("decision", "")
    return decision if decision in DOING else "leave", request.POST.getlist("key")


def _confirmed(stand: Standing, decision: str, keys: Sequence[str]) -> dict[str, Any]:
    """The chosen differences, why they cannot be taken so, and what they need first."""
    chosen = stand.pick(keys)
    shown = {"lines": lines(stand, chosen), "shown": upgrades.seen(chosen)}
    if decision != "take":
        return shown
    try:
        upgrades.check_can_take(stand, chosen)
    except upgrades.NotAlone as problem:
        return shown | {"why_not": problem.reason, "first": lines(stand, problem.first)}
    except NotAllowed as problem:
        return shown | {"why_not": problem.reason}
    return shown


def _back(request: HttpRequest, pk: int) -> str:
    kept = {name: request.POST[name] for name in FILTERS if request.POST.get(name)}
    address = reverse("admin:dosing_upgrade_change", args=[pk])
    return f"{address}?{urlencode(kept)}" if kept else address


def _against(upgrade: Upgrade, request: HttpRequest) -> str:
    try:
        upgrades.check_can_decide(upgrade=upgrade, by=_who(request))
    except NotAllowed as problem:
        return problem.reason
    return ""


def _who(request: HttpRequest) -> Any:
    return request.user
