"""The picture of the bands and the strip of weeks say what the plan says."""

import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from dosing.content.load import shipped_formulary
from dosing.engine import Plan
from dosing.intake import plan_for
from dosing.presenters.calendar import calendar
from dosing.presenters.picture import picture
from dosing.presenters.plan import day_list

from .patients import CHILD, COLITIS, COMBINATION, FIRST, FOSCARNET, HAEMODIALYSIS, STOPPED

TODAY = date(2026, 11, 23)


def plan_of(payload: dict[str, Any]) -> Plan:
    return plan_for(payload, shipped_formulary(), today=TODAY)


def entered(regimen: str, clearance: str) -> Plan:
    return plan_of(
        {"regimen": regimen, "age_years": "50", "weight_kg": "70", "crcl_ml_min": clearance}
    )


EDGES = [
    (slug, row.low, table.measure)
    for slug, table in (
        (regimen.slug, shipped_formulary().table(regimen.phases[0]))
        for regimen in shipped_formulary().regimens.values()
        if regimen.phases
    )
    for row in table.bands
    if row.low
]


@pytest.mark.parametrize(("regimen", "edge", "measure"), EDGES)
@pytest.mark.parametrize("beside", ["-0.001", "0", "0.001"])
def test_the_mark_stands_inside_the_band_in_use(
    regimen: str, edge: Decimal, measure: str, beside: str
) -> None:
    """Below, on and above every edge of every table."""
    weight = Decimal(70) if measure == "mL/min/kg" else Decimal(1)
    plan = entered(regimen, format((edge * weight + Decimal(beside)).normalize(), "f"))
    for order in plan.orders:
        drawn = picture(order, plan.kidneys, 1)
        assert (drawn is None) == (order.dose is None)
        if drawn is None:
            continue
        here = [step for step in drawn.steps if step.here]
        assert len(here) == 1
        left, width = int(here[0].x), int(here[0].width)
        assert left < int(drawn.mark_x) < left + width
        assert [rung.here for rung in reversed(drawn.rungs)] == [one.here for one in drawn.steps]


def test_the_steps_rise_with_the_clearance() -> None:
    plan = plan_of(COMBINATION)
    for order in plan.orders:
        drawn = picture(order, plan.kidneys, 1)
        assert drawn is not None
        heights = [int(step.height) for step in drawn.steps]
        assert heights == sorted(heights)


def test_the_mark_names_a_clearance_of_its_own_band() -> None:
    """69.6 prints as 70, and 70 is another band: here the mark shows more of it."""
    plan = entered("ganciclovir-induction", "69.6")
    drawn = picture(plan.orders[0], plan.kidneys, 1)
    assert drawn is not None
    assert drawn.mark == "this patient: 69.6\u00a0mL/min"
    assert drawn.nearest == "Nearest edge of its band: 0.4\u00a0mL/min below 70."


def test_exactly_on_the_edge() -> None:
    plan = plan_of(FIRST)
    drawn = picture(plan.orders[0], plan.kidneys, 1)
    assert drawn is not None
    assert drawn.nearest == "Exactly on the edge 70\u00a0mL/min of its band."


@pytest.mark.parametrize("payload", [CHILD, HAEMODIALYSIS, *STOPPED.values()])
def test_no_picture_without_a_band(payload: dict[str, Any]) -> None:
    plan = plan_of(payload)
    assert [picture(order, plan.kidneys, 1) for order in plan.orders] == [None]


@pytest.mark.parametrize("start", [TODAY + timedelta(days=one) for one in range(7)])
@pytest.mark.parametrize(
    "payload", [COLITIS, FOSCARNET, FIRST | {"regimen": "ganciclovir-maintenance"}]
)
def test_every_draw_and_review_has_its_day_on_the_strip(
    payload: dict[str, Any], start: date
) -> None:
    plan = plan_of(payload | {"start_date": start.isoformat()})
    strip = calendar(plan)
    assert strip is not None
    days = {draw.day for draw in plan.monitoring} | {review.day for review in plan.reviews}
    assert [int(day.text) for day in strip.days] == sorted(days)
    assert len(re.findall("v8", strip.ticks + strip.reviews)) == len(days)
    width, height = map(int, strip.view_box.split()[2:])
    for day in strip.days:
        assert 0 < int(day.x) < width
        assert 0 < int(day.y) < height


def test_a_weekend_draw_stands_on_a_shaded_cell() -> None:
    plan = plan_of(FIRST | {"start_date": "2026-11-28"})  # a Saturday
    strip = calendar(plan)
    assert strip is not None
    shaded = [int(x) for x in re.findall(r"M(\d+) ", strip.weekends)]
    first = int(strip.days[0].x)
    assert any(left < first < left + 44 for left in shaded)


def test_a_stopped_order_has_no_bar() -> None:
    plan = plan_of(COMBINATION | {"labs": {"anc": "0.4"}})
    strip = calendar(plan)
    assert strip is not None
    assert {bar.label.text for bar in strip.bars if bar.label} == {"foscarnet IV"}
    assert "ganciclovir" not in strip.description


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([1], "day 1"),
        ([1, 2], "days 1, 2"),
        ([1, 2, 3], "days 1 to 3"),
        ([1, 3, 4, 5, 8, 9], "days 1, 3 to 5, 8, 9"),
    ],
)
def test_days_in_a_row_are_a_range(days: list[int], said: str) -> None:
    assert day_list(days) == said


def test_the_share_of_a_band_is_exact() -> None:
    """Halfway through a band the mark stands halfway."""
    plan = entered("ganciclovir-induction", "60")
    drawn = picture(plan.orders[0], plan.kidneys, 1)
    assert drawn is not None
    here = next(step for step in drawn.steps if step.here)
    assert abs(Fraction(drawn.mark_x) - Fraction(here.middle)) <= 1
