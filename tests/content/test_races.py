"""Two processes at once, and processes that die: exactly one release is live, every time.

Only on PostgreSQL (conftest.py does not collect this file on SQLite, where one process writes).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from dosing.models import AuditEntry, ContentRelease

from .releases import People, people, release

pytestmark = pytest.mark.django_db(transaction=True)

TRIES = 200
KILLS = 60
#: Both start together once each has read its order.
AHEAD = 0.004


class Racer:
    """Another process on this database."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.content.racer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ
            | {
                "RACE_DATABASE": connection.settings_dict["NAME"],
                "DJANGO_SETTINGS_MODULE": "config.settings",
            },
        )

    def order(self, **order: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def ask(self, **order: Any) -> Any:
        self.order(**order)
        return self.answer()

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def racers() -> Iterator[tuple[Racer, Racer]]:
    pair = Racer(), Racer()
    yield pair
    for one in pair:
        one.stop()


@pytest.fixture
def crowd(transactional_db: None) -> People:
    return people()


def race(racers: tuple[Racer, Racer], *orders: dict[str, Any]) -> list[str]:
    """Both at once; the answers in the order of the orders."""
    at = time.time() + AHEAD
    for one, order in zip(racers, orders, strict=True):
        one.order(do="step", at=at, **order)
    return [one.answer() for one in racers]


def live() -> list[int]:
    return list(ContentRelease.objects.filter(use="live").values_list("pk", flat=True))


def test_of_two_approvals_at_once_one_counts(racers: tuple[Racer, Racer], crowd: People) -> None:
    for number in range(TRIES):
        row = release("in-review", crowd, f"edition {number}")
        orders = [
            {"step": "approve", "release": row.pk, "by": by} for by in ("reviewer", "administrator")
        ]
        answers = race(racers, *orders)
        assert sorted(answers)[1] == "done", answers
        assert sorted(answers)[0].startswith("It is approved already"), answers
        row.refresh_from_db()
        winner = orders[answers.index("done")]["by"]
        assert row.approved_by is not None
        assert row.approved_by.username == winner
        assert AuditEntry.objects.filter(release=row).count() == 1


def test_approval_and_return_at_once_leave_one_of_them(
    racers: tuple[Racer, Racer], crowd: People
) -> None:
    for number in range(TRIES // 4):
        row = release("in-review", crowd, f"edition {number}")
        answers = race(
            racers,
            {"step": "approve", "release": row.pk, "by": "reviewer"},
            {"step": "return_with_comment", "release": row.pk, "by": "administrator"},
        )
        row.refresh_from_db()
        assert answers.count("done") == 1
        assert row.review == ("approved" if answers[0] == "done" else "returned")


def test_of_two_going_live_at_once_one_is_live_and_every_process_reads_it(
    racers: tuple[Racer, Racer], crowd: People
) -> None:
    last = Counter[int]()
    for number in range(TRIES):
        pair = [release("approved", crowd, f"edition {number} {side}") for side in "ab"]
        answers = race(
            racers, *({"step": "go_live", "release": row.pk, "by": "publisher"} for row in pair)
        )
        assert answers == ["done", "done"]
        (now,) = live()
        assert now in [row.pk for row in pair]
        last[[row.pk for row in pair].index(now)] += 1
        digest = ContentRelease.objects.get(pk=now).digest
        assert [one.ask(do="live") for one in racers] == [digest, digest]
    # Both orders of events were met: the two did run at once.
    assert set(last) == {0, 1}


def test_the_same_release_goes_live_once(racers: tuple[Racer, Racer], crowd: People) -> None:
    for number in range(TRIES // 4):
        row = release("approved", crowd, f"edition {number}")
        order = {"step": "go_live", "release": row.pk, "by": "publisher"}
        answers = race(racers, order, order)
        assert sorted(answers) == ["It is live already.", "done"]
        assert live() == [row.pk]


def test_a_withdrawal_of_the_old_one_beside_a_going_live_leaves_the_new_one(
    racers: tuple[Racer, Racer], crowd: People
) -> None:
    before = release("live", crowd, "edition 0")
    for number in range(1, TRIES // 4):
        after = release("approved", crowd, f"edition {number}")
        answers = race(
            racers,
            {"step": "withdraw_release", "release": before.pk, "by": "reviewer"},
            {"step": "go_live", "release": after.pk, "by": "publisher"},
        )
        assert answers == ["done", "done"]
        assert live() == [after.pk]
        before.refresh_from_db()
        assert before.use == "withdrawn"
        before = after


# kill -9


@pytest.mark.parametrize("at_note", [1, 2])
def test_killed_between_two_changes_the_old_one_stays_live(
    racers: tuple[Racer, Racer], crowd: People, at_note: int
) -> None:
    before, after = release("live", crowd), release("approved", crowd)
    order = {"step": "go_live", "release": after.pk, "by": "publisher"}
    racers[0].ask(do="killed", at_note=at_note, **order)
    assert live() == [before.pk]
    assert not AuditEntry.objects.exists()
    # Nothing is left locked.
    assert racers[1].ask(do="step", **order) == "done"
    assert live() == [after.pk]


def test_killed_at_any_moment_the_old_or_the_new_one_is_live(
    racers: tuple[Racer, Racer], crowd: People
) -> None:
    def going_live(number: int) -> tuple[ContentRelease, dict[str, Any]]:
        row = release("approved", crowd, f"edition {number}")
        return row, {"step": "go_live", "release": row.pk, "by": "publisher"}

    first, order = going_live(0)
    whole = racers[0].ask(do="killed", **order)
    assert live() == [first.pk]
    found = Counter[str]()
    before = first.pk
    for number in range(1, KILLS + 1):
        after, order = going_live(number)
        racers[0].ask(do="killed", within=1.4 * whole, **order)
        (now,) = live()
        assert now in (before, after.pk)
        # What the dead process had sent may still be under way: the next step waits for it.
        answer = racers[1].ask(do="step", **order)
        found["new" if answer.startswith("It is live already") else "old"] += 1
        assert live() == [after.pk]
        before = after.pk
    # Killed both before and after it counted: the moments were spread over the whole of it.
    assert found.keys() == {"old", "new"}, found
