"""Runs of the impact: started by a page, worked in a child process, kept in a row."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dosing.engine.codec import CodecError, decode, encode
from dosing.models import ImpactRun

from .frozen import Unreadable, formulary_of
from .impact import Impact, Stopped, impact
from .population import LEAST

log = logging.getLogger(__name__)

#: The child tells how far it is this often.
WORD_EVERY = timedelta(milliseconds=500)


class CannotStart(Exception):
    """This comparison cannot be run; the message says why."""


class Superseded(Exception):
    """Another child has been given this run."""


def check_can_start_impact(*, before: str, after: str) -> None:
    """Raise CannotStart unless both releases can be read and are not the same."""
    if before == after:
        raise CannotStart("Both are the same release: there is nothing to compare.")
    for digest in (before, after):
        try:
            formulary_of(digest)
        except Unreadable as problem:
            raise CannotStart(str(problem)) from problem


def start_impact(
    *,
    before: str,
    after: str,
    again: bool = False,
    spawn: Callable[[ImpactRun], None] | None = None,
) -> ImpactRun:
    """The run for two digests, with a child at work unless it is finished or one is.

    Started once however often it is asked for. `again` calculates a finished run anew. Raises
    CannotStart.
    """
    check_can_start_impact(before=before, after=after)
    now = timezone.now()
    with transaction.atomic():
        ImpactRun.objects.get_or_create(
            before=before, after=after, defaults={"started_at": now, "heard_at": now}
        )
        run = ImpactRun.objects.select_for_update().get(before=before, after=after)
        finished = run.finished_at is not None and not again
        if finished or (run.attempt and run.is_running(now)):
            return run
        run.attempt += 1
        run.started_at = run.heard_at = now
        run.done = run.total = 0
        run.finished_at = run.result = None
        run.failed = ""
        run.save()
    (spawn or spawn_child)(run)
    return run


def spawn_child(run: ImpactRun) -> None:
    """`manage.py impact` in a session of its own: it outlives the request."""
    command = [sys.executable, "manage.py", "impact", str(run.pk), str(run.attempt)]
    child = subprocess.Popen(
        command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, start_new_session=True
    )
    # A child nobody waits for would stay in the table of processes.
    threading.Thread(target=child.wait, daemon=True).start()


def run_impact(*, pk: int, attempt: int, least: int = LEAST) -> None:
    """Work a run to its end in this process; what goes wrong is written into its row."""
    mine = ImpactRun.objects.filter(pk=pk, attempt=attempt, finished_at=None)
    run = mine.first()
    if run is None:
        return
    try:
        before, after = formulary_of(run.before), formulary_of(run.after)
        found = impact(before, after, least=least, progress=_Word(pk, attempt))
        mine.update(
            done=found.patients,
            total=found.patients,
            result=encode(found),
            finished_at=timezone.now(),
            failed="",
        )
    except Superseded:
        log.info("Impact run %s: another child has taken over.", pk)
    except (Unreadable, Stopped) as problem:
        mine.update(failed=str(problem))
    except Exception as problem:
        # Whatever it was: the page must not wait for a result that never comes.
        mine.update(failed=f"The calculation broke off ({type(problem).__name__}).")
        raise


def result_of(run: ImpactRun) -> Impact | None:
    """What a finished run found; None before, or where this version cannot read it."""
    if run.result is None:
        return None
    try:
        return decode(Impact, run.result)
    except CodecError:
        return None


class _Word:
    """Tells the row how far the run is, now and then; raises Superseded where it is not ours."""

    def __init__(self, pk: int, attempt: int) -> None:
        self.mine = ImpactRun.objects.filter(pk=pk, attempt=attempt, finished_at=None)
        self.told: datetime | None = None

    def __call__(self, done: int, total: int) -> None:
        now = timezone.now()
        if self.told is not None and now - self.told < WORD_EVERY:
            return
        self.told = now
        if not self.mine.update(done=done, total=max(done, total), heard_at=now):
            raise Superseded
