"""Cautions about what was entered: figures that are possible but deserve a second look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from .body_size import LEAST_HEIGHT_CM, OBESE_BMI, body_mass_index, weights
from .formulary import LABS
from .orders import Finding, Order, drugs_of, one_per_table
from .patient import (
    CREATININE_OLD_DAYS,
    FOSCARNET_CRCL_LOOK_BELOW,
    LIMITS,
    START_FAR_DAYS,
    WEIGHT_OLD_DAYS,
    PatientFacts,
)
from .renal import KidneyFunction


def about_inputs(
    facts: PatientFacts, kidneys: KidneyFunction | None, orders: Sequence[Order], start: date
) -> list[Finding]:
    """Cautions and notes about the figures that were entered."""
    given = [order for order in orders if order.dose is not None]
    found = _counts(facts, given) + _second_looks(facts, kidneys, orders, start)
    if facts.on_dialysis and (facts.creatinine is not None or facts.crcl_ml_min is not None):
        found.append(Finding("clearance-not-used-on-dialysis", "note"))
    if kidneys is not None:
        found += _weights(facts, kidneys, orders)
    return found


def _counts(facts: PatientFacts, given: Sequence[Order]) -> list[Finding]:
    drugs = drugs_of(given)
    watched = [drug for drug in drugs if drug.thresholds]
    if not watched:
        return []
    slugs = tuple(drug.slug for drug in watched)
    thresholds = {threshold.lab: threshold for drug in watched for threshold in drug.thresholds}
    sources = {
        lab: tuple(
            dict.fromkeys(
                source
                for drug in watched
                for threshold in drug.thresholds
                if threshold.lab == lab
                for source in threshold.sources
            )
        )
        for lab in thresholds
    }
    found = []
    for threshold in thresholds.values():
        value = getattr(facts, threshold.lab)
        if value is None or threshold.caution_below is None:
            continue
        if threshold.stop_below <= value < threshold.caution_below:
            figures = {"value": value, "limit": threshold.caution_below}
            lab = threshold.lab
            found.append(Finding("anc-below-1", "caution", "", slugs, figures, sources[lab]))
    blank = [lab for lab in LABS if lab in thresholds and getattr(facts, lab) is None]
    if blank:
        limits = {lab: thresholds[lab].stop_below for lab in blank}
        cited = tuple(dict.fromkeys(source for lab in blank for source in sources[lab]))
        found.append(Finding("counts-not-entered", "caution", "", slugs, limits, cited))
    return found


def _second_looks(
    facts: PatientFacts, kidneys: KidneyFunction | None, orders: Sequence[Order], start: date
) -> list[Finding]:
    found = []

    def look(code: str, **figures: object) -> None:
        found.append(Finding(code, "caution", figures=figures))

    adult = "adult_" if facts.is_adult else ""
    if facts.has("kidney_function_changing") and kidneys_matter(orders):
        look("kidney-function-unstable", dialysis=facts.on_dialysis)
    if facts.weight_kg is not None and LIMITS[f"{adult}weight_kg"].unusual(facts.weight_kg):
        look("weight-unusual", value=facts.weight_kg)
    if not facts.on_dialysis:
        creatinine = facts.creatinine
        if creatinine and LIMITS[f"{adult}serum_creatinine"].unusual(creatinine.mg_dl):
            look("creatinine-unusual", value=creatinine, low=creatinine.mg_dl < 1)
        clearance = None if kidneys is None else kidneys.crcl_ml_min or kidneys.uncapped
        if clearance is not None and LIMITS["crcl_ml_min"].unusual(clearance):
            look("clearance-unusual", value=clearance, low=False)
        per_kg = any(order.table.measure == "mL/min/kg" for order in orders)
        entered = facts.crcl_ml_min
        if per_kg and entered is not None and entered < FOSCARNET_CRCL_LOOK_BELOW:
            look("clearance-unusual", value=Fraction(entered), low=True)
        found += _creatinine_age(facts, orders, start)
    for lab in LABS:
        value = getattr(facts, lab)
        limit = LIMITS[lab]
        if value is not None and limit.unusual(value):
            look("count-unusual", lab=lab, value=value)
    if abs((start - facts.assessed_on).days) > START_FAR_DAYS:
        look("start-date-far", start=start, today=facts.assessed_on)
    if _older(facts.weight_date, facts.assessed_on, WEIGHT_OLD_DAYS):
        look("weight-old", date=facts.weight_date, days=WEIGHT_OLD_DAYS)
    return found


def _creatinine_age(facts: PatientFacts, orders: Sequence[Order], start: date) -> Iterator[Finding]:
    """A creatinine too old for a drug that asks for a fresh one at its dose, or for any."""
    measured = facts.serum_creatinine_date
    asked = [drug.start_conditions for drug in drugs_of(orders) if drug.start_conditions]
    for limits in asked:
        if _older(measured, start, limits.results_within_days):
            figures = {"date": measured, "days": limits.results_within_days}
            yield Finding("creatinine-old", "caution", figures=figures, sources=limits.sources)
            return
    if _older(measured, facts.assessed_on, CREATININE_OLD_DAYS):
        figures = {"date": measured, "days": CREATININE_OLD_DAYS}
        yield Finding("creatinine-old", "caution", figures=figures)


def kidneys_matter(orders: Sequence[Order]) -> bool:
    """Whether kidney function decides a dose of this plan, or creatinine is among its tests."""
    return any(
        order.table.measure or any(rule.test == "renal" for rule in order.drug.monitoring)
        for order in orders
    )


def _older(day: date | None, today: date, days: int) -> bool:
    return day is not None and (today - day).days > days


def _weights(
    facts: PatientFacts, kidneys: KidneyFunction, orders: Sequence[Order]
) -> list[Finding]:
    found: list[Finding] = []
    adult_tables = [order for order in orders if order.table.formula is None]
    if not adult_tables or not facts.is_adult:
        return found
    chosen = {facts.renal_weight, facts.dosing_weight} - {"actual"}
    known = weights(facts)
    above = sorted(basis for basis in chosen & set(known) if known[basis] > known["actual"])
    if above:
        figures: Mapping[str, object] = {basis: known[basis] for basis in above}
        found.append(Finding("chosen-weight-above-actual", "caution", "", (), figures))
    height, weight = facts.height_cm, facts.weight_kg
    short = height is not None and height < LEAST_HEIGHT_CM
    if short and weight and height and body_mass_index(weight, height) >= OBESE_BMI:
        found.append(Finding("ideal-weight-undefined", "note"))
    if kidneys.method != "cockcroft-gault":
        return found
    if kidneys.by_weight:
        moved = [
            order
            for order in one_per_table(adult_tables)
            if order.table.measure == "mL/min"
            and len({id(order.table.row_for(value)) for value in kidneys.by_weight.values()}) > 1
        ]
        if moved:
            drugs = tuple(dict.fromkeys(order.drug.slug for order in moved))
            figures = {"by_weight": kidneys.by_weight, "basis": facts.renal_weight}
            found.append(Finding("weight-basis-changes-band", "caution", "", drugs, figures))
    per_kg = [order for order in adult_tables if order.table.measure == "mL/min/kg"]
    if per_kg and facts.renal_weight != "actual":
        drugs = tuple(dict.fromkeys(order.drug.slug for order in per_kg))
        found.append(Finding("weight-basis-not-used", "note", "", drugs))
    return found
