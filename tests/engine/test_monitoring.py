"""The dated schedule: examples with every day typed by hand, and laws over any formulary."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dosing.engine import Formulary, PatientFacts, make_plan
from dosing.engine.formulary import Rhythm
from tests.engine.formularies import (
    PRINT,
    RHYTHMS,
    TODAY,
    Row,
    bands,
    formulary,
    phase,
    regimen,
    rhythm,
    table,
    tablet_drug,
    vial_drug,
    watch,
)
from tests.intake.payloads import shipped

MONDAY = date(2026, 11, 23)
ROWS = bands(["70"], [("5", "q12h"), ("2.5", "q12h")])
FACTS = PatientFacts(
    assessed_on=TODAY, age_years=Decimal(40), weight_kg=Decimal(70), crcl_ml_min=Decimal(90)
)


def content(
    *rules: Row, length: int = 21, then: str = "", rhythms: Sequence[Row] = ()
) -> Formulary:
    """One drug watched by these rules in a course of so many days; or two phases, 5 days first."""
    tables = [table("t", ROWS)]
    tablets = [table("t", bands([], [("450", "q12h")]), per_kg=False)]
    drugs = [
        vial_drug("one", tables, monitoring=list(rules)),
        tablet_drug("two", tablets, monitoring=list(rules)),
    ]
    phases = [phase("one", "t", "course", 1, length, 84)]
    if then:
        phases = [phase("one", "t", "days", 1, 5, 84)]
        phases.append(phase("two", "t", "course", 1, length, 84, monitoring=then))
    return formulary(drugs, [regimen("r", phases)], rhythms=[*RHYTHMS, *rhythms])


def days(
    made: Formulary, test: str = "cbc", start: date = MONDAY, slug: str = "r", **facts: Any
) -> list[int]:
    """The plan days of one test."""
    plan = make_plan(replace(FACTS, **facts), made.regimens[slug], made, start=start)
    return [draw.day for draw in plan.monitoring if test in draw.tests]


# Rhythms

EYES = {"cycle_days": 28, "offsets": [0], "fixed_days": [1], "from_day": 15}
PREVENTION = {"cycle_days": 14, "offsets": [0], "fixed_days": [1, 8, 57], "from_day": 71}


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("weekly", [1, 8, 15, 22]),
        ("twice-a-week", [1, 4, 8, 11, 15, 18, 22]),
        ("three-times-a-week", [1, 3, 5, 8, 10, 12, 15, 17, 19, 22]),
        ("every-2-weeks", [1, 15]),
        ("every-2-days", [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21]),
        ("daily", list(range(1, 23))),
        ("day-1", [1]),
        ("day-1-then-monthly", [1, 15]),
    ],
)
def test_a_rhythm_in_three_weeks(slug: str, expected: list[int]) -> None:
    """21 days of treatment: the last possible row is day 22, the day after the last dose."""
    assert days(content(watch("induction", "cbc", slug))) == expected


@pytest.mark.parametrize(
    ("row", "first", "last", "expected"),
    [
        (EYES, 1, 84, [1, 15, 43, 71]),
        (EYES, 5, 84, [5, 19, 47, 75]),
        (PREVENTION, 1, 100, [1, 8, 57, 71, 85, 99]),
        ({"cycle_days": 7, "offsets": [0, 3]}, 6, 14, [6, 9, 13]),
        ({"fixed_days": [1, 8]}, 3, 9, [3]),
        ({"cycle_days": 7, "offsets": [0]}, 8, 7, []),
    ],
)
def test_the_days_of_a_rhythm(row: Row, first: int, last: int, expected: list[int]) -> None:
    named: Row = {"slug": "x", "title": "x", "sources": ("s",)} | row
    assert Rhythm(**named).days(first, last) == expected


def test_a_course_that_ends_in_the_middle_of_a_week_gets_no_row_of_its_own() -> None:
    assert days(content(watch("induction", "cbc", "weekly"), length=19)) == [1, 8, 15]
    assert days(content(watch("induction", "cbc", "weekly"), length=13)) == [1, 8]
    assert days(content(watch("induction", "cbc", "weekly"), length=14)) == [1, 8, 15]


def test_an_open_end_is_laid_out_to_day_84_of_its_phase() -> None:
    tables = [table("t", ROWS)]
    rules = [watch("induction", "cbc", "daily")]
    alone = [phase("one", "t", "open")]
    second = [phase("one", "t", "days", 1, 5, 9), phase("one", "t", "open")]
    made = formulary(
        [vial_drug("one", tables, monitoring=rules)],
        [regimen("alone", alone), regimen("second", second)],
    )
    assert days(made, slug="alone") == list(range(1, 85))
    assert days(made, slug="second") == list(range(1, 90))  # day 84 of a phase that starts on 6
    assert days(made, slug="alone", phase_days=(3,)) == [1, 2, 3, 4]


def test_the_last_dose_is_the_last_day_of_the_phase_also_every_48_hours() -> None:
    tables = [table("t", bands([], [("5", "q48h")]))]
    drug = vial_drug("one", tables, monitoring=[watch("induction", "cbc", "daily")])
    made = formulary([drug], [regimen("r", [phase("one", "t", "course", 1, 14, 84)])])
    plan = make_plan(FACTS, made.regimens["r"], made, start=MONDAY)
    assert plan.orders[0].span.last == 14
    assert plan.monitoring[-1].day == 15


# Phases


def two_phases(first: str, then: str, length: int = 21) -> Formulary:
    rules = (watch("induction", "cbc", first), watch("maintenance", "cbc", then))
    return content(*rules, length=length, then="maintenance")


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        # the same rhythm runs on from day 1 and is not begun anew on day 6
        ("weekly", "weekly", [1, 8, 15, 22]),
        ("twice-a-week", "twice-a-week", [1, 4, 8, 11, 15, 18, 22]),
        # more of it begins on the first day of the phase, day 6
        ("weekly", "twice-a-week", [1, 6, 9, 13, 16, 20]),
        ("weekly", "three-times-a-week", [1, 6, 8, 10, 13, 15, 17, 20, 22]),
        ("every-2-weeks", "weekly", [1, 6, 13, 20]),
        # less of it keeps the days of the new rhythm counted from day 1
        ("twice-a-week", "weekly", [1, 4, 8, 15, 22]),
        ("three-times-a-week", "twice-a-week", [1, 3, 5, 8, 11, 15, 18, 22]),
        ("daily", "weekly", [1, 2, 3, 4, 5, 8, 15, 22]),
    ],
)
def test_a_later_phase_with_more_begins_anew_and_with_less_thins(
    first: str, then: str, expected: list[int]
) -> None:
    assert days(two_phases(first, then)) == expected


def test_a_test_that_only_the_second_phase_asks_for_begins_there_and_the_other_way_round() -> None:
    later = content(watch("maintenance", "cbc", "weekly"), then="maintenance")
    assert days(later) == [6, 13, 20]
    earlier = content(watch("induction", "cbc", "weekly"), then="maintenance")
    assert days(earlier) == [1]


def together(one: str, two: str, lengths: tuple[int, int] = (21, 21)) -> Formulary:
    drugs = [
        vial_drug(slug, [table("t", ROWS)], monitoring=[watch("induction", "cbc", asked)])
        for slug, asked in (("one", one), ("two", two))
    ]
    phases = [phase("one", "t", "days", 1, lengths[0], 84)]
    phases.append(phase("two", "t", "days", 1, lengths[1], 84, with_previous=True))
    return formulary(drugs, [regimen("r", phases)])


def test_of_drugs_given_together_the_most_frequent_rhythm_wins() -> None:
    assert days(together("twice-a-week", "weekly")) == [1, 4, 8, 11, 15, 18, 22]
    assert days(together("weekly", "twice-a-week")) == [1, 4, 8, 11, 15, 18, 22]


def test_when_the_more_frequent_drug_ends_first_the_rhythm_thins() -> None:
    assert days(together("twice-a-week", "weekly", (7, 21))) == [1, 4, 8, 15, 22]


def test_below_the_top_band_the_closer_rhythm_holds() -> None:
    rule = watch("induction", "renal", "weekly", rhythm_below_top_band="twice-a-week")
    made = content(rule)
    assert days(made, "renal", crcl_ml_min=Decimal(70)) == [1, 8, 15, 22]
    assert days(made, "renal", crcl_ml_min=Decimal("69.9")) == [1, 4, 8, 11, 15, 18, 22]


# Weekends


@pytest.mark.parametrize(("day", "expected"), [(5, 5), (6, 5), (7, 8), (8, 8)])
def test_saturday_goes_to_friday_and_sunday_to_monday(day: int, expected: int) -> None:
    """From a Monday, day 6 is a Saturday and day 7 a Sunday."""
    made = content(
        watch("induction", "cbc", "once"), rhythms=[rhythm("once", fixed_days=[day])], length=7
    )
    assert days(made) == [day]
    assert days(made, no_weekend_draws=True) == [expected]


@pytest.mark.parametrize("start", [date(2026, 11, 28), date(2026, 11, 29)])
def test_day_1_stays_where_it_is(start: date) -> None:
    weekly = content(watch("induction", "cbc", "weekly"))
    expected = [1, 7, 14, 21] if start.weekday() == 5 else [1, 9, 16, 23]
    assert days(weekly, start=start, no_weekend_draws=True) == expected


def test_two_rows_that_meet_become_one() -> None:
    """Friday start: cbc on day 2 (Saturday) goes to day 1."""
    rules = [watch("induction", "renal", "weekly"), watch("induction", "cbc", "second")]
    made = content(*rules, rhythms=[rhythm("second", fixed_days=[2])], length=7)
    facts = replace(FACTS, no_weekend_draws=True)
    plan = make_plan(facts, made.regimens["r"], made, start=date(2026, 11, 27))
    assert [(draw.day, draw.tests) for draw in plan.monitoring] == [
        (1, ("cbc", "renal")),
        (8, ("renal",)),
    ]


@pytest.mark.parametrize("slug", ["daily", "every-2-days"])
def test_daily_and_every_2_days_are_never_moved(slug: str) -> None:
    made = content(watch("induction", "cbc", slug))
    assert days(made, no_weekend_draws=True) == days(made)


def test_a_moved_row_may_fall_one_day_after_the_last_possible_day() -> None:
    """Sunday start, 14 days: day 15 is a Sunday and the last possible row; it goes to day 16."""
    made = content(watch("induction", "cbc", "weekly"), length=14)
    sunday = date(2026, 11, 29)
    assert days(made, start=sunday) == [1, 8, 15]
    assert days(made, start=sunday, no_weekend_draws=True) == [1, 9, 16]


# Conditions


@pytest.mark.parametrize(
    ("facts", "daily"),
    [
        ({"anc": Decimal("0.99")}, True),
        ({"anc": Decimal("1.0")}, False),
        ({"conditions": {"previous_drug_leucopenia": True}}, True),
        ({"conditions": {"previous_drug_leucopenia": False}}, False),
    ],
)
def test_low_counts_are_taken_every_day_for_two_weeks(facts: Row, daily: bool) -> None:
    made = content(watch("induction", "cbc", "twice-a-week"))
    close = [*range(1, 15), 15, 18, 22]
    assert days(made, **facts) == (close if daily else [1, 4, 8, 11, 15, 18, 22])
    assert days(made, no_weekend_draws=True, anc=Decimal("0.9"))[:14] == list(range(1, 15))


def test_close_counting_ends_with_a_short_course_and_needs_a_drug_that_asks_for_counts() -> None:
    short = content(watch("induction", "cbc", "weekly"), length=4)
    assert days(short, anc=Decimal("0.9")) == [1, 2, 3, 4, 5]
    other = content(watch("induction", "renal", "weekly"))
    assert days(other, anc=Decimal("0.9")) == []


def test_changing_kidneys_add_days_2_and_3_and_are_never_moved() -> None:
    made = content(watch("induction", "renal", "weekly"))
    changing: Row = {"conditions": {"kidney_function_changing": True}}
    assert days(made, "renal", **changing) == [1, 2, 3, 8, 15, 22]
    friday = date(2026, 11, 27)  # days 2 and 3 are a weekend
    assert days(made, "renal", friday, no_weekend_draws=True, **changing) == [1, 2, 3, 8, 15, 22]


def test_on_dialysis_the_creatinine_is_not_laid_out() -> None:
    dose = {"amount": "1.25", "frequency": "weekly", "sources": PRINT}
    rows = [*ROWS, {"dialysis": "haemodialysis"} | dose]
    rules = [watch("induction", test, "weekly") for test in ("renal", "cbc")]
    made = formulary(
        [vial_drug("one", [table("t", rows)], monitoring=rules)],
        [regimen("r", [phase("one", "t", "course", 1, 7, 84)])],
    )
    facts: Row = {"dialysis": "haemodialysis", "conditions": {"kidney_function_changing": True}}
    assert days(made, "renal", **facts) == []
    assert days(made, "cbc", **facts) == [1, 8]


@pytest.mark.parametrize(
    ("length", "expected"),
    [(21, [29, 36, 43, 50]), (20, [22, 29, 36, 43]), (14, [22, 29, 36, 43]), (7, [15, 22, 29, 36])],
)
def test_follow_up_is_the_four_weekly_days_after_the_last_possible_row(
    length: int, expected: list[int]
) -> None:
    made = content(watch("induction", "cbc", "weekly"), length=length)
    assert days(made, "cmv-pcr", follow_up_pcr=True) == expected
    assert days(made, "cmv-pcr") == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"sex": "female"}, [1]),
        ({"sex": None}, [1]),
        ({"sex": "female", "conditions": {"pregnancy_possible": True}}, [1]),
        ({"sex": "female", "conditions": {"pregnancy_possible": False}}, []),
        ({"sex": "male"}, []),
    ],
)
def test_the_pregnancy_test_is_asked_for_unless_ruled_out(facts: Row, expected: list[int]) -> None:
    made = content(watch("induction", "pregnancy-test", "day-1", when="pregnancy-possible"))
    assert days(made, "pregnancy-test", **facts) == expected


def test_liver_tests_belong_to_disseminated_disease_and_prevention_pcr_is_an_option() -> None:
    made = content(
        watch("induction", "cbc", "weekly"),
        watch("induction", "cmv-pcr", "weekly", when="prevention-pcr"),
        length=7,
    )
    assert days(made, "liver") == []
    assert days(made, "liver", conditions={"disseminated": True}) == [1, 8]
    assert days(made, "cmv-pcr") == []
    assert days(made, "cmv-pcr", prevention_pcr=True) == [1, 8]


# The first edition, from Wednesday 25 November 2026 without weekend draws


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, [1, 3, 8, 10, 15, 17, 22]),
        ({"anc": Decimal("0.9")}, [*range(1, 15), 15, 17, 22]),
    ],
)
def test_blood_counts_of_a_step_down_from_a_wednesday(facts: Row, expected: list[int]) -> None:
    wednesday = date(2026, 11, 25)
    made = shipped()
    assert days(made, "cbc", wednesday, "ibd-colitis", no_weekend_draws=True, **facts) == expected
