"""A run of the impact: started once, alive or given up, finished in its row by a real child."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from dosing.content import frozen, impact_run
from dosing.content.digest import digest_of
from dosing.content.frozen import Unreadable, find_release, formulary_of
from dosing.content.impact import Impact, impact, impact_of
from dosing.content.impact_run import (
    CannotStart,
    result_of,
    run_impact,
    start_impact,
)
from dosing.engine.codec import canonical, encode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease, ImpactRun

from .bands import NARROWED, TABLE, with_rows

BEFORE, AFTER = replace(with_rows(*TABLE), edition="before"), with_rows(*NARROWED)
FEW = 300


def release(formulary: Formulary) -> str:
    """Freeze content as it is; its digest."""
    document = canonical(encode(formulary))
    ContentRelease.objects.create(
        edition=formulary.edition,
        digest=digest_of(document),
        document=document,
        frozen_at=timezone.now(),
    )
    return digest_of(document)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    frozen.formulary_of.cache_clear()
    yield
    frozen.formulary_of.cache_clear()


@pytest.fixture
def pair(db: None) -> dict[str, str]:
    return {"before": release(BEFORE), "after": release(AFTER)}


@pytest.fixture
def started() -> list[ImpactRun]:
    """The children that were asked for; none is really started."""
    return []


def start(pair: dict[str, str], started: list[ImpactRun], *, again: bool = False) -> ImpactRun:
    before, after = pair["before"], pair["after"]
    return start_impact(before=before, after=after, again=again, spawn=started.append)


def test_asked_for_twice_it_is_started_once(pair: dict[str, str], started: list[ImpactRun]) -> None:
    first = start(pair, started)
    again = start(pair, started)
    assert first.pk == again.pk
    assert [one.attempt for one in started] == [1]
    assert again.is_running(timezone.now())


def test_the_other_way_round_is_another_run(pair: dict[str, str], started: list[ImpactRun]) -> None:
    turned = {"before": pair["after"], "after": pair["before"]}
    assert start(pair, started).pk != start(turned, started).pk


def test_without_a_word_for_a_while_it_may_be_started_again(
    pair: dict[str, str], started: list[ImpactRun]
) -> None:
    run = start(pair, started)
    silent = timezone.now() - ImpactRun.SILENT - timedelta(seconds=1)
    ImpactRun.objects.update(heard_at=silent, done=10, total=20)
    run.refresh_from_db()
    assert run.is_lost(timezone.now())
    run = start(pair, started)
    assert (run.attempt, run.done, run.total) == (2, 0, 0)
    assert run.is_running(timezone.now())
    assert len(started) == 2


def test_a_failed_run_may_be_started_again(pair: dict[str, str], started: list[ImpactRun]) -> None:
    run = start(pair, started)
    ImpactRun.objects.update(failed="A child process ended.")
    run.refresh_from_db()
    assert not run.is_running(timezone.now())
    assert not run.is_lost(timezone.now())
    assert start(pair, started).failed == ""
    assert len(started) == 2


def test_a_finished_run_is_calculated_anew_only_when_that_is_asked_for(
    pair: dict[str, str], started: list[ImpactRun]
) -> None:
    run = start(pair, started)
    run_impact(pk=run.pk, attempt=run.attempt, least=FEW)
    run = start(pair, started)
    assert len(started) == 1
    assert result_of(run) == impact(BEFORE, AFTER, least=FEW)
    assert run.done == run.total >= FEW
    run = start(pair, started, again=True)
    assert len(started) == 2
    assert (run.result, run.finished_at, run.attempt) == (None, None, 2)


def test_a_child_that_was_given_up_changes_nothing(
    pair: dict[str, str], started: list[ImpactRun]
) -> None:
    run = start(pair, started)
    ImpactRun.objects.update(attempt=2)
    run_impact(pk=run.pk, attempt=1, least=FEW)
    run.refresh_from_db()
    assert (run.result, run.failed, run.done) == (None, "", 0)


def test_a_child_that_is_given_up_on_the_way_ends_without_a_word(
    pair: dict[str, str], started: list[ImpactRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(pair, started)

    def taken_over(*sides: Formulary, progress: Any, **more: Any) -> Impact:
        ImpactRun.objects.update(attempt=2)
        progress(1, 2)
        raise AssertionError("it went on")

    monkeypatch.setattr(impact_run, "impact", taken_over)
    run_impact(pk=run.pk, attempt=1)
    run.refresh_from_db()
    assert (run.result, run.failed) == (None, "")


def test_a_child_that_is_given_up_at_the_very_end_writes_no_result(
    pair: dict[str, str], started: list[ImpactRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(pair, started)

    def taken_over(*sides: Formulary, **more: Any) -> Impact:
        ImpactRun.objects.update(attempt=2)
        return impact_of([], *sides)

    monkeypatch.setattr(impact_run, "impact", taken_over)
    run_impact(pk=run.pk, attempt=1)
    run.refresh_from_db()
    assert (run.result, run.finished_at) == (None, None)


def test_progress_is_written_now_and_then(
    pair: dict[str, str], started: list[ImpactRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(pair, started)
    silent = timezone.now() - timedelta(seconds=10)
    ImpactRun.objects.update(heard_at=silent)
    seen: list[tuple[int, int]] = []

    def steps(*sides: Formulary, progress: Any, **more: Any) -> Impact:
        for done in (1, 2, 3):
            progress(done, 9)
            run.refresh_from_db()
            seen.append((run.done, run.total))
        assert run.heard_at > silent
        return impact(BEFORE, BEFORE, least=1)

    monkeypatch.setattr(impact_run, "impact", steps)
    run_impact(pk=run.pk, attempt=1)
    assert seen == [(1, 9)] * 3


def test_what_goes_wrong_stands_in_the_row(
    pair: dict[str, str], started: list[ImpactRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(pair, started)

    def broken(*sides: Formulary, **more: Any) -> Impact:
        raise ZeroDivisionError

    monkeypatch.setattr(impact_run, "impact", broken)
    with pytest.raises(ZeroDivisionError):
        run_impact(pk=run.pk, attempt=1)
    run.refresh_from_db()
    assert run.failed == "The calculation broke off (ZeroDivisionError)."


def test_an_altered_release_is_not_calculated_with(
    pair: dict[str, str], started: list[ImpactRun]
) -> None:
    run = start(pair, started)
    row = ContentRelease.objects.get(digest=pair["after"])
    ContentRelease.objects.filter(pk=row.pk).update(document=row.document.replace("70", "71"))
    frozen.formulary_of.cache_clear()
    run_impact(pk=run.pk, attempt=1, least=FEW)
    run.refresh_from_db()
    assert run.failed == "This release was altered: its text does not fit its digest."
    with pytest.raises(CannotStart, match="was altered"):
        start(pair, started)


def test_what_cannot_be_compared(pair: dict[str, str], started: list[ImpactRun]) -> None:
    with pytest.raises(CannotStart, match="the same release"):
        start({"before": pair["before"], "after": pair["before"]}, started)
    with pytest.raises(CannotStart, match="no release with this digest"):
        start({"before": pair["before"], "after": "sha256:none"}, started)
    assert started == []
    assert not ImpactRun.objects.exists()


def test_a_result_of_another_version_is_no_result(
    pair: dict[str, str], started: list[ImpactRun]
) -> None:
    run = start(pair, started)
    ImpactRun.objects.update(result={"patients": 3}, finished_at=timezone.now())
    run.refresh_from_db()
    assert result_of(run) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"result": {}},
        {"finished_at": timezone.now()},
        {"result": {}, "finished_at": timezone.now(), "failed": "No."},
        {"done": 2, "total": 1},
    ],
)
def test_the_database_refuses_half_a_result(wrong: dict[str, Any]) -> None:
    now = timezone.now()
    values = {"before": "a", "after": "b", "started_at": now, "heard_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        ImpactRun.objects.create(**values, **wrong)
    ImpactRun.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImpactRun.objects.create(**values)


# Releases by name


def test_a_release_is_found_by_edition_digest_and_its_beginning(pair: dict[str, str]) -> None:
    digest = pair["before"]
    names = ["before", digest, digest.removeprefix("sha256:"), digest.removeprefix("sha256:")[:12]]
    for name in names:
        found = find_release(name, ContentRelease.objects.all())
        assert found is not None
        assert found.digest == digest
    assert find_release(digest.removeprefix("sha256:")[:11], ContentRelease.objects.all()) is None
    assert find_release("another", ContentRelease.objects.all()) is None
    assert find_release("", ContentRelease.objects.all()) is None
    assert formulary_of(digest) == BEFORE


def test_a_release_of_another_format_says_so(db: None) -> None:
    document = '{"format":99}'
    digest = digest_of(document)
    ContentRelease.objects.create(
        edition="old", digest=digest, document=document, frozen_at=timezone.now()
    )
    with pytest.raises(Unreadable, match="does not fit this version"):
        formulary_of(digest)


# At the same time


@pytest.mark.django_db(transaction=True)
def test_asked_for_by_many_at_once_it_is_started_once() -> None:
    pair = {"before": release(BEFORE), "after": release(AFTER)}
    started: list[ImpactRun] = []
    gate = threading.Barrier(5)

    def ask() -> None:
        gate.wait()
        try:
            start(pair, started)
        finally:
            connection.close()

    for _ in range(5):
        threads = [threading.Thread(target=ask) for _ in range(5)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert len(started) == 1
        assert ImpactRun.objects.get().attempt == 1
        ImpactRun.objects.all().delete()
        started.clear()


# A real child


@pytest.fixture
def child_reads_this_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child is a process of its own: it is told the name of the test's database."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.child_settings")
    monkeypatch.setenv("TEST_DATABASE", str(connection.settings_dict["NAME"]))


def until(done: Any, seconds: float = 180) -> ImpactRun:
    """The row, once it is so; a run that never gets there fails the test."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        run = ImpactRun.objects.get()
        if done(run):
            return run
        time.sleep(0.05)
    raise AssertionError(f"not in {seconds} s: {run.done} of {run.total}, {run.failed!r}")


@pytest.mark.django_db(transaction=True)
def test_a_real_child_tells_how_far_it_is_and_leaves_its_result(
    child_reads_this_database: None,
) -> None:
    begin = time.monotonic()
    run = start_impact(before=release(BEFORE), after=release(AFTER))
    assert time.monotonic() - begin < 2, "the page must not wait for the child"
    run = until(lambda one: 0 < one.done < one.total)
    assert run.is_running(timezone.now())
    run = until(lambda one: one.finished_at is not None or one.failed)
    found = result_of(run)
    assert found is not None
    assert found.patients == run.total >= 50_000
    assert found.changes["dose"] > 0


@pytest.mark.django_db(transaction=True)
def test_a_child_that_is_killed_takes_its_own_children_along(
    child_reads_this_database: None,
) -> None:
    """kill -9: no last word is possible. The run falls silent, and nothing calculates on."""
    children: list[subprocess.Popen[bytes]] = []

    def spawn(run: ImpactRun) -> None:
        command = [sys.executable, "manage.py", "impact", str(run.pk), str(run.attempt)]
        children.append(subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True))

    start_impact(before=release(BEFORE), after=release(AFTER), spawn=spawn)
    until(lambda one: one.done > 0)
    group = os.getpgid(children[0].pid)
    children[0].send_signal(signal.SIGKILL)
    children[0].wait()
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    else:
        raise AssertionError("the children of the child go on")
    run = ImpactRun.objects.get()
    assert (run.result, run.failed) == (None, "")
    later = timezone.now() + ImpactRun.SILENT
    assert run.is_lost(later)
