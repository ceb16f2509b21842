"""Releases: the list with each state in words, and one page each with history and steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from dosing.content import lifecycle
from dosing.content.digest import digest_of
from dosing.content.freeze import findings_before_sending
from dosing.content.frozen import Unreadable, formulary_of
from dosing.content.lifecycle import NotAllowed, check_can
from dosing.content.preview import why_not_try
from dosing.content.readiness import Finding
from dosing.content.rows import UnbuiltRows, working_formulary
from dosing.content.transitions import STATES
from dosing.forms.release import ReasonForm
from dosing.models import AuditEntry, ContentRelease, Withdrawal
from dosing.presenters.difference import difference_view
from dosing.presenters.impact_state import impact_state

from .release_steps import STEPS, buttons, form_for, refusal

FOLDER = "admin/dosing/contentrelease"


class ReadOnly(admin.ModelAdmin):
    """To be read only: what is frozen is never edited, not even by an administrator."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditPage(ReadOnly):
    """Everything that was done, newest first."""

    list_display = ("at", "by", "action", "release", "drug", "reason")
    list_filter = ("action",)
    search_fields = ("reason", "drug", "digest", "release__edition")
    list_select_related = ("by", "release")
    fields = ("at", "by", "action", "release", "digest", "drug", "reason")


@admin.register(ContentRelease)
class ReleasePage(ReadOnly):
    """A frozen release is not edited: it is moved, one step at a time."""

    list_display = ("edition", "state_in_words", "frozen_at", "sent_by", "approved_by", "live_from")
    list_filter = ("use", "review")
    list_select_related = ("sent_by", "approved_by")
    search_fields = ("edition", "digest")
    change_list_template = f"{FOLDER}/change_list.html"

    @admin.display(description="state")
    def state_in_words(self, release: ContentRelease) -> str:
        return in_words(release)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("document")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("send/", view(self.send), name="dosing_contentrelease_send"),
            path("lift/<int:pk>/", view(self.lift), name="dosing_contentrelease_lift"),
            path(
                "<int:pk>/<slug:action>/step/", view(self.step), name="dosing_contentrelease_step"
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        lifecycle.settle()
        withdrawn = Withdrawal.objects.in_force().exclude(drug="")
        shown = {
            "withdrawn": withdrawn.select_related("release", "withdrawn_by"),
            "why_not_try": why_not_try(by=_who(request)),
        }
        return super().changelist_view(request, shown | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The release, what was done with it, and every step with why it cannot be taken."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        lifecycle.settle()
        release = self._release(
            request, int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        )
        here = Q(release=release) | Q(release=None)
        withdrawn = Withdrawal.objects.in_force().filter(here).exclude(drug="")
        altered = digest_of(release.document) != release.digest
        findings = [] if altered else lifecycle.findings_of(release)
        return self._page(
            request,
            "release.html",
            title=f"Release {release.edition}",
            release=release,
            state=in_words(release),
            altered=altered,
            findings=findings,
            why_not_try=why_not_try(by=_who(request), release=release),
            buttons=buttons(release, _who(request), ready=not findings),
            **({} if altered else _against_live(release)),
            history=release.history.select_related("by"),
            withdrawn=withdrawn.select_related("withdrawn_by"),
        )

    def step(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        """The step's own page, and taking it; a refusal stands beside the field it is about."""
        lifecycle.settle()
        release = self._release(request, pk)
        step = STEPS.get(action)
        if step is None:
            raise PermissionDenied
        form = form_for(step, release, request.POST if request.method == "POST" else None)
        findings: tuple[Finding, ...] = ()
        if form.is_valid():
            try:
                step.does(release=release, by=_who(request), **form.cleaned_data)
            except NotAllowed as problem:
                _put(form, problem)
                findings = problem.findings
            else:
                messages.success(request, f"{release.edition} {step.done}.")
                return redirect("admin:dosing_contentrelease_change", release.pk)
        return self._page(
            request,
            "step.html",
            title=step.title.removesuffix(" …"),
            release=release,
            state=in_words(release),
            why_not=refusal(step, release, _who(request)),
            findings=findings,
            form=form,
            button=step.title.removesuffix(" …"),
        )

    def send(self, request: HttpRequest) -> HttpResponse:
        """Freeze the working rows and send them for review, or say what is in the way."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                release = lifecycle.send_for_review(by=_who(request), **form.cleaned_data)
            except NotAllowed as problem:
                _put(form, problem)
            else:
                messages.success(request, f"{release.edition} is frozen and in review.")
                return redirect("admin:dosing_contentrelease_change", release.pk)
        findings = findings_before_sending(timezone.localdate())
        return self._page(
            request,
            "step.html",
            **_rows_against_live(),
            title="Send the working rows for review",
            release=None,
            why_not=_against(request, "send") or ("They are not ready." if findings else ""),
            findings=findings,
            form=form,
            button="Send for review",
        )

    def lift(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The way back of a withdrawn drug: a page of its own."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        withdrawal = get_object_or_404(Withdrawal.objects.in_force().exclude(drug=""), pk=pk)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                lifecycle.lift_withdrawal(
                    withdrawal=withdrawal, by=_who(request), **form.cleaned_data
                )
            except NotAllowed as problem:
                _put(form, problem)
            else:
                messages.success(request, f"The withdrawal of {withdrawal} is over.")
                return redirect("admin:dosing_contentrelease_changelist")
        return self._page(
            request,
            "step.html",
            title=f"End the withdrawal of {withdrawal}",
            release=withdrawal.release,
            withdrawal=withdrawal,
            why_not=_against(request, "lift-drug"),
            form=form,
            button="End the withdrawal",
        )

    def _release(self, request: HttpRequest, pk: int) -> ContentRelease:
        if not self.has_view_permission(request):
            raise PermissionDenied
        people = ("sent_by", "returned_by", "approved_by", "live_by")
        return get_object_or_404(ContentRelease.objects.select_related(*people), pk=pk)

    def _page(self, request: HttpRequest, template: str, **shown: Any) -> TemplateResponse:
        page = {**self.admin_site.each_context(request), "opts": self.opts, **shown}
        form = shown.get("form")
        status = 422 if isinstance(form, forms.Form) and form.errors else 200
        return TemplateResponse(request, f"{FOLDER}/{template}", page, status=status)


def in_words(release: ContentRelease) -> str:
    """Where a release stands; of one in use also that nobody approved it."""
    state = STATES[release.state]
    if release.use != "unused" and release.review != "approved":
        review = "not approved" if release.review == "draft" else STATES[release.review]
        return f"{state}, {review}"
    return state


def _against_live(release: ContentRelease) -> dict[str, Any]:
    """How it differs from the live release, and for whom; nothing for the live one itself."""
    live = ContentRelease.objects.live()
    if live is None or live.pk == release.pk:
        return {}
    shown: dict[str, Any] = {"live": live}
    try:
        sides = [formulary_of(one.digest) for one in (live, release)]
    except Unreadable as problem:
        return shown | {"unreadable": str(problem)}
    state = impact_state(before=live.digest, after=release.digest, now=timezone.now())
    return shown | {"difference": difference_view(*sides), "impact": state}


def _rows_against_live() -> dict[str, Any]:
    """What would be sent: how the working rows differ from the live release."""
    live = ContentRelease.objects.live()
    if live is None:
        return {}
    try:
        rows = working_formulary()
        return {"live": live, "difference": difference_view(formulary_of(live.digest), rows)}
    except (Unreadable, UnbuiltRows):
        # Why stands among what is in the way, or on the page of the live release.
        return {}


def _who(request: HttpRequest) -> Any:
    return request.user


def _put(form: forms.Form, problem: NotAllowed) -> None:
    """Beside the field it is about; otherwise, and where there is no such field, on top."""
    form.add_error(problem.field if problem.field in form.fields else None, problem.reason)


def _against(request: HttpRequest, action: str) -> str:
    try:
        check_can(action, by=_who(request))
    except NotAllowed as problem:
        return problem.reason
    return ""
