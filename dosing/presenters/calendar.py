"""The schedule as a strip of weeks: a bar per order, a tick per draw, weekends shaded.

Everything is text already, and whatever has one look is one path: a template that writes hundreds
of numbers is slow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dosing.engine.orders import Order, dose_days
from dosing.engine.phases import day_date
from dosing.engine.plan import Plan

from . import words

WEEKS_A_ROW = 4
_WEEK = 7
_DAYS = WEEKS_A_ROW * _WEEK
_CELL = 22
_LEFT = 12
_HEAD, _LANE, _FOOT, _GAP = 16, 18, 26, 10
_WIDTH = _LEFT * 2 + _CELL * _DAYS
_SATURDAY = 5
#: Width of a letter of a bar's label.
_LETTER = 7


@dataclass(frozen=True, slots=True)
class Text:
    """A word in the drawing."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of one order within four weeks; `look` tells two orders apart without colour."""

    x: str
    y: str
    width: str
    look: str
    label: Text | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The whole strip, with what it shows in words."""

    title: str
    description: str
    view_box: str
    bar_height: str
    weekends: str
    axes: str
    ticks: str
    reviews: str
    weeks: tuple[Text, ...]
    bars: tuple[Bar, ...]
    days: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where four weeks stand: rows from the Monday of the first week."""

    monday: date
    count: int
    lanes: int

    @property
    def height(self) -> int:
        return _HEAD + _LANE * self.lanes + _FOOT

    @property
    def all(self) -> range:
        return range(self.count)

    def top(self, row: int) -> int:
        return row * (self.height + _GAP) + _HEAD

    def base(self, row: int) -> int:
        return self.top(row) + _LANE * self.lanes


def calendar(plan: Plan) -> Calendar | None:
    """The strip of a plan; None where nothing is given."""
    given = [order for order in plan.orders if order.dose is not None]
    if not given and not plan.monitoring:
        return None
    last = max([order.span.horizon for order in given] + [one.day for one in plan.monitoring[-1:]])
    monday = plan.start - timedelta(days=plan.start.weekday())
    count = (day_date(plan.start, last) - monday).days // _DAYS + 1
    rows = _Rows(monday, count, len(given))
    reviewed = {} if plan.stopped else {one.date: one.day for one in plan.reviews}
    drawn = {draw.date: draw.day for draw in plan.monitoring}
    return Calendar(
        title="Calendar of the plan",
        description=f"{_described(given, plan.start)} {words.plural(len(plan.monitoring), 'day')} "
        "with tests, each in the list below.",
        view_box=f"0 0 {_WIDTH} {rows.count * (rows.height + _GAP)}",
        bar_height=str(_LANE - 4),
        weekends="".join(_weekends(rows)),
        axes="".join(f"M{_LEFT} {rows.base(row)}H{_WIDTH - _LEFT}" for row in rows.all),
        ticks=_ticks(rows, [day for day in drawn if day not in reviewed]),
        reviews=_ticks(rows, list(reviewed)),
        weeks=tuple(_weeks(rows)),
        bars=tuple(
            bar
            for lane, order in enumerate(given)
            for piece in _pieces(order)
            for row in rows.all
            if (bar := _bar(rows, row, lane, order, piece, plan.start)) is not None
        ),
        days=tuple(
            Text(str(x), str(y + 20), str(number))
            for day, number in sorted((drawn | reviewed).items())
            for x, y in [_place(rows, day)]
        ),
    )


def _described(given: Sequence[Order], start: date) -> str:
    parts = []
    for order in given:
        first, last = order.span.first, order.span.last
        until = "with no end set" if last is None else f"to {words.day(day_date(start, last))}"
        parts.append(f"{words.full_name(order.drug)} {words.day(day_date(start, first))} {until}")
    return f"{'; '.join(parts) or 'No drug'}."


def _weekends(rows: _Rows) -> Iterator[str]:
    for row in rows.all:
        for week in range(WEEKS_A_ROW):
            x = _LEFT + _CELL * (week * _WEEK + _SATURDAY)
            height = rows.height - _HEAD
            yield f"M{x} {rows.top(row)}h{2 * _CELL}v{height}h-{2 * _CELL}z"


def _weeks(rows: _Rows) -> Iterator[Text]:
    """Each Monday with its date."""
    for row in rows.all:
        for week in range(WEEKS_A_ROW):
            monday = rows.monday + timedelta(days=row * _DAYS + week * _WEEK)
            x = _LEFT + _CELL * _WEEK * week
            yield Text(str(x), str(rows.top(row) - 5), words.day(monday))


def _pieces(order: Order) -> list[tuple[int, int]]:
    """First and last days of each bar: a drug given once a week or less has one for each dose."""
    days = dose_days(order)
    return [(day, day) for day in days] or [(order.span.first, order.span.horizon)]


def _bar(
    rows: _Rows, row: int, lane: int, order: Order, piece: tuple[int, int], start: date
) -> Bar | None:
    """The part of an order that falls in four weeks."""
    monday = rows.monday + timedelta(days=row * _DAYS)
    first, last = ((day_date(start, day) - monday).days for day in piece)
    left, right = max(first, 0), min(last, _DAYS - 1)
    if right < left:
        return None
    x, y = _LEFT + _CELL * left, rows.top(row) + _LANE * lane
    width = _CELL * (right - left + 1)
    name = words.full_name(order.drug)
    # A label that does not fit its bar would run over the next one.
    label = Text(str(x + 6), str(y + _LANE - 6), name) if len(name) * _LETTER < width else None
    return Bar(str(x), str(y + 2), str(width), str(lane % 2), label)


def _place(rows: _Rows, day: date) -> tuple[int, int]:
    """The middle of a day's cell, under the bars."""
    row, offset = divmod((day - rows.monday).days, _DAYS)
    return _LEFT + _CELL * offset + _CELL // 2, rows.base(row) + 2


def _ticks(rows: _Rows, days: Sequence[date]) -> str:
    return "".join(f"M{x} {y}v8" for x, y in (_place(rows, day) for day in sorted(days)))
