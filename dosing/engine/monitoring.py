"""The dated schedule of tests, from the rhythms of the drugs that are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from .formulary import DOSES_PER_DAY, Formulary, MonitoringPolicy, MonitoringRule, Regimen, Rhythm
from .orders import Order
from .patient import PatientFacts
from .phases import LAYOUT_DAYS, Course, day_date
from .ward_days import on_ward_days, without_gaps

_SATURDAY, _SUNDAY = 5, 6
_WEEK = 7
#: Not done by the people who draw blood.
NO_DRAW = frozenset({"eye-examination"})


@dataclass(frozen=True, slots=True)
class Draw:
    """One row of the schedule: plan day, date and the tests due, sorted."""

    day: int
    date: date
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A day on which stopping is decided, with the content's criteria."""

    day: int
    date: date
    text: str


@dataclass(frozen=True, slots=True)
class _Segment:
    """Plan days on which the same orders run; last is the last day a test may fall on."""

    first: int
    last: int
    orders: tuple[Order, ...]


def schedule(
    facts: PatientFacts,
    regimen: Regimen,
    formulary: Formulary,
    course: Course,
    orders: Sequence[Order],
    start: date,
) -> tuple[Draw, ...]:
    """Every draw of the drugs that are given, in order of days; empty when none is given.

    The last possible row is the day after the last dose; open-ended phases are laid out to day 84.
    """
    given = tuple(order for order in orders if order.dose is not None)
    if orders and not given:
        return ()
    segments = _segments(given) if given else [_Segment(1, course.watched_to or 1, ())]
    last = segments[-1].last
    policy = formulary.policy(facts.monitoring_policy)
    days: dict[str, tuple[set[int], set[int]]] = {}
    ward = _ward(facts)
    for test, runs in _runs(facts, regimen, formulary, policy, segments).items():
        own = () if test in NO_DRAW else ward
        days[test] = _days_of(runs, segments, own, start.weekday())
    for test, fixed in _with_doses(formulary, given):
        days.setdefault(test, (set(), set()))[1].update(fixed)
    _count_closely(facts, policy, formulary, days, given, segments)
    if facts.on_dialysis:
        days.pop("renal", None)
    elif facts.has("kidney_function_changing") and "renal" in days:
        days["renal"][1].update(day for day in policy.unstable_kidney_days if day <= last)
    for test, weeks in _weeks_after(facts, regimen, policy, course, segments[-1]).items():
        # The first day of a week, counted from day 1, after the last possible row.
        first = last + ((1 - last) % _WEEK or _WEEK)
        asked = (first + _WEEK * week for week in range(weeks))
        after = on_ward_days(asked, ward, start.weekday())
        days.setdefault(test, (set(), set()))[0].update(after)
    return _rows(days, start, facts.no_weekend_draws)


def reviews(regimen: Regimen, course: Course, start: date) -> tuple[Review, ...]:
    """A review on the content's shortest and usual last day, where the course reaches them."""
    if not regimen.stop_criteria:
        return ()
    return tuple(
        Review(day, day_date(start, day), regimen.stop_criteria) for day in course.review_days
    )


def _segments(given: tuple[Order, ...]) -> list[_Segment]:
    firsts = {order.span.nominal_first for order in given}
    afters = {order.span.horizon + 1 for order in given}
    marks = sorted(firsts | afters)
    found = []
    for first, after in pairwise(marks):
        running = tuple(
            order
            for order in given
            if order.span.nominal_first <= first and order.span.horizon >= after - 1
        )
        if running:
            found.append(_Segment(first, after - 1, running))
    end = found[-1]
    if all(order.span.last is not None for order in end.orders):
        found[-1] = _Segment(end.first, end.last + 1, end.orders)
    return found


def _runs(
    facts: PatientFacts,
    regimen: Regimen,
    formulary: Formulary,
    policy: MonitoringPolicy,
    segments: Iterable[_Segment],
) -> dict[str, dict[int, Rhythm]]:
    """Test → first day of a segment → the most frequent rhythm asked for there."""
    runs: dict[str, dict[int, Rhythm]] = {}
    for segment in segments:
        for rule, below_top in _asked(facts, regimen, policy, segment):
            slug = rule.rhythm_below_top_band if below_top else ""
            rhythm = formulary.rhythms[slug or rule.rhythm]
            known = runs.setdefault(rule.test, {}).get(segment.first)
            if known is None or density(rhythm) > density(known):
                runs[rule.test][segment.first] = rhythm
    return runs


def _with_doses(
    formulary: Formulary, given: Iterable[Order]
) -> Iterable[tuple[str, tuple[int, ...]]]:
    """Tests on every day of a dose, and those days."""
    for order in given:
        assert order.dose is not None
        every = max(1, int(1 / DOSES_PER_DAY[order.dose.frequency]))
        for rule in order.drug.monitoring:
            rhythm = formulary.rhythms[rule.rhythm]
            if rhythm.each_dose and rule.course == order.span.phase.monitoring:
                yield rule.test, order.span.dose_days(every)


def _weeks_after(
    facts: PatientFacts,
    regimen: Regimen,
    policy: MonitoringPolicy,
    course: Course,
    end: _Segment,
) -> dict[str, int]:
    """Test → weeks it goes on for after a course that ends."""
    if course.last is None:
        return {}
    weeks = {rule.test: rule.weeks_after for rule, _ in _asked(facts, regimen, policy, end)}
    if facts.follow_up_pcr and regimen.purpose == "treatment":
        weeks["cmv-pcr"] = max(weeks.get("cmv-pcr", 0), policy.follow_up_weeks)
    return weeks


def _asked(
    facts: PatientFacts, regimen: Regimen, policy: MonitoringPolicy, segment: _Segment
) -> Iterable[tuple[MonitoringRule, bool]]:
    for order in segment.orders:
        for rule in order.drug.monitoring:
            if rule.course == order.span.phase.monitoring and _wanted(rule, facts, regimen):
                yield rule, _below_top(order)
    courses = {order.span.phase.monitoring for order in segment.orders}
    for rule in regimen.monitoring:
        if rule.course in ("", *courses) and _wanted(rule, facts, regimen):
            yield rule, False
    for rule in policy.rules:
        if _wanted(rule, facts, regimen):
            yield rule, False


def _wanted(rule: MonitoringRule, facts: PatientFacts, regimen: Regimen) -> bool:
    if rule.when == "pregnancy-possible":
        return facts.sex != "male" and facts.conditions.get("pregnancy_possible") is not False
    if rule.when == "prevention-pcr":
        return facts.prevention_pcr
    if rule.when == "disseminated":
        return regimen.purpose == "treatment" and facts.has("disseminated")
    return True


def _below_top(order: Order) -> bool:
    """Whether the clearance fell in a band under the table's highest."""
    row = order.row
    return row is not None and row.low is not None and row.high is not None


@lru_cache(maxsize=256)
def density(rhythm: Rhythm) -> int:
    """Days a rhythm names within the layout, to compare which is more frequent."""
    return len(rhythm.days(1, LAYOUT_DAYS))


def _ward(facts: PatientFacts) -> tuple[int, ...]:
    """The ward's weekdays; none on a weekend where no draw may fall on one."""
    return tuple(
        day for day in facts.draw_weekdays if day < _SATURDAY or not facts.no_weekend_draws
    )


def _days_of(
    runs: dict[int, Rhythm], segments: Sequence[_Segment], ward: Sequence[int], weekday: int
) -> tuple[set[int], set[int]]:
    """Movable and fixed days of one test over all segments.

    A rhythm runs on from day 1; more of it restarts on the segment's first day; less of it keeps
    the new rhythm's days counted from day 1.
    """
    # One list of days for each stretch of one rhythm, so that phases of it are moved together.
    stretches: list[set[int]] = []
    fixed: set[int] = set()
    running: Rhythm | None = None
    anchor = 1
    for segment in segments:
        rhythm = runs.get(segment.first)
        if rhythm is None:
            running = None
            continue
        same = rhythm == running
        if running is None or density(rhythm) > density(running):
            anchor = segment.first
        elif density(rhythm) < density(running):
            anchor = 1
        running = rhythm
        days = {day for day in rhythm.days(anchor, segment.last) if segment.first <= day}
        if not rhythm.movable:
            fixed |= days
        elif same and stretches:
            stretches[-1] |= days
        else:
            stretches.append(days)
    asked = set().union(*stretches)
    moved = set().union(*(on_ward_days(days, ward, weekday) for days in stretches))
    return without_gaps(asked, moved), fixed


def _count_closely(
    facts: PatientFacts,
    policy: MonitoringPolicy,
    formulary: Formulary,
    days: dict[str, tuple[set[int], set[int]]],
    given: Sequence[Order],
    segments: Sequence[_Segment],
) -> None:
    """The policy's closer rhythm for the first days, then the usual one."""
    counted = [order for order in given if order.drug.thresholds]
    closer = (
        (facts.anc is not None and facts.anc < policy.intensive_anc_below)
        or facts.has("previous_drug_leucopenia")
        or (policy.intensive_on_dialysis and facts.on_dialysis and bool(counted))
        or (policy.intensive_below_top_band and any(_below_top(order) for order in counted))
    )
    opening = policy.opening_rhythm if counted else ""
    slug = policy.intensive_rhythm if closer else opening
    if policy.intensive_test not in days or not slug:
        return
    movable, fixed = days[policy.intensive_test]
    first, last = segments[0].first, segments[-1].last
    until = min(policy.intensive_to_day, last)
    close = formulary.rhythms[slug].days(1, until)
    movable -= set(range(1, until + 1))
    fixed |= {day for day in close if day >= first}


def _rows(
    days: dict[str, tuple[set[int], set[int]]], start: date, no_weekends: bool
) -> tuple[Draw, ...]:
    weekday = start.weekday()
    rows: dict[int, set[str]] = {}
    for test, (movable, fixed) in days.items():
        for day in movable - fixed:
            if no_weekends and day != 1:
                falls = (weekday + day - 1) % _WEEK
                day += -1 if falls == _SATURDAY else 1 if falls == _SUNDAY else 0
            rows.setdefault(day, set()).add(test)
        for day in fixed:
            rows.setdefault(day, set()).add(test)
    return tuple(Draw(day, day_date(start, day), tuple(sorted(rows[day]))) for day in sorted(rows))
