"""What one person did another decides on; and a stop ends by a decision, never by a successor."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from dosing.content import lifecycle
from dosing.content.digest import digest_of
from dosing.content.lifecycle import NotAllowed
from dosing.content.live import live_formulary
from dosing.engine.codec import canonical, encode
from dosing.models import AuditEntry, ContentRelease, Edition, RowEdit, Withdrawal

from .releases import NOW, WHY, People, release
from .small_formulary import small_formulary


@pytest.fixture
def both(they: People) -> User:
    """An editor who is a reviewer, too."""
    made = User.objects.create_user("both", is_staff=True)
    made.groups.set(Group.objects.filter(name__in=("editor", "reviewer")))
    return made


def edited(by: User, at: Any) -> None:
    RowEdit.objects.create(
        at=at, by=by, reason=WHY, action="change", kind="drug", row=1, label="tabvir", changes=[]
    )


def test_whoever_changed_the_rows_does_not_approve_what_another_sent(
    live_small: ContentRelease, they: People, both: User, now: Any
) -> None:
    Edition.objects.update(edition="ours 1")
    now.shift(timedelta(hours=1))
    edited(both, timezone.now())
    now.shift(timedelta(hours=1))
    sent = lifecycle.send_for_review(by=they.editor, reason=WHY)
    for decide in (lifecycle.approve, lifecycle.return_with_comment):
        with pytest.raises(NotAllowed, match="You changed rows of it yourself"):
            decide(release=sent, by=both, reason=WHY)
    now.shift(timedelta(hours=1))
    edited(they.reviewer, timezone.now())
    assert lifecycle.approve(release=sent, by=they.reviewer, reason=WHY).review == "approved"
    # The rows of an edition that was approved are no longer anybody's own.
    Edition.objects.update(edition="ours 2")
    now.shift(timedelta(hours=1))
    again = lifecycle.send_for_review(by=they.editor, reason=WHY)
    assert lifecycle.approve(release=again, by=both, reason=WHY).review == "approved"


def test_whoever_sent_it_first_does_not_approve_it_when_another_sends_it_again(
    they: People, both: User
) -> None:
    row = release("draft", they)
    row = lifecycle.send_for_review(release=row, by=both, reason=WHY)
    row = lifecycle.return_with_comment(release=row, by=they.reviewer, reason=WHY)
    row = lifecycle.send_for_review(release=row, by=they.editor, reason=WHY)
    with pytest.raises(NotAllowed, match="You sent this for review yourself"):
        lifecycle.approve(release=row, by=both, reason=WHY)


def stopped_in_live(they: People) -> ContentRelease:
    live = release("live", they)
    lifecycle.withdraw_drug(drug="tabvir", release=live, by=they.publisher, reason="A wrong row.")
    return live


def test_a_stop_goes_along_to_the_successor(they: People) -> None:
    stopped_in_live(they)
    row = release("approved", they)
    lifecycle.go_live(release=row, by=they.publisher, reason=WHY)
    assert live_formulary().formulary.withdrawn == {"tabvir": "A wrong row."}
    (entry,) = AuditEntry.objects.filter(action="withdraw-drug", release=row)
    assert "edition live" in entry.reason
    stop = Withdrawal.objects.in_force().get(release=row)
    lifecycle.lift_withdrawal(withdrawal=stop, by=they.publisher, reason="The row is right here.")
    assert live_formulary().formulary.withdrawn == {}


def test_a_stop_holds_at_a_set_time_before_and_after_it_is_written_down(
    they: People, now: Any
) -> None:
    stopped_in_live(they)
    row = release("scheduled", they)
    now.move_to(NOW + timedelta(hours=2))
    assert live_formulary().digest == row.digest
    assert live_formulary().formulary.withdrawn == {"tabvir": "A wrong row."}
    lifecycle.settle()
    assert live_formulary().digest == row.digest
    assert live_formulary().formulary.withdrawn == {"tabvir": "A wrong row."}


def test_withdrawing_the_live_release_disarms_a_set_time(they: People, now: Any) -> None:
    live, row = release("live", they), release("scheduled", they)
    lifecycle.withdraw_release(release=live, by=they.publisher, reason="All bands are wrong.")
    row.refresh_from_db()
    assert (row.use, row.live_from) == ("unused", None)
    assert AuditEntry.objects.filter(action="cancel-schedule", release=row).exists()
    now.move_to(NOW + timedelta(hours=2))
    assert ContentRelease.objects.live() is None


def test_a_time_is_near_and_before_the_review_date(they: People) -> None:
    row = release("approved", they)
    with pytest.raises(NotAllowed, match="within the next 90 days"):
        lifecycle.schedule(release=row, by=they.publisher, reason=WHY, at=NOW + timedelta(days=91))
    due = (NOW + timedelta(days=10)).date()
    document = canonical(encode(replace(small_formulary(), edition="short", review_by=due)))
    short = release("approved", they, "short", document=document, digest=digest_of(document))
    with pytest.raises(NotAllowed, match="not ready"):
        lifecycle.schedule(
            release=short, by=they.publisher, reason=WHY, at=NOW + timedelta(days=11)
        )
    lifecycle.schedule(release=short, by=they.publisher, reason=WHY, at=NOW + timedelta(days=9))
