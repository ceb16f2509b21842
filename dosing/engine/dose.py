"""From a table's row to this patient's dose. Whether it may be given is decided in findings.py."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .formulary import ChildFormula, DoseRow, DoseTable, Drug, OralPreparation, Rounding
from .patient import PatientFacts
from .preparation import (
    OralDose,
    Preparation,
    by_mouth,
    from_bottle,
    in_bag,
)
from .renal import KidneyFunction
from .rounding import Rounded, change_percent, round_dose
from .units import as_fraction, half_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """A dose that may be given: exact, as measured, and made ready.

    `row` is None for the child formula; `uncapped_mg` is set where the dose cap fired.
    """

    row: DoseRow | None
    weight_kg: Fraction | None
    exact_mg: Fraction
    rounded: Rounded
    frequency: str
    preparation: Preparation
    uncapped_mg: Fraction | None = None

    @property
    def dose_mg(self) -> Fraction:
        """mg per dose, as measured."""
        return self.rounded.dose_mg


@dataclass(frozen=True, slots=True)
class DoNotGive:
    """No dose; reason is the code of the stop that comes first."""

    reason: str


class NotMeasurable(Exception):
    """The dose rounds to nothing."""


class TabletsCannot(Exception):
    """Tablets were asked for, and no whole number of them makes this child dose."""

    def __init__(self, exact_mg: Fraction, oral: OralPreparation) -> None:
        super().__init__(exact_mg)
        self.exact_mg = exact_mg
        self.oral = oral


def row_for(facts: PatientFacts, kidneys: KidneyFunction, table: DoseTable) -> DoseRow | None:
    """The dialysis row on dialysis, otherwise the band of the clearance; None without either."""
    if facts.on_dialysis:
        return table.dialysis_row(facts.dialysis)
    clearance = kidneys.in_measure(table.measure)
    return None if clearance is None else table.row_for(clearance)


def rounding_for(drug: Drug, row: DoseRow) -> Rounding | None:
    """The drug's rounding: its dialysis rule on a dialysis row, where it has one."""
    rules = [rule for rule in drug.roundings if rule.dialysis == bool(row.dialysis)]
    if rules:
        return rules[0]
    return next((rule for rule in drug.roundings if not rule.dialysis), None)


def from_row(
    facts: PatientFacts,
    drug: Drug,
    table: DoseTable,
    row: DoseRow,
    weight_kg: Fraction | None,
    *,
    first: bool,
) -> Dose:
    """Row → mg → rounded → made ready. weight_kg is the dosing weight where amounts are mg/kg."""
    assert row.amount is not None
    exact = as_fraction(row.amount)
    if table.per_kg:
        assert weight_kg is not None
        exact *= weight_kg
    rounded = round_dose(exact, rounding_for(drug, row))
    if rounded.dose_mg <= 0:
        raise NotMeasurable
    preparation: Preparation | None
    if drug.vial is not None:
        preparation = in_bag(drug.vial, rounded.dose_mg)
    elif drug.bottle is not None:
        assert weight_kg is not None
        preparation = from_bottle(
            drug.bottle,
            table,
            row,
            rounded.dose_mg,
            weight_kg,
            peripheral=facts.venous_access == "peripheral",
            first=first,
        )
    else:
        preparation = by_mouth(drug.oral, rounded.dose_mg, facts.formulation or "tablet")
        if preparation is None:
            raise NotMeasurable
    return Dose(
        row=row,
        weight_kg=weight_kg if table.per_kg else None,
        exact_mg=exact,
        rounded=rounded,
        frequency=row.frequency,
        preparation=preparation,
    )


def from_formula(
    facts: PatientFacts, drug: Drug, formula: ChildFormula, kidneys: KidneyFunction
) -> Dose:
    """Child dose: factor × BSA × capped clearance, capped, to the solution's step, never past cap.

    Raises NotMeasurable when it rounds to 0 and TabletsCannot when tablets cannot make it.
    """
    assert drug.oral is not None
    assert kidneys.bsa_m2 is not None
    assert kidneys.capped is not None
    cap = as_fraction(formula.dose_cap_mg)
    computed = as_fraction(formula.factor) * kidneys.bsa_m2 * kidneys.capped
    exact = min(computed, cap)
    if facts.formulation == "tablet":
        dose, preparation = _child_tablets(drug.oral, exact, cap)
        rounded = Rounded(dose, change_percent(exact, dose), None)
    else:
        assert drug.oral.solution_step_mg is not None
        assert drug.oral.solution_mg_ml is not None
        step = as_fraction(drug.oral.solution_step_mg)
        dose = min(half_up(exact, step), cap)
        rounded = Rounded(dose, change_percent(exact, dose), step)
        if dose <= 0:
            raise NotMeasurable
        preparation = OralDose(volume_ml=dose / as_fraction(drug.oral.solution_mg_ml))
    return Dose(
        row=None,
        weight_kg=None,
        exact_mg=exact,
        rounded=rounded,
        frequency="q24h",
        preparation=preparation,
        uncapped_mg=computed if computed > cap else None,
    )


def _child_tablets(
    oral: OralPreparation, exact: Fraction, cap: Fraction
) -> tuple[Fraction, OralDose]:
    assert oral.one_tablet_from_mg is not None
    assert oral.one_tablet_to_mg is not None
    tablet = as_fraction(oral.tablet_mg)
    if oral.one_tablet_from_mg <= exact <= oral.one_tablet_to_mg:
        return tablet, OralDose(tablets=1)
    if exact == cap and (cap / tablet).denominator == 1:
        return cap, OralDose(tablets=int(cap / tablet))
    raise TabletsCannot(exact, oral)
