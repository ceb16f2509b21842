"""Sentences about what must hold before a dose: creatinine, urine, medicines taken as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dosing.engine.formulary import ClockStep, DoseRow, StartConditions
from dosing.engine.orders import Finding
from dosing.engine.patient import Creatinine
from dosing.engine.plan import Plan
from dosing.engine.units import UMOL_L_PER_MG_DL

from . import words
from .numbers import NBSP, amount, at_most, number, plain


def creatinine_words(creatinine: Creatinine) -> str:
    """Creatinine as it was entered: 1.2 mg/dL, 106 µmol/L."""
    unit = "µmol/L" if creatinine.unit == "umol/L" else creatinine.unit
    return f"{number(creatinine.value)}{NBSP}{unit}"


def protein_words(protein: object) -> str:
    """Urine protein as it was entered: 2+, 120 mg/dL."""
    return f"{plain(protein)}{NBSP}mg/dL" if isinstance(protein, Decimal) else str(protein)


def both_units(mg_dl: Decimal | Fraction) -> str:
    """A limit of creatinine as laboratories report it: 1.5 mg/dL (132.6 µmol/L)."""
    other = at_most(Fraction(mg_dl) * Fraction(UMOL_L_PER_MG_DL), 2)
    return f"{at_most(mg_dl, 4)}{NBSP}mg/dL ({other}{NBSP}µmol/L)"


def _creatinine_high(finding: Finding, names: str, plan: Plan) -> str:
    """Creatinine above the highest with which a dose is started, or not entered."""
    value, limit = finding.figures["value"], both_units(finding.figures["limit"])
    if value is None:
        said = f"Creatinine is not entered: {names} needs it, at most {limit}. Enter it"
        return f"{said} instead of the clearance. {finding.text}"
    return f"Creatinine {creatinine_words(value)} is above {limit}: no {names}. {finding.text}"


def _clearance_low(finding: Finding, names: str, plan: Plan) -> str:
    """The label's own limit of clearance."""
    row: DoseRow | None = finding.figures["row"]
    if row is None or row.high is None:
        return f"The label forbids {names} on dialysis. {finding.text}"
    edge = f"{plain(row.high)}{NBSP}mL/min"
    where = f"at a clearance of {edge} or less" if row.high_closed else f"below {edge}"
    return f"The label forbids {names} {where}. {finding.text}"


def _proteinuria(finding: Finding, names: str, plan: Plan) -> str:
    """Too much protein in the urine, or not entered; on treatment a lower result is a caution."""
    limits: StartConditions = finding.figures["limits"]
    protein = finding.figures["protein"]
    if finding.level == "caution":
        return (
            f"Urine protein {protein_words(protein)} on treatment: give fluid IV and repeat the "
            f"test before any dose of {names}. If it stays, reduce or interrupt with infectious "
            "diseases."
        )
    if protein is None:
        return (
            f"Urine protein is not entered: no {names} without it. Measure it, with creatinine, "
            f"within 48 hours before the dose. {finding.text}"
        )
    under_way = plan.facts.baseline_creatinine is not None
    if under_way and isinstance(protein, Decimal):
        return (
            f"Urine protein {protein_words(protein)} on treatment: enter the dipstick result. "
            f"{limits.protein_from} is a reason to pause, {limits.protein_stop_on_treatment} to "
            f"end {names}. {finding.text}"
        )
    most = f"{plain(limits.protein_from_mg_dl)}{NBSP}mg/dL or {limits.protein_from}"
    return f"Urine protein {protein_words(protein)} reaches {most}: no {names}. {finding.text}"


def _nephrotoxic(finding: Finding, names: str, plan: Plan) -> str:
    """Medicines that harm the kidneys, taken too recently."""
    days = finding.figures["days"]
    parts = []
    for slug in finding.figures["slugs"]:
        last = plan.facts.last_doses.get(slug)
        now = slug in plan.facts.taking
        when = "now" if now or last is None else f"last on {words.day(last)}"
        parts.append(f"{words.CO_MEDICATIONS[slug]} ({when})")
    return (
        f"Harms the kidneys too, and its last dose is not {days} days before the start: "
        f"{words.joined(parts)}. No {names}. If it has ended, untick it and enter the date of its "
        f"last dose. {finding.text}"
    )


def _rise(finding: Finding, names: str, plan: Plan) -> str:
    """Creatinine above the one before the first dose: the lower dose, or the end."""
    figures = finding.figures
    if "protein" in figures:
        return f"Urine protein {figures['protein']} on treatment: end {names}. {finding.text}"
    risen = f"Creatinine has risen by {both_units(figures['rise'])} since before the first dose"
    if finding.level == "stop":
        return f"{risen}, by {both_units(figures['limit'])} or more: end {names}. {finding.text}"
    return (
        f"{risen}: this is the reduced dose of {names}, for a rise from "
        f"{both_units(figures['from'])} to below {both_units(figures['until'])}."
    )


def text(finding: Finding, names: str, plan: Plan) -> str:
    """The sentence of a drug's start condition, whichever drug has it."""
    return _WRITERS[finding.code.removeprefix(f"{finding.drugs[0]}-")](finding, names, plan)


_WRITERS: Mapping[str, Callable[[Finding, str, Plan], str]] = {
    "creatinine": _creatinine_high,
    "clearance": _clearance_low,
    "proteinuria": _proteinuria,
    "nephrotoxic-drug": _nephrotoxic,
    "creatinine-rise": _rise,
}


def no_dose_with_both(finding: Finding, names: str, plan: Plan) -> str:
    """Medicines for which the table has different doses, or none."""
    taken = words.joined(words.CO_MEDICATIONS[slug] for slug in finding.figures["taking"] if slug)
    if finding.text:
        return f"With {taken}: no dose of {names} in this content. {finding.text}"
    return (
        f"The label has one dose of {names} with each of {taken}, and none with both: no dose in "
        "this content. Infectious diseases and a pharmacist today."
    )


def clock_words(step: ClockStep) -> str:
    """When a step is done: 3 h before the start, from the start to 1 h after it."""
    begins = _from_start(step.from_minutes)
    if step.until_minutes is None:
        return begins[:1].upper() + begins[1:]
    return f"From {begins} to {_from_start(step.until_minutes)}"


def _from_start(minutes: int) -> str:
    if minutes == 0:
        return "the start"
    length = abs(minutes)
    shown = f"{length // 60}{NBSP}h" if length % 60 == 0 else f"{length}{NBSP}min"
    return f"{shown} {'before' if minutes < 0 else 'after'} the start"


def rise_worked(figures: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """The rise of creatinine as a line of the working."""
    today, before = number(figures["mg_dl"]), number(figures["before"])
    return [
        (
            "Rise of creatinine",
            "today’s − the one before the first dose, in mg/dL",
            f"{today} − {before}",
            amount(figures["result"], "mg/dL"),
        )
    ]
