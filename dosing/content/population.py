"""A synthetic population for comparing two editions: made up, the same at every run.

It is spread evenly over the regimens and, in each, over every band and both sides of every edge of
both editions: it says which doses a change reaches, not how many patients of a ward it reaches.
A regimen that only watches has no dose: a few patients show its days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import count as counting
from random import Random
from typing import Any

from dosing.engine.body_size import LEAST_HEIGHT_CM
from dosing.engine.formulary import (
    AgeRange,
    DoseTable,
    Drug,
    Formulary,
    Regimen,
    SchwartzRow,
    StartConditions,
    TransplantEnd,
)
from dosing.engine.patient import (
    ADULT_MONTHS,
    CONDITIONS,
    DIALYSES,
    LIMITS,
    ORGANS,
    SURVEILLANCE_ENDS,
    WEIGHT_BASES,
    Creatinine,
    PatientFacts,
)

from .circumstances import (
    SOUND,
    at_clearance,
    beside_limits,
    between,
    companies,
    creatinine_for,
    drawn_company,
    drawn_conditions,
    meets,
)

SEED = 2026
LEAST = 50_000
START = date(2026, 11, 23)  # a Monday
_STEP = Decimal("0.01")
_HUNDRED = Decimal(100)
_WEIGHTS = (Decimal(42), Decimal(70), Decimal(118))
_GOOD = Decimal(110)
#: Age in years → a usual height in cm and weight in kg; between them one is drawn.
_GROWTH = ((0, 52, 4), (1, 76, 10), (2, 87, 12), (6, 116, 21), (10, 139, 32), (14, 163, 52))
_GROWN = (14, 178, 90)


@dataclass(frozen=True, slots=True)
class Patient:
    """One synthetic patient of a regimen; the number names it for good."""

    number: int
    regimen: str
    facts: PatientFacts
    start: date


@dataclass(frozen=True, slots=True)
class _Reach:
    """What both editions say of one regimen: where its doses change."""

    tables: Sequence[tuple[Drug, DoseTable]]
    regimens: Sequence[Regimen]
    edges: dict[str, tuple[Decimal, ...]] = field(default_factory=dict)

    @property
    def has_rows(self) -> bool:
        return any(table.rows for _, table in self.tables)

    @property
    def has_formula(self) -> bool:
        return any(table.formula for _, table in self.tables)

    @property
    def limits(self) -> list[StartConditions]:
        every = [drug.start_conditions for drug, _ in self.tables]
        return list({str(one): one for one in every if one is not None}.values())

    @property
    def ends_after_transplantation(self) -> bool:
        return any(one.transplant_ends for one in self.regimens)


def regimens(before: Formulary, after: Formulary) -> tuple[str, ...]:
    """Every regimen of either edition."""
    return tuple(dict.fromkeys((*before.regimens, *after.regimens)))


def population(
    before: Formulary, after: Formulary, least: int = LEAST
) -> Iterator[tuple[str, list[Patient]]]:
    """The patients of every regimen, numbered through; at least so many where one has a drug."""
    slugs = regimens(before, after)
    dosed = [slug for slug in slugs if _reach(slug, (before, after)).tables]
    each = -(-least // len(dosed)) if dosed else 0
    number = 1
    for slug in slugs:
        found = list(patients(slug, before, after, each, first=number))
        number += len(found)
        yield slug, found


def patients(
    slug: str, before: Formulary, after: Formulary, wanted: int, *, first: int = 1
) -> Iterator[Patient]:
    """All of the grid, then drawn ones up to the number wanted; none to be watched only."""
    reach = _reach(slug, (before, after))
    pick = Random(f"{SEED}:{slug}")
    numbers = counting(first)
    made = 0
    for facts in _grid(reach):
        yield _patient(next(numbers), slug, facts)
        made += 1
    while reach.tables and made < wanted:
        adult = reach.has_rows and (not reach.has_formula or made % 2 == 0)
        facts = _adult(pick, reach) if adult else _child(pick, reach)
        yield _patient(next(numbers), slug, facts)
        made += 1


def _patient(number: int, slug: str, facts: dict[str, Any]) -> Patient:
    """The starts go through the week: some tables are given on weekdays only."""
    start = START + timedelta(days=number % 7)
    days = facts.pop("days_after_transplantation", None)
    if days is not None:
        facts["transplant_date"] = start - timedelta(days=days)
    last = facts.pop("last_dose_days", {})
    facts["last_doses"] = {slug: start - timedelta(days=ago) for slug, ago in last.items()}
    if (old := facts.pop("creatinine_days", None)) is not None:
        facts["serum_creatinine_date"] = start - timedelta(days=old)
    return Patient(number, slug, PatientFacts(assessed_on=start, **facts), start)


def _reach(slug: str, editions: Sequence[Formulary]) -> _Reach:
    tables: list[tuple[Drug, DoseTable]] = []
    found = [one.regimens[slug] for one in editions if slug in one.regimens]
    edges: dict[str, set[Decimal]] = {}
    for edition in editions:
        if slug not in edition.regimens:
            continue
        for phase in edition.regimens[slug].phases:
            drug = edition.drugs[phase.drug]
            table = drug.tables[phase.table]
            tables.append((drug, table))
            for row in table.bands:
                known = edges.setdefault(table.measure, set())
                known |= {edge for edge in (row.low, row.high) if edge}
    return _Reach(
        tables, found, {measure: tuple(sorted(known)) for measure, known in edges.items()}
    )


# The grid: every edge, limit and rule of both editions


def _grid(reach: _Reach) -> Iterator[dict[str, Any]]:
    if reach.has_rows:
        base = _base(reach)
        yield from _at_edges(reach)
        for dialysis in DIALYSES:
            for weight in _WEIGHTS:
                yield base | {"weight_kg": weight, "dialysis": dialysis}
        yield from _ages(reach, base)
        yield from _said(reach, base)
        yield from (base | more for more in companies(table for _, table in reach.tables))
        yield from (base | more for limits in reach.limits for more in beside_limits(limits))
    if reach.has_formula:
        yield from _ages(reach, _base_child())
        yield from _said(reach, _base_child())
        for dialysis in DIALYSES:
            yield _base_child() | {"dialysis": dialysis}
    if not reach.tables:
        yield from _watched(reach)


def _base(reach: _Reach, **more: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {"sex": "male", "age_years": Decimal(52), "weight_kg": Decimal(70)}
    return facts | (dict(SOUND) if reach.limits else {"crcl_ml_min": _GOOD}) | more


def _watched(reach: _Reach) -> Iterator[dict[str, Any]]:
    """Around the last days after transplantation; dialysis and answers can change the tests."""
    base = _base(reach)
    ends = {day for one in reach.regimens for end in one.transplant_ends for day in _lasts(end)}
    days = sorted({0, *(near for end in ends for near in (end - 1, end, end + 1))})
    for until in (None, *SURVEILLANCE_ENDS):
        for day in (None, *days):
            yield base | {"surveillance_to": until, "days_after_transplantation": day}
    for dialysis in DIALYSES:
        yield base | {"dialysis": dialysis}
    yield base | {"no_weekend_draws": True}
    yield from _said(reach, base)


def _lasts(end: TransplantEnd) -> tuple[int, int]:
    return end.usual, end.longest


def _base_child(**more: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {"sex": "female", "age_years": Decimal(7), "weight_kg": Decimal(22)}
    facts |= {"height_cm": Decimal(120), "creatinine": Creatinine(Decimal("0.45"), "mg/dL")}
    return facts | {"formulation": "oral_solution", "organ": "kidney"} | more


def _at_edges(reach: _Reach) -> Iterator[dict[str, Any]]:
    """Just below, on and just above each edge, and at the ends of "near": in three weights."""
    near = {drug.near_edge_percent for drug, _ in reach.tables}
    for measure, edges in reach.edges.items():
        for edge in edges:
            if reach.limits and measure == "mL/min":
                for clearance in _beside(edge, near):
                    yield from (_base(reach, **more) for more in at_clearance(clearance))
                continue
            for weight in _WEIGHTS:
                at = edge * weight if measure == "mL/min/kg" else edge
                for clearance in _beside(at, near):
                    entered = {"crcl_ml_min": clearance, "creatinine": None}
                    yield _base(reach, weight_kg=weight, **entered)


def _beside(at: Decimal, near: Iterable[Decimal]) -> list[Decimal]:
    beside = {at - _STEP, at, at + _STEP}
    for percent in near:
        beside |= {at * (1 - percent / _HUNDRED), at * (1 + percent / _HUNDRED)}
    return sorted(filter(LIMITS["crcl_ml_min"].holds, beside))


def _ages(reach: _Reach, base: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A month below, on and a month above each age of the tables, for every organ."""
    ends: set[int] = set()
    for _, table in reach.tables:
        rows: list[AgeRange | SchwartzRow] = [*table.ages]
        rows += table.formula.k_rows if table.formula else ()
        ends |= {months for row in rows for months in (row.from_months, row.below_months) if months}
    for months in sorted({near for end in ends for near in (end - 1, end, end + 1)}):
        for organ in ORGANS:
            yield base | _age(months) | {"organ": organ}


def _age(months: int) -> dict[str, Any]:
    """An age as it is entered: in months under 2 years, then in years to two places."""
    if months <= LIMITS["age_months"].high:
        return {"age_years": None, "age_months": months}
    years = (Decimal(months) / 12).quantize(_STEP, ROUND_HALF_UP)
    return {"age_years": years, "age_months": None}


def _said(reach: _Reach, base: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Both sides of each count's limits, and every condition a rule asks for."""
    every = [drug for drug, _ in reach.tables]
    counts = {
        (one.lab, limit)
        for drug in every
        for one in drug.thresholds
        for limit in (one.stop_below, one.caution_below)
        if limit is not None
    }
    for lab, limit in sorted(counts):
        for value in (limit - _STEP, limit, limit + _STEP):
            if LIMITS[lab].holds(value):
                yield base | {lab: value}
    rules = [rule for drug in every for rule in drug.rules]
    rules += [rule for regimen in reach.regimens for rule in regimen.rules]
    for when in sorted({rule.when for rule in rules if rule.when}):
        yield base | meets(when)
    yield base | {"anc": Decimal("0.9")}


# Drawn patients


def _adult(pick: Random, reach: _Reach) -> dict[str, Any]:
    """An adult whose clearance lies in a band drawn from those of both editions."""
    age, weight = Decimal(pick.randint(18, 94)), between(pick, 38, 140)
    facts: dict[str, Any] = {
        "sex": pick.choice(("female", "male")),
        "age_years": age,
        "weight_kg": weight,
        "height_cm": between(pick, 148, 200, 0),
    }
    chance = pick.random()
    if chance < 0.06:
        facts["dialysis"] = pick.choice(DIALYSES[1:])
    else:
        clearance = _in_a_band(pick, reach, weight)
        if reach.limits:
            top = reach.edges.get("mL/min", (_GOOD,))[-1]
            facts |= drawn_conditions(pick, reach.limits, facts, clearance, top)
        elif chance < 0.5:
            facts["crcl_ml_min"] = clearance
            facts["crcl_source"] = pick.choice(("measured", "calculated"))
        else:
            facts["creatinine"] = creatinine_for(pick, facts, clearance)
    if facts["height_cm"] >= LEAST_HEIGHT_CM and pick.random() < 0.2:
        facts["renal_weight"] = pick.choice(WEIGHT_BASES)
        facts["dosing_weight"] = pick.choice(WEIGHT_BASES)
    if pick.random() < 0.2:
        facts["venous_access"] = "peripheral"
    facts |= drawn_company(pick, [table for _, table in reach.tables])
    return facts | _history(pick, reach)


def _in_a_band(pick: Random, reach: _Reach, weight: Decimal) -> Decimal:
    """A clearance in mL/min, in a band as likely as in any other."""
    measure = pick.choice(sorted(reach.edges) or ["mL/min"])
    edges = (Decimal(0), *reach.edges.get(measure, ()))
    place = pick.randrange(len(edges))
    low = edges[place]
    high = edges[place + 1] if place + 1 < len(edges) else 2 * low or Decimal(120)
    value: Decimal = low + (high - low) * between(pick, 0, 1, 4)
    if measure == "mL/min/kg":
        value *= weight
    limit = LIMITS["crcl_ml_min"]
    value = value.quantize(_STEP, ROUND_HALF_UP)
    return limit.low if value < limit.low else limit.high if value > limit.high else value


def _child(pick: Random, reach: _Reach) -> dict[str, Any]:
    """A child from birth to 18 years, in a size that fits."""
    months = pick.choice((pick.randint(0, 23), pick.randint(24, ADULT_MONTHS)))
    height, weight = _size(pick, Fraction(months, 12))
    facts: dict[str, Any] = {
        "sex": pick.choice(("female", "male")),
        "weight_kg": weight,
        "height_cm": height,
        "creatinine": Creatinine(between(pick, Decimal("0.15"), Decimal("2.5"), 2), "mg/dL"),
        "formulation": "tablet" if pick.random() < 0.1 else "oral_solution",
        "organ": pick.choice(ORGANS),
    } | _age(months)
    if pick.random() < 0.03:
        facts["dialysis"] = pick.choice(DIALYSES[1:])
    more = _history(pick, reach)
    if months < 12 and pick.random() < 0.5:
        more["conditions"] = {**more.get("conditions", {}), "low_birth_weight": True}
    return facts | more


def _size(pick: Random, years: Fraction) -> tuple[Decimal, Decimal]:
    above = [*_GROWTH[1:], _GROWN]
    place = max(number for number, row in enumerate(_GROWTH) if row[0] <= years)
    low, high = _GROWTH[place], above[place]
    return between(pick, low[1], high[1]), between(pick, low[2], high[2])


def _history(pick: Random, reach: _Reach) -> dict[str, Any]:
    """Counts, now and then a condition, a medicine or a limit of the content nearby."""
    facts: dict[str, Any] = {}
    if pick.random() < 0.7:
        facts |= {"anc": between(pick, Decimal("0.2"), 8), "platelets": between(pick, 10, 400, 0)}
        facts["haemoglobin"] = between(pick, 65, 160, 0)
    if pick.random() < 0.15:
        facts["conditions"] = {pick.choice(CONDITIONS[1:]): True}
    if reach.ends_after_transplantation:
        facts |= {"organ": pick.choice(ORGANS)}
        if pick.random() < 0.7:
            facts["days_after_transplantation"] = pick.randint(0, 60)
    if pick.random() < 0.2:
        facts["no_weekend_draws"] = True
    return facts
