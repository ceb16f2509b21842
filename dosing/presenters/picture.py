"""The dose by clearance as a drawing: one step per row of the table, this patient's place in it.

Bands are drawn equally wide, so that each can be read; the figures stand in the ladder beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from dosing.engine.edges import printed
from dosing.engine.formulary import DOSES_PER_DAY, DoseRow, DoseTable
from dosing.engine.orders import Order
from dosing.engine.renal import KidneyFunction

from . import words
from .numbers import NBSP, amount, at_most, clearance
from .working import interval_words

WIDTH = 640
LEFT, RIGHT = 8, 632
TOP, BASE = 40, 150
#: Tables times rows that are kept drawn; an edition has about a hundred.
_TABLES = 512
#: The mark keeps this share of a band's width from its sides: the band it is in must be seen.
_INSET = Fraction(6, 100)


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table as a block: place and size in the drawing, its two lines of text."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    lines: tuple[str, ...]
    look: str
    here: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """An edge of a band under the drawing."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class Rung:
    """One row of the table in words: the band, the dose, its daily amount."""

    band: str
    dose: str
    daily: str
    here: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing and the same as a table."""

    key: str
    title: str
    description: str
    narrow: bool
    steps: tuple[Step, ...]
    ticks: tuple[Tick, ...]
    edges: str
    axis: str
    mark_x: str
    mark_anchor: str
    mark: str
    nearest: str
    rungs: tuple[Rung, ...]


def picture(order: Order, kidneys: KidneyFunction | None, number: int) -> Picture | None:
    """The drawing of a given order; None where no clearance chose its row."""
    if order.dose is None or order.dose.row is None or kidneys is None:
        return None
    here, table = order.dose.row, order.table
    value = kidneys.in_measure(table.measure)
    if value is None or here.dialysis:
        return None
    rows = sorted(table.bands, key=lambda row: row.low or Decimal(0))
    width = (RIGHT - LEFT) // len(rows)
    mark_x = LEFT + width * rows.index(here) + int(width * _share(value, here))
    shown = _shown(value, here, table.measure)
    nearest = _nearest(value, here, table.measure)
    return Picture(
        key=f"picture-{number}",
        title=f"{words.full_name(order.drug)}, {table.title}: dose by clearance",
        description=f"This patient’s clearance is {shown}, {interval_words(here, table)}: "
        f"{dose_words(here, table)}. {nearest}",
        narrow=len(rows) > 5,
        steps=_steps(table, here),
        ticks=tuple(
            Tick(str(LEFT + width * place), f"{row.low}")
            for place, row in enumerate(rows)
            if row.low
        ),
        edges="".join(f"M{LEFT + width * place} 4V172" for place in range(1, len(rows))),
        axis=f"clearance in {table.measure}, bands drawn equally wide",
        mark_x=str(mark_x),
        mark_anchor=_anchor(mark_x),
        mark=f"this patient: {shown}",
        nearest=nearest,
        rungs=rungs(table, here),
    )


@lru_cache(maxsize=_TABLES)
def _steps(table: DoseTable, here: DoseRow) -> tuple[Step, ...]:
    """The blocks of a table from the lowest clearance up, this patient's marked."""
    rows = sorted(table.bands, key=lambda row: row.low or Decimal(0))
    width = (RIGHT - LEFT) // len(rows)
    highest = max(daily(row) for row in rows)
    return tuple(_step(row, table, place, width, highest, here) for place, row in enumerate(rows))


def _anchor(x: int) -> str:
    """Which end of a text stands at x, so that it stays inside the drawing."""
    if x < WIDTH // 3:
        return "start"
    return "end" if x > WIDTH * 2 // 3 else "middle"


def rungs(table: DoseTable, here: DoseRow | None) -> tuple[Rung, ...]:
    """The whole table in words, the highest clearance first."""
    # Tables that differ in the writing of an edge alone, 70 and 70.0, are equal, and yet two.
    return _rungs(table, here, tuple(row.interval for row in table.bands))


@lru_cache(maxsize=_TABLES)
def _rungs(table: DoseTable, here: DoseRow | None, written: tuple[str, ...]) -> tuple[Rung, ...]:
    rows = sorted(table.bands, key=lambda row: row.low or Decimal(0), reverse=True)
    return tuple(
        Rung(
            interval_words(row, table), dose_words(row, table), daily_words(row, table), row is here
        )
        for row in rows
    )


def daily(row: DoseRow) -> Fraction:
    """What a row gives in a day, in the unit of its table; no dose is nothing."""
    if row.amount is None:
        return Fraction(0)
    return Fraction(row.amount) * DOSES_PER_DAY[row.frequency]


def _unit(table: DoseTable) -> str:
    return "mg/kg" if table.per_kg else "mg"


def dose_words(row: DoseRow, table: DoseTable) -> str:
    """2.5 mg/kg every 12 hours."""
    if row.amount is None:
        return "no dose in this content"
    return f"{amount(row.amount, _unit(table))} {words.FREQUENCIES[row.frequency]}"


def daily_words(row: DoseRow, table: DoseTable) -> str:
    """5 mg/kg a day; "" without a dose."""
    if row.amount is None:
        return ""
    average = "" if DOSES_PER_DAY[row.frequency] >= 1 else " on average"
    return f"{amount(daily(row), _unit(table), 3)} a day{average}"


def dose_lines(row: DoseRow, table: DoseTable) -> tuple[str, ...]:
    """The dose in two short lines, for a drawing."""
    if row.amount is None:
        return ("no dose", "")
    often = words.FREQUENCIES[row.frequency].partition(" (")[0].partition(",")[0]
    return (amount(row.amount, _unit(table)), often)


def _step(
    row: DoseRow, table: DoseTable, place: int, width: int, highest: Fraction, here: DoseRow
) -> Step:
    height = max(3, int((BASE - TOP) * daily(row) / highest))
    x, y = LEFT + width * place, BASE - height
    return Step(
        x=str(x),
        y=str(y),
        width=str(width),
        height=str(height),
        middle=str(x + width // 2),
        lines=dose_lines(row, table),
        look="here" if row is here else "none" if row.amount is None else "",
        here=row is here,
    )


def _share(value: Fraction, row: DoseRow) -> Fraction:
    """Where in its band the clearance lies, 0 to 1; the open band is as wide as its own edge."""
    low = Fraction(row.low or 0)
    span = Fraction(row.high) - low if row.high is not None else (low or Fraction(1))
    return min(max((value - low) / span, _INSET), 1 - _INSET)


def _shown(value: Fraction, row: DoseRow, measure: str) -> str:
    """As the ward reads it, unless that figure lies in another band."""
    if row.contains(printed(value, measure)):
        return clearance(value, measure)
    return f"{at_most(value, 4)}{NBSP}{measure}"


def _nearest(value: Fraction, row: DoseRow, measure: str) -> str:
    """The nearer edge of the band and how far away it is."""
    edges = [edge for edge in (row.low, row.high) if edge]
    if not edges:
        return ""
    edge = min(edges, key=lambda one: abs(value - Fraction(one)))
    distance = abs(value - Fraction(edge))
    if not distance:
        return f"Exactly on the edge {edge}{NBSP}{measure} of its band."
    places = 1 if measure == "mL/min" else 2
    far = at_most(distance, places)
    if far == "0":
        far = f"less than {'0.05' if places == 1 else '0.005'}"
    side = "above" if value > edge else "below"
    return f"Nearest edge of its band: {far}{NBSP}{measure} {side} {edge}."
