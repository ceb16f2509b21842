"""The schedule as a strip of weeks: a bar per order, a tick per draw, weekends shaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dosing.engine.monitoring import Draw, Review
from dosing.engine.orders import Order
from dosing.engine.phases import day_date
from dosing.engine.plan import Plan

from . import words

WEEKS_A_ROW = 4
_WEEK = 7
_DAYS = WEEKS_A_ROW * _WEEK
_CELL = 22
_LEFT = 12
_HEAD, _LANE, _FOOT, _GAP = 16, 18, 26, 10
WIDTH = _LEFT * 2 + _CELL * _DAYS
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of one order in one row; `opens` and `closes` where it begins and ends."""

    x: int
    y: int
    width: int
    height: int
    text_y: int
    pattern: int
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A draw or a review on its day."""

    x: int
    y: int
    text_y: int
    day: int
    review: bool


@dataclass(frozen=True, slots=True)
class Week:
    """A Monday with its date."""

    x: int
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """Four weeks: their Mondays, weekends, bars and marks."""

    y: int
    head_y: int
    height: int
    base_y: int
    weeks: tuple[Week, ...]
    weekends: tuple[int, ...]
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The whole strip, with what it shows in words."""

    title: str
    description: str
    width: int
    height: int
    right: int
    weekend_width: int
    rows: tuple[Row, ...]


def calendar(plan: Plan) -> Calendar | None:
    """The strip of a plan; None where nothing is given."""
    given = [order for order in plan.orders if order.dose is not None]
    if not given:
        return None
    last = max(
        [order.span.horizon for order in given] + [draw.day for draw in plan.monitoring[-1:]]
    )
    monday = plan.start - timedelta(days=plan.start.weekday())
    end = day_date(plan.start, last)
    rows = ((end - monday).days // _DAYS) + 1
    height = _HEAD + _LANE * len(given) + _FOOT
    drawn = tuple(
        _row(place, monday + timedelta(days=place * _DAYS), height, plan, given)
        for place in range(rows)
    )
    return Calendar(
        title="Calendar of the plan",
        description=f"{_described(given, plan.start)} {words.plural(len(plan.monitoring), 'day')} "
        "with tests, each in the list below.",
        width=WIDTH,
        height=rows * (height + _GAP),
        right=WIDTH - _LEFT,
        weekend_width=2 * _CELL,
        rows=drawn,
    )


def _described(given: Sequence[Order], start: date) -> str:
    parts = []
    for order in given:
        first, last = order.span.first, order.span.last
        until = "with no end set" if last is None else f"to {words.day(day_date(start, last))}"
        parts.append(f"{words.full_name(order.drug)} {words.day(day_date(start, first))} {until}")
    return f"{'; '.join(parts)}."


def _row(place: int, monday: date, height: int, plan: Plan, given: Sequence[Order]) -> Row:
    top = place * (height + _GAP)
    lanes = top + _HEAD
    base = lanes + _LANE * len(given)
    return Row(
        y=lanes,
        head_y=top + _HEAD - 5,
        height=_LANE * len(given) + _FOOT,
        base_y=base,
        weeks=tuple(
            Week(_LEFT + _CELL * _WEEK * week, words.day(monday + timedelta(days=week * _WEEK)))
            for week in range(WEEKS_A_ROW)
        ),
        weekends=tuple(_LEFT + _CELL * (week * _WEEK + _SATURDAY) for week in range(WEEKS_A_ROW)),
        bars=tuple(
            bar
            for lane, order in enumerate(given)
            if (bar := _bar(lane, order, monday, lanes, plan.start)) is not None
        ),
        marks=_marks(plan.monitoring, plan.reviews, monday, base),
    )


def _bar(lane: int, order: Order, monday: date, lanes: int, start: date) -> Bar | None:
    """The part of an order that falls in the four weeks from this Monday."""
    first = (day_date(start, order.span.first) - monday).days
    last = (day_date(start, order.span.horizon) - monday).days
    left, right = max(first, 0), min(last, _DAYS - 1)
    if right < left:
        return None
    y = lanes + _LANE * lane
    wide = _CELL * (right - left + 1)
    label = words.full_name(order.drug)
    return Bar(
        x=_LEFT + _CELL * left,
        y=y + 2,
        width=wide,
        height=_LANE - 4,
        text_y=y + _LANE - 6,
        pattern=lane % 2,
        # A label that does not fit its bar would run over the next one.
        label=label if len(label) * 7 < wide else "",
    )


def _marks(
    draws: Sequence[Draw], reviews: Sequence[Review], monday: date, base: int
) -> tuple[Mark, ...]:
    reviewed = {review.date: review.day for review in reviews}
    dates = {draw.date: draw.day for draw in draws} | reviewed
    return tuple(
        Mark(
            x=_LEFT + _CELL * offset + _CELL // 2,
            y=base + 2,
            text_y=base + 22,
            day=dates[day],
            review=day in reviewed,
        )
        for day in sorted(dates)
        if 0 <= (offset := (day - monday).days) < _DAYS
    )
