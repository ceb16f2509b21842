"""How the contract writes numbers, and the rounding they need.

Everything is a Fraction: a clearance of exactly 70 must stay exactly 70.
"""

from fractions import Fraction
from math import isqrt

HALF = Fraction(1, 2)


def half_up(value: Fraction, step: int = 1) -> Fraction:
    """Nearest multiple of the step; a tie goes away from zero, never to the even one."""
    sign = -1 if value < 0 else 1
    return Fraction(sign * step * int(abs(value) / step + HALF))


def down(value: Fraction, step: int = 1) -> Fraction:
    """Largest multiple of the step that is not above a positive value."""
    return Fraction(step * int(value / step))


def up(value: Fraction) -> int:
    """Smallest whole number that is not below the value."""
    return -(-value.numerator // value.denominator)


def fixed(value: Fraction, places: int) -> str:
    """Exactly this many places, half up: the form of every clearance."""
    scaled = int(half_up(value * 10**places))
    sign = "-" if scaled < 0 else ""
    digits = str(abs(scaled)).rjust(places + 1, "0")
    if places == 0:
        return sign + digits
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def plain(text: str) -> str:
    """The same number without needless zeros."""
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def at_most(value: Fraction, places: int) -> str:
    """Half up to this many places, without needless zeros."""
    return plain(fixed(value, places))


def ending_places(value: Fraction) -> int | None:
    """How many decimals write the value exactly; None where it never ends."""
    rest, places = value.denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    for prime in (2, 5):
        while rest % prime == 0:
            rest, places = rest // prime, places + 1
    return places if rest == 1 else None


def exact(value: Fraction) -> str:
    """All digits of a number that ends, else six places."""
    places = ending_places(value)
    return at_most(value, 6 if places is None else places)


def tenth_down(value: Fraction) -> str:
    """A pump rate: never above what was worked out."""
    return at_most(Fraction(int(value * 10), 10), 1)


def percent(exact_value: Fraction, rounded: Fraction) -> str:
    """Signed change from exact to rounded, at most two decimals."""
    return at_most((rounded - exact_value) / exact_value * 100, 2)


def root(square: Fraction) -> Fraction | None:
    """The square root where it is a fraction, else None."""
    top, bottom = isqrt(square.numerator), isqrt(square.denominator)
    if top * top == square.numerator and bottom * bottom == square.denominator:
        return Fraction(top, bottom)
    return None


def root_half_up(square: Fraction, places: int = 0) -> Fraction:
    """A square root half up to so many places, without ever leaving whole numbers."""
    doubled = isqrt(int(square * 4 * 10 ** (2 * places)))
    return Fraction((doubled + 1) // 2, 10**places)


def exact_root(square: Fraction) -> str:
    """A square root as the contract writes it: exact, or six places."""
    found = root(square)
    if found is None:
        return at_most(root_half_up(square, 6), 6)
    return exact(found)
