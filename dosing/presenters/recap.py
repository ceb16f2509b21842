"""The facts an answer was made from, in a few words each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dosing.engine.patient import PatientFacts
from dosing.engine.plan import Plan

from . import words
from .numbers import CHILD_UNIT, NBSP, amount, clearance, grouped, plain
from .starting import creatinine_words, protein_words


def recap(plan: Plan, entered: Mapping[str, str]) -> Iterator[str]:
    """The facts the answer was made from, each in a few words, and as they were entered."""
    facts = plan.facts
    patient = [_age(facts), facts.sex or ""]
    if facts.weight_kg is not None:
        patient.append(f"{amount(facts.weight_kg, 'kg', 3)}{_as_entered(entered, 'weight_kg')}")
    if facts.height_cm is not None:
        patient.append(f"{amount(facts.height_cm, 'cm', 1)}{_as_entered(entered, 'height_cm')}")
    if any(patient):
        yield ", ".join(part for part in patient if part)
    yield from _kidneys(plan)
    counts = [
        f"{words.LABS[lab]} {plain(value)}{NBSP}{words.LAB_UNITS[lab]}{_as_entered(entered, lab)}"
        for lab in ("anc", "platelets", "haemoglobin")
        if (value := getattr(facts, lab)) is not None
    ]
    if counts:
        yield ", ".join(counts)
    answered = [words.ANSWERS[name] for name, given in facts.conditions.items() if given]
    denied = [f"not {words.ANSWERS[name]}" for name, given in facts.conditions.items() if not given]
    if answered or denied:
        yield ", ".join((*answered, *denied))
    if facts.taking:
        yield f"takes {words.joined(words.CO_MEDICATIONS[slug] for slug in facts.taking)}"
    if facts.last_doses:
        lasts = (
            f"{words.CO_MEDICATIONS[slug]} {words.day(last)}"
            for slug, last in facts.last_doses.items()
        )
        yield f"last dose of {words.joined(lasts)}"
    if facts.region is not None:
        yield words.REGIONS[facts.region]
    protein = facts.urine_protein or facts.urine_protein_mg_dl
    if protein is not None:
        yield f"urine protein {protein_words(protein)}"
    if facts.allergies:
        yield ", ".join(words.ANSWERS.get(one, f"allergy to {one}") for one in facts.allergies)
    if any(order.drug.bottle for order in plan.orders):
        yield f"{facts.venous_access} line"
    if facts.transplant_date is not None:
        yield f"transplantation {words.day(facts.transplant_date)}"
    yield f"start {words.day(plan.start)}"


def _as_entered(entered: Mapping[str, str], name: str) -> str:
    return f" (entered as {entered[name]})" if name in entered else ""


def _age(facts: PatientFacts) -> str:
    if facts.age_months is not None:
        return words.plural(facts.age_months, "month")
    if facts.age_years is None:
        return ""
    unit = "year" if facts.age_years == 1 else "years"
    return f"{plain(facts.age_years)}{NBSP}{unit}"


def _kidneys(plan: Plan) -> Iterator[str]:
    facts, kidneys = plan.facts, plan.kidneys
    if facts.on_dialysis:
        yield f"on {words.DIALYSES[facts.dialysis]}, no clearance used"
        return
    if facts.creatinine is not None:
        unit = "µmol/L" if facts.creatinine.unit == "umol/L" else facts.creatinine.unit
        yield f"creatinine {grouped(plain(facts.creatinine.value))}{NBSP}{unit}"
    if facts.baseline_creatinine is not None:
        yield f"before the first dose {creatinine_words(facts.baseline_creatinine)}"
    if kidneys is None:
        return
    if kidneys.uncapped is not None and kidneys.capped is not None:
        unit = CHILD_UNIT
        capped = f", capped at {amount(kidneys.capped, unit)}"
        yield (
            f"clearance {amount(kidneys.uncapped, unit, 1)} by the child formula"
            f"{capped if kidneys.capped != kidneys.uncapped else ''}"
        )
        return
    tables = [order.table for order in plan.orders if order.table.measure]
    measures = dict.fromkeys([table.measure for table in tables] or ["mL/min"])
    shown = [
        clearance(value, measure)
        for measure in measures
        if (value := kidneys.in_measure(measure)) is not None
    ]
    if not shown:
        return
    yield f"clearance {' and '.join(shown)} {_method(plan)}"
    others = [
        f"{clearance(value, 'mL/min')} by {words.BASES[basis]}"
        for basis, value in kidneys.by_weight.items()
        if basis != facts.renal_weight and "mL/min" in measures
    ]
    if others:
        yield f"for comparison {words.joined(others)}"


def _method(plan: Plan) -> str:
    facts, kidneys = plan.facts, plan.kidneys
    if kidneys is not None and kidneys.method == "entered":
        if facts.crcl_source == "measured":
            return "as entered, measured"
        return "as entered, calculated elsewhere"
    measured = [order.table.measure for order in plan.orders]
    if measured and set(measured) == {"mL/min/kg"}:
        return "from creatinine, without a weight"
    return f"by Cockcroft-Gault, {words.BASES[facts.renal_weight]}"
