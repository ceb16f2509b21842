"""Checks that every dose of the tables can be made ready: steps, bags, times, hydration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from dosing.engine.formulary import (
    Bag,
    BottlePreparation,
    ChildFormula,
    DoseRow,
    DoseTable,
    Drug,
    Formulary,
    Hydration,
    InfusionTime,
    OralPreparation,
    SchwartzRow,
    StartConditions,
    VialPreparation,
)

from .finding import Finding, band, tables, walk, words

MEASURED = (
    Bag,
    BottlePreparation,
    ChildFormula,
    Hydration,
    InfusionTime,
    OralPreparation,
    SchwartzRow,
    StartConditions,
    VialPreparation,
)
MAY_BE_ZERO = {
    "first_hydration_ml_min",
    "from_months",
    "from_per_kg",
    "ml_min",
    "saline_mmol_per_litre",
    "sodium_mmol_per_ml",
}
#: Two figures of one kind this far apart are no choice of a ward, but a misplaced point.
TENFOLD = 10


def steps_are_given(formulary: Formulary) -> Iterator[Finding]:
    """Every rounding has steps above 0, the coarsest first."""
    for drug in formulary.drugs.values():
        for rounding in drug.roundings:
            steps = rounding.steps_mg
            if not steps or min(steps) <= 0 or list(steps) != sorted(set(steps), reverse=True):
                yield Finding(
                    "rounding-steps",
                    f"{words(drug)}, {words(rounding)}",
                    "Give the steps in mg, the largest first and each above 0.",
                    (rounding,),
                )


def figures_are_above_zero(formulary: Formulary) -> Iterator[Finding]:
    """Strengths, volumes, minutes and factors are above 0; only salt and lower limits may be 0."""
    for place, row in walk(formulary):
        for spec in fields(row) if isinstance(row, MEASURED) else ():
            value = getattr(row, spec.name)
            if not isinstance(value, int | Decimal) or isinstance(value, bool):
                continue
            if value < 0 or (value == 0 and spec.name not in MAY_BE_ZERO):
                yield Finding(
                    "figure-not-above-zero",
                    place,
                    f"{spec.name} is {value}; above 0 is needed.",
                    (row,),
                )


def near_edges_are_ranges(formulary: Formulary) -> Iterator[Finding]:
    """Near an edge: the caution lies inside the note, and both are a real share of the edge."""
    for drug in formulary.drugs.values():
        note, caution = drug.near_edge_percent, drug.near_edge_caution_percent
        if not 0 < note < 100 or not (caution is None or 0 < caution <= note):
            yield Finding(
                "near-edge",
                words(drug),
                f"A note within {note} % of an edge and a caution within {caution} %: "
                "the caution must lie inside the note, both above 0.",
            )


def counts_are_watched_before_they_stop(formulary: Formulary) -> Iterator[Finding]:
    """More tests begin above the count at which a drug stops, and not at any healthy count."""
    for drug in formulary.drugs.values():
        for limit in drug.thresholds:
            stop, caution = limit.stop_below, limit.caution_below
            if caution is not None and not stop < caution <= TENFOLD * stop:
                yield Finding(
                    "count-limits",
                    f"{words(drug)}, {words(limit)}",
                    f"No dose below {stop}, more tests below {caution}: the second must be above "
                    "the first, and at most ten times as much.",
                    (limit,),
                )


def bags_hold_every_dose(formulary: Formulary) -> Iterator[Finding]:
    """A vial drug has a bag for any dose, and a strength limit that a bag keeps and can pass."""
    for drug in formulary.drugs.values():
        if drug.vial is None:
            continue
        place = f"{words(drug)}, {words(drug.vial)}"
        if not any(bag.up_to_mg is None and not bag.alternative for bag in drug.vial.bags):
            yield Finding("bag-missing", place, "No bag is named for doses of any size.")
        most = drug.vial.max_concentration_mg_ml
        vial = Fraction(drug.vial.vial_mg) / Fraction(drug.vial.diluent_ml or 1)
        if most is not None and most >= vial:
            yield Finding(
                "strength-limit-idle",
                place,
                f"The strongest solution of {most} mg/mL limits nothing: the vial itself has "
                f"{float(vial):g} mg/mL.",
                (drug.vial,),
            )
        for bag in drug.vial.bags:
            if bag.up_to_mg is not None:
                strength = _concentration(drug.vial, bag.ml, bag.up_to_mg)
                if most is not None and strength > most:
                    yield Finding(
                        "bag-too-small",
                        place,
                        f"{bag.up_to_mg} mg in the {bag.ml} mL bag is stronger than {most} mg/mL.",
                        (bag,),
                    )


def _concentration(vial: VialPreparation, bag_ml: Decimal, dose_mg: Decimal) -> Fraction:
    drawn = Fraction(dose_mg) * Fraction(vial.diluent_ml) / Fraction(vial.vial_mg)
    return Fraction(dose_mg) / (Fraction(bag_ml) + drawn)


def bottles_can_be_used(formulary: Formulary) -> Iterator[Finding]:
    """A bottle drug names its bottles, and a peripheral line gets a weaker solution."""
    for drug in formulary.drugs.values():
        if drug.bottle is None:
            continue
        place = f"{words(drug)}, {words(drug.bottle)}"
        if not drug.bottle.bottles_ml or min(drug.bottle.bottles_ml) <= 0:
            yield Finding("bottle-missing", place, "No size of bottle is named.")
        if not 0 < drug.bottle.peripheral_mg_ml <= drug.bottle.concentration_mg_ml:
            yield Finding(
                "peripheral-strength",
                place,
                f"{drug.bottle.peripheral_mg_ml} mg/mL for a peripheral line is no dilution of "
                f"{drug.bottle.concentration_mg_ml} mg/mL.",
            )


def infusion_times_cover(formulary: Formulary) -> Iterator[Finding]:
    """Every mg/kg of a bottle drug's tables has one least infusion time, longer for more."""
    for place, drug, table in tables(formulary):
        if drug.bottle is None:
            continue
        for row in _dosed(table):
            assert row.amount is not None
            if not any(_fits(time, table, row.amount) for time in drug.bottle.times):
                yield Finding(
                    "infusion-time-missing",
                    place,
                    f"“{band(row)}” ({row.amount} mg/kg) has no infusion time for {table.course}.",
                )
    for drug in _bottle_drugs(formulary):
        assert drug.bottle is not None
        yield from _times_in_order(drug, drug.bottle)


def infusions_keep_the_rate(formulary: Formulary) -> Iterator[Finding]:
    """No amount of a bottle drug's tables, in its least time, passes the bottle's own rate."""
    for drug in _bottle_drugs(formulary):
        assert drug.bottle is not None
        rates = [
            (Fraction(row.amount) / time.minutes, row.amount, time)
            for table in drug.tables.values()
            for row in _dosed(table)
            for time in drug.bottle.times
            if row.amount is not None and time.minutes and _fits(time, table, row.amount)
        ]
        highest, amount, time = max(
            rates, key=lambda one: one[0], default=(Fraction(0), None, None)
        )
        if time is not None and highest > drug.bottle.max_mg_kg_min:
            yield Finding(
                "infusion-too-fast",
                f"{words(drug)}, {words(drug.bottle)}",
                f"{amount} mg/kg in {time.minutes} minutes is faster than "
                f"{drug.bottle.max_mg_kg_min} mg/kg a minute.",
                (time, drug.bottle),
            )


def _times_in_order(drug: Drug, bottle: BottlePreparation) -> Iterator[Finding]:
    place = f"{words(drug)}, {words(bottle)}"
    for course in sorted({time.course for time in bottle.times}):
        rows = sorted(
            (time for time in bottle.times if time.course == course),
            key=lambda time: (time.up_to_per_kg is None, time.up_to_per_kg or Decimal(0)),
        )
        for lower, higher in pairwise(rows):
            if lower.up_to_per_kg == higher.up_to_per_kg:
                yield Finding(
                    "infusion-time-twice",
                    place,
                    f"Two infusion times for {course} {_up_to(lower)}; one is needed.",
                    (lower, higher),
                )
            elif lower.minutes > higher.minutes:
                yield Finding(
                    "infusion-time-falls",
                    place,
                    f"{course} {_up_to(higher)} runs {higher.minutes} minutes, less than the "
                    f"{lower.minutes} minutes {_up_to(lower)}.",
                    (lower, higher),
                )


def _fits(time: InfusionTime, table: DoseTable, per_kg: Decimal) -> bool:
    return time.course == table.course and (
        time.up_to_per_kg is None or per_kg <= time.up_to_per_kg
    )


def _up_to(time: InfusionTime) -> str:
    return "at any dose" if time.up_to_per_kg is None else f"up to {time.up_to_per_kg} mg/kg"


def hydration_covers(formulary: Formulary) -> Iterator[Finding]:
    """Every mg/kg of a bottle drug's tables has exactly one hydration row, of like volumes."""
    for place, drug, table in tables(formulary):
        if drug.bottle is None:
            continue
        for amount in Counter(row.amount for row in _dosed(table)):
            assert amount is not None
            found = sum(row.from_per_kg <= amount <= row.to_per_kg for row in drug.bottle.hydration)
            if found == 0:
                yield Finding("hydration-missing", place, f"{amount} mg/kg has no hydration row.")
            elif found > 1:
                yield Finding(
                    "hydration-twice", place, f"{amount} mg/kg has {found} hydration rows."
                )
    for drug in _bottle_drugs(formulary):
        assert drug.bottle is not None
        bottle, place = drug.bottle, f"{words(drug)}, {words(drug.bottle)}"
        ranges = [(row.ml_min, row.ml_max) for row in bottle.hydration]
        ranges.append((bottle.first_hydration_ml_min, bottle.first_hydration_ml_max))
        for least, most in ranges:
            if least > most:
                yield Finding(
                    "hydration-range", place, f"{least} to {most} mL of fluid is no range."
                )
        fluids = [ml for pair in ranges for ml in pair if ml]
        if fluids and max(fluids) >= TENFOLD * min(fluids) and all(a <= b for a, b in ranges):
            yield Finding(
                "hydration-far-apart",
                place,
                f"{max(fluids)} mL of fluid stands beside {min(fluids)} mL, ten times as much or "
                "more. Is a point misplaced?",
            )


def _dosed(table: DoseTable) -> list[DoseRow]:
    return [row for row in table.rows if row.amount is not None]


def _bottle_drugs(formulary: Formulary) -> list[Drug]:
    return [drug for drug in formulary.drugs.values() if drug.bottle is not None]
