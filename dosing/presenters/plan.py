"""A whole answer as the page reads it, in the order a prescriber and a nurse need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dosing.engine.formulary import Formulary
from dosing.engine.orders import Finding, drugs_of
from dosing.engine.plan import Plan

from . import findings, words, working
from .calendar import Calendar, calendar
from .headline import headline
from .numbers import NBSP, grouped, plain
from .orders import Advice, OrderLine, line
from .picture import Picture, picture
from .recap import recap
from .reference import is_published
from .sources import Citations, Cited

#: Stop values in the other unit a laboratory may report: factor and unit.
OTHER_UNIT = {
    "anc": (Decimal(1000), "per µL"),
    "platelets": (Decimal(1000), "per µL"),
    "haemoglobin": (Decimal("0.1"), "g/dL"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding: its level, its word, the sentence and the numbers of its sources."""

    code: str
    level: str
    word: str
    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one source says, in which situation."""

    situation: str
    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One row of the schedule in words."""

    day: str
    date: str
    weekend: bool
    tests: str
    review: bool


@dataclass(frozen=True, slots=True)
class Tested:
    """One test over the whole plan: its days and what to act on."""

    name: str
    days: str
    limits: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class Worked:
    """One line of the working, with the numbers of its sources."""

    title: str
    formula: str
    figures: str
    result: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reoffer:
    """The regimen offered instead, with its phase lengths as the form takes them."""

    slug: str
    title: str
    days: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """Everything the page says about one plan, as text."""

    title: str
    description: str
    stop_criteria: str
    criteria: str
    day_1: str
    label: str
    start: str
    recap: tuple[str, ...]
    valid_until: str
    headline: str
    stopped: bool
    stops: tuple[Said, ...]
    cautions: tuple[Said, ...]
    notes: tuple[Said, ...]
    orders: tuple[OrderLine, ...]
    pictures: tuple[Picture, ...]
    limits: tuple[Advice, ...]
    tests: tuple[Tested, ...]
    schedule: tuple[Drawn, ...]
    continues: str
    before_dialysis: bool
    weekends: str
    calendar: Calendar | None
    policy: str
    steps: tuple[Worked, ...]
    considerations: tuple[Advice, ...]
    sources: tuple[Cited, ...]
    offer: Reoffer | None
    published_stop: bool
    immunoglobulin: tuple[Opinion, ...]
    announcement: str


def plan_view(
    plan: Plan, formulary: Formulary, entered: Mapping[str, str] | None = None
) -> PlanView:
    """The plan in words; no number of a stopped drug is in it.

    `entered` holds figures as they were entered, by field, where that was in another unit.
    """
    cite = Citations(formulary.sources)
    said = [_said(one, plan, cite) for one in plan.findings]
    counts = next((one for one in said if one.code == "counts-not-entered"), None)
    orders = tuple(
        line(
            order,
            number,
            plan.start,
            cite,
            _before_first(plan, number, counts),
            _repeated(plan, number),
        )
        for number, order in enumerate(plan.orders, start=1)
    )
    given = [order for order in plan.orders if order.dose is not None]
    pictures = (picture(order, plan.kidneys, place) for place, order in enumerate(given, 1))
    return PlanView(
        title=plan.regimen.title,
        description=plan.regimen.description,
        stop_criteria=plan.regimen.stop_criteria,
        criteria="When to stop" if plan.orders else "When to treat",
        day_1="Day 1: draw before the first dose." if plan.orders else "",
        label=plan.regimen.audience,
        start=words.day(plan.start),
        recap=tuple(recap(plan, entered or {})),
        valid_until=_valid_until(plan),
        headline=headline(plan),
        stopped=plan.stopped,
        stops=tuple(one for one in said if one.level == "stop"),
        cautions=tuple(one for one in said if one.level == "caution"),
        notes=tuple(one for one in said if one.level == "note"),
        orders=orders,
        pictures=tuple(one for one in pictures if one is not None),
        limits=tuple(_limits(plan, cite)),
        tests=tuple(_tests(plan, cite)),
        schedule=tuple(_schedule(plan)),
        continues=_continues(plan),
        before_dialysis=plan.facts.on_dialysis and bool(plan.monitoring),
        weekends=_weekends(plan),
        calendar=calendar(plan),
        policy=formulary.policy(plan.facts.monitoring_policy).title if plan.monitoring else "",
        steps=tuple(
            Worked(step.title, step.formula, step.figures, step.result, cite.of(step.sources))
            for step in working.steps(plan, formulary)
        ),
        considerations=tuple(
            Advice(one.text, cite(one.sources)) for one in formulary.considerations
        ),
        offer=_offer(plan, formulary),
        published_stop=is_published(plan),
        immunoglobulin=tuple(_immunoglobulin(plan, cite)),
        announcement=_announcement(orders, headline(plan)),
        sources=_sources(plan, cite),  # last: every citation above is in it
    )


def _sources(plan: Plan, cite: Citations) -> tuple[Cited, ...]:
    """Every source of the answer, the regimen's own among them."""
    cite(plan.regimen.sources)
    return cite.listed()


def _immunoglobulin(plan: Plan, cite: Citations) -> Iterator[Opinion]:
    """What is published on adding it, where that was asked for and a drug is given."""
    if plan.facts.immunoglobulin and not plan.stopped:
        for one in plan.regimen.immunoglobulin:
            yield Opinion(one.situation, one.text, cite(one.sources))


def _said(finding: Finding, plan: Plan, cite: Citations) -> Said:
    return Said(
        finding.code,
        finding.level,
        words.LEVELS[finding.level],
        findings.text(finding, plan),
        cite(finding.sources),
    )


def _repeated(plan: Plan, number: int) -> bool:
    """Whether an order above says how this drug is handled: the same thing is said once."""
    slug = plan.orders[number - 1].drug.slug
    return any(order.drug.slug == slug and order.dose for order in plan.orders[: number - 1])


def _before_first(plan: Plan, number: int, counts: Said | None) -> str:
    """What to look at before the first dose, beside the order it concerns."""
    if counts is None:
        return ""
    order = plan.orders[number - 1]
    watched = [one for one in plan.findings if one.code == "counts-not-entered"]
    first = next(
        (one for one in plan.orders if one.dose and one.drug.slug in watched[0].drugs), None
    )
    return counts.text if order is first else ""


def _valid_until(plan: Plan) -> str:
    if plan.facts.on_dialysis or not plan.facts.has("kidney_function_changing"):
        return ""
    if not any(order.table.measure for order in plan.orders):
        return ""
    return "Kidney function is changing: not valid after day 3 without a new creatinine."


def _limits(plan: Plan, cite: Citations) -> Iterator[Advice]:
    """Counts, in both units a laboratory may use, below which drugs (the kind) are not started."""
    given = [order for order in plan.orders if order.dose is not None]
    names: dict[tuple[str, Decimal], list[str]] = {}
    sources: dict[tuple[str, Decimal], list[str]] = {}
    for drug in drugs_of(given):
        for threshold in drug.thresholds:
            limit = (threshold.lab, threshold.stop_below)
            names.setdefault(limit, []).append(words.full_name(drug))
            sources.setdefault(limit, []).extend(threshold.sources)
    for (lab, below), drugs in names.items():
        factor, other = OTHER_UNIT[lab]
        also = f"{grouped(plain(below * factor))}{NBSP}{other}"
        yield Advice(
            f"{words.LABS[lab]} below {plain(below)}{NBSP}{words.LAB_UNITS[lab]} ({also})",
            cite(sources[lab, below]),
            words.joined(drugs),
        )


def _tests(plan: Plan, cite: Citations) -> Iterator[Tested]:
    given = [order for order in plan.orders if order.dose is not None]
    days: dict[str, list[int]] = {}
    for draw in plan.monitoring:
        for test in draw.tests:
            days.setdefault(test, []).append(draw.day)
    for test, on in days.items():
        limits = {
            limit.text: Advice(limit.text, cite(limit.sources))
            for order in given
            for limit in order.drug.action_limits
            if limit.test == test and limit.course in ("", order.span.phase.monitoring)
        }
        yield Tested(_capital(words.TESTS[test]), day_list(on), tuple(limits.values()))


def day_list(days: Sequence[int]) -> str:
    """day 1; days 1, 3, 8; days 1 to 14, 15, 17 (three or more in a row as a range)."""
    parts, place = [], 0
    while place < len(days):
        end = place
        while end + 1 < len(days) and days[end + 1] == days[end] + 1:
            end += 1
        if end - place >= 2:
            parts.append(f"{days[place]} to {days[end]}")
        else:
            parts += [str(day) for day in days[place : end + 1]]
        place = end + 1
    return f"{'day' if len(days) == 1 else 'days'} {', '.join(parts)}"


def _schedule(plan: Plan) -> Iterator[Drawn]:
    """Draws and reviews in order of days; a review without a draw has its own row."""
    draws = {draw.day: draw for draw in plan.monitoring}
    reviewed = {review.day: review for review in plan.reviews if not plan.stopped}
    for day in sorted({*draws, *reviewed}):
        row = draws.get(day) or reviewed[day]
        tests = draws[day].tests if day in draws else ()
        named = _capital("; ".join(words.TESTS[test] for test in tests))
        yield Drawn(str(day), words.day(row.date), row.date.weekday() >= 5, named, day in reviewed)


def _continues(plan: Plan) -> str:
    if plan.monitoring and plan.course.last is None:
        return "The course has no end set: go on in the same rhythm, and plan again."
    return ""


def _weekends(plan: Plan) -> str:
    """Which draws were moved off their counted days, and which never are."""
    if not plan.monitoring:
        return ""
    ward = words.joined(words.WEEKDAYS[day] for day in plan.facts.draw_weekdays)
    moved = (
        f"Draws fall on the ward’s days ({ward}); where these are too few for a test, the nearest "
        "other day is added. Day 1, and draws every day or every 2 days, stay where they are. "
        if ward
        else ""
    )
    if not plan.facts.no_weekend_draws:
        return moved.strip()
    kept = "Day 1, and draws every day or every 2 days, stay where they are."
    if plan.facts.has("kidney_function_changing") and not plan.facts.on_dialysis:
        kept = (
            "Day 1, creatinine on days 1, 2 and 3 while kidney function is changing, and draws "
            "every day or every 2 days, stay where they are."
        )
    if any(order.drug.start_conditions for order in plan.orders):
        kept = f"Tests that belong to a dose stay with it. {kept}"
    return (
        f"{moved}Draws that fall on a weekend are moved: Saturday to Friday, Sunday to Monday. "
        f"{kept}"
    )


def _offer(plan: Plan, formulary: Formulary) -> Reoffer | None:
    if plan.offer is None:
        return None
    regimen = formulary.regimens[plan.offer.regimen]
    days = ",".join("" if one is None else str(one) for one in plan.offer.phase_days)
    return Reoffer(regimen.slug, regimen.title, days)


def _announcement(orders: Sequence[OrderLine], first_line: str) -> str:
    """What a screen reader is told when the answer has come."""
    doses = "; ".join(f"{one.name} {one.dose} {one.frequency}" for one in orders if one.given)
    said = ["Calculated", first_line.rstrip("."), doses]
    return f"{'. '.join(one for one in said if one)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
