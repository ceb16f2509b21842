"""Cautions and notes about the orders: edges of bands, rounding, drugs given together, rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from .edges import Edge, near_edges, printed
from .formulary import Drug, Regimen
from .orders import Finding, Order, drugs_of, one_per_drug, one_per_table
from .patient import CONDITIONS, PatientFacts
from .phases import Course, day_date
from .preparation import BagInfusion, BottleInfusion, doses_on_a_day
from .renal import KidneyFunction
from .second_looks import kidneys_matter
from .starting import start_cautions
from .stops import holds, said

#: Said whether or not a drug is given: what is urgent is the patient, not the plan.
URGENT = frozenset({"sight-threatening"})


def about_orders(
    facts: PatientFacts,
    kidneys: KidneyFunction | None,
    regimen: Regimen,
    course: Course,
    orders: Sequence[Order],
    start: date,
) -> list[Finding]:
    """Cautions and notes about the finished orders."""
    given = [order for order in orders if order.dose is not None]
    found: list[Finding] = []
    if kidneys is not None:
        found += _edges(facts, kidneys, orders, given)
        found += _child(facts, kidneys, orders)
    found += _rounding(given)
    found += [one for drug in drugs_of(given) for one in start_cautions(facts, drug)]
    found += _foscarnet(facts, kidneys, orders, given)
    found += _rules(facts, regimen, orders, given)
    found += _dates(facts, regimen, course, start)
    found += _unused(facts, regimen, course, orders)
    return found


def _edges(
    facts: PatientFacts, kidneys: KidneyFunction, orders: Sequence[Order], given: Sequence[Order]
) -> list[Finding]:
    if facts.on_dialysis:
        return []
    found = []
    for order in one_per_table(given):
        edges = near_edges(facts, kidneys, order.drug, order.table)
        if edges:
            level = _edge_level(facts, order.drug, edges[0])
            figures = {"edges": edges, "table": order.table}
            found.append(
                Finding(
                    "near-band-edge", level, "", (order.drug.slug,), figures, order.table.sources
                )
            )
    for order in one_per_table(orders):
        clearance = kidneys.in_measure(order.table.measure)
        if clearance is None or order.row is None:
            continue
        shown = printed(clearance, order.table.measure)
        if not order.row.contains(shown):
            figures = {"clearance": clearance, "shown": shown, "measure": order.table.measure}
            found.append(
                Finding("display-and-band-differ", "note", "", (order.drug.slug,), figures)
            )
    return found


def _edge_level(facts: PatientFacts, drug: Drug, nearest: Edge) -> str:
    percent = drug.near_edge_caution_percent
    if percent is None:
        return "note"
    close = nearest.distance * 100 <= Fraction(percent) * Fraction(nearest.edge)
    return "caution" if close or facts.has("kidney_function_changing") else "note"


def _child(facts: PatientFacts, kidneys: KidneyFunction, orders: Sequence[Order]) -> list[Finding]:
    found = []
    for order in orders:
        formula = order.table.formula
        months = facts.months
        if formula is None or months is None:
            continue
        drugs = (order.drug.slug,)
        if months < 12 and "low_birth_weight" not in facts.conditions:
            found.append(Finding("birth-weight-not-stated", "caution", "", drugs))
        if facts.organ is None:
            found.append(Finding("organ-assumed-kidney", "caution", "", drugs))
        if order.dose is None:
            continue
        if formula.note_from_months is not None and months >= formula.note_from_months:
            found.append(
                Finding(
                    "age-16-sources-differ", "note", formula.note_text, drugs, {}, formula.sources
                )
            )
        if kidneys.uncapped is not None and kidneys.uncapped != kidneys.capped:
            figures = {"uncapped": kidneys.uncapped, "cap": formula.clearance_cap}
            found.append(Finding("clearance-capped", "note", "", drugs, figures, formula.sources))
        if order.dose.uncapped_mg is not None:
            figures = {"uncapped": order.dose.uncapped_mg, "cap": formula.dose_cap_mg}
            found.append(Finding("dose-capped", "note", "", drugs, figures, formula.sources))
    return found


def _rounding(given: Sequence[Order]) -> list[Finding]:
    found = []
    for order in given:
        dose = order.dose
        assert dose is not None
        figures: dict[str, object] = {
            "exact": dose.exact_mg,
            "dose": dose.dose_mg,
            "change": dose.rounded.change_percent,
        }
        if dose.rounded.over_limit:
            found.append(Finding("rounding-over-limit", "caution", "", (order.drug.slug,), figures))
        oral = order.drug.oral
        if order.table.formula is None or oral is None or oral.caution_change_percent is None:
            continue
        if abs(dose.rounded.change_percent) > oral.caution_change_percent:
            figures = {**figures, "limit": oral.caution_change_percent}
            found.append(
                Finding("rounding-over-10-percent", "caution", "", (order.drug.slug,), figures)
            )
    return found


def _foscarnet(
    facts: PatientFacts,
    kidneys: KidneyFunction | None,
    orders: Sequence[Order],
    given: Sequence[Order],
) -> list[Finding]:
    found = []
    entered = kidneys is not None and kidneys.method == "entered"
    for order in one_per_drug(orders):
        if order.table.measure == "mL/min/kg" and entered and facts.crcl_source == "calculated":
            found.append(
                Finding(
                    "calculated-clearance-for-foscarnet",
                    "caution",
                    "",
                    (order.drug.slug,),
                    {},
                    order.table.sources,
                )
            )
    for order in one_per_drug(given):
        if _limited(facts, kidneys, order.drug):
            figures = {
                "creatinine": order.drug.limited_data_creatinine_mg_dl,
                "clearance": order.drug.limited_data_crcl_ml_min,
            }
            found.append(
                Finding(
                    "foscarnet-limited-data",
                    "caution",
                    "",
                    (order.drug.slug,),
                    figures,
                    order.drug.sources,
                )
            )
    found += _together(given)
    return found


def _limited(facts: PatientFacts, kidneys: KidneyFunction | None, drug: Drug) -> bool:
    over = drug.limited_data_creatinine_mg_dl
    under = drug.limited_data_crcl_ml_min
    if over is not None and facts.creatinine is not None and facts.creatinine.mg_dl > over:
        return True
    clearance = None if kidneys is None else kidneys.crcl_ml_min
    return under is not None and clearance is not None and clearance < under


def _together(given: Sequence[Order]) -> list[Finding]:
    """Fluid and sodium a day where a bottle drug and a vial drug run on the same days."""
    bottles = [
        order
        for order in given
        if order.dose and isinstance(order.dose.preparation, BottleInfusion)
    ]
    vials = [
        order for order in given if order.dose and isinstance(order.dose.preparation, BagInfusion)
    ]
    for one in bottles:
        for other in vials:
            if not _overlap(one, other):
                continue
            assert one.dose
            assert other.dose
            assert one.drug.bottle
            first, second = one.dose.preparation, other.dose.preparation
            assert isinstance(first, BottleInfusion)
            assert isinstance(second, BagInfusion)
            times = doses_on_a_day(other.dose.frequency)
            salt = Fraction(one.drug.bottle.saline_mmol_per_litre) / 1000 * second.bag.bag_ml
            figures = {
                "ml": tuple(ml + times * second.bag.total_ml for ml in first.day_ml),
                "mmol": tuple(mmol + times * salt for mmol in first.day_sodium_mmol),
            }
            slugs = (other.drug.slug, one.drug.slug)
            return [
                Finding(
                    "combined-fluid-and-salt", "note", "", slugs, figures, one.drug.bottle.sources
                )
            ]
    return []


def _rules(
    facts: PatientFacts, regimen: Regimen, orders: Sequence[Order], given: Sequence[Order]
) -> list[Finding]:
    """The content's own cautions and notes: of drugs that are given, and of the regimen."""
    found = []
    for drug in drugs_of(given):
        for rule in drug.rules:
            if rule.level == "stop" or not holds(rule, facts):
                continue
            finding = said(rule, (drug.slug,))
            if rule.code == "salt-and-water":
                finding = replace(finding, figures=_salt(drug, given))
            found.append(finding)
    slugs = tuple(drug.slug for drug in drugs_of(orders))
    # A regimen's caution is about giving it as it stands: moot once one of its drugs is stopped;
    # one about the patient's condition stays while any drug is given.
    whole = len(given) == len(orders)
    found += [
        said(rule, slugs)
        for rule in regimen.rules
        if holds(rule, facts)
        and (whole or rule.level == "note" or rule.code in URGENT or (rule.when and given))
    ]
    return found


def _salt(drug: Drug, given: Sequence[Order]) -> dict[str, object]:
    """Fluid in mL and sodium in mmol a day, of the drug's first order."""
    for order in given:
        dose = order.dose
        if order.drug.slug == drug.slug and dose and isinstance(dose.preparation, BottleInfusion):
            return {"ml": dose.preparation.day_ml, "mmol": dose.preparation.day_sodium_mmol}
    return {}


def _dates(facts: PatientFacts, regimen: Regimen, course: Course, start: date) -> list[Finding]:
    found = []
    if course.longer_than_source:
        found.append(Finding("longer-than-source", "caution", sources=regimen.sources))
    if regimen.transplant_ends:
        first = course.transplant_first_day
        if first is None:
            figures: dict[str, object] = {"day": course.transplant_last_day}
            found.append(
                Finding("transplant-date-missing", "caution", "", (), figures, regimen.sources)
            )
        late = regimen.start_late_after_day
        if first is not None and late is not None and first > late:
            figures = {"day": first, "limit": late}
            found.append(Finding("start-late", "caution", "", (), figures, regimen.sources))
    elif facts.transplant_date is not None:
        found.append(Finding("transplant-date-not-used", "note"))
    for span in course.spans:
        if span.first != span.nominal_first:
            figures = {"date": day_date(start, span.first)}
            found.append(Finding("first-dose-on-monday", "note", "", (span.phase.drug,), figures))
    return found


def _unused(
    facts: PatientFacts, regimen: Regimen, course: Course, orders: Sequence[Order]
) -> list[Finding]:
    """Answers that change nothing in this plan are named, so that none is taken in silence."""
    drugs = drugs_of(orders)
    spoken = {rule.when for drug in drugs for rule in drug.rules}
    spoken |= {rule.when for rule in regimen.rules}
    spoken.add("previous_drug_leucopenia")
    if kidneys_matter(orders):
        spoken.add("kidney_function_changing")
    if regimen.purpose == "treatment":
        spoken.add("disseminated")
    formula = any(order.table.formula for order in orders)
    months = facts.months
    if formula and months is not None and months < 12:
        spoken.add("low_birth_weight")
    unused = [name for name in CONDITIONS if facts.has(name) and name not in spoken]
    unused += [name for name in facts.allergies if f"allergy:{name}" not in spoken]
    unused += [
        name
        for name, used in _uses(facts, regimen, course, orders).items()
        if not used and getattr(facts, name) not in _NOT_GIVEN
    ]
    found = []
    if unused:
        found.append(Finding("not-used-here", "note", figures={"answers": tuple(unused)}))
    heard = _taken(spoken).union(*(d.start_conditions.free_of for d in drugs if d.start_conditions))
    silent = tuple(name for name in facts.taking if name not in heard)
    if silent and orders:
        found.append(Finding("no-interaction-listed", "note", figures={"taking": silent}))
    return found


#: What a fact is when it was not given, or is what would be taken anyway.
_NOT_GIVEN: tuple[object, ...] = (None, False, "central", {})


def _uses(
    facts: PatientFacts, regimen: Regimen, course: Course, orders: Sequence[Order]
) -> dict[str, bool]:
    """Which answers, beyond the conditions, this plan has a use for."""
    drugs = drugs_of(orders)
    conditions = [drug.start_conditions for drug in drugs if drug.start_conditions]
    rows = [row for order in orders for row in order.table.rows]
    return {
        "organ": any(end.organ for end in regimen.transplant_ends),
        "formulation": any(drug.oral and drug.oral.solution_mg_ml for drug in drugs),
        "venous_access": any(drug.bottle for drug in drugs),
        "follow_up_pcr": course.last is not None and regimen.purpose == "treatment",
        "prevention_pcr": regimen.purpose == "prevention"
        and any(rule.when == "prevention-pcr" for drug in drugs for rule in drug.monitoring),
        "region": any(row.region and row.taking in facts.taking for row in rows),
        "baseline_creatinine": bool(conditions),
        "urine_protein": bool(conditions),
        "urine_protein_mg_dl": bool(conditions),
        "last_doses": any(set(facts.last_doses) & set(one.free_of) for one in conditions),
        "immunoglobulin": bool(regimen.immunoglobulin),
        "surveillance_to": regimen.purpose == "surveillance",
    }


def _taken(spoken: set[str]) -> set[str]:
    """Co-medication the content has something to say about here."""
    named = (when.removeprefix("taking:") for when in spoken if when.startswith("taking:"))
    return {slug for slugs in named for slug in slugs.split("+")}


def _overlap(one: Order, other: Order) -> bool:
    """Whether two orders run on a common day."""
    return one.span.first <= other.span.horizon and other.span.first <= one.span.horizon
