"""A dose table as an editor draws it up: who gets what by clearance, gaps and overlaps included.

Unlike the picture of a plan it has no patient in it, and the rows need not fit together: every
stretch of clearance shows the row that covers it, or that none does, or that several do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from dosing.engine.formulary import DoseRow, DoseTable

from . import words
from .numbers import NBSP
from .picture import (
    BASE,
    LEFT,
    RIGHT,
    TOP,
    Step,
    Tick,
    daily,
    daily_words,
    dose_lines,
    dose_words,
)
from .working import interval_words

NO_ROW = "No row covers this."


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of clearance, a kind of dialysis or a medicine taken, in words."""

    where: str
    dose: str
    daily: str
    is_fault: bool


@dataclass(frozen=True, slots=True)
class BandPicture:
    """The drawing and the same in words, the highest clearance first. No steps: nothing to draw."""

    key: str
    title: str
    description: str
    narrow: bool
    steps: tuple[Step, ...]
    ticks: tuple[Tick, ...]
    edges: str
    axis: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Clearances that the same rows cover; `high` None is without end."""

    low: Decimal
    low_closed: bool
    high: Decimal | None
    high_closed: bool
    rows: tuple[DoseRow, ...]


def band_picture(table: DoseTable, title: str, key: str) -> BandPicture:
    """Draw the rows of a table as they stand, whether or not they fit together."""
    found = tuple(stretches(table.bands)) if table.measure else ()
    lines = tuple(_line(one, table) for one in reversed(found))
    lines += tuple(
        Line(_named(row), dose_words(row, table), daily_words(row, table), False)
        for row in table.rows
        if row.low is None
    )
    width = (RIGHT - LEFT) // max(len(found), 1)
    return BandPicture(
        key=key,
        title=title,
        description=" ".join(
            f"{one.where}: {one.dose}{'' if one.dose.endswith('.') else '.'}" for one in lines
        ),
        narrow=len(found) > 5,
        steps=tuple(_steps(found, table, width)),
        ticks=tuple(_ticks(found, width)),
        edges="".join(f"M{LEFT + width * place} 4V172" for place in range(1, len(found))),
        axis=f"clearance in {table.measure}, rows drawn equally wide, height: daily amount",
        lines=lines,
    )


def stretches(bands: Sequence[DoseRow]) -> Iterator[Stretch]:
    """From 0 up without end: each stretch with all rows that cover it."""
    if not bands:
        return
    edges = {Decimal(0): Decimal(0)}
    edges |= {edge: edge for row in bands for edge in (row.low, row.high) if edge is not None}
    pieces: list[Stretch] = []
    rising = sorted(edges)
    for low, high in zip(rising, (*rising[1:], None), strict=True):
        inside = (Fraction(low) + Fraction(high)) / 2 if high is not None else Fraction(low) + 1
        pieces.append(Stretch(low, True, low, True, _covering(bands, Fraction(low))))
        pieces.append(Stretch(low, False, high, False, _covering(bands, inside)))
    whole = pieces[0]
    for piece in pieces[1:]:
        if piece.rows == whole.rows:
            whole = replace(whole, high=piece.high, high_closed=piece.high_closed)
        else:
            yield whole
            whole = piece
    yield whole


def _covering(bands: Sequence[DoseRow], clearance: Fraction) -> tuple[DoseRow, ...]:
    return tuple(row for row in bands if row.contains(clearance))


def _where(one: Stretch, table: DoseTable) -> str:
    if one.low == one.high:
        return f"exactly {one.low}{NBSP}{table.measure}"
    row = DoseRow(
        low=one.low,
        low_closed=one.low_closed,
        high=one.high,
        high_closed=one.high_closed,
        advice="-",
        sources=(),
    )
    return interval_words(row, table)


def _named(row: DoseRow) -> str:
    if row.dialysis:
        return words.DIALYSES.get(row.dialysis, row.dialysis)
    return words.company(row)


def _line(one: Stretch, table: DoseTable) -> Line:
    where = _where(one, table)
    if not one.rows:
        return Line(where, NO_ROW, "", True)
    if len(one.rows) > 1:
        doses = "; ".join(dose_words(row, table) for row in one.rows)
        return Line(where, f"{len(one.rows)} rows overlap: {doses}.", "", True)
    (row,) = one.rows
    return Line(where, dose_words(row, table), daily_words(row, table), False)


def _steps(found: Sequence[Stretch], table: DoseTable, width: int) -> Iterator[Step]:
    highest = max((daily(row) for one in found for row in one.rows), default=Fraction(0))
    for place, one in enumerate(found):
        x, height = LEFT + width * place, BASE - TOP
        look, lines = "fault", ("NO ROW", "here")
        if len(one.rows) > 1:
            lines = (f"{len(one.rows)} ROWS", "overlap")
        elif one.rows:
            (row,) = one.rows
            height = max(3, int(height * daily(row) / highest)) if highest else 3
            look = "none" if row.amount is None else ""
            first, second = dose_lines(row, table)
            lines = (first, second)
        yield Step(
            x=str(x),
            y=str(BASE - height),
            width=str(width),
            height=str(height),
            middle=str(x + width // 2),
            lines=lines,
            look=look,
            here=False,
        )


def _ticks(found: Sequence[Stretch], width: int) -> Iterator[Tick]:
    for place, one in enumerate(found):
        x = LEFT + width * place
        if one.low == one.high:
            yield Tick(str(x + width // 2), f"{one.low}")
        elif one.low and not (place and found[place - 1].low == found[place - 1].high):
            yield Tick(str(x), f"{one.low}")
