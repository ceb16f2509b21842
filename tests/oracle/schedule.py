"""The days of every test, and of the review rows."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.oracle.courses import Course, Phase
from tests.oracle.inputs import Facts

# The days of a rhythm as remainders of the week, with its weight: the most frequent wins.
OFTEN = {"3/week": (3, (1, 3, 5)), "2/week": (2, (1, 4)), "weekly": (1, (1,))}


def _due(rhythm: str, day: int) -> bool:
    """Whether a rhythm counted from day 1 names this day."""
    if rhythm == "every-2-weeks":
        return day % 14 == 1
    if rhythm == "8-weeks-then-2":
        return day % 7 == 1 if day <= 57 else (day - 57) % 14 == 0
    return day % 7 in OFTEN[rhythm][1]


def _rhythms(phase: Phase, below_top: bool, facts: Facts) -> dict[str, str]:
    """The row of the monitoring table for one drug and phase."""
    if phase.table == "paediatric-prophylaxis":
        rows = {"cbc": "8-weeks-then-2", "renal": "every-2-weeks"}
        if facts.ticked("prevention_pcr"):
            rows["cmv-pcr"] = "weekly"
        return rows
    rows = {"cbc": "weekly", "renal": "weekly", "electrolytes": "weekly", "cmv-pcr": "weekly"}
    if phase.drug == "foscarnet":
        if phase.table.startswith("induction"):
            rows.update({"renal": "3/week", "electrolytes": "3/week", "urinalysis": "weekly"})
    elif phase.table == "induction":
        rows["cbc"] = "2/week"
        if below_top:
            rows["renal"] = "2/week"
    return rows


def _first_day_tests(phase: Phase, facts: Facts) -> set[str]:
    if phase.drug == "foscarnet":
        return {"ecg", "crcl-24h"} if phase.table.startswith("induction") else set()
    pregnancy_open = facts.sex != "male" and facts.flags.get("pregnancy_possible") is not False
    return {"pregnancy-test"} if phase.table == "induction" and pregnancy_open else set()


def _more_frequent(one: str | None, other: str) -> str:
    if one is None or one not in OFTEN or other not in OFTEN:
        return other
    return one if OFTEN[one][0] >= OFTEN[other][0] else other


def _last_possible(course: Course, given: list[tuple[Phase, bool]]) -> int:
    """The day after the last dose that is given; day 84 where nothing ends."""
    ends = [phase.end for phase, _ in given]
    return 84 if None in ends else max(ends) + 1


def days_by_test(
    facts: Facts, course: Course, given: list[tuple[Phase, bool]]
) -> dict[str, set[int]]:
    """Each test's days, after weekends. `given` pairs a phase with "below its top band"."""
    last = _last_possible(course, given)
    starts = {1 if phase.table == "maintenance-5-days" else phase.start for phase, _ in given}
    assert 1 in starts
    tables = [(phase, _rhythms(phase, below, facts)) for phase, below in given]
    days: dict[str, set[int]] = {}
    for day in range(1, last + 1):
        wanted: dict[str, str] = {}
        for phase, rhythms in tables:
            begins = 1 if phase.table == "maintenance-5-days" else phase.start
            ends = last if phase.end is None or phase.end + 1 == last else phase.end
            if begins <= day <= ends:
                for test, rhythm in rhythms.items():
                    wanted[test] = _more_frequent(wanted.get(test), rhythm)
        if facts.ticked("disseminated") and not facts.is_child_regimen:
            wanted["liver"] = "weekly"
        for test, rhythm in wanted.items():
            if _due(rhythm, day):
                days.setdefault(test, set()).add(day)
    for phase, _ in given:
        for test in _first_day_tests(phase, facts):
            days.setdefault(test, set()).add(1)
    return _with_extras(facts, course, days, last, given)


def _with_extras(
    facts: Facts,
    course: Course,
    days: dict[str, set[int]],
    last: int,
    given: list[tuple[Phase, bool]],
) -> dict[str, set[int]]:
    never_moved: dict[str, set[int]] = {test: {1} for test in days}
    closer = facts.labs.get("anc", Fraction(1)) < 1 or facts.ticked("previous_drug_leucopenia")
    stricter = facts.monitoring_policy == "uk-smpc"
    banded = not facts.is_child_regimen
    counted = [(phase, below) for phase, below in given if phase.drug != "foscarnet"]
    stricter = stricter and bool(counted)
    if stricter and (facts.on_dialysis or (banded and any(below for _, below in counted))):
        closer = True
    if "cbc" in days and (closer or stricter):
        step = 1 if closer else 2
        opening = set(range(1, min(14, last) + 1, step))
        days["cbc"] = {day for day in days["cbc"] if day > 14} | opening
        never_moved["cbc"] |= opening
    if "renal" in days and facts.ticked("kidney_function_changing"):
        first = set(range(1, min(3, last) + 1))
        days["renal"] |= first
        never_moved["renal"] |= first
    if facts.on_dialysis:
        days.pop("renal", None)
    if facts.ticked("follow_up_pcr") and course.treatment and "cmv-pcr" in days:
        weekly = [day for day in range(last + 1, last + 40) if day % 7 == 1]
        days["cmv-pcr"] |= set(weekly[:4])
    if facts.ticked("no_weekend_draws"):
        for test, found in days.items():
            days[test] = {
                day if day in never_moved[test] else _off_weekend(facts.start, day) for day in found
            }
    return days


def _off_weekend(start: date, day: int) -> int:
    """Saturday to Friday, Sunday to Monday."""
    weekday = (start + timedelta(days=day - 1)).weekday()
    return day + {5: -1, 6: 1}.get(weekday, 0)


def monitoring(
    facts: Facts, course: Course, given: list[tuple[Phase, bool]]
) -> list[dict[str, Any]]:
    """The rows as the contract lists them; none where no drug is given."""
    if not given:
        return []
    by_day: dict[int, list[str]] = {}
    for test, found in days_by_test(facts, course, given).items():
        for day in found:
            by_day.setdefault(day, []).append(test)
    return [
        {
            "day": day,
            "date": (facts.start + timedelta(days=day - 1)).isoformat(),
            "tests": sorted(by_day[day]),
        }
        for day in sorted(by_day)
    ]


def reviews(course: Course) -> list[int]:
    """The shortest and the usual last day of a treatment course, where they come to pass."""
    if not course.treatment:
        return []
    return [day for day in (14, 21) if day <= course.last_day]
