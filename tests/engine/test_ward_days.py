"""Draws on the ward's weekdays: by hand, and as laws over any rhythm and any weekdays."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.engine.ward_days import on_ward_days

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
    weekdays = {(start + day - 1) % 7 for day in days[1:]}
    needed = len({(start + day - 1) % 7 for day in asked[1:]})
    if len(ward) >= needed:
        late = {day for day in days[1:] if (start + day - 1) % 7 not in ward}
        # Only an end that the ward's days do not reach keeps its counted day.
        assert late <= set(asked[-2:])
    else:
        assert ward <= weekdays | {day for day in ward if len(days) < 4}
    if needed == 1:
        assert max(after - before for before, after in pairwise(days)) <= widest + 1
