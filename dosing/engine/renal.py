"""Kidney function: one cited function per equation, and the one estimate a plan uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from .body_size import body_surface_area, weights
from .formulary import ChildFormula, SchwartzRow
from .patient import PatientFacts
from .units import as_fraction

_FEMALE = Fraction(Decimal("0.85"))


def clearance_per_kg(age_years: Fraction, mg_dl: Fraction, sex: str) -> Fraction:
    """mL/min/kg as the foscarnet label prints it: (140 − age) / (72 × SCr), × 0.85 if female."""
    value = (140 - age_years) / (72 * mg_dl)
    return value * _FEMALE if sex == "female" else value


def cockcroft_gault(
    age_years: Fraction, weight_kg: Fraction, mg_dl: Fraction, sex: str
) -> Fraction:
    """Clearance in mL/min (Cockcroft and Gault 1976): weight × the per-kg form."""
    return weight_kg * clearance_per_kg(age_years, mg_dl, sex)


def schwartz(k: Decimal, height_cm: Decimal, mg_dl: Fraction) -> Fraction:
    """Child clearance in mL/min/1.73 m² as the valganciclovir label prints it: k × cm / SCr."""
    return Fraction(k) * Fraction(height_cm) / mg_dl


def schwartz_row(
    formula: ChildFormula, months: Fraction, sex: str, low_birth_weight: bool
) -> SchwartzRow | None:
    """The k that holds at this age, sex and birth weight."""
    for row in formula.k_rows:
        in_age = row.from_months <= months and (
            row.below_months is None or months < row.below_months
        )
        if in_age and row.sex in ("", sex) and row.low_birth_weight in (False, low_birth_weight):
            if low_birth_weight and not row.low_birth_weight and _has_low_row(formula, months):
                continue
            return row
    return None


def _has_low_row(formula: ChildFormula, months: Fraction) -> bool:
    return any(
        row.low_birth_weight
        and row.from_months <= months
        and (row.below_months is None or months < row.below_months)
        for row in formula.k_rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KidneyFunction:
    """The clearance a plan uses, with what it was made from; all values exact and unrounded.

    method: cockcroft-gault, entered, schwartz or dialysis (then no clearance at all).
    """

    method: str
    weight_kg: Fraction | None = None
    crcl_ml_min: Fraction | None = None
    crcl_ml_min_kg: Fraction | None = None
    by_weight: Mapping[str, Fraction] = field(default_factory=dict)
    k: SchwartzRow | None = None
    bsa_m2: Fraction | None = None
    uncapped: Fraction | None = None
    capped: Fraction | None = None

    def in_measure(self, measure: str) -> Fraction | None:
        """The clearance in a table's measure; None where the kidneys decide nothing."""
        return {"mL/min": self.crcl_ml_min, "mL/min/kg": self.crcl_ml_min_kg}.get(measure)


def estimate(facts: PatientFacts, formula: ChildFormula | None) -> KidneyFunction | None:
    """The kidney function for these facts; None where no equation covers the age."""
    if facts.on_dialysis:
        return KidneyFunction(method="dialysis")
    if formula is not None:
        return _child(facts, formula)
    if facts.crcl_ml_min is not None:
        return _entered(facts)
    return _adult(facts)


def _entered(facts: PatientFacts) -> KidneyFunction:
    assert facts.crcl_ml_min is not None
    clearance = as_fraction(facts.crcl_ml_min)
    actual = None if facts.weight_kg is None else as_fraction(facts.weight_kg)
    return KidneyFunction(
        method="entered",
        weight_kg=actual,
        crcl_ml_min=clearance,
        crcl_ml_min_kg=None if actual is None else clearance / actual,
    )


def _adult(facts: PatientFacts) -> KidneyFunction | None:
    months = facts.months
    known = weights(facts)
    if not facts.is_adult or months is None or facts.creatinine is None or not facts.sex:
        return None
    per_kg = clearance_per_kg(months / 12, facts.creatinine.mg_dl, facts.sex)
    weight = known.get(facts.renal_weight)
    if weight is None:
        return None
    return KidneyFunction(
        method="cockcroft-gault",
        weight_kg=weight,
        crcl_ml_min=weight * per_kg,
        crcl_ml_min_kg=per_kg,
        by_weight={basis: kg * per_kg for basis, kg in known.items()} if len(known) > 1 else {},
    )


def _child(facts: PatientFacts, formula: ChildFormula) -> KidneyFunction | None:
    months = facts.months
    if months is None or facts.creatinine is None or not facts.sex:
        return None
    if facts.weight_kg is None or facts.height_cm is None:
        return None
    row = schwartz_row(formula, months, facts.sex, facts.has("low_birth_weight"))
    if row is None:
        return None
    clearance = schwartz(row.k, facts.height_cm, facts.creatinine.mg_dl)
    return KidneyFunction(
        method="schwartz",
        weight_kg=as_fraction(facts.weight_kg),
        k=row,
        bsa_m2=body_surface_area(facts.height_cm, facts.weight_kg),
        uncapped=clearance,
        capped=min(clearance, as_fraction(formula.clearance_cap)),
    )
