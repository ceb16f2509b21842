"""What a save of rows is refused for, and what it is only told.

Refused is what can be mended on the very page that is saved; what needs a second page is a
warning, and keeps the content from being released. The rules are those of readiness/, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models as db

from dosing import models

from .readiness import Finding, check
from .readiness.finding import words
from .rows import Reading, Unbuilt, read_rows

_BANDS = {
    "band-gap",
    "band-overlap",
    "edge-owned-twice",
    "edge-owned-by-none",
    "daily-dose-rises",
    "dialysis-row-missing",
    "dialysis-row-twice",
    "dialysis-unknown",
    "row-for-everyone",
    "medicine-twice",
    "ages-missing",
    "weekday-unknown",
}
#: What is said of a row because another one cannot be built or is not there.
_ECHOES = {"fallback-unknown", "phase-reaches-nothing", "rhythm-unknown", "source-unknown"}


def _drug(row: Any) -> str:
    return words(row.drug)


def _table(table: Any) -> str:
    return f"{words(table.drug)}, {words(table)}"


@dataclass(frozen=True, slots=True)
class _Page:
    """Where a page's findings are placed, and which of them are mended on that page."""

    place: Callable[[Any], str]
    mends: frozenset[str]


def _page(place: Callable[[Any], str], *codes: str) -> _Page:
    return _Page(place, frozenset((*codes, "source-missing", "source-unknown")))


_PAGES: Mapping[type[db.Model], _Page] = {
    models.DoseTable: _page(_table, *_BANDS, "above-hard-maximum"),
    models.ChildFormula: _page(
        lambda row: _table(row.table),
        "above-hard-maximum",
        "figure-not-above-zero",
        "k-not-unique",
    ),
    models.Drug: _page(
        words,
        "above-hard-maximum",
        "bag-too-small",
        "bottle-missing",
        "condition-unknown",
        "count-limits",
        "figure-not-above-zero",
        "hydration-far-apart",
        "hydration-range",
        "infusion-too-fast",
        "monitoring-without-course",
        "near-edge",
        "peripheral-strength",
        "rounding-steps",
        "strength-limit-idle",
    ),
    models.VialPreparation: _page(
        _drug, "bag-missing", "bag-too-small", "figure-not-above-zero", "strength-limit-idle"
    ),
    models.BottlePreparation: _page(
        _drug,
        "bottle-missing",
        "figure-not-above-zero",
        "hydration-far-apart",
        "hydration-missing",
        "hydration-range",
        "hydration-twice",
        "infusion-time-falls",
        "infusion-time-missing",
        "infusion-time-twice",
        "infusion-too-fast",
        "peripheral-strength",
    ),
    models.Regimen: _page(
        words,
        "condition-unknown",
        "fallback-unknown",
        "phase-does-not-fit",
        "phase-reaches-nothing",
        "phases-cannot-be-laid-out",
    ),
    models.Rhythm: _page(words, "rhythm-without-days"),
    models.MonitoringPolicy: _page(words, "rhythm-unknown", "test-unknown"),
    models.WorkedExample: _page(words, "example-expects-nothing"),
    models.Disagreement: _page(lambda row: row.question, "disagreement-of-nothing"),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a save is refused, and the rows beside which it is to be said, if any."""

    sentence: str
    rows: tuple[db.Model, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What there is to say to a save of one page."""

    refusals: tuple[Refusal, ...]
    warnings: tuple[Finding, ...]


def check_saved(row: db.Model, today: date) -> Checked:
    """The working rows as they are now, after the page of this row was saved."""
    reading = read_rows()
    refusals = [Refusal(_sentence(one), one.rows[-1:]) for one in _unbuilt(row, reading)]
    found: list[Finding] = []
    if reading.formulary is not None:
        found = check(reading.formulary, today)
        refusals += _of_page(row, found, reading)
    # With a row left out, what is found is half echo: those rows come first.
    warnings = [
        Finding("row-cannot-be-built", one.place, _sentence(one)) for one in reading.problems
    ]
    return Checked(tuple(refusals), tuple(warnings or found))


def _sentence(one: Unbuilt) -> str:
    return f"{one.sentence[:1].upper()}{one.sentence[1:]}."


def _unbuilt(row: db.Model, reading: Reading) -> Iterator[Unbuilt]:
    """Rows of this page that cannot be built: its own row, and those that hang on it there."""
    for one in reading.problems:
        if one.rows[-1:] == (row,):
            # A table before its first row: those of a child formula are entered on another page.
            if not isinstance(row, models.DoseTable) or row.rows.exists():
                yield one
        elif one.rows[-2:-1] == (row,) and not isinstance(one.rows[-1], models.DoseTable):
            yield one


def _of_page(row: db.Model, found: list[Finding], reading: Reading) -> Iterator[Refusal]:
    page = _PAGES.get(type(row))
    if page is None:
        return
    here = page.place(row)
    refused = page.mends - _ECHOES if reading.problems else page.mends
    for one in found:
        if one.code in refused and f"{one.place}, ".startswith(f"{here}, "):
            rest = one.place.removeprefix(here).removeprefix(", ")
            said = f"{rest[:1].upper()}{rest[1:]}: {one.sentence}" if rest else one.sentence
            rows = tuple(
                reading.row_of[id(item)] for item in one.about if id(item) in reading.row_of
            )
            yield Refusal(said, rows)
