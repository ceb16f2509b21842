"""Reading single fields of a request: each refusal says what is wrong, the limit, what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from dosing.engine.patient import LIMITS
from dosing.engine.units import (
    TO_CM,
    TO_G_PER_LITRE,
    TO_GIGA_PER_LITRE,
    TO_KG,
    UMOL_L_PER_MG_DL,
    down,
    up,
)
from dosing.presenters.numbers import at_most, number

from .numbers import MAX_CHARACTERS, Unreadable, exact, whole

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

#: Units a page may choose, by field: factor to the field's own unit.
UNITS: Mapping[str, Mapping[str, Decimal]] = {
    "weight_kg": TO_KG,
    "height_cm": TO_CM,
    "anc": TO_GIGA_PER_LITRE,
    "platelets": TO_GIGA_PER_LITRE,
    "haemoglobin": TO_G_PER_LITRE,
}
#: What the likely slip is when a value is outside its limits.
_SLIPS = {
    "weight_kg": "Check the decimal point, and whether it was weighed in kg or lb.",
    "height_cm": "Check the decimal point, and whether it was measured in cm or inches.",
    "crcl_ml_min": "Check the decimal point; mL/min per kg and eGFR are other quantities.",
    "anc": "Check the decimal point, and whether it was reported per µL.",
    "platelets": "Check the decimal point, and whether it was reported per µL.",
    "haemoglobin": "Check the decimal point, and whether it was reported in g/dL.",
}
NAMES = {
    "weight_kg": "Weight",
    "height_cm": "Height",
    "age_years": "Age in years",
    "age_months": "Age in months",
    "serum_creatinine": "Creatinine",
    "baseline_creatinine": "Creatinine before the first dose",
    "urine_protein_mg_dl": "Urine protein",
    "crcl_ml_min": "Clearance",
    "anc": "ANC",
    "platelets": "Platelets",
    "haemoglobin": "Haemoglobin",
    "until_day": "Last day after transplantation",
    "phase_days": "Days of a phase",
}
WHOLE_MONTHS = (int(LIMITS["age_months"].low), int(LIMITS["age_months"].high))
_PRINTED_UNITS = {"10^9/L": "×10⁹/L", "/uL": "per µL", "umol/L": "µmol/L"}
_ZERO_IS_A_VALUE = frozenset({"anc", "platelets", "age_months", "urine_protein_mg_dl"})


def printed_unit(unit: str) -> str:
    """A unit as it is printed: umol/L becomes µmol/L."""
    return _PRINTED_UNITS.get(unit, unit)


class Errors:
    """Messages by field, in the order in which they were found."""

    def __init__(self) -> None:
        self.by_field: dict[str, list[str]] = {}

    def add(self, field: str, message: str) -> None:
        """One more message for a field; the same message only once."""
        messages = self.by_field.setdefault(field, [])
        if message not in messages:
            messages.append(message)

    def __bool__(self) -> bool:
        return bool(self.by_field)

    def __contains__(self, field: str) -> bool:
        return field in self.by_field


def quantity(
    errors: Errors, name: str, value: object, *, limit: str = "", unit: str = "", field: str = ""
) -> Decimal | None:
    """A positive quantity in the field's own unit, inside its hard limits; None when refused.

    `limit` names the row of LIMITS (default: the field); `unit` is the one chosen on the page.
    """
    field = field or name
    label = NAMES[name]
    try:
        read = exact(value)
    except Unreadable as problem:
        errors.add(field, f"{label} {problem}")
        return None
    if read == 0 and name not in _ZERO_IS_A_VALUE:
        errors.add(field, f"{label} is 0. Enter the measured value.")
        return None
    bounds = LIMITS[limit or name]
    unit = unit or bounds.unit
    factor = UNITS.get(name, {}).get(unit, Decimal(1))
    result = read * factor
    if bounds.holds(result):
        return result
    # Inward, so that the limits as they are printed are accepted.
    low = up(Fraction(bounds.low) / Fraction(factor), Fraction(1, 10))
    high = down(Fraction(bounds.high) / Fraction(factor), Fraction(1, 10))
    errors.add(
        field,
        f"{label} {number(read, MAX_CHARACTERS)} {printed_unit(unit)} is outside "
        f"{number(low)} to {number(high)} "
        f"{printed_unit(unit)}. {_SLIPS.get(name, 'Check the decimal point.')}",
    )
    return None


def creatinine(
    errors: Errors, value: object, unit: str | None, *, field: str = "serum_creatinine"
) -> Decimal | None:
    """Serum creatinine as reported; limits are those in mg/dL, converted exactly."""
    label = NAMES[field]
    try:
        read = exact(value)
    except Unreadable as problem:
        errors.add(field, f"{label} {problem}")
        return None
    if unit is None:
        return None
    if read == 0:
        errors.add(field, f"{label} is 0. Enter the measured value.")
        return None
    bounds = LIMITS["serum_creatinine"]
    factor = Decimal(1) if unit == "mg/dL" else UMOL_L_PER_MG_DL
    if bounds.low * factor <= read <= bounds.high * factor:
        return read
    other = "µmol/L" if unit == "mg/dL" else "mg/dL"
    slip = (
        f"If the laboratory reports {other}, choose {other}."
        if (read > bounds.high) == (unit == "mg/dL")
        else "Check the decimal point."
    )
    errors.add(
        field,
        f"{label} {number(read, MAX_CHARACTERS)} {printed_unit(unit)} is outside "
        f"{at_most(bounds.low * factor, 2)} to {number(bounds.high * factor, 2)} "
        f"{printed_unit(unit)}. {slip}",
    )
    return None


def whole_number(
    errors: Errors, name: str, value: object, low: int, high: int, *, field: str = ""
) -> int | None:
    """A whole number inside inclusive limits; None when refused."""
    field = field or name
    label = NAMES[name]
    try:
        read = whole(value)
    except Unreadable as problem:
        errors.add(field, f"{label} {problem}")
        return None
    if low <= read <= high:
        return read
    errors.add(field, f"{label} {read} is outside {low} to {high}. Enter a number between them.")
    return None


def choice(errors: Errors, field: str, value: object, allowed: Sequence[str]) -> str | None:
    """One of the allowed words, exactly; None when refused."""
    if isinstance(value, str) and value in allowed:
        return str(value)
    errors.add(field, f"Choose one of: {', '.join(allowed)}.")
    return None


def day(errors: Errors, field: str, value: object) -> date | None:
    """A date written YYYY-MM-DD; None when refused."""
    if isinstance(value, str) and _DATE.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            errors.add(field, "This day is not in the calendar. Check the day and the month.")
            return None
    errors.add(field, "This is not a date. Write it as year-month-day, for example 2026-11-23.")
    return None


def answer(errors: Errors, field: str, value: object) -> bool | None:
    """A JSON true or false; None when refused."""
    if isinstance(value, bool):
        return value
    errors.add(field, "Answer true or false, or leave the key out.")
    return None


def listed(errors: Errors, field: str, names: object, known: Sequence[str]) -> tuple[str, ...]:
    """A list of known names, each once."""
    if not isinstance(names, list | tuple):
        errors.add(field, "Send a list of names.")
        return ()
    for name in names:
        if name not in known:
            errors.add(field, f"Known names are: {', '.join(known)}.")
    return tuple(name for name in dict.fromkeys(map(str, names)) if name in known)


def days_by_name(
    errors: Errors, field: str, sent: object, known: Sequence[str], *, since: date
) -> dict[str, date]:
    """An object of known names to dates, none of them earlier than `since`."""
    if not isinstance(sent, Mapping):
        errors.add(field, "Send an object of names and dates.")
        return {}
    found = {}
    for name, value in sent.items():
        place = f"{field}.{name}"
        if name not in known:
            errors.add(place, f"Known names are: {', '.join(known)}.")
        elif value is not None and (read := day(errors, place, value)):
            found[name] = read
            if read < since:
                errors.add(place, "This date is over a year ago. Check the year, or leave it out.")
    for name in getattr(sent, "repeated", ()):
        errors.add(f"{field}.{name}", "This key stands there twice. Send it once.")
    return found
