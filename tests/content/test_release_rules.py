"""What the database refuses of releases, withdrawals and history, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from dosing.content import lifecycle
from dosing.models import AuditEntry, ContentRelease, Withdrawal

from .releases import EARLIER, NOW, WHY, People, release

#: One raw update for each rule, with the state it is tried on; a person stands there by name.
BROKEN: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "an author who approves": ("approved", {"approved_by": "author"}),
    "an author who returns": ("returned", {"returned_by": "author"}),
    "sent by nobody": ("in-review", {"sent_by": None}),
    "sent at no time": ("in-review", {"sent_at": None}),
    "in review and never sent": ("in-review", {"sent_by": None, "sent_at": None}),
    "a draft that was sent": ("in-review", {"review": "draft"}),
    "approved by nobody": ("approved", {"approved_by": None}),
    "approved at no time": ("approved", {"approved_at": None}),
    "approved without anyone": ("approved", {"approved_by": None, "approved_at": None}),
    "an approver before approval": (
        "in-review",
        {"approved_by": "reviewer", "approved_at": NOW},
    ),
    "returned by nobody": ("returned", {"returned_by": None}),
    "returned at no time": ("returned", {"returned_at": None}),
    "returned without a comment": ("returned", {"comment": ""}),
    "a comment on what is not returned": ("in-review", {"comment": "x"}),
    "live and not approved": (
        "in-review",
        {"use": "live", "live_by": "reviewer", "live_from": NOW},
    ),
    "superseded and not approved": (
        "in-review",
        {"use": "superseded", "live_by": "reviewer", "live_from": NOW},
    ),
    "set for a time and not approved": (
        "in-review",
        {"use": "scheduled", "live_by": "reviewer", "live_from": NOW},
    ),
    "shipped, set for a time and not approved": (
        "shipped",
        {"use": "scheduled", "live_by": "reviewer"},
    ),
    "withdrawn and never approved": ("in-review", {"use": "withdrawn"}),
    "approval taken from the live one": (
        "live",
        {"review": "in-review", "approved_by": None, "approved_at": None},
    ),
    "live by nobody": ("live", {"live_by": None}),
    "set by somebody for no time": ("withdrawn", {"live_from": None}),
    "live since never": ("live", {"live_from": None, "live_by": None}),
    "set for no time": ("scheduled", {"live_from": None, "live_by": None}),
    "superseded since never": ("superseded", {"live_from": None, "live_by": None}),
    "unused and live since": ("live", {"use": "unused"}),
    "an unknown review": ("in-review", {"review": "glanced-at"}),
    "an unknown use": ("approved", {"use": "sometimes"}),
    "shipped live, no longer shipped": ("shipped", {"is_shipped": False}),
}


def with_people(change: Mapping[str, Any], they: People) -> dict[str, Any]:
    return {
        name: getattr(they, value) if name.endswith("by") and value else value
        for name, value in change.items()
    }


@pytest.mark.parametrize("rule", BROKEN)
def test_the_database_refuses(they: People, rule: str) -> None:
    state, change = BROKEN[rule]
    row = release(state, they)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContentRelease.objects.filter(pk=row.pk).update(**with_people(change, they))


#: The rules that speak of two rows, or of other tables: tried further down.
TRIED_ELSEWHERE = {"one_release_of_a_name", "one_live_release", "one_scheduled_release"}


def test_every_rule_of_a_release_was_seen_to_refuse(they: People) -> None:
    """The database's own words name the rule that refused each of the updates above."""
    rules = {one.name for one in ContentRelease._meta.constraints} - TRIED_ELSEWHERE
    refused = set()
    for state, change in BROKEN.values():
        row = release(state, they)
        try:
            with transaction.atomic():
                ContentRelease.objects.filter(pk=row.pk).update(**with_people(change, they))
        except IntegrityError as problem:
            refused |= {name for name in rules if name in str(problem)}
        row.delete()
    assert refused == rules


def test_two_live_two_set_for_a_time_two_of_one_name(they: People) -> None:
    for state in ("live", "scheduled", "approved"):
        release(state, they)
    for use in ("live", "scheduled"):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContentRelease.objects.filter(edition="edition approved").update(
                use=use, live_by=they.publisher, live_from=NOW
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        ContentRelease.objects.filter(edition="edition approved").update(edition="edition live")
    returned = release("returned", they, "another")
    ContentRelease.objects.filter(pk=returned.pk).update(edition="edition live")


@pytest.mark.parametrize(
    "values",
    [
        {"reason": "", "action": "approve", "by": "reviewer"},
        {"reason": WHY, "action": "approve", "by": None},
        {"reason": WHY, "action": "whim", "by": "reviewer"},
    ],
    ids=["no reason", "nobody", "an unknown step"],
)
def test_an_audit_row_says_who_what_and_why(they: People, values: Mapping[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.create(at=NOW, **with_people(values, they))


@pytest.mark.parametrize(
    "change",
    [
        {"drug": "", "release": None},
        {"reason": ""},
        {"lifted_at": NOW},
        {"lifted_by": "publisher"},
        {"withdrawn_by": None},
        {"withdrawn_at": None},
    ],
    ids=str,
)
def test_a_withdrawal_says_what_who_when_and_why(they: People, change: Mapping[str, Any]) -> None:
    release("live", they)
    row = lifecycle.withdraw_drug(drug="tabvir", by=they.publisher, reason="Recalled.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Withdrawal.objects.filter(pk=row.pk).update(**with_people(change, they))


def test_one_thing_is_withdrawn_once_at_a_time(they: People) -> None:
    row = release("live", they)
    made = {"reason": "x", "withdrawn_by": they.publisher, "withdrawn_at": EARLIER}
    for what in ({"drug": "tabvir"}, {"release": row}, {"release": row, "drug": "tabvir"}):
        Withdrawal.objects.create(**made, **what)
        with pytest.raises(IntegrityError), transaction.atomic():
            Withdrawal.objects.create(**made, **what)
        Withdrawal.objects.update(lifted_by=they.publisher, lifted_at=NOW)
        Withdrawal.objects.create(**made, **what)


def test_whoever_has_a_history_is_not_deleted(they: People) -> None:
    release("live", they)
    for person in (they.author, they.reviewer, they.publisher):
        with pytest.raises(ProtectedError):
            person.delete()
