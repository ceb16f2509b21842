"""The one door for changes of state of a release.

Every change checks, changes and writes its audit row in one transaction, and changes wait for one
another; a process that dies within one leaves everything as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from dosing.engine.codec import CodecError, decode
from dosing.engine.formulary import Formulary
from dosing.models import AuditEntry, ContentRelease, Drug, Withdrawal

from .freeze import EditionTaken, findings_of_rows, freeze
from .readiness import Finding, check
from .rows import UnbuiltRows, working_formulary
from .transitions import TRANSITIONS, NotAllowed, can, check_can

__all__ = ["NotAllowed", "can", "check_can"]

P = ParamSpec("P")
T = TypeVar("T")

#: A time further away than this is a slip.
FURTHEST = timedelta(days=90)
#: A dose in a reason would stand beside a drug that is not to be given.
DOSE = re.compile(r"\d\s*m(g|l)\b(?!/(dl|min))", re.IGNORECASE)


def in_turn(change: Callable[P, T]) -> Callable[P, T]:
    """One change at a time, whole or not at all."""

    @wraps(change)
    def door(*args: P.args, **options: P.kwargs) -> T:
        try:
            with transaction.atomic():
                # PostgreSQL: wait for whoever holds these rows. SQLite: the transaction itself
                # waited (settings: IMMEDIATE), and this only reads.
                locked = ContentRelease.objects.select_for_update().order_by("pk")
                list(locked.values_list("pk", flat=True))
                _settle(timezone.now())
                return change(*args, **options)
        except IntegrityError as problem:
            # Two rows made in one moment: the database let the first one in.
            raise NotAllowed(
                "Somebody else changed this in the same moment. Look again before you go on."
            ) from problem

    return door


# Review


@in_turn
def send_for_review(
    *, by: User, reason: str, release: ContentRelease | None = None
) -> ContentRelease:
    """Freeze the working rows, or take a frozen draft, and ask for its review.

    Raises NotAllowed with every blocking finding where the content is not ready.
    """
    why = _said(reason)
    check_can("send", by=by, release=release)
    release = _frozen_rows() if release is None else _anew(release)
    check_can("send", by=by, release=release)
    _check_ready(release)
    return _change(
        "send",
        release,
        by,
        why,
        sent_by=by,
        sent_at=timezone.now(),
        returned_by=None,
        returned_at=None,
        comment="",
    )


@in_turn
def approve(*, release: ContentRelease, by: User, reason: str) -> ContentRelease:
    """A person other than the author stands for this digest; it must still be ready."""
    why = _said(reason)
    release = _anew(release)
    check_can("approve", by=by, release=release)
    _check_ready(release)
    return _change("approve", release, by, why, approved_by=by, approved_at=timezone.now())


@in_turn
def return_with_comment(*, release: ContentRelease, by: User, reason: str) -> ContentRelease:
    """Back to the author, who reads the reason."""
    why = _said(reason)
    release = _anew(release)
    check_can("return", by=by, release=release)
    return _change(
        "return", release, by, why, returned_by=by, returned_at=timezone.now(), comment=why
    )


# Use


@in_turn
def go_live(*, release: ContentRelease, by: User, reason: str) -> ContentRelease:
    """From the next answer on this release is read; the one before is superseded."""
    why = _said(reason)
    release = _anew(release)
    check_can("go-live", by=by, release=release)
    _check_ready(release)
    return _make_live("go-live", release, by, why)


@in_turn
def bring_back(*, release: ContentRelease, by: User, reason: str) -> ContentRelease:
    """A release that was live before is live again."""
    why = _said(reason)
    release = _anew(release)
    check_can("bring-back", by=by, release=release)
    return _make_live("bring-back", release, by, why)


@in_turn
def schedule(*, release: ContentRelease, by: User, reason: str, at: datetime) -> ContentRelease:
    """From this time on the release is read; until then the one before is."""
    why = _said(reason)
    release = _anew(release)
    check_can("schedule", by=by, release=release)
    _check_ready(release)
    if at <= timezone.now():
        raise NotAllowed("Choose a time in the future, or set it live now.", field="at")
    if at > timezone.now() + FURTHEST:
        raise NotAllowed(f"Choose a time within the next {FURTHEST.days} days.", field="at")
    if found := check(_read(release), timezone.localdate(at)):
        raise _not_ready(tuple(found))
    return _change("schedule", release, by, why, live_by=by, live_from=at)


@in_turn
def cancel_schedule(*, release: ContentRelease, by: User, reason: str) -> ContentRelease:
    """The set time no longer holds."""
    why = _said(reason)
    release = _anew(release)
    check_can("cancel-schedule", by=by, release=release)
    return _change("cancel-schedule", release, by, why, live_by=None, live_from=None)


# The stop button


@in_turn
def withdraw_release(*, release: ContentRelease, by: User, reason: str) -> Withdrawal:
    """Not to be used from the next answer on; where it was live, nothing is."""
    why = _said_to_wards(reason)
    release = _anew(release)
    check_can("withdraw", by=by, release=release)
    if release.use == "live":
        # Nobody decided that its successor is free of the fault.
        for armed in ContentRelease.objects.filter(use="scheduled"):
            _change("cancel-schedule", armed, by, why, live_by=None, live_from=None)
    # A set time that has not come was never a going-live.
    forgotten = {"live_by": None, "live_from": None} if release.use == "scheduled" else {}
    release = _change("withdraw", release, by, why, **forgotten)
    return Withdrawal.objects.create(
        release=release, reason=why, withdrawn_by=by, withdrawn_at=timezone.now()
    )


@in_turn
def withdraw_drug(
    *, drug: str, by: User, reason: str, release: ContentRelease | None = None
) -> Withdrawal:
    """No order of this drug from the next answer on: in one release, or without one in every."""
    why = _said_to_wards(reason)
    check_can("withdraw-drug", by=by)
    if drug not in withdrawable_drugs(release):
        raise NotAllowed("Choose a drug of this content.", field="drug")
    if Withdrawal.objects.in_force().filter(release=release, drug=drug).exists():
        raise NotAllowed("It is withdrawn already.", field="drug")
    made = Withdrawal.objects.create(
        release=release, drug=drug, reason=why, withdrawn_by=by, withdrawn_at=timezone.now()
    )
    _note("withdraw-drug", by, why, release=release, drug=drug)
    return made


@in_turn
def lift_withdrawal(*, withdrawal: Withdrawal, by: User, reason: str) -> Withdrawal:
    """A drug may be ordered again; a release may be brought back, which is a step of its own."""
    why = _said(reason)
    withdrawal = Withdrawal.objects.select_related("release").get(pk=withdrawal.pk)
    action = "lift-drug" if withdrawal.drug else "lift"
    check_can(action, by=by, release=None if withdrawal.drug else withdrawal.release)
    lifted = Withdrawal.objects.in_force().filter(pk=withdrawal.pk)
    if not lifted.update(lifted_by=by, lifted_at=timezone.now()):
        raise NotAllowed("It was lifted already.")
    if withdrawal.drug:
        _note(action, by, why, release=withdrawal.release, drug=withdrawal.drug)
    elif release := withdrawal.release:
        _change("lift", release, by, why, use="superseded" if release.live_from else "unused")
    withdrawal.refresh_from_db()
    return withdrawal


# Without a person: when the product is set up


@in_turn
def make_shipped_live(*, release: ContentRelease) -> ContentRelease:
    """The shipped edition, where no release was ever live."""
    never = ContentRelease.objects.filter(pk=release.pk, is_shipped=True, use="unused")
    if not ContentRelease.objects.filter(live_from__isnull=False).exists():
        never.update(use="live", live_from=timezone.now())
    release.refresh_from_db()
    return release


def note_arrival(action: str, release: ContentRelease, reason: str) -> None:
    """The first row of a release's history: shipped, or loaded from a file."""
    _note(action, None, reason, release=release)


# What the functions above stand on


def findings_of(release: ContentRelease) -> list[Finding]:
    """What keeps a frozen release from being released, by today's checks."""
    try:
        formulary = _read(release)
    except CodecError as problem:
        return [Finding("content-unreadable", f"edition {release.edition}", str(problem))]
    return check(formulary, timezone.localdate())


def _read(release: ContentRelease) -> Formulary:
    return decode(Formulary, json.loads(release.document))


def withdrawable_drugs(release: ContentRelease | None) -> dict[str, str]:
    """Slug → name of the drugs of a release; without one, of the live release and the rows."""
    if release is None:
        found = dict(Drug.objects.values_list("slug", "name"))
        release = ContentRelease.objects.live()
        return found | (withdrawable_drugs(release) if release else {})
    try:
        return {drug["slug"]: drug["name"] for drug in json.loads(release.document)["drugs"]}
    except (ValueError, LookupError, TypeError):
        # Altered past reading: its page must open all the same, to withdraw it whole.
        return {}


def settle() -> None:
    """Write down what the clock has done: for pages that show states, before they read them."""
    if ContentRelease.objects.filter(use="scheduled", live_from__lte=timezone.now()).exists():
        _settled()


@in_turn
def _settled() -> None:
    """in_turn itself settles."""


def _settle(now: datetime) -> None:
    due = ContentRelease.objects.filter(use="scheduled", live_from__lte=now).first()
    if due is not None and due.live_from is not None:
        _supersede(due, due.live_by, due.live_from)
        ContentRelease.objects.filter(pk=due.pk).update(use="live")
        _note("go-live", due.live_by, "At the set time.", release=due, at=due.live_from)


def _make_live(action: str, release: ContentRelease, by: User, why: str) -> ContentRelease:
    now = timezone.now()
    _supersede(release, by, now)
    return _change(action, release, by, why, live_by=by, live_from=now)


def _supersede(successor: ContentRelease, by: Any, at: datetime) -> None:
    before = ContentRelease.objects.filter(use="live").exclude(pk=successor.pk).first()
    if before is not None:
        ContentRelease.objects.filter(pk=before.pk).update(use="superseded")
        _note("supersede", by, f"{successor.edition} went live.", release=before, at=at)
        _carry_over(before, successor, by, at)


def _carry_over(before: ContentRelease, successor: ContentRelease, by: Any, at: datetime) -> None:
    """A stop of a drug ends by a person's decision, never because another release goes live."""
    stops = Withdrawal.objects.in_force().exclude(drug="")
    has = {*withdrawable_drugs(successor)}
    has -= {*stops.filter(release=successor).values_list("drug", flat=True)}
    for stop in stops.filter(release=before, drug__in=has):
        Withdrawal.objects.create(
            release=successor,
            drug=stop.drug,
            reason=stop.reason,
            withdrawn_by=stop.withdrawn_by,
            withdrawn_at=at,
        )
        why = f"It was withdrawn in {before.edition}: {stop.reason}"
        _note("withdraw-drug", by, why, release=successor, drug=stop.drug, at=at)


def _change(
    action: str, release: ContentRelease, by: User, why: str, **values: Any
) -> ContentRelease:
    """Only from a state it may come from, whatever was read before."""
    change = TRANSITIONS[action]
    found = ContentRelease.objects.filter(pk=release.pk, **{f"{change.column}__in": change.of})
    if not found.update(**({change.column: change.to} | values)):
        raise NotAllowed("Somebody else changed this release in the same moment. Look again.")
    _note(action, by, why, release=release)
    release.refresh_from_db()
    return release


def _note(
    action: str,
    by: Any,
    why: str,
    *,
    release: ContentRelease | None,
    drug: str = "",
    at: datetime | None = None,
) -> None:
    AuditEntry.objects.create(
        at=at or timezone.now(),
        by=by,
        action=action,
        release=release,
        digest=release.digest if release else "",
        drug=drug,
        reason=why,
    )


def _anew(release: ContentRelease) -> ContentRelease:
    """As it is now that nobody else can change it."""
    return ContentRelease.objects.get(pk=release.pk)


def _frozen_rows() -> ContentRelease:
    if found := tuple(findings_of_rows(timezone.localdate())):
        raise _not_ready(found)
    try:
        return freeze(working_formulary().edition)
    except (EditionTaken, UnbuiltRows) as problem:
        raise NotAllowed(str(problem)) from problem


def _check_ready(release: ContentRelease) -> None:
    """At each step towards patients: dates pass, and a newer version checks more."""
    if found := tuple(findings_of(release)):
        raise _not_ready(found)


def _not_ready(found: tuple[Finding, ...]) -> NotAllowed:
    return NotAllowed("This content is not ready. In the way:", findings=found)


def _said(reason: str) -> str:
    why = reason.strip()
    if not why:
        raise NotAllowed("Say why.", field="reason")
    return why


def _said_to_wards(reason: str) -> str:
    why = _said(reason)
    if DOSE.search(why):
        raise NotAllowed(
            "Leave amounts in mg or mL out: wards read this reason beside a drug that is not "
            "to be given.",
            field="reason",
        )
    return why
