"""The stop button: a release or a drug, at once, and the longer way back."""

from __future__ import annotations

import pytest

from dosing.content import lifecycle
from dosing.content.live import ContentUnavailable, live_formulary
from dosing.models import AuditEntry

from .releases import NOW, WHY, People, history, refusal, release


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
    assert said.reason == "It is withdrawn: it cannot be brought back."
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
