"""The steps of a release as buttons: what each is called, what it asks, what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from dosing.content import lifecycle
from dosing.content.lifecycle import NotAllowed, check_can
from dosing.forms.release import EVERYWHERE, DrugForm, ReasonForm, ScheduleForm, WardReasonForm
from dosing.models import ContentRelease

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One button. `asks_first`: it leads to a page of its own, one step more.

    `if_ready`: only while nothing is in the way of the release.
    """

    action: str
    title: str
    does: Callable[..., Any]
    form: type[ReasonForm] = ReasonForm
    asks_first: bool = False
    if_ready: bool = False
    done: str = ""


def _withdraw_drug(*, release: ContentRelease, where: str, **values: Any) -> Any:
    return lifecycle.withdraw_drug(release=None if where == EVERYWHERE else release, **values)


def _lift(*, release: ContentRelease, **values: Any) -> Any:
    withdrawal = release.withdrawals.in_force().filter(drug="").first()
    if withdrawal is None:
        raise NotAllowed("It is not withdrawn.")
    return lifecycle.lift_withdrawal(withdrawal=withdrawal, **values)


STEPS: Mapping[str, Step] = {
    step.action: step
    for step in (
        Step(
            "send",
            "Send this text for review, as it is frozen",
            lifecycle.send_for_review,
            if_ready=True,
            done="is in review",
        ),
        Step("approve", "Approve", lifecycle.approve, if_ready=True, done="is approved"),
        Step(
            "return",
            "Return with this comment",
            lifecycle.return_with_comment,
            done="is returned to its author",
        ),
        Step("go-live", "Set live now", lifecycle.go_live, if_ready=True, done="is live"),
        Step(
            "schedule",
            "Set live at this time",
            lifecycle.schedule,
            ScheduleForm,
            if_ready=True,
            done="is set",
        ),
        Step(
            "cancel-schedule",
            "Cancel the set time",
            lifecycle.cancel_schedule,
            done="has no set time any more",
        ),
        Step(
            "withdraw",
            "Withdraw this release",
            lifecycle.withdraw_release,
            WardReasonForm,
            done="is withdrawn",
        ),
        Step(
            "withdraw-drug",
            "Withdraw one drug",
            _withdraw_drug,
            DrugForm,
            done="has a withdrawn drug",
        ),
        Step("lift", "End the withdrawal …", _lift, asks_first=True, done="may be brought back"),
        Step(
            "bring-back",
            "Bring back …",
            lifecycle.bring_back,
            asks_first=True,
            done="is live again",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Button:
    """A step on the page of a release: with its form, or with why it cannot be taken."""

    step: Step
    form: ReasonForm | None
    why_not: str


def form_for(step: Step, release: ContentRelease, data: Data | None = None) -> ReasonForm:
    """The step's form, its ids apart from those of the other forms on the page."""
    options: dict[str, Any] = {"auto_id": f"{step.action}_%s"}
    if issubclass(step.form, DrugForm):
        options["drugs"] = lifecycle.withdrawable_drugs(release)
    return step.form(data, **options)


def buttons(release: ContentRelease, by: User, *, ready: bool) -> Iterator[Button]:
    """Every step, in the order of the way."""
    for step in STEPS.values():
        why_not = refusal(step, release, by)
        if step.if_ready and not ready:
            why_not = why_not or "It is not ready: see what is in the way, above."
        yield Button(step, None if why_not else form_for(step, release), why_not)


def refusal(step: Step, release: ContentRelease, by: User) -> str:
    """Why this person cannot take the step now; "" where nothing is against it."""
    try:
        check_can(step.action, by=by, release=release)
    except NotAllowed as problem:
        return problem.reason
    return ""
