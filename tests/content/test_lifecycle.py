"""The way of a release: who may take which step, what each step leaves behind, what none may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from dosing.content import lifecycle
from dosing.content.lifecycle import NotAllowed, can, check_can
from dosing.content.live import ContentUnavailable, live_formulary
from dosing.content.transitions import DRUG_PERMISSIONS, STATES, TRANSITIONS
from dosing.models import AuditEntry, ContentRelease, DoseRow, Drug, Edition, Source, Withdrawal
from dosing.models.audit import ACTIONS, BY_COMMAND
from dosing.models.release import REVIEWS, USES

from .releases import EARLIER, NOW, People, people, release

WHY = "Because of the new label."


@pytest.fixture(autouse=True)
def now(time_machine: Any) -> Any:
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def they(db: None) -> People:
    return people()


def refusal(call: Callable[[], object]) -> NotAllowed:
    with pytest.raises(NotAllowed) as caught:
        call()
    return caught.value


def history() -> list[tuple[str, str, str]]:
    """Action, who, of which edition, oldest first."""
    rows = AuditEntry.objects.order_by("at", "pk").select_related("by", "release")
    return [
        (row.action, row.by.username if row.by else "", row.release.edition if row.release else "")
        for row in rows
    ]


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
        ("approve", "approved", "reviewer", "A release that is approved cannot be approved."),
        ("approve", "live", "reviewer", "A release that is approved cannot be approved."),
        ("go-live", "live", "publisher", "A release that is live cannot go live."),
        (
            "bring-back",
            "approved",
            "publisher",
            "A release that is approved cannot be brought back.",
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


# The stop button


def test_a_withdrawn_release_leaves_nothing_live_and_its_reason_everywhere(they: People) -> None:
    release("superseded", they)
    row = release("live", they)
    lifecycle.withdraw_release(release=row, by=they.reviewer, reason="A wrong band at 50.")
    with pytest.raises(ContentUnavailable, match=r"withdrawn: A wrong band at 50\.$"):
        live_formulary()


def test_back_in_two_steps_each_with_its_reason(they: People) -> None:
    row = release("live", they)
    stopped = lifecycle.withdraw_release(release=row, by=they.publisher, reason="Doubt.")
    said = refusal(lambda: lifecycle.bring_back(release=row, by=they.publisher, reason=WHY))
    assert said.reason == "A release that is withdrawn cannot be brought back."
    lifecycle.lift_withdrawal(withdrawal=stopped, by=they.publisher, reason="No doubt.")
    with pytest.raises(ContentUnavailable, match="Doubt"):
        live_formulary()
    lifecycle.bring_back(release=row, by=they.publisher, reason="No doubt.")
    assert live_formulary().digest == row.digest
    assert [action for action, _, _ in history()] == ["withdraw", "lift", "bring-back"]
    stopped.refresh_from_db()
    assert (stopped.lifted_by, stopped.lifted_at) == (they.publisher, NOW)


def test_a_withdrawal_is_lifted_once(they: People) -> None:
    release("live", they)
    stopped = lifecycle.withdraw_drug(drug="tabvir", by=they.publisher, reason="Recalled.")
    lifecycle.lift_withdrawal(withdrawal=stopped, by=they.publisher, reason=WHY)
    said = refusal(
        lambda: lifecycle.lift_withdrawal(withdrawal=stopped, by=they.publisher, reason=WHY)
    )
    assert said.reason == "It was lifted already."


def test_a_release_withdrawn_before_it_was_live_is_only_approved_again(they: People) -> None:
    row = release("scheduled", they)
    stopped = lifecycle.withdraw_release(release=row, by=they.publisher, reason="Doubt.")
    lifecycle.lift_withdrawal(withdrawal=stopped, by=they.publisher, reason=WHY)
    row.refresh_from_db()
    assert (row.state, row.live_from) == ("approved", None)


def test_one_drug_is_withdrawn_in_a_release_or_everywhere(they: People) -> None:
    row = release("live", they)
    lifecycle.withdraw_drug(drug="tabvir", release=row, by=they.reviewer, reason="A wrong table.")
    lifecycle.withdraw_drug(drug="vialvir", by=they.publisher, reason="Recalled.")
    assert live_formulary().formulary.withdrawn == {
        "tabvir": "A wrong table.",
        "vialvir": "Recalled.",
    }
    assert [(entry.drug, entry.release) for entry in AuditEntry.objects.order_by("pk")] == [
        ("tabvir", row),
        ("vialvir", None),
    ]
    said = refusal(
        lambda: lifecycle.withdraw_drug(
            drug="tabvir", release=row, by=they.publisher, reason="Again."
        )
    )
    assert said.reason == "It is withdrawn already."


def test_only_a_drug_of_the_content_can_be_withdrawn(they: People) -> None:
    row = release("live", they)
    for where in (row, None):
        said = refusal(
            lambda where=where: lifecycle.withdraw_drug(  # type: ignore[misc]
                drug="aspirin", release=where, by=they.publisher, reason=WHY
            )
        )
        assert said.field == "drug"


@pytest.mark.parametrize(
    ("reason", "taken"),
    [
        ("The table prints 1150 mg.", False),
        ("5\u00a0MG/kg is wrong", False),
        ("Wrong at 10 mL.", False),
        ("Wrong from 50 to 69 mL/min.", True),
        ("Creatinine above 2.8 mg/dL.", True),
        ("The highest band is wrong.", True),
    ],
)
def test_a_reason_for_wards_names_no_dose(they: People, reason: str, taken: bool) -> None:
    release("live", they)
    if taken:
        lifecycle.withdraw_drug(drug="tabvir", by=they.publisher, reason=reason)
        return
    said = refusal(lambda: lifecycle.withdraw_drug(drug="tabvir", by=they.publisher, reason=reason))
    assert said.field == "reason"


# Altered content


@pytest.mark.parametrize("step", ["approve", "go-live", "bring-back"])
def test_an_altered_release_is_not_moved_towards_patients(they: People, step: str) -> None:
    do, state, person = STEPS[step]
    row = release(state, they)
    altered = row.document.replace('"amount":"2.5"', '"amount":"25"', 1)
    ContentRelease.objects.filter(pk=row.pk).update(document=altered)
    said = refusal(lambda: do(release=row, by=getattr(they, person), reason=WHY))
    assert said.reason == "It was altered: its text does not fit its digest."


# What the database refuses, whoever asks

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
