"""Body size: ideal and adjusted weight, body-mass index, body-surface area."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .patient import PatientFacts
from .units import CM_PER_INCH, as_fraction, square_root

#: Devine's ideal weight is defined from 60 inches up.
LEAST_HEIGHT_CM = Decimal("152.4")
OBESE_BMI = 30
_IDEAL_AT_60_INCHES = {"male": Decimal(50), "female": Decimal("45.5")}
_KG_PER_INCH = Decimal("2.3")
_ADJUSTED_SHARE = Decimal("0.4")


def ideal_weight(height_cm: Decimal, sex: str) -> Fraction:
    """Ideal weight in kg (Devine 1974): 50 or 45.5 kg + 2.3 kg per inch over 60 inches."""
    inches_over = Fraction(height_cm) / as_fraction(CM_PER_INCH) - 60
    return Fraction(_IDEAL_AT_60_INCHES[sex]) + as_fraction(_KG_PER_INCH) * inches_over


def adjusted_weight(actual_kg: Fraction, ideal_kg: Fraction) -> Fraction:
    """Adjusted weight in kg: ideal + 0.4 × (actual − ideal)."""
    return ideal_kg + as_fraction(_ADJUSTED_SHARE) * (actual_kg - ideal_kg)


def body_mass_index(weight_kg: Decimal, height_cm: Decimal) -> Fraction:
    """kg per m²."""
    return Fraction(weight_kg) * 10_000 / Fraction(height_cm) ** 2


def body_surface_area(height_cm: Decimal, weight_kg: Decimal) -> Fraction:
    """Body-surface area in m² (Mosteller 1987): √(cm × kg / 3600)."""
    return square_root(Fraction(height_cm) * Fraction(weight_kg) / 3600)


def weights(facts: PatientFacts) -> dict[str, Fraction]:
    """Every weight basis in kg that is defined for these facts; needs the actual weight."""
    if facts.weight_kg is None:
        return {}
    actual = as_fraction(facts.weight_kg)
    known = {"actual": actual}
    if facts.height_cm is not None and facts.sex and facts.height_cm >= LEAST_HEIGHT_CM:
        known["ideal"] = ideal_weight(facts.height_cm, facts.sex)
        known["adjusted"] = adjusted_weight(actual, known["ideal"])
    return known
