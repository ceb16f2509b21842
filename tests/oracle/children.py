"""The child formula, kept as a square so that no root is ever rounded before the end."""

from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.figures import (
    at_most,
    exact_root,
    percent,
    root,
    root_half_up,
)
from tests.oracle.inputs import Facts
from tests.oracle.kidneys import schwartz, surface_squared

CAP = Fraction(900)


@dataclass(frozen=True)
class ChildDose:
    """Exact dose as text, the dose to measure, the change, and how it is given."""

    exact_mg: str
    dose: Fraction
    rounding_percent: str
    over_ten_percent: bool


class NoTablet(Exception):
    """A tablet was asked for where only the solution can make the dose."""


def age_covered(facts: Facts) -> bool:
    """Kidney from 4 months, heart from 1 month, until the day before the 17th birthday."""
    if facts.age_months is not None:
        return bool(facts.age_months >= (1 if facts.organ == "heart" else 4))
    return bool(facts.age_years < 17)


def dose_squared(facts: Facts) -> Fraction:
    """(7 × BSA × capped clearance)², then capped at 900 mg."""
    capped = min(schwartz(facts), Fraction(150))
    return min(49 * surface_squared(facts) * capped**2, CAP**2)


def child_dose(facts: Facts) -> ChildDose | None:
    """The dose; None where rounding leaves nothing to measure."""
    square = dose_squared(facts)
    if facts.formulation == "tablet":
        if square == CAP**2:
            dose = CAP
        elif 405**2 <= square <= 495**2:
            dose = Fraction(450)
        else:
            raise NoTablet
    else:
        dose = min(25 * root_half_up(square / 625), CAP)
    if dose == 0:
        return None
    exact = root(square)
    change = _change(square, dose) if exact is None else percent(exact, dose)
    return ChildDose(exact_root(square), dose, change, _over_ten(square, dose))


def _change(square: Fraction, dose: Fraction) -> str:
    """Change from an irrational exact dose: 100 × dose / exact − 100, which cannot tie."""
    ratio = root_half_up(dose**2 / square * 10000, 2)
    return at_most(ratio - 100, 2)


def _over_ten(square: Fraction, dose: Fraction) -> bool:
    """More than 10 % away, compared as squares."""
    return dose**2 > square * Fraction("1.21") or dose**2 < square * Fraction("0.81")
