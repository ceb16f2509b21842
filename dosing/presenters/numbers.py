"""How a number is written: exact for machines, the ward's way for people."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

Exact = Fraction | Decimal | int

#: Between a number and its unit, so that a line never breaks there.
NBSP = "\u00a0"
#: The unit of the child clearance.
CHILD_UNIT = f"mL/min/1.73{NBSP}m²"
_SIX = 6
#: More places than any figure made of measured ones: the cut of a root that does not end.
_CUT = 40


def _fraction(value: Exact) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(value)


def _scaled(value: Fraction, places: int) -> str:
    """A value rounded half up (away from zero) to `places`, with all its places written."""
    scale = 10**places
    top = abs(value.numerator) * scale
    whole = (2 * top + value.denominator) // (2 * value.denominator)
    sign = "-" if value < 0 and whole else ""
    if not places:
        return f"{sign}{whole}"
    left, right = divmod(whole, scale)
    return f"{sign}{left}.{right:0{places}d}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _ending_places(denominator: int) -> int | None:
    """Places after which a fraction with this denominator ends; None where it never does."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives) if denominator == 1 else None


def plain(value: Exact) -> str:
    """The exact decimal text, or six places where it does not end; no needless zeros."""
    value = _fraction(value)
    if value.denominator == 1:
        return str(value.numerator)
    places = _ending_places(value.denominator)
    if places is None or places > _CUT:
        places = _SIX
    return _trimmed(_scaled(value, places))


def at_most(value: Exact, places: int) -> str:
    """Rounded half up to at most this many places, no needless zeros."""
    return _trimmed(_scaled(_fraction(value), places))


def fixed(value: Exact, places: int) -> str:
    """Rounded half up to exactly this many places."""
    return _scaled(_fraction(value), places)


def grouped(text: str) -> str:
    """A comma every three digits from 1,000 up."""
    whole, point, rest = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{point}{rest}"


def number(value: Exact, places: int = _SIX) -> str:
    """A number for people: 1,350 or 0.625, at most `places` decimals."""
    return grouped(at_most(value, places))


def amount(value: Exact, unit: str, places: int = _SIX) -> str:
    """A number with its unit, kept together: 1,350 mg."""
    return f"{number(value, places)}{NBSP}{unit}"


def apart(value: Exact, marks: Iterable[Exact], places: int) -> str:
    """At most `places` decimals, or as many as it takes to stay on the right side of each mark."""
    value, marks = _fraction(value), [_fraction(mark) for mark in marks]
    while places < _CUT:
        shown = Fraction(at_most(value, places))
        if all(
            (shown > mark) == (value > mark) and (shown < mark) == (value < mark) for mark in marks
        ):
            break
        places += 1
    return at_most(value, places)


def _side(value: Fraction, mark: Fraction) -> int:
    return (value > mark) - (value < mark)


def span(low: Exact, high: Exact, unit: str, places: int = _SIX) -> str:
    """A range with its unit: 750 to 1,000 mL; one figure where both are the same."""
    if low == high:
        return amount(low, unit, places)
    return f"{number(low, places)} to {amount(high, unit, places)}"


def clearance(value: Exact, measure: str) -> str:
    """A clearance as the ward reads it: whole mL/min, mL/min/kg with two decimals."""
    return f"{fixed(value, 0) if measure == 'mL/min' else fixed(value, 2)}{NBSP}{measure}"
