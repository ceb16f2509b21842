"""Clearances: Cockcroft-Gault, the foscarnet form without a weight, and Schwartz for children."""

from fractions import Fraction
from typing import Any

from tests.oracle.figures import exact, exact_root, fixed
from tests.oracle.inputs import Facts

SHORTEST_FOR_IDEAL = Fraction("152.4")


def ideal_weight(facts: Facts) -> Fraction:
    base = Fraction("45.5") if facts.sex == "female" else Fraction(50)
    return base + Fraction("2.3") * (facts.height_cm / Fraction("2.54") - 60)


def weight_by(facts: Facts, basis: str) -> Fraction:
    """The weight under a basis; the caller knows that the height allows it."""
    if basis == "actual":
        return facts.weight_kg
    ideal = ideal_weight(facts)
    if basis == "ideal":
        return ideal
    return ideal + Fraction("0.4") * (facts.weight_kg - ideal)


def three_weights_known(facts: Facts) -> bool:
    return facts.height_cm is not None and facts.height_cm >= SHORTEST_FOR_IDEAL


def _sex_factor(facts: Facts) -> Fraction:
    return Fraction("0.85") if facts.sex == "female" else Fraction(1)


def without_weight(facts: Facts) -> Fraction:
    """Foscarnet's own estimate, mL/min/kg: no weight goes in, so no basis can change it."""
    return (140 - facts.age_years) / (72 * facts.creatinine_mg_dl) * _sex_factor(facts)


def cockcroft_gault(facts: Facts, basis: str) -> Fraction:
    return without_weight(facts) * weight_by(facts, basis)


def estimated(facts: Facts) -> bool:
    """Whether Cockcroft-Gault is worked out at all: adults, from creatinine, not on dialysis."""
    return (
        not facts.on_dialysis
        and not facts.is_child_regimen
        and facts.serum_creatinine is not None
        and facts.adult
    )


def clearance(facts: Facts) -> Any:
    """mL/min that the ganciclovir and valganciclovir tables are read with, or None."""
    if facts.on_dialysis or facts.is_child_regimen:
        return None
    if facts.crcl_ml_min is not None:
        return facts.crcl_ml_min
    return cockcroft_gault(facts, facts.renal_weight) if estimated(facts) else None


def clearance_per_kg(facts: Facts) -> Any:
    """mL/min/kg for foscarnet, or None; an entered value is divided by the actual weight."""
    if facts.on_dialysis or facts.is_child_regimen:
        return None
    if facts.crcl_ml_min is not None:
        return facts.crcl_ml_min / facts.weight_kg if facts.weight_kg is not None else None
    return without_weight(facts) if estimated(facts) else None


def schwartz_factor(facts: Facts) -> Fraction:
    """k, row by row as the label prints it."""
    if facts.age_months is not None:
        if facts.age_months < 12 and facts.ticked("low_birth_weight"):
            return Fraction("0.33")
        return Fraction("0.45")
    if facts.sex == "male" and facts.age_years >= 13:
        return Fraction("0.7")
    return Fraction("0.55")


def schwartz(facts: Facts) -> Fraction:
    """mL/min/1.73 m², before its cap of 150."""
    return schwartz_factor(facts) * facts.height_cm / facts.creatinine_mg_dl


def surface_squared(facts: Facts) -> Fraction:
    """BSA², m⁴: the root is kept out of every comparison."""
    return facts.height_cm * facts.weight_kg / 3600


def renal_block(facts: Facts) -> dict[str, Any] | None:
    """The contract's `renal`; None where an age rules the estimate out."""
    if facts.on_dialysis:
        return {"method": "dialysis"}
    if facts.is_child_regimen:
        full = schwartz(facts)
        return {
            "method": "schwartz",
            "crcl_ml_min_1_73m2": fixed(full, 4),
            "crcl_capped_ml_min_1_73m2": fixed(min(full, Fraction(150)), 4),
            "bsa_m2": exact_root(surface_squared(facts)),
        }
    if facts.crcl_ml_min is not None:
        block: dict[str, Any] = {"method": "entered", "crcl_ml_min": fixed(facts.crcl_ml_min, 4)}
        if facts.weight_kg is not None:
            block["crcl_ml_min_kg"] = fixed(facts.crcl_ml_min / facts.weight_kg, 4)
        return block
    if not facts.adult:
        return None
    block = {
        "method": "cockcroft-gault",
        "weight_kg": exact(weight_by(facts, facts.renal_weight)),
        "crcl_ml_min": fixed(clearance(facts), 4),
        "crcl_ml_min_kg": fixed(without_weight(facts), 4),
    }
    if three_weights_known(facts):
        bases = ("actual", "ideal", "adjusted")
        block["by_weight"] = {basis: fixed(cockcroft_gault(facts, basis), 4) for basis in bases}
    return block
