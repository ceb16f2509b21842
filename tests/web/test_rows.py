"""Rows that are written without a template escape every text, as a template would."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.template import Context, Template

from dosing.presenters import plan
from dosing.presenters.calendar import Bar, Calendar, Text
from dosing.presenters.orders import Advice
from dosing.templatetags import rows

BAD = "<i>\"&'"
SAFE = "&lt;i&gt;&quot;&amp;&#x27;"
TEXT = Text(BAD, BAD, BAD)
STRIP = Calendar(
    title="",
    description="",
    view_box="",
    bar_height=BAD,
    weekends="",
    axes="",
    ticks="",
    reviews="",
    weeks=(),
    bars=(Bar(BAD, BAD, BAD, BAD, TEXT),),
    days=(),
)


@pytest.mark.parametrize(
    ("written", "found", "times"),
    [
        (rows.points, [Advice(BAD, (1,))], 1),
        (rows.tested, [plan.Tested(BAD, BAD, (Advice(BAD, (1,)),))], 3),
        (rows.dated, [plan.Drawn(BAD, BAD, True, BAD, True)], 3),
        (rows.worked, [plan.Worked(BAD, BAD, BAD, BAD, (1,))], 4),
        (lambda some: rows.texts(some, BAD), [TEXT], 4),
        (rows.bars, STRIP, 9),
    ],
)
def test_no_text_becomes_markup(written: Callable[[Any], str], found: Any, times: int) -> None:
    shown = Template("{{ found }}").render(Context({"found": written(found)}))
    assert shown.count(SAFE) == times
    assert "<i" not in shown


@pytest.mark.parametrize("written", [rows.points, rows.tested, rows.dated, rows.worked, rows.texts])
def test_of_nothing_there_is_no_row(written: Callable[[Iterable[Any]], str]) -> None:
    assert written([]) == ""
