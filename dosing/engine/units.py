"""Exact conversions between the units a ward writes down and the units the engine works in.

Decimal comes in, Fraction is what divides; no binary floating point anywhere.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import isqrt

#: 1 mg/dL of creatinine in µmol/L (content file §1).
UMOL_L_PER_MG_DL = Decimal("88.4")
#: The international avoirdupois pound and the inch are exact by definition.
KG_PER_LB = Decimal("0.45359237")
CM_PER_INCH = Decimal("2.54")

#: Multiply a value in the named unit by this to get the field's own unit.
TO_KG = {"kg": Decimal(1), "lb": KG_PER_LB}
TO_CM = {"cm": Decimal(1), "in": CM_PER_INCH}
TO_GIGA_PER_LITRE = {"10^9/L": Decimal(1), "/uL": Decimal("0.001")}
TO_G_PER_LITRE = {"g/L": Decimal(1), "g/dL": Decimal(10)}
TO_UMOL_L = {"umol/L": Decimal(1), "mg/dL": UMOL_L_PER_MG_DL}

#: Digits kept behind the point of a square root that does not end.
_ROOT_PLACES = 60


@lru_cache(maxsize=4096)
def as_fraction(value: Decimal) -> Fraction:
    """The exact fraction of a decimal; the content's figures come up again and again."""
    return Fraction(value)


def half_up(value: Fraction, step: Fraction = Fraction(1)) -> Fraction:
    """Round a non-negative value to the nearest multiple of step, ties upward."""
    top, bottom = _in_steps(value, step)
    return (2 * top + bottom) // (2 * bottom) * step


def down(value: Fraction, step: Fraction = Fraction(1)) -> Fraction:
    """Round a non-negative value down to a multiple of step."""
    top, bottom = _in_steps(value, step)
    return top // bottom * step


def up(value: Fraction, step: Fraction = Fraction(1)) -> Fraction:
    """Round a non-negative value up to a multiple of step."""
    top, bottom = _in_steps(value, step)
    return -(-top // bottom) * step


def _in_steps(value: Fraction, step: Fraction) -> tuple[int, int]:
    """value ÷ step as numerator and denominator, not reduced."""
    return value.numerator * step.denominator, value.denominator * step.numerator


def square_root(value: Fraction) -> Fraction:
    """The root of a non-negative value: exact where it is rational, else cut at 60 places.

    A cut root is never a tie between two rounding steps, since ties are rational.
    """
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom)
    scale = 10**_ROOT_PLACES
    return Fraction(isqrt(value.numerator * scale * scale // value.denominator), scale)
