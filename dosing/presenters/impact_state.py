"""How far the impact of a pair of releases is: for its own page, and for the reviewer's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dosing.content.frozen import Unreadable, formulary_of
from dosing.content.impact_run import CannotStart, check_can_start_impact, result_of
from dosing.models import ImpactRun

from .impact import ImpactView, impact_view
from .numbers import grouped


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactState:
    """`name` is none, running, lost, failed or done; `refused` says why it cannot be started."""

    before: str
    after: str
    name: str = "none"
    done: int = 0
    total: int = 0
    progress: str = ""
    failed: str = ""
    refused: str = ""
    calculated: datetime | None = None
    view: ImpactView | None = None


def impact_state(*, before: str, after: str, now: datetime) -> ImpactState:
    """The state of the run for two digests; the result in words where it is finished."""
    state = ImpactState(before=before, after=after)
    try:
        check_can_start_impact(before=before, after=after)
    except CannotStart as refused:
        return replace(state, refused=str(refused))
    run = ImpactRun.objects.filter(before=before, after=after).first()
    if run is None:
        return state
    if run.failed:
        return replace(state, name="failed", failed=run.failed)
    if run.finished_at is None:
        return replace(
            state,
            name="running" if run.is_running(now) else "lost",
            done=run.done,
            total=run.total,
            progress=progress_words(run.done, run.total),
        )
    found = result_of(run)
    if found is None:
        return state
    try:
        view = impact_view(found, formulary_of(before), formulary_of(after))
    except Unreadable as problem:
        return replace(state, refused=str(problem))
    return replace(state, name="done", view=view, calculated=run.finished_at)


def progress_words(done: int, total: int) -> str:
    """12,500 of 50,004 synthetic patients calculated."""
    if not total:
        return "Starting."
    counts = grouped(str(done)), grouped(str(total))
    return f"{counts[0]} of {counts[1]} synthetic patients calculated with both releases."
