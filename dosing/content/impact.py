"""The impact of one edition after another: who of a synthetic population is dosed differently.

No database and no framework: two child processes decode both editions and take every second
patient each, so that half a minute of calculating takes a quarter.
"""

from __future__ import annotations

import json
import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Any

from dosing.engine.codec import canonical, decode, encode
from dosing.engine.formulary import DOSES_PER_DAY, Formulary
from dosing.engine.orders import Order
from dosing.engine.patient import PatientFacts, WorkedExample

from .outcomes import CHANGES, Shift, Side, answer, change, share, shifts, sides
from .population import LEAST, Patient, population

#: Processes at once: the site keeps the rest.
WORKERS = 2
#: Patients between two words to the caller.
EVERY = 250
MOST_AFFECTED = 10
#: What a patient's change tells: kind, drug, table, and band or reason on both sides.
_Story = tuple[str, ...]

_Rank = tuple[int, Fraction, Fraction, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByName:
    """Patients of one regimen, or orders of one drug, by what becomes of them."""

    slug: str
    total: int
    changes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """One synthetic patient with both answers; `ratio` is the drug's day after to before, exact."""

    number: int
    regimen: str
    change: str
    drug: str
    ratio: str = ""
    facts: PatientFacts
    start: date
    before: tuple[Side, ...]
    after: tuple[Side, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleChange:
    """A worked example that both editions answer differently; or that only one of them has."""

    slug: str
    regimen: str
    change: str
    before: tuple[Side, ...]
    after: tuple[Side, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What a change of edition does to the population: all counts, and the most affected."""

    patients: int
    changes: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[str, int] = field(default_factory=dict)
    regimens: tuple[ByName, ...]
    drugs: tuple[ByName, ...]
    affected: tuple[Affected, ...]
    examples: int
    examples_changed: tuple[ExampleChange, ...]
    broken: Mapping[str, int] = field(default_factory=dict)


_Found = list[tuple[_Rank, Affected]]


class Stopped(Exception):
    """A child process ended before its share was done."""


@dataclass(slots=True)
class Tally:
    """Counts that can be added up in any order."""

    patients: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    shares: Counter[str] = field(default_factory=Counter)
    regimens: dict[str, Counter[str]] = field(default_factory=dict)
    drugs: dict[str, Counter[str]] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)
    most: dict[tuple[_Story, str], _Found] = field(default_factory=dict)

    def add(self, patient: Patient, before: Formulary, after: Formulary) -> None:
        """Calculate one patient with both editions and count what changed."""
        slug, facts, start = patient.regimen, patient.facts, patient.start
        old, new = (answer(facts, slug, edition, start) for edition in (before, after))
        found = list(shifts(old, new))
        kind = change(old, new, found)
        self.patients += 1
        self.changes[kind] += 1
        self.regimens.setdefault(slug, Counter())[kind] += 1
        for side in (old, new):
            if getattr(side, "broke", False):
                self.broken[f"{slug}: {getattr(side, 'why', '')}"] += 1
        if kind in ("failed", "regimen"):
            return
        for one in found:
            self.drugs.setdefault(one.drug, Counter())[one.change] += 1
        heaviest = max(found, key=_weight, default=None)
        if kind == "dose" and heaviest is not None:
            self.shares[share(heaviest.ratio)] += 1
        if kind in ("newly-stopped", "newly-dosed", "dose", "course"):
            self._keep(patient, kind, heaviest, sides(old), sides(new))

    def _keep(
        self,
        patient: Patient,
        kind: str,
        shift: Shift | None,
        old: tuple[Side, ...],
        new: tuple[Side, ...],
    ) -> None:
        """Remember this patient, unless enough of the same story and regimen are affected more."""
        rank = (*_rank(kind, shift), -patient.number)
        known = self.most.setdefault((_story(kind, shift), patient.regimen), [])
        if len(known) == MOST_AFFECTED and known[-1][0] >= rank:
            return
        affected = Affected(
            number=patient.number,
            regimen=patient.regimen,
            change=kind,
            drug="" if shift is None else shift.drug,
            ratio=str(shift.ratio) if shift is not None and shift.ratio else "",
            facts=patient.facts,
            start=patient.start,
            before=old,
            after=new,
        )
        known.append((rank, affected))
        _cut(known)

    def merge(self, other: Tally) -> None:
        """Take in another share."""
        self.patients += other.patients
        for counts, more in (
            (self.changes, other.changes),
            (self.shares, other.shares),
            (self.broken, other.broken),
        ):
            counts.update(more)
        for known, named in ((self.regimens, other.regimens), (self.drugs, other.drugs)):
            for name, counted in named.items():
                known.setdefault(name, Counter()).update(counted)
        for story, found in other.most.items():
            mine = self.most.setdefault(story, [])
            mine.extend(found)
            _cut(mine)


def impact(
    before: Formulary,
    after: Formulary,
    *,
    least: int = LEAST,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Impact:
    """Calculate the whole population with both editions; the same answer at every run.

    `progress` is called at least once a second with patients done and patients in all; what it
    raises ends the run. Raises Stopped where a child process dies.
    """
    tally = Tally()
    for share_done in _shares(before, after, least, progress):
        tally.merge(share_done)
    return _impact(tally, before, after)


def impact_of(patients: Iterable[Patient], before: Formulary, after: Formulary) -> Impact:
    """The same for patients of one's own, in this process."""
    tally = Tally()
    for patient in patients:
        tally.add(patient, before, after)
    return _impact(tally, before, after)


def _impact(tally: Tally, before: Formulary, after: Formulary) -> Impact:
    slugs = dict.fromkeys((*before.drugs, *after.drugs))
    regimens = dict.fromkeys((*before.regimens, *after.regimens))
    return Impact(
        patients=tally.patients,
        changes=_ordered(tally.changes),
        shares=dict(sorted(tally.shares.items())),
        regimens=tuple(_by_name(slug, tally.regimens) for slug in regimens),
        drugs=tuple(_by_name(slug, tally.drugs) for slug in slugs if slug in tally.drugs),
        affected=tuple(_most_affected(tally.most)),
        examples=len({one.slug for one in (*before.examples, *after.examples)}),
        examples_changed=tuple(_examples(before, after)),
        broken=dict(sorted(tally.broken.items())),
    )


def _by_name(slug: str, known: Mapping[str, Counter[str]]) -> ByName:
    counts = known.get(slug, Counter())
    return ByName(slug=slug, total=counts.total(), changes=_ordered(counts))


def _ordered(counts: Mapping[str, int]) -> dict[str, int]:
    return {kind: counts[kind] for kind in CHANGES if counts.get(kind)}


def _examples(before: Formulary, after: Formulary) -> Iterator[ExampleChange]:
    """Every worked example of either edition, with the facts it will have."""
    known: dict[str, WorkedExample] = {one.slug: one for one in before.examples}
    known |= {one.slug: one for one in after.examples}
    for example in known.values():
        old, new = (
            answer(example.facts, example.regimen, edition, example.start)
            for edition in (before, after)
        )
        kind = change(old, new, list(shifts(old, new)))
        if kind != "same":
            yield ExampleChange(
                slug=example.slug,
                regimen=example.regimen,
                change=kind,
                before=sides(old),
                after=sides(new),
            )


# Who is affected most


def _weight(shift: Shift) -> tuple[int, Fraction, Fraction]:
    return _rank(shift.change, shift)


def _rank(kind: str, shift: Shift | None) -> tuple[int, Fraction, Fraction]:
    """No dose for a dose or a dose for none first, then the largest ratio, then the most mg."""
    if shift is None or kind not in ("newly-stopped", "newly-dosed", "dose"):
        return (0, Fraction(0), Fraction(0))
    ratio = max(shift.ratio, 1 / shift.ratio) if shift.ratio else Fraction(0)
    daily = abs(_daily(shift.after) - _daily(shift.before))
    return (1 if kind == "dose" else 2, ratio, daily)


def _daily(order: Order | None) -> Fraction:
    dose = None if order is None else order.dose
    return Fraction(0) if dose is None else dose.dose_mg * DOSES_PER_DAY[dose.frequency]


def _cut(known: _Found) -> None:
    """Only the most affected, in order."""
    known.sort(key=lambda one: one[0], reverse=True)
    del known[MOST_AFFECTED:]


def _most_affected(most: Mapping[tuple[_Story, str], _Found]) -> Iterator[Affected]:
    """The first of each story, the heaviest story first; then its second, in another regimen."""
    stories: dict[_Story, list[_Found]] = {}
    for (story, _), found in most.items():
        stories.setdefault(story, []).append(found)
    told = _in_turn([list(_in_turn(found)) for found in stories.values()])
    yield from (affected for _, affected in islice(told, MOST_AFFECTED))


def _in_turn(lists: list[_Found]) -> Iterator[tuple[_Rank, Affected]]:
    """The first of each list, the greatest first, then the second of each, and so on."""
    waiting = sorted(lists, key=lambda found: found[0][0], reverse=True)
    for place in range(max(map(len, waiting), default=0)):
        yield from (found[place] for found in waiting if place < len(found))


def _story(kind: str, shift: Shift | None) -> _Story:
    """Patients of one story are told apart by their figures only."""
    if shift is None:
        return (kind,)
    rows = []
    for order in (shift.before, shift.after):
        given = order is not None and order.dose is not None
        reason = "" if order is None else getattr(order.outcome, "reason", "")
        band = "" if order is None or order.row is None else order.row.interval
        rows.append(reason or (band if given and kind == "dose" else ""))
    table = shift.after.table.slug if shift.after is not None and kind == "dose" else ""
    return (kind, shift.drug, table, *rows)


# Two processes


def _shares(
    before: Formulary, after: Formulary, least: int, progress: Callable[[int, int], None]
) -> Iterator[Tally]:
    """Start the children, hand on what they say, and yield each share when it is done."""
    # Not forked: a child must not share connections of the process that asks.
    context = multiprocessing.get_context("spawn")
    documents = [canonical(encode(one)) for one in (before, after)]
    children: dict[Connection, Any] = {}
    done: dict[Connection, int] = {}
    total = 0
    try:
        for place in range(WORKERS):
            here, there = context.Pipe(duplex=False)
            child = context.Process(
                target=_share, args=(there, *documents, least, place, WORKERS), daemon=True
            )
            child.start()
            there.close()  # so that a child that dies is the end of its pipe
            children[here], done[here] = child, 0
        while children:
            for ready in wait(list(children), timeout=1):
                assert isinstance(ready, Connection)
                said = _heard(ready)
                if isinstance(said, Tally):
                    children.pop(ready).join()
                    yield said
                else:
                    done[ready], total = said
            progress(sum(done.values()), total)
    finally:
        for child in children.values():
            child.terminate()
            child.join()


def _heard(ready: Connection) -> Any:
    try:
        return ready.recv()
    except EOFError:
        raise Stopped("A child process ended before its share was done.") from None


def _share(out: Connection, before: str, after: str, least: int, place: int, workers: int) -> None:
    """Every so-manieth patient; a caller that is gone breaks the pipe and ends this."""
    old, new = (decode(Formulary, json.loads(document)) for document in (before, after))
    everyone = [one for _, found in population(old, new, least) for one in found]
    tally = Tally()
    mine = everyone[place::workers]
    for number, patient in enumerate(mine, start=1):
        tally.add(patient, old, new)
        if number % EVERY == 0 or number == len(mine):
            out.send((number, len(everyone)))
    out.send(tally)
