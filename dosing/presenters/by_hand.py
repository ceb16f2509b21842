"""Rounding, preparation and kidney function as rules a person can follow with a pocket calculator.

Every figure comes from the content; where the engine has a rule of its own, it is named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dosing.engine.formulary import (
    BottlePreparation,
    ChildFormula,
    DoseTable,
    Drug,
    OralPreparation,
    Rounding,
    SchwartzRow,
    StartConditions,
    VialPreparation,
)
from dosing.engine.renal import clearance_per_kg, cockcroft_gault
from dosing.engine.units import UMOL_L_PER_MG_DL

from . import words
from .numbers import amount, number, plain, span
from .orders import Advice
from .sources import Citations
from .starting import both_units, clock_words

#: The example of the formulas: age, kg, mg/dL.
_EXAMPLE = (Fraction(60), Fraction(70), Fraction(Decimal("1.2")))


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, what it is for, and one example worked through."""

    name: str
    text: str
    example: str = ""


def kidney_formulas() -> Iterator[Formula]:
    """Creatinine to clearance, as the engine works it out."""
    age, weight, creatinine = _EXAMPLE
    yield Formula(
        "Creatinine in mg/dL",
        f"creatinine in µmol/L ÷ {plain(UMOL_L_PER_MG_DL)}",
    )
    yield Formula(
        "Clearance in mL/min (Cockcroft-Gault), for ganciclovir IV and valGANciclovir in adults",
        "(140 − age in years) × actual weight in kg ÷ (72 × creatinine in mg/dL); "
        "female: the result × 0.85",
        _worked(
            f"(140 − {plain(age)}) × {plain(weight)} ÷ (72 × {plain(creatinine)})",
            (cockcroft_gault(age, weight, creatinine, sex) for sex in ("male", "female")),
            "mL/min",
        ),
    )
    yield Formula(
        "Clearance in mL/min/kg, for foscarnet only: no weight in it",
        "(140 − age in years) ÷ (72 × creatinine in mg/dL); female: the result × 0.85",
        _worked(
            f"(140 − {plain(age)}) ÷ (72 × {plain(creatinine)})",
            (clearance_per_kg(age, creatinine, sex) for sex in ("male", "female")),
            "mL/min/kg",
        ),
    )
    yield Formula(
        "From a clearance measured in 24-hour urine, for foscarnet",
        "clearance in mL/min ÷ actual weight in kg",
    )


def _worked(figures: str, results: Iterator[Fraction], unit: str) -> str:
    age, weight, creatinine = _EXAMPLE
    male, female = (amount(value, unit, 2) for value in results)
    return (
        f"Example, {plain(age)} years, {amount(weight, 'kg')}, creatinine "
        f"{amount(creatinine, 'mg/dL')}: {figures} = {male} if male, {female} if female."
    )


def ages(table: DoseTable, cite: Citations) -> Iterator[Advice]:
    """Ages a table covers; at any other age there is no dose."""
    for one in table.ages:
        after = f"After {one.organ} transplantation: from" if one.organ else "From"
        until = ""
        if one.below_months is not None:
            until = f" to the day before the birthday at {_age(one.below_months)}"
        yield Advice(f"{after} {_age(one.from_months)}{until}.", cite(one.sources))


def _age(months: int) -> str:
    if months % 12 == 0:
        return words.plural(months // 12, "year")
    return words.plural(months, "month")


def k_ages(row: SchwartzRow) -> str:
    """The ages of one k."""
    if row.below_months is None:
        return f"{_age(row.from_months)} and over"
    if not row.from_months:
        return f"under {_age(row.below_months)}"
    return f"{_age(row.from_months)} to under {_age(row.below_months)}"


def child_formula(formula: ChildFormula, drug: Drug, cite: Citations) -> Iterator[Advice]:
    """The child dose in the order in which it is worked out."""
    refs = cite(formula.sources)
    unit = "mL/min/1.73 m²"
    yield Advice(
        "Body-surface area in m² (Mosteller): square root of (height in cm × weight in kg ÷ 3600).",
        (),
    )
    yield Advice(
        f"Clearance in {unit}: k × height in cm ÷ creatinine in mg/dL; above "
        f"{amount(formula.clearance_cap, unit)}, use {number(formula.clearance_cap)}.",
        refs,
    )
    yield Advice(
        f"Dose once a day in mg: {plain(formula.factor)} × body-surface area × clearance; never "
        f"above {amount(formula.dose_cap_mg, 'mg')}.",
        refs,
    )
    oral = drug.oral
    if oral is not None and oral.solution_step_mg is not None:
        assert oral.caution_change_percent is not None
        assert oral.one_tablet_from_mg is not None
        assert oral.one_tablet_to_mg is not None
        yield Advice(
            f"Oral solution: round to the nearest {amount(oral.solution_step_mg, 'mg')}, "
            f"halves up. If that changes the dose by more than "
            f"{plain(oral.caution_change_percent)}%, ask a pharmacist.",
            cite(oral.sources),
        )
        yield Advice(
            f"Tablets: one tablet only where the formula gives "
            f"{span(oral.one_tablet_from_mg, oral.one_tablet_to_mg, 'mg')}; "
            f"{_full_tablets(oral, formula)}otherwise oral solution.",
            cite(oral.sources),
        )
    if formula.note_text:
        yield Advice(formula.note_text, refs)


def _full_tablets(oral: OralPreparation, formula: ChildFormula) -> str:
    tablets = Fraction(formula.dose_cap_mg) / Fraction(oral.tablet_mg)
    if tablets.denominator != 1:
        return ""
    cap = amount(formula.dose_cap_mg, "mg")
    return f"{words.plural(int(tablets), 'tablet')} at the highest dose, {cap}; "


def rounding(drug: Drug, cite: Citations) -> Iterator[Advice]:
    """How an exact dose becomes one that can be measured."""
    for rule in drug.roundings:
        yield Advice(_rounding(rule), cite(rule.sources))
    if not drug.roundings:
        sources = drug.oral.sources if drug.oral is not None else drug.sources
        yield Advice("Adults take whole tablets: nothing is rounded.", cite(sources))


def _rounding(rule: Rounding) -> str:
    first, *others = [amount(step, "mg") for step in rule.steps_mg]
    limit = f"{plain(rule.max_change_percent)}%"
    way = "down to a multiple of" if rule.downward else "to the nearest"
    where = "On dialysis, round" if rule.dialysis else "Round"
    text = f"{where} {way} {first}{'' if rule.downward else ', halves up'}"
    for step in others:
        text += f"; where that changes the dose by more than {limit}, {way} {step}"
    return f"{text}. If it still changes by more than {limit}, ask a pharmacist."


def start_conditions(limits: StartConditions, name: str, cite: Citations) -> Iterator[Advice]:
    """What must hold before each dose of a drug that harms the kidneys, as rules."""
    refs = cite(limits.sources)
    most = both_units(limits.creatinine_above_mg_dl)
    protein = f"{amount(limits.protein_from_mg_dl, 'mg/dL')} or {limits.protein_from}"
    yield Advice(
        f"Creatinine above {most}, or urine protein of {protein} or more, or not measured: no "
        f"{name}.",
        refs,
    )
    taken = ", ".join(words.CO_MEDICATIONS[slug] for slug in limits.free_of)
    yield Advice(
        f"Last dose of any of these less than {limits.free_days} days before: no {name}. {taken}.",
        refs,
    )
    end = limits.stop_from_rise_mg_dl
    yield Advice(
        f"On treatment, creatinine {both_units(end)} or more above the one before the first dose, "
        f"or urine protein {limits.protein_stop_on_treatment}: end {name}.",
        refs,
    )


def reduced_dose(limits: StartConditions, cite: Citations) -> Iterator[Advice]:
    """The lower dose after a rise of creatinine."""
    reduce, end = limits.reduce_from_rise_mg_dl, limits.stop_from_rise_mg_dl
    yield Advice(
        f"On treatment, creatinine {both_units(reduce)} to below {both_units(end)} above the one "
        f"before the first dose: {amount(limits.reduced_per_kg, 'mg/kg')} in place of the table’s.",
        cite(limits.sources),
    )


def preparation(drug: Drug, cite: Citations) -> Iterator[Advice]:
    """How a dose is made ready."""
    if drug.vial is not None:
        yield from _vial(drug.vial, cite)
    if drug.bottle is not None:
        yield from _bottle(drug.bottle, cite)
    if drug.oral is not None:
        yield from _oral(drug.oral, cite)
    for step in drug.clock:
        yield Advice(f"{clock_words(step)}: {step.text}", cite(step.sources))


def _vial(vial: VialPreparation, cite: Citations) -> Iterator[Advice]:
    refs = cite(vial.sources)
    strength = vial.vial_mg / vial.diluent_ml
    size, volume = amount(vial.vial_mg, "mg"), amount(vial.diluent_ml, "mL")
    made = f"Make up each vial of {size} with {volume} of {vial.diluent}"
    if not vial.diluent:
        made = f"A vial of {size} holds {volume}, ready to use"
    yield Advice(
        f"Vials: dose in mg ÷ {number(vial.vial_mg)}, up to a whole vial. {made}: "
        f"{amount(strength, 'mg/mL')}.",
        refs,
    )
    yield Advice(
        f"mL to draw up: dose in mg ÷ {number(strength)}. Discard what is left over.", refs
    )
    usual = sorted((bag for bag in vial.bags if not bag.alternative), key=lambda bag: bag.ml)
    below = ""
    for bag in usual:
        size = amount(bag.ml, "mL")
        until = "" if bag.up_to_mg is None else f"up to {amount(bag.up_to_mg, 'mg')}"
        doses = " ".join(part for part in ("Doses", below, until) if part)
        yield Advice(f"{doses}: add to a bag of {size} ({vial.fluids}).", cite(bag.sources))
        if bag.up_to_mg is None:
            break
        below = f"above {amount(bag.up_to_mg, 'mg')}"
    for bag in (bag for bag in vial.bags if bag.alternative):
        until = "" if bag.up_to_mg is None else f", doses up to {amount(bag.up_to_mg, 'mg')} only"
        yield Advice(f"Instead{until}: a bag of {amount(bag.ml, 'mL')}.", cite(bag.sources))
    if vial.max_concentration_mg_ml is not None:
        most = amount(vial.max_concentration_mg_ml, "mg/mL")
        yield Advice(
            f"Never above {most} in the bag: dose in mg ÷ (mL of the bag + mL drawn up).", refs
        )
    yield Advice(
        f"Run over {words.plural(vial.minutes, 'minute')}. Pump rate in mL/h: (mL of the bag + mL "
        f"drawn up) × 60 ÷ {vial.minutes}, down to 0.1.",
        refs,
    )
    if vial.premixed_mg is not None and vial.premixed_ml is not None:
        yield Advice(
            f"Ready-mixed instead, {amount(vial.premixed_mg, 'mg')} in "
            f"{amount(vial.premixed_ml, 'mL')}: mL to give = dose in mg × "
            f"{number(vial.premixed_ml)} ÷ {number(vial.premixed_mg)}; discard the rest; "
            f"pump rate in mL/h = mL to give × 60 ÷ {vial.minutes}, down to 0.1.",
            refs,
        )


def _bottle(bottle: BottlePreparation, cite: Citations) -> Iterator[Advice]:
    refs = cite(bottle.sources)
    strong = number(bottle.concentration_mg_ml)
    sizes = words.joined(amount(ml, "mL") for ml in bottle.bottles_ml)
    yield Advice(
        f"Bottles of {sizes}, {amount(bottle.concentration_mg_ml, 'mg/mL')}. mL to give: dose in "
        f"mg ÷ {strong}, rounded to 0.1. Discard the rest of the bottles before connecting.",
        refs,
    )
    more = bottle.concentration_mg_ml / bottle.peripheral_mg_ml - 1
    yield Advice(
        "Central line: undiluted. Peripheral line: diluted to "
        f"{amount(bottle.peripheral_mg_ml, 'mg/mL')}; mL of {bottle.diluents} to add = mL to give "
        f"× {plain(more)}.",
        refs,
    )
    for time in bottle.times:
        doses = ""
        if time.up_to_per_kg is not None:
            doses = f", table dose up to {amount(time.up_to_per_kg, 'mg/kg')}"
        elif any(one.course == time.course and one.up_to_per_kg for one in bottle.times):
            doses = ", any other table dose"
        yield Advice(
            f"{time.course.capitalize()}{doses}: over at least "
            f"{words.plural(time.minutes, 'minute')}.",
            cite(time.sources),
        )
    limit = amount(bottle.max_mg_kg_min, "mg/kg/min")
    yield Advice(
        f"Never faster than {limit}: at least as many minutes as dose in mg ÷ weight in kg ÷ "
        f"{plain(bottle.max_mg_kg_min)}, up to a whole minute. The longer of the two times holds.",
        refs,
    )
    yield Advice(
        "Pump rate in mL/h: (mL to give + mL added) × 60 ÷ minutes, down to 0.1. By pump only.",
        refs,
    )
    first = span(bottle.first_hydration_ml_min, bottle.first_hydration_ml_max, "mL")
    yield Advice(
        f"Hydration before the first infusion: {first} of {bottle.diluents}. May be cut if "
        "clinically needed.",
        refs,
    )
    for row in bottle.hydration:
        silent = ""
        if row.label_silent:
            silent = " The label gives no volume here: this is the content’s default."
        yield Advice(
            f"Hydration with each later infusion, table dose "
            f"{span(row.from_per_kg, row.to_per_kg, 'mg/kg')}: "
            f"{span(row.ml_min, row.ml_max, 'mL')}.{silent}",
            cite(row.sources),
        )
    yield Advice(
        f"Sodium: each mL of the drug has {amount(bottle.sodium_mmol_per_ml, 'mmol')}; each litre "
        f"of sodium chloride 0.9% has {amount(bottle.saline_mmol_per_litre, 'mmol')}.",
        refs,
    )


def _oral(oral: OralPreparation, cite: Citations) -> Iterator[Advice]:
    refs = cite(oral.sources)
    yield Advice(
        f"Tablets of {amount(oral.tablet_mg, 'mg')}: dose in mg ÷ {number(oral.tablet_mg)}, whole "
        "tablets only.",
        refs,
    )
    if oral.solution_mg_ml is not None:
        yield Advice(
            f"Oral solution {amount(oral.solution_mg_ml, 'mg/mL')}: mL to give = dose in mg ÷ "
            f"{number(oral.solution_mg_ml)}.",
            refs,
        )
