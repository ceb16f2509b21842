"""The codes and levels of what the plan says, and the stops in the order of their table."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.oracle import doses, kidneys
from tests.oracle.children import age_covered
from tests.oracle.courses import Course, Phase
from tests.oracle.figures import half_up
from tests.oracle.inputs import Facts

GANCICLOVIRS = ("ganciclovir", "valganciclovir")
Finding = tuple[str, str]

# Codes the documents name with a level for the drugs of this edition. An answer may say more
# (boxed warnings, label status, further notes); only these are held against it.
NAMED = {
    "age-not-covered",
    "anc-below-1",
    "anc-below-start-threshold",
    "before-engraftment",
    "birth-weight-not-stated",
    "calculated-clearance-for-foscarnet",
    "chosen-weight-above-actual",
    "clearance-not-used-on-dialysis",
    "clearance-unusual",
    "count-unusual",
    "counts-not-entered",
    "creatinine-old",
    "creatinine-unusual",
    "daily-step-down-is-maintenance-dose",
    "dialysis-not-covered",
    "dialysis-not-studied",
    "display-and-band-differ",
    "dose-not-measurable",
    "dose-too-low-now",
    "foscarnet-electrolytes-first",
    "foscarnet-limited-data",
    "haemoglobin-below-start-threshold",
    "hypersensitivity",
    "kidney-function-unstable",
    "longer-than-source",
    "maribavir-antagonises-ganciclovir",
    "near-band-edge",
    "organ-assumed-kidney",
    "platelets-below-start-threshold",
    "pregnancy-not-covered",
    "renal-function-below-range",
    "rounding-over-10-percent",
    "rounding-over-limit",
    "salt-and-water",
    "start-date-far",
    "start-late",
    "transplant-date-missing",
    "weight-basis-changes-band",
    "weight-old",
    "weight-unusual",
}


@dataclass
class Laid:
    """One order as the findings need it: its phase and, where there is a dose, what it is."""

    phase: Phase
    stops: list[str]
    order: dict[str, Any]
    over_limit: bool = False
    over_ten_percent: bool = False

    @property
    def given(self) -> bool:
        return not self.stops


def clearance_for(facts: Facts, drug: str) -> Any:
    """The clearance, or None, in the unit the drug's tables are read with."""
    if drug == "foscarnet":
        return kidneys.clearance_per_kg(facts)
    return kidneys.clearance(facts)


def renal_stop(facts: Facts, phase: Phase) -> str | None:
    """Age, dialysis or clearance: the one reason for which there is no row."""
    if facts.is_child_regimen:
        if not age_covered(facts):
            return "age-not-covered"
        return "dialysis-not-covered" if facts.on_dialysis else None
    if not facts.adult:
        return "age-not-covered"
    if facts.on_dialysis:
        if facts.dialysis == "haemodialysis" and phase.drug == "ganciclovir":
            covered = doses.ganciclovir_on_haemodialysis(phase.table) is not None
            return None if covered else "dialysis-not-covered"
        return "dialysis-not-covered"
    value = clearance_for(facts, phase.drug)
    if doses.row(phase.drug, phase.table, value) is None:
        return "renal-function-below-range"
    return None


def stops(facts: Facts, phase: Phase) -> list[str]:
    """Every stop of one order, first the one that is its reason."""
    found = []
    if phase.drug in GANCICLOVIRS:
        limits = (("anc", "0.5"), ("platelets", "25"), ("haemoglobin", "80"))
        for name, limit in limits:
            if name in facts.labs and facts.labs[name] < Fraction(limit):
                found.append(f"{name}-below-start-threshold")
    renal = renal_stop(facts, phase)
    if renal is not None:
        found.append(renal)
    if phase.drug in GANCICLOVIRS and "maribavir" in facts.taking:
        found.append("maribavir-antagonises-ganciclovir")
    allergic = phase.drug in facts.allergies
    if phase.drug in GANCICLOVIRS:
        allergic = any(drug in facts.allergies for drug in GANCICLOVIRS)
    if allergic:
        found.append("hypersensitivity")
    if facts.ticked("pregnant"):
        found.append("pregnancy-not-covered")
    return found


def near_edge(facts: Facts, phase: Phase) -> str | None:
    """The level of the near-edge finding of one drug and table, if there is one."""
    if facts.is_child_regimen or facts.on_dialysis:
        return None
    value = clearance_for(facts, phase.drug)
    edges = [Fraction(edge) for edge in doses.EDGES[phase.drug, phase.table]]
    near = [edge for edge in edges if abs(value - edge) <= edge / 10]
    if not near:
        return None
    nearest = min(near, key=lambda edge: abs(value - edge))
    very_near = abs(value - nearest) <= 3 * nearest / 100
    if phase.drug != "foscarnet" and (very_near or facts.ticked("kidney_function_changing")):
        return "caution"
    return "note"


def _display_differs(facts: Facts, phase: Phase) -> bool:
    """Clearance prints whole, per kg with two decimals."""
    value = clearance_for(facts, phase.drug)
    if value is None:
        return False
    printed = half_up(value * 100) / 100 if phase.drug == "foscarnet" else half_up(value)
    shown, used = (doses.row(phase.drug, phase.table, one) for one in (printed, value))
    return shown != used


def _basis_matters(facts: Facts, phase: Phase) -> bool:
    if phase.drug == "foscarnet" or not kidneys.estimated(facts):
        return False
    if not kidneys.three_weights_known(facts):
        return False
    rows = {
        doses.row(phase.drug, phase.table, kidneys.cockcroft_gault(facts, basis))
        for basis in ("actual", "ideal", "adjusted")
    }
    return len(rows) > 1


def about_inputs(facts: Facts, course: Course) -> set[Finding]:
    """Findings about what was sent: there whether or not a dose is."""
    drugs = {phase.drug for phase in course.phases}
    found = {(code, "caution") for code in _second_looks(facts, drugs)}
    if facts.ticked("kidney_function_changing"):
        found.add(("kidney-function-unstable", "caution"))
    if facts.on_dialysis:
        if facts.serum_creatinine is not None or facts.crcl_ml_min is not None:
            found.add(("clearance-not-used-on-dialysis", "note"))
        return found
    if facts.is_child_regimen:
        return found
    entered = facts.crcl_ml_min is not None
    if "foscarnet" in drugs and entered and facts.crcl_source == "calculated":
        found.add(("calculated-clearance-for-foscarnet", "caution"))
    if facts.adult and any(_display_differs(facts, phase) for phase in course.phases):
        found.add(("display-and-band-differ", "note"))
    if any(_basis_matters(facts, phase) for phase in course.phases):
        found.add(("weight-basis-changes-band", "caution"))
    return found


def _second_looks(facts: Facts, drugs: set[str]) -> set[str]:
    found = set()
    weight, creatinine, labs = facts.weight_kg, facts.creatinine_mg_dl, facts.labs
    if facts.adult and weight is not None and (weight < 35 or weight > 200):
        found.add("weight-unusual")
    if labs.get("anc", 0) > 20 or labs.get("haemoglobin", 25) < 25:
        found.add("count-unusual")
    if abs((facts.start - facts.today).days) > 14:
        found.add("start-date-far")
    if facts.weight_date is not None and (facts.today - facts.weight_date).days > 28:
        found.add("weight-old")
    if facts.on_dialysis:
        return found
    if creatinine is not None:
        if creatinine > 10 or (facts.adult and creatinine < Fraction("0.4")):
            found.add("creatinine-unusual")
        drawn = facts.serum_creatinine_date
        if drawn is not None and (facts.today - drawn).days > 7:
            found.add("creatinine-old")
    value, entered = kidneys.clearance(facts), facts.crcl_ml_min is not None
    if value is not None and (value > 180 or ("foscarnet" in drugs and entered and value < 5)):
        found.add("clearance-unusual")
    return found


def about_doses(facts: Facts, course: Course, laid: list[Laid]) -> set[Finding]:
    """Findings about how a drug is given: only where an order of it has a dose."""
    given = [item for item in laid if item.given]
    drugs = {item.phase.drug for item in given}
    found: set[Finding] = {(code, "stop") for item in laid for code in item.stops}
    for item in given:
        level = near_edge(facts, item.phase)
        if level is not None:
            found.add(("near-band-edge", level))
        if item.over_limit:
            found.add(("rounding-over-limit", "caution"))
        if item.over_ten_percent:
            found.add(("rounding-over-10-percent", "caution"))
    cautions = set()
    if drugs & set(GANCICLOVIRS):
        cautions |= _ganciclovir_cautions(facts)
    if "foscarnet" in drugs:
        cautions |= _foscarnet_cautions(facts)
    if given and facts.is_child_regimen:
        cautions |= _child_cautions(facts)
    if facts.regimen == "ibd-colitis-daily-step-down" and "valganciclovir" in drugs:
        cautions.add("daily-step-down-is-maintenance-dose")
    if given and course.longer_than_source:
        cautions.add("longer-than-source")
    if given and _chosen_above_actual(facts):
        cautions.add("chosen-weight-above-actual")
    return found | {(code, "caution") for code in cautions}


def _ganciclovir_cautions(facts: Facts) -> set[str]:
    found = set()
    if any(name not in facts.labs for name in ("anc", "platelets", "haemoglobin")):
        found.add("counts-not-entered")
    if "anc" in facts.labs and Fraction("0.5") <= facts.labs["anc"] < 1:
        found.add("anc-below-1")
    if "aciclovir" in facts.allergies:
        found.add("hypersensitivity")
    return found


def _foscarnet_cautions(facts: Facts) -> set[str]:
    found = {"foscarnet-electrolytes-first"}
    creatinine, value = facts.creatinine_mg_dl, kidneys.clearance(facts)
    if creatinine is not None and creatinine > Fraction("2.8"):
        found.add("foscarnet-limited-data")
    if value is not None and value < 50:
        found.add("foscarnet-limited-data")
    if facts.ticked("heart_failure"):
        found.add("salt-and-water")
    return found


def _child_cautions(facts: Facts) -> set[str]:
    found = set()
    under_one = facts.age_months is not None and facts.age_months < 12
    if under_one and "low_birth_weight" not in facts.flags:
        found.add("birth-weight-not-stated")
    if facts.organ is None:
        found.add("organ-assumed-kidney")
    if facts.transplant_date is None:
        found.add("transplant-date-missing")
    elif (facts.start - facts.transplant_date).days > 10:
        found.add("start-late")
    return found


def _chosen_above_actual(facts: Facts) -> bool:
    bases = {facts.renal_weight, facts.dosing_weight} - {"actual"}
    return any(kidneys.weight_by(facts, basis) > facts.weight_kg for basis in bases)
