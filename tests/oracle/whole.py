"""The whole answer, and what in it the documents leave open."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle import children, doses, kidneys, preparation, schedule
from tests.oracle.courses import Phase, Refused, lay_out
from tests.oracle.figures import exact, percent
from tests.oracle.findings import Laid, about_doses, about_inputs, clearance_for, stops
from tests.oracle.inputs import Facts, read


def answer(payload: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What the contract's answer must say; `open` names what cannot be held against it."""
    facts, wrong = read(payload, today)
    if wrong:
        return {"status": "invalid", "fields": wrong}
    try:
        course = lay_out(facts)
        laid = [_order(facts, phase) for phase in course.phases]
    except Refused as refused:
        return {"status": "invalid", "fields": {str(refused)}}
    except children.NoTablet:
        return {"status": "invalid", "fields": {"formulation"}}
    given = [(item.phase, _below_top(facts, item)) for item in laid if item.given]
    return {
        "status": "ok" if len(given) == len(laid) else "stopped",
        "renal": kidneys.renal_block(facts),
        "orders": [item.order for item in laid],
        "monitoring": schedule.monitoring(facts, course, given),
        "reviews": schedule.reviews(course),
        "findings": about_inputs(facts, course) | about_doses(facts, course, laid),
        "open": _open(facts, laid),
    }


def _below_top(facts: Facts, item: Laid) -> bool:
    """Whether the order stands below its table's top band; the tops all end in infinity."""
    return not facts.on_dialysis and "∞" not in item.order["band"]


def _order(facts: Facts, phase: Phase) -> Laid:
    order: dict[str, Any] = {
        "drug": phase.drug,
        "table": phase.table,
        "route": "oral" if phase.drug == "valganciclovir" else "intravenous",
        "start_day": phase.start,
        "end_day": phase.end,
    }
    laid = Laid(phase, stops(facts, phase), order)
    if not laid.stops:
        if facts.is_child_regimen:
            _child(facts, laid)
        elif phase.drug == "valganciclovir":
            _tablets(facts, laid)
        else:
            _infusion(facts, laid)
    if laid.stops:
        order.update(status="do-not-give", reason=laid.stops[0])
    return laid


def _row(facts: Facts, phase: Phase) -> Any:
    """The table's row; there is one, or the order would have been stopped."""
    if facts.dialysis == "haemodialysis" and phase.drug == "ganciclovir":
        return doses.ganciclovir_on_haemodialysis(phase.table)
    return doses.row(phase.drug, phase.table, clearance_for(facts, phase.drug))


def _infusion(facts: Facts, laid: Laid) -> None:
    phase, weight = laid.phase, kidneys.weight_by(facts, facts.dosing_weight)
    band, written, frequency = _row(facts, phase)
    per_kg = Fraction(written)
    wanted = per_kg * weight
    if phase.drug == "ganciclovir":
        rounded = doses.rounded_ganciclovir(wanted, facts.on_dialysis)
        made = preparation.ganciclovir(rounded.dose)
    else:
        rounded = doses.rounded_foscarnet(wanted)
        made = preparation.foscarnet(phase.table, per_kg, rounded.dose, weight, facts.venous_access)
    laid.over_limit = rounded.over_limit
    laid.order.update(
        status="dose",
        band=band,
        per_kg=written,
        exact_mg=exact(wanted),
        dose_mg=exact(rounded.dose),
        rounding_percent=percent(wanted, rounded.dose),
        frequency=frequency,
        preparation=made,
    )


def _tablets(facts: Facts, laid: Laid) -> None:
    band, dose, frequency = _row(facts, laid.phase)
    make = preparation.solution if facts.formulation == "oral_solution" else preparation.tablets
    laid.order.update(
        status="dose",
        band=band,
        exact_mg=dose,
        dose_mg=dose,
        rounding_percent="0",
        frequency=frequency,
        preparation=make(Fraction(dose)),
    )


def _child(facts: Facts, laid: Laid) -> None:
    worked = children.child_dose(facts)
    if worked is None:
        laid.stops.append("dose-not-measurable")
        return
    make = preparation.tablets if facts.formulation == "tablet" else preparation.solution
    laid.over_ten_percent = worked.over_ten_percent
    laid.order.update(
        status="dose",
        band="formula",
        exact_mg=worked.exact_mg,
        dose_mg=exact(worked.dose),
        rounding_percent=worked.rounding_percent,
        frequency="q24h",
        preparation=make(worked.dose),
    )


def _open(facts: Facts, laid: list[Laid]) -> set[str]:
    """Points on which the documents can be read either way, so neither reading is a fault."""
    unsaid = set()
    stopped = [item for item in laid if not item.given]
    if stopped:
        # whether a half-stopped plan prints review rows, and what it still says of its course
        unsaid |= {"reviews", "longer-than-source", "chosen-weight-above-actual"}
        if facts.is_child_regimen:
            unsaid |= {"transplant-date-missing", "start-late", "organ-assumed-kidney"}
            unsaid |= {"birth-weight-not-stated", "dose-not-measurable"}
    if any(item.stops == ["dose-not-measurable"] for item in laid):
        unsaid.discard("dose-not-measurable")
    if "age-not-covered" in {code for item in stopped for code in item.stops}:
        # nobody says whether the kidneys are still looked at
        unsaid |= {"renal-function-below-range", "dialysis-not-covered"}
        unsaid.add("display-and-band-differ")
        if facts.is_child_regimen:
            unsaid.add("renal")
    if facts.on_dialysis:
        unsaid.add("calculated-clearance-for-foscarnet")
    if facts.is_child_regimen:
        unsaid.add("clearance-unusual")
    return unsaid
