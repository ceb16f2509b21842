"""Draws on the ward's weekdays: by hand, and as laws over any rhythm and any weekdays."""

from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.content.load import shipped_formulary
from dosing.engine.patient import WEEKDAYS
from dosing.engine.ward_days import on_ward_days
from dosing.exports.contract import calculate_payload

FORMULARY = shipped_formulary()

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WEEKLY = [1, 8, 15, 22]
TWICE = [1, 4, 8, 11, 15, 18, 22]
THRICE = [1, 3, 5, 8, 10, 12, 15]


@pytest.mark.parametrize(
    ("asked", "ward", "start", "days"),
    [
        (TWICE, {MON, THU}, MON, TWICE),
        (WEEKLY, {MON, THU}, MON, WEEKLY),
        # Thursday and Sunday asked, Monday and Friday given: 5 Fri, 8 Mon …
        (TWICE, {MON, FRI}, MON, [1, 5, 8, 12, 15, 19, 22]),
        # Begun on a Wednesday: Thursday the 2nd adds nothing, Monday the 6th follows in time.
        (TWICE, {MON, THU}, WED, [1, 6, 9, 13, 16, 20, 23]),
        (WEEKLY, {MON}, WED, [1, 6, 13, 20]),
        (WEEKLY, {THU}, WED, [1, 9, 16, 23]),
        (WEEKLY, {WED}, WED, WEEKLY),
        # One day a week is too few for two: Friday is added (widest gap 4), never a weekend.
        (TWICE, {MON}, MON, [1, 4, 8, 11, 15, 18, 22]),
        # Every 4 weeks: the whole rhythm moves by one step.
        ([1, 15, 43, 71], {FRI}, THU, [1, 16, 44, 72]),
        ([1], {FRI}, MON, [1]),
        (WEEKLY, set(), WED, WEEKLY),
    ],
)
def test_by_hand(asked: list[int], ward: set[int], start: int, days: list[int]) -> None:
    assert sorted(on_ward_days(asked, ward, start)) == days


WARDS = st.sets(st.integers(MON, SUN), min_size=1)


@given(
    asked=st.sampled_from([WEEKLY, TWICE, THRICE, [1, 15, 29], list(range(1, 190, 7))]),
    ward=WARDS,
    start=st.integers(MON, SUN),
)
def test_never_fewer_and_no_gap_much_longer(asked: list[int], ward: set[int], start: int) -> None:
    days = sorted(on_ward_days(asked, ward, start))
    assert days[0] == 1
    assert len(days) >= len(asked)
    assert days[-1] <= asked[-1] + 1
    widest = max(after - before for before, after in pairwise(asked))
    needed = len({(start + day - 1) % 7 for day in asked[1:]})
    if len(ward) >= needed:
        late = {day for day in days[1:] if (start + day - 1) % 7 not in ward}
        # Only an end that the ward's days do not reach keeps its counted day.
        assert late <= set(asked[-2:])
    if needed == 1:
        assert max(after - before for before, after in pairwise(days)) <= widest + 1


def plan_days(regimen: str, start: str, **more: Any) -> dict[str, list[int]]:
    """Test → days, through the whole contract."""
    payload = {"regimen": regimen, "sex": "male", "age_years": "45", "weight_kg": "70"}
    payload |= {"serum_creatinine": "1.0", "serum_creatinine_unit": "mg/dL", "start_date": start}
    said = calculate_payload(
        payload | more, formulary=FORMULARY, content={}, today=date(2026, 11, 23)
    )
    found: dict[str, list[int]] = {}
    for row in said["monitoring"]:
        for test in row["tests"]:
            found.setdefault(test, []).append(row["day"])
    return found


REGIMENS = [
    "sot-disease-iv",
    "pneumonitis",
    "ganciclovir-resistant",
    "neurological-combination",
    "ibd-colitis-daily-step-down",
    "hiv-retinitis-oral",
]
SETS = [list(one) for size in (1, 2, 3) for one in combinations(WEEKDAYS, size)]


@pytest.mark.parametrize("regimen", REGIMENS)
@pytest.mark.parametrize("creatinine", ["1.0", "2.0"])
def test_whole_plans_keep_their_gaps(regimen: str, creatinine: str) -> None:
    """Over phase changes too: no gap grows by more than a day over the counted plan's longest."""
    for place in range(7):
        start = (date(2026, 11, 23) + timedelta(days=place)).isoformat()
        counted = plan_days(regimen, start, serum_creatinine=creatinine)
        for ward in SETS:
            moved = plan_days(regimen, start, serum_creatinine=creatinine, draw_weekdays=ward)
            assert moved.keys() == counted.keys()
            for test, days in counted.items():
                allowed = max((late - early for early, late in pairwise(days)), default=0) + 1
                gaps = [late - early for early, late in pairwise(moved[test])]
                assert max(gaps, default=0) <= allowed, (start, ward, test, days, moved[test])
                assert len(moved[test]) >= len(days), (start, ward, test, days, moved[test])
                assert moved[test][-1] <= days[-1] + 1


def test_twice_a_week_stays_so_over_a_change_of_drug() -> None:
    days = plan_days("sot-disease-iv", "2026-11-25", draw_weekdays=["mon", "tue"])["cbc"]
    assert max(late - early for early, late in pairwise(days)) <= 5


def test_an_eye_examination_is_no_draw() -> None:
    days = plan_days("hiv-retinitis-oral", "2026-11-23", draw_weekdays=["wed"])
    assert days["eye-examination"][:3] == [1, 15, 43]


def test_no_weekend_draws_outweigh_a_weekend_day_of_the_ward() -> None:
    both = plan_days("sot-disease-oral", "2026-11-28", draw_weekdays=["sun"], no_weekend_draws=True)
    assert both == plan_days("sot-disease-oral", "2026-11-28", no_weekend_draws=True)


def test_follow_up_falls_on_the_wards_days() -> None:
    days = plan_days("pneumonitis", "2026-11-23", draw_weekdays=["wed"], follow_up_pcr=True)
    assert {(day - 1) % 7 for day in days["cmv-pcr"] if day > 1} == {WED}
