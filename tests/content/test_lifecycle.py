"""The way of a release: who may take which step, what each step leaves behind, what none may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from dosing.content import lifecycle
from dosing.content.lifecycle import can, check_can
from dosing.content.live import live_formulary
from dosing.content.transitions import DRUG_PERMISSIONS, STATES, TRANSITIONS
from dosing.models import AuditEntry, ContentRelease, DoseRow, Drug, Edition, Source
from dosing.models.audit import ACTIONS, BY_COMMAND
from dosing.models.release import REVIEWS, USES

from .releases import NOW, WHY, People, history, refusal, release

# The words are one closed set


def test_the_transitions_speak_of_states_that_exist_and_every_step_is_audited() -> None:
    for change in TRANSITIONS.values():
        words = {"review": REVIEWS, "use": USES}[change.column]
        assert {*change.of, change.to} <= set(words)
    assert set(STATES) == {*REVIEWS, *USES}
    assert {*TRANSITIONS, *DRUG_PERMISSIONS, *BY_COMMAND, "supersede"} == set(ACTIONS)


# Who may do what

#: Each role's rights, as a table: may this role take this step from this state?
RIGHTS: Mapping[str, tuple[str, str]] = {
    # step: (a state it is taken from, the roles that may)
    "send": ("draft", "editor"),
    "approve": ("in-review", "reviewer"),
    "return": ("in-review", "reviewer"),
    "go-live": ("approved", "publisher"),
    "schedule": ("approved", "publisher"),
    "cancel-schedule": ("scheduled", "publisher"),
    "withdraw": ("live", "reviewer publisher"),
    "lift": ("withdrawn", "publisher"),
    "bring-back": ("superseded", "publisher"),
}
DRUG_RIGHTS = {"withdraw-drug": "reviewer publisher", "lift-drug": "publisher"}
ROLE_NAMES = ("editor", "reviewer", "publisher", "visitor")


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_each_role_s_rights(they: People, role: str) -> None:
    assert RIGHTS.keys() == TRANSITIONS.keys()
    person = getattr(they, role)
    for step, (state, roles) in RIGHTS.items():
        row = release(state, they)
        assert can(step, by=person, release=row) == (role in roles.split()), (role, step)
        row.delete()
    for step, roles in DRUG_RIGHTS.items():
        assert can(step, by=person) == (role in roles.split()), (role, step)
    assert can("send", by=person) == (role == "editor")


@pytest.mark.parametrize("step", RIGHTS)
def test_an_administrator_may_take_every_step_but_not_with_an_own_release(
    they: People, step: str
) -> None:
    row = release(RIGHTS[step][0], they)
    assert can(step, by=they.administrator, release=row)
    ContentRelease.objects.filter(pk=row.pk).update(
        approved_by=None if row.approved_by is None else they.reviewer,
        sent_by=None if row.sent_by is None else they.administrator,
    )
    row.refresh_from_db()
    assert can(step, by=they.administrator, release=row) == (step not in ("approve", "return"))


def test_somebody_whose_account_was_closed_may_do_nothing(they: People) -> None:
    they.reviewer.is_active = False
    assert not can("approve", by=they.reviewer, release=release("in-review", they))


@pytest.mark.parametrize("step", RIGHTS)
@pytest.mark.parametrize(
    "state",
    ["draft", "in-review", "returned", "approved", "scheduled", "live", "superseded", "withdrawn"],
)
def test_from_every_state_only_the_steps_of_the_table(they: People, step: str, state: str) -> None:
    row = release(state, they)
    change = TRANSITIONS[step]
    fits = getattr(row, change.column) in change.of
    unapproved = step in ("go-live", "schedule", "withdraw") and row.review != "approved"
    # A second set time is refused beside the first; here there is none.
    assert can(step, by=they.administrator, release=row) == (fits and not unapproved)


@pytest.mark.parametrize(
    ("step", "state", "person", "sentence"),
    [
        ("approve", "in-review", "author", "This is for reviewers."),
        ("withdraw", "live", "visitor", "This is for reviewers and publishers."),
        ("go-live", "approved", "editor", "This is for publishers."),
        ("approve", "approved", "reviewer", "It is approved already."),
        ("approve", "live", "reviewer", "It is approved already."),
        ("go-live", "live", "publisher", "It is live already."),
        (
            "bring-back",
            "approved",
            "publisher",
            "It is approved: it cannot be brought back.",
        ),
        ("go-live", "in-review", "publisher", "It is not approved."),
    ],
)
def test_the_reason_is_a_sentence(
    they: People, step: str, state: str, person: str, sentence: str
) -> None:
    row = release(state, they)
    said = refusal(lambda: check_can(step, by=getattr(they, person), release=row))
    assert said.reason == sentence


# The way, step by step


STEPS: Mapping[str, tuple[Callable[..., Any], str, str]] = {
    "send": (lifecycle.send_for_review, "draft", "editor"),
    "approve": (lifecycle.approve, "in-review", "reviewer"),
    "return": (lifecycle.return_with_comment, "in-review", "reviewer"),
    "go-live": (lifecycle.go_live, "approved", "publisher"),
    "cancel-schedule": (lifecycle.cancel_schedule, "scheduled", "publisher"),
    "withdraw": (lifecycle.withdraw_release, "live", "publisher"),
    "bring-back": (lifecycle.bring_back, "superseded", "publisher"),
}


@pytest.mark.parametrize("step", STEPS)
def test_each_step_moves_the_release_and_says_so_in_its_history(they: People, step: str) -> None:
    do, state, person = STEPS[step]
    row = release(state, they)
    do(release=row, by=getattr(they, person), reason=f" {WHY} ")
    row.refresh_from_db()
    assert getattr(row, TRANSITIONS[step].column) == TRANSITIONS[step].to
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.by, entry.at, entry.reason) == (
        step,
        getattr(they, person),
        NOW,
        WHY,
    )
    assert (entry.release, entry.digest) == (row, row.digest)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_no_step_without_a_reason(they: People, step: str, reason: str) -> None:
    do, state, person = STEPS[step]
    row = release(state, they)
    said = refusal(lambda: do(release=row, by=getattr(they, person), reason=reason))
    assert (said.reason, said.field) == ("Say why.", "reason")
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("step", STEPS)
def test_no_step_by_the_wrong_person(they: People, step: str) -> None:
    do, state, _ = STEPS[step]
    row = release(state, they)
    before = ContentRelease.objects.values().get()
    refusal(lambda: do(release=row, by=they.visitor, reason=WHY))
    assert ContentRelease.objects.values().get() == before
    assert not AuditEntry.objects.exists()


def test_a_step_goes_by_the_row_and_not_by_what_was_read_before(they: People) -> None:
    row = release("in-review", they)
    lifecycle.approve(release=row, by=they.reviewer, reason=WHY)
    assert row.review == "in-review"
    refusal(lambda: lifecycle.approve(release=row, by=they.administrator, reason=WHY))
    assert AuditEntry.objects.count() == 1


def test_the_whole_way(live_small: ContentRelease, they: People) -> None:
    Drug.objects.filter(slug="tabvir").update(brands="Newer")
    Edition.objects.update(edition="ours 1")
    sent = lifecycle.send_for_review(by=they.author, reason="New brand.")
    assert (sent.edition, sent.state) == ("ours 1", "in-review")
    Drug.objects.filter(slug="tabvir").update(brands="Edited since")
    lifecycle.approve(release=sent, by=they.reviewer, reason="Compared with the label.")
    assert live_formulary().edition == "small 1"
    lifecycle.go_live(release=sent, by=they.publisher, reason="Agreed.")
    found = live_formulary()
    assert (found.edition, found.approved) == ("ours 1", True)
    assert found.formulary.drugs["tabvir"].brands == "Newer"
    live_small.refresh_from_db()
    assert live_small.state == "superseded"
    assert history() == [
        ("ship", "", "small 1"),
        ("send", "author", "ours 1"),
        ("approve", "reviewer", "ours 1"),
        ("supersede", "publisher", "small 1"),
        ("go-live", "publisher", "ours 1"),
    ]


def test_returned_mended_and_sent_again_under_the_same_name(
    live_small: ContentRelease, they: People
) -> None:
    Edition.objects.update(edition="ours 1")
    first = lifecycle.send_for_review(by=they.author, reason="New.")
    lifecycle.return_with_comment(release=first, by=they.reviewer, reason="A brand is missing.")
    first.refresh_from_db()
    assert (first.state, first.comment) == ("returned", "A brand is missing.")
    Drug.objects.filter(slug="tabvir").update(brands="Newer")
    second = lifecycle.send_for_review(by=they.author, reason="Mended.")
    assert (second.edition, second.state) == ("ours 1", "in-review")
    assert second.pk != first.pk
    # The first one has lost its name to the second.
    refusal(lambda: lifecycle.send_for_review(release=first, by=they.editor, reason="Again."))


def test_a_returned_release_may_be_sent_again_as_it_was(they: People) -> None:
    row = release("returned", they)
    lifecycle.send_for_review(release=row, by=they.editor, reason="Explained.")
    row.refresh_from_db()
    assert (row.state, row.sent_by, row.returned_by, row.comment) == (
        "in-review",
        they.editor,
        None,
        "",
    )


def test_rows_that_are_not_ready_are_not_frozen_and_every_finding_is_named(
    live_small: ContentRelease, they: People
) -> None:
    DoseRow.objects.filter(table__drug__slug="vialvir", low="70").update(low="71")
    source = Source.objects.get(slug="label")
    Drug.objects.get(slug="tabvir").sources.remove(source)
    said = refusal(lambda: lifecycle.send_for_review(by=they.author, reason=WHY))
    assert {one.code for one in said.findings} == {"band-gap", "source-missing"}
    assert ContentRelease.objects.count() == 1


def test_a_draft_past_its_review_date_is_not_sent(they: People, now: Any) -> None:
    row = release("draft", they)
    now.move_to("2027-11-02T12:00Z", tick=False)
    said = refusal(lambda: lifecycle.send_for_review(release=row, by=they.editor, reason=WHY))
    assert [one.code for one in said.findings] == ["review-overdue"]


def test_the_shipped_edition_is_approved_while_it_is_live(
    live_small: ContentRelease, they: People
) -> None:
    sent = lifecycle.send_for_review(by=they.author, reason="To be ours.")
    assert sent.pk == live_small.pk
    assert (sent.review, sent.use) == ("in-review", "live")
    assert live_formulary().approved is False
    lifecycle.approve(release=sent, by=they.reviewer, reason="Read row by row.")
    assert live_formulary().approved is True


# Once approved content was live, the unapproved shipped edition is out


def test_the_shipped_edition_comes_back_only_until_the_first_approved_one(they: People) -> None:
    shipped = release("shipped", they)
    stopped = lifecycle.withdraw_release(release=shipped, by=they.publisher, reason=WHY)
    lifecycle.lift_withdrawal(withdrawal=stopped, by=they.publisher, reason="A mistake.")
    lifecycle.bring_back(release=shipped, by=they.publisher, reason="A mistake.")
    ours = release("approved", they)
    lifecycle.go_live(release=ours, by=they.publisher, reason=WHY)
    said = refusal(lambda: lifecycle.bring_back(release=shipped, by=they.publisher, reason=WHY))
    assert "approved release has been set live since" in said.reason


# A set time


def test_a_set_time_comes_without_anybody_s_doing(they: People, now: Any) -> None:
    before = release("live", they)
    row = release("approved", they)
    at = NOW + timedelta(hours=2)
    lifecycle.schedule(release=row, by=they.publisher, reason="From tonight.", at=at)
    assert live_formulary().digest == before.digest
    now.move_to(at, tick=False)
    assert live_formulary().digest == row.digest
    now.move_to(at + timedelta(minutes=5), tick=False)
    lifecycle.settle()
    row.refresh_from_db()
    before.refresh_from_db()
    assert (row.state, before.state) == ("live", "superseded")
    assert live_formulary().digest == row.digest
    entry = AuditEntry.objects.get(action="go-live")
    assert (entry.by, entry.at, entry.reason) == (they.publisher, at, "At the set time.")
    lifecycle.settle()
    assert AuditEntry.objects.count() == 3


def test_a_step_after_the_set_time_finds_it_come(they: People, now: Any) -> None:
    before = release("live", they)
    row = release("scheduled", they)
    now.move_to(NOW + timedelta(hours=3), tick=False)
    lifecycle.bring_back(release=before, by=they.publisher, reason="Not yet after all.")
    row.refresh_from_db()
    assert row.state == "superseded"
    assert live_formulary().digest == before.digest


def test_a_release_set_live_by_hand_does_not_lose_the_set_time_of_another(
    they: People, now: Any
) -> None:
    row = release("scheduled", they)
    other = release("approved", they)
    lifecycle.go_live(release=other, by=they.publisher, reason=WHY)
    assert live_formulary().digest == other.digest
    now.move_to(NOW + timedelta(hours=1), tick=False)
    assert live_formulary().digest == row.digest


@pytest.mark.parametrize("minutes", [-1, 0])
def test_a_set_time_lies_ahead(they: People, minutes: int) -> None:
    row = release("approved", they)
    at = NOW + timedelta(minutes=minutes)
    said = refusal(lambda: lifecycle.schedule(release=row, by=they.publisher, reason=WHY, at=at))
    assert said.field == "at"


def test_one_set_time_at_once_and_it_can_be_cancelled(they: People) -> None:
    first, second = release("scheduled", they), release("approved", they)
    at = NOW + timedelta(hours=2)
    said = refusal(lambda: lifecycle.schedule(release=second, by=they.publisher, reason=WHY, at=at))
    assert said.reason == "edition scheduled is set for a time already: cancel that first."
    lifecycle.cancel_schedule(release=first, by=they.publisher, reason=WHY)
    lifecycle.schedule(release=second, by=they.publisher, reason=WHY, at=at)
    first.refresh_from_db()
    assert (first.state, first.live_from) == ("approved", None)


# Altered content


@pytest.mark.parametrize("step", ["approve", "go-live", "bring-back"])
def test_an_altered_release_is_not_moved_towards_patients(they: People, step: str) -> None:
    do, state, person = STEPS[step]
    row = release(state, they)
    altered = row.document.replace('"amount":"2.5"', '"amount":"25"', 1)
    ContentRelease.objects.filter(pk=row.pk).update(document=altered)
    said = refusal(lambda: do(release=row, by=getattr(they, person), reason=WHY))
    assert said.reason == "It was altered: its text does not fit its digest."
