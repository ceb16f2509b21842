"""The sentence of each finding: what it is, the limit, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from dosing.engine.formulary import AgeRange
from dosing.engine.orders import Finding
from dosing.engine.patient import Creatinine
from dosing.engine.plan import Plan
from dosing.engine.units import UMOL_L_PER_MG_DL

from . import starting, words
from .bands import below_range, near_edge, printed_otherwise
from .numbers import (
    CHILD_UNIT,
    NBSP,
    amount,
    at_most,
    clearance,
    plain,
    span,
)

Figures = Mapping[str, Any]


def text(finding: Finding, plan: Plan) -> str:
    """The finding in one or two sentences, never with a number of a drug that is stopped."""
    names = _names(finding, plan)
    if "limits" in finding.figures:
        return starting.text(finding, names, plan)
    write = _WRITERS.get(finding.code)
    if finding.text and (write is None or finding.code not in _WITH_TEXT):
        return finding.text
    if write is None:
        return finding.code
    return write(finding, names, plan)


def _names(finding: Finding, plan: Plan) -> str:
    drugs = {order.drug.slug: order.drug for order in plan.orders}
    return words.joined(words.full_name(drugs[slug]) for slug in finding.drugs if slug in drugs)


def _add(sentence: str, advice: str) -> str:
    return f"{sentence} {advice}".rstrip()


def _count(value: Decimal, lab: str) -> str:
    return f"{plain(value)}{NBSP}{words.LAB_UNITS[lab]}"


def _below_threshold(lab: str) -> Callable[[Finding, str, Plan], str]:
    def write(finding: Finding, names: str, plan: Plan) -> str:
        value, limit = finding.figures["value"], finding.figures["limit"]
        return _add(
            f"{_capital(words.LABS[lab])} {_count(value, lab)} is below {_count(limit, lab)}: "
            f"do not start {names}.",
            finding.text,
        )

    return write


def _anc_below_1(finding: Finding, names: str, plan: Plan) -> str:
    value, limit = finding.figures["value"], finding.figures["limit"]
    return (
        f"ANC {_count(value, 'anc')} is below {_count(limit, 'anc')}: {names} may be given; "
        "blood counts every day from day 1 to day 14."
    )


def _counts_not_entered(finding: Finding, names: str, plan: Plan) -> str:
    limits = words.joined(
        f"{words.LABS[lab]} at least {_count(limit, lab)}" for lab, limit in finding.figures.items()
    )
    return (
        f"Not entered: {words.joined(words.LABS[lab] for lab in finding.figures)}. Look at "
        f"today's count before the first dose of {names}: {limits}."
    )


def _withdrawn(finding: Finding, names: str, plan: Plan) -> str:
    return _add(f"Withdrawn from this calculator: {names}.", finding.text)


def _dialysis(finding: Finding, names: str, plan: Plan) -> str:
    kind = words.DIALYSES[finding.figures["dialysis"]]
    return _add(f"On {kind}: no dose of {names} in this content.", finding.text)


def _age(finding: Finding, names: str, plan: Plan) -> str:
    ages: tuple[AgeRange, ...] = finding.figures["ages"]
    organ = finding.figures["organ"]
    covered = next((one for one in ages if one.organ in ("", organ)), ages[0])
    low = _age_words(covered.from_months)
    high = (
        ""
        if covered.below_months is None
        else (f" to the day before the birthday at {_age_words(covered.below_months)}")
    )
    after = f" after {organ} transplantation" if covered.organ else ""
    return (
        f"This table of {names} covers ages from {low}{high}{after}; no dose at this age in this "
        "content. Ask a specialist."
    )


def _age_words(months: int) -> str:
    if months % 12 == 0:
        return words.plural(months // 12, "year")
    return words.plural(months, "month")


def _basis(finding: Finding, names: str, plan: Plan) -> str:
    values = words.joined(
        f"{clearance(value, 'mL/min')} by {words.BASES[basis]}"
        for basis, value in finding.figures["by_weight"].items()
    )
    return (
        f"The choice of weight changes the band of {names}: {values}. This plan uses "
        f"{words.BASES[finding.figures['basis']]}; agree on the weight before prescribing."
    )


def _chosen_above(finding: Finding, names: str, plan: Plan) -> str:
    bases = words.joined(
        f"{words.BASES[basis]} {amount(kg, 'kg', 1)}" for basis, kg in finding.figures.items()
    )
    return f"The chosen weight is above the actual one: {bases}. Check the choice."


def _unstable(finding: Finding, names: str, plan: Plan) -> str:
    if finding.figures["dialysis"]:
        return "Kidney function is changing: agree on the dialysis plan with the renal team."
    return (
        "Kidney function is changing: an estimate lags behind. Creatinine on days 1, 2 and 3; this "
        "plan is not valid after day 3 without a new creatinine."
    )


def _creatinine_unusual(finding: Finding, names: str, plan: Plan) -> str:
    value: Creatinine = finding.figures["value"]
    shown = starting.creatinine_words(value)
    if finding.figures["low"]:
        slip = ""
        if value.unit == "umol/L":
            slip = "If the laboratory reports mg/dL, choose mg/dL. "
        return (
            f"Creatinine {shown} is unusually low. {slip}Check the decimal point; with little "
            "muscle the estimate comes out too high."
        )
    return f"Creatinine {shown} is unusually high: check the decimal point and the unit."


def _clearance_unusual(finding: Finding, names: str, plan: Plan) -> str:
    child = plan.kidneys is not None and plan.kidneys.method == "schwartz"
    unit = CHILD_UNIT if child else "mL/min"
    shown = f"{at_most(finding.figures['value'], 2)}{NBSP}{unit}"
    if finding.figures["low"]:
        return f"Clearance {shown} is very low: was it entered in mL/min/kg by mistake?"
    other = "height" if child else "weight"
    return f"Clearance {shown} is unusually high: check creatinine, {other} and units."


def _count_unusual(finding: Finding, names: str, plan: Plan) -> str:
    lab, value = finding.figures["lab"], finding.figures["value"]
    slip = "reported in g/dL" if lab == "haemoglobin" else "reported per µL"
    return f"{_capital(words.LABS[lab])} {_count(value, lab)} is unusual: was it {slip}?"


def _old(what: str) -> Callable[[Finding, str, Plan], str]:
    def write(finding: Finding, names: str, plan: Plan) -> str:
        return (
            f"The {what} is from {words.day(finding.figures['date'])}, more than "
            f"{finding.figures['days']} days ago: measure again."
        )

    return write


def _limited(finding: Finding, names: str, plan: Plan) -> str:
    over, under = finding.figures["creatinine"], finding.figures["clearance"]
    return (
        f"Little is known about {names} with creatinine above {plain(over)}{NBSP}mg/dL "
        f"({at_most(over * UMOL_L_PER_MG_DL, 1)}{NBSP}µmol/L) or clearance below "
        f"{plain(under)}{NBSP}mL/min: specialist advice, closer tests."
    )


def _fluids(figures: Figures) -> str:
    ml, mmol = figures["ml"], figures["mmol"]
    return (
        f"{span(ml[0], ml[1], 'mL', 0)} of fluid and {span(mmol[0], mmol[1], 'mmol', 0)} of sodium"
    )


def _salt(finding: Finding, names: str, plan: Plan) -> str:
    if not finding.figures:
        return finding.text
    return _add(
        finding.text,
        f"From the second infusion on, a day with {names}: {_fluids(finding.figures)}, if every "
        "fluid is sodium chloride 0.9%.",
    )


def _combined(finding: Finding, names: str, plan: Plan) -> str:
    return (
        f"{names} together, a day from the second infusion on: {_fluids(finding.figures)}, if "
        "every fluid is sodium chloride 0.9%. Separate lines and pumps; flush between."
    )


def _late(finding: Finding, names: str, plan: Plan) -> str:
    return (
        f"The start is day {finding.figures['day']} after transplantation; the source starts by "
        f"day {finding.figures['limit']}."
    )


def _unused(finding: Finding, names: str, plan: Plan) -> str:
    answers = (words.ANSWERS.get(name, f"allergy to {name}") for name in finding.figures["answers"])
    shown = words.joined(dict.fromkeys(answers))
    return f"Answered, but it changes nothing in this plan: {shown}."


def _silent(finding: Finding, names: str, plan: Plan) -> str:
    taken = words.joined(words.CO_MEDICATIONS[slug] for slug in finding.figures["taking"])
    return (
        "Taken as well, and this content lists no interaction with the drugs of this plan: "
        f"{taken}. That does not mean there is none: check before prescribing."
    )


def _rounded(finding: Finding, names: str, plan: Plan) -> str:
    figures = finding.figures
    return (
        f"{names}: rounding {'lowers' if figures['change'] < 0 else 'raises'} the dose by "
        f"{at_most(abs(figures['change']), 1)}%; the exact dose is "
        f"{amount(figures['exact'], 'mg', 2)}."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _say(sentence: str) -> Callable[[Finding, str, Plan], str]:
    def write(finding: Finding, names: str, plan: Plan) -> str:
        return sentence.replace("{names}", names)

    return write


#: Codes whose sentence is made of the content's text and the program's figures.
_WITH_TEXT = frozenset(
    {
        "withdrawn",
        "anc-below-start-threshold",
        "platelets-below-start-threshold",
        "haemoglobin-below-start-threshold",
        "renal-function-below-range",
        "dialysis-not-covered",
        "salt-and-water",
        "no-dose-with-both",
    }
)
_WRITERS: Mapping[str, Callable[[Finding, str, Plan], str]] = {
    "withdrawn": _withdrawn,
    "anc-below-start-threshold": _below_threshold("anc"),
    "platelets-below-start-threshold": _below_threshold("platelets"),
    "haemoglobin-below-start-threshold": _below_threshold("haemoglobin"),
    "anc-below-1": _anc_below_1,
    "counts-not-entered": _counts_not_entered,
    "renal-function-below-range": below_range,
    "dialysis-not-covered": _dialysis,
    "age-not-covered": _age,
    "near-band-edge": near_edge,
    "no-dose-with-both": starting.no_dose_with_both,
    "display-and-band-differ": printed_otherwise,
    "weight-basis-changes-band": _basis,
    "ideal-weight-undefined": _say(
        "Ideal and adjusted weight are not defined at this height; the actual weight is used."
    ),
    "weight-basis-not-used": _say(
        "{names}: the estimate from creatinine has no weight in it, so the weight chosen for "
        "kidney function has no effect."
    ),
    "chosen-weight-above-actual": _chosen_above,
    "kidney-function-unstable": _unstable,
    "weight-unusual": lambda finding, names, plan: (
        f"Weight {amount(finding.figures['value'], 'kg')} is unusual for an adult: check it and "
        "its unit."
    ),
    "creatinine-unusual": _creatinine_unusual,
    "clearance-unusual": _clearance_unusual,
    "count-unusual": _count_unusual,
    "start-date-far": lambda finding, names, plan: (
        f"The start date {words.day(finding.figures['start'])} is more than 14 days from today, "
        f"{words.day(finding.figures['today'])}: check it."
    ),
    "creatinine-old": _old("creatinine"),
    "weight-old": _old("weight"),
    "clearance-not-used-on-dialysis": _say("Creatinine and clearance are not used on dialysis."),
    "calculated-clearance-for-foscarnet": _say(
        "{names}: enter the creatinine instead. A calculated clearance already has a weight in it."
    ),
    "clearance-capped": lambda finding, names, plan: (
        f"The estimated clearance {at_most(finding.figures['uncapped'], 1)} is above the cap: "
        f"{amount(finding.figures['cap'], CHILD_UNIT)} is used."
    ),
    "dose-capped": lambda finding, names, plan: (
        f"The formula gives {amount(finding.figures['uncapped'], 'mg', 1)}; the highest dose is "
        f"{amount(finding.figures['cap'], 'mg')}."
    ),
    "rounding-over-limit": _rounded,
    "rounding-over-10-percent": _rounded,
    "birth-weight-not-stated": _say(
        "Under 1 year the formula needs to know whether the birth weight was low for gestational "
        "age: not low was assumed. Answer it."
    ),
    "organ-assumed-kidney": _say(
        "The transplanted organ was not stated: kidney was assumed. State it."
    ),
    "salt-and-water": _salt,
    "combined-fluid-and-salt": _combined,
    "foscarnet-limited-data": _limited,
    "longer-than-source": lambda finding, names, plan: (
        "Longer than the source prints: write down why."
        if plan.regimen.purpose == "prevention"
        else "Longer than the source prints: treatment goes on while PCR is positive or disease is "
        "unresolved; write down why."
    ),
    "transplant-date-missing": lambda finding, names, plan: (
        f"No transplant date: the last day of this plan is plan day {finding.figures['day']}, "
        "counted from the start. Enter the date to end on the right day."
    ),
    "start-late": _late,
    "transplant-date-not-used": _say(
        "The transplant date changes nothing here: this regimen does not end on a day after "
        "transplantation."
    ),
    "first-dose-on-monday": lambda finding, names, plan: (
        f"{names} is given Monday to Friday: the first dose is on "
        f"{words.day(finding.figures['date'])}."
    ),
    "not-used-here": _unused,
    "no-interaction-listed": _silent,
    "dose-not-measurable": _say(
        "The dose of {names} is too small to be measured: no dose in this content."
    ),
}
