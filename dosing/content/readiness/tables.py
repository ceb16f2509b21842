"""Checks of the dose tables: bands, edges, dialysis, falling doses, ages, the hard maximum."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from dosing.engine.formulary import (
    DOSES_PER_DAY,
    SEXES,
    ChildFormula,
    DoseRow,
    DoseTable,
    Formulary,
)
from dosing.engine.patient import DIALYSES

from .finding import Finding, band, tables


def bands_meet(formulary: Formulary) -> Iterator[Finding]:
    """Every clearance from 0 up lies in exactly one band of a table the kidneys decide."""
    for place, _, table in tables(formulary):
        if not table.rows or not table.measure:
            continue
        rows = _rising(table)
        if not rows:
            yield Finding("band-gap", place, "The table has no clearance row at all.")
            continue
        first, last = rows[0], rows[-1]
        if first.low != 0:
            yield _gap(place, table, "0", str(first.low), (first,))
        for below, above in pairwise(rows):
            yield from _between(place, table, below, above)
        if last.high is not None:
            yield Finding(
                "band-gap",
                place,
                f"No row covers a clearance above {last.high} {table.measure}; leave “to” of the "
                "highest row empty.",
                (last,),
            )


def _between(place: str, table: DoseTable, below: DoseRow, above: DoseRow) -> Iterator[Finding]:
    assert above.low is not None
    if below.high is None or below.high > above.low:
        yield Finding(
            "band-overlap",
            place,
            f"“{band(below)}” and “{band(above)}” overlap; a clearance must lie in one row. Change "
            "“from” or “to” of one of them.",
            (below, above),
        )
    elif below.high < above.low:
        yield _gap(place, table, str(below.high), str(above.low), (below, above))
    elif below.high_closed and above.low_closed:
        yield Finding(
            "edge-owned-twice",
            place,
            f"Exactly {above.low} {table.measure} belongs to “{band(below)}” and to "
            f"“{band(above)}”; only one row may include its edge.",
            (below, above),
        )
    elif not below.high_closed and not above.low_closed:
        yield Finding(
            "edge-owned-by-none",
            place,
            f"Exactly {above.low} {table.measure} belongs to no row: “{band(below)}” stops before "
            f"it and “{band(above)}” begins after it.",
            (below, above),
        )


def _gap(place: str, table: DoseTable, low: str, high: str, beside: tuple[DoseRow, ...]) -> Finding:
    return Finding(
        "band-gap",
        place,
        f"No row covers a clearance from {low} to {high} {table.measure}; change “from” or “to” of "
        "the rows beside it.",
        beside,
    )


def _rising(table: DoseTable) -> list[DoseRow]:
    return sorted(table.bands, key=lambda row: (row.low or Decimal(0), not row.low_closed))


def daily_dose_falls(formulary: Formulary) -> Iterator[Finding]:
    """As clearance falls, the amount × doses a day never rises; no dose counts as nothing."""
    for place, _, table in tables(formulary):
        unit = "mg/kg" if table.per_kg else "mg"
        for below, above in pairwise(_rising(table)):
            if _a_day(below) > _a_day(above):
                yield Finding(
                    "daily-dose-rises",
                    place,
                    f"“{band(below)}” gives more in a day ({_said(below, unit)}) than "
                    f"“{band(above)}” ({_said(above, unit)}), though the clearance is lower.",
                    (below, above),
                )


def _a_day(row: DoseRow) -> Fraction:
    return (
        Fraction(0) if row.amount is None else Fraction(row.amount) * DOSES_PER_DAY[row.frequency]
    )


def _said(row: DoseRow, unit: str) -> str:
    return "no dose" if row.amount is None else f"{float(_a_day(row)):g} {unit}"


def dialysis_is_answered(formulary: Formulary) -> Iterator[Finding]:
    """Every table the kidneys decide has exactly one row for each kind of dialysis."""
    for place, _, table in tables(formulary):
        for kind in DIALYSES[1:] if table.rows and table.measure else ():
            count = sum(row.dialysis == kind for row in table.rows)
            if count == 0:
                yield Finding(
                    "dialysis-row-missing",
                    place,
                    f"There is no row for {kind} dialysis."
                    if kind != "haemodialysis"
                    else "There is no row for haemodialysis.",
                )
            elif count > 1:
                yield Finding(
                    "dialysis-row-twice",
                    place,
                    f"{kind} has {count} rows; one is needed.",
                    tuple(row for row in table.rows if row.dialysis == kind),
                )
        for row in table.rows:
            if row.dialysis and row.dialysis not in DIALYSES[1:]:
                yield Finding("dialysis-unknown", place, f"{row.dialysis} is no kind of dialysis.")


def company_is_answered(formulary: Formulary) -> Iterator[Finding]:
    """A table the kidneys do not decide has one row for everyone, and one for each medicine."""
    for place, _, table in tables(formulary):
        if table.measure or not table.rows:
            continue
        everyone = tuple(row for row in table.rows if not row.taking)
        if len(everyone) != 1:
            yield Finding(
                "row-for-everyone", place, "One row without a medicine is needed.", everyone
            )
        for slug in {row.taking for row in table.rows if row.taking}:
            same = tuple(row for row in table.rows if row.taking == slug)
            regions = [row.region for row in same]
            if len(regions) != len(set(regions)) or ("" in regions and len(regions) > 1):
                yield Finding(
                    "medicine-twice",
                    place,
                    f"{slug} has more than one row for the same region.",
                    same,
                )


def under_the_hard_maximum(formulary: Formulary) -> Iterator[Finding]:
    """No dose in mg, and no day's total, is above what the drug allows in a day."""
    for place, drug, table in tables(formulary):
        most = drug.hard_max_mg_per_day
        if most is None:
            continue
        if table.formula is not None and table.formula.dose_cap_mg > most:
            highest = Fraction(table.formula.dose_cap_mg)
            yield _above(place, "The child formula", highest, most, table.formula)
        if table.per_kg:
            continue  # A maximum in mg says nothing about mg/kg without a weight.
        for row in table.rows:
            if row.amount is not None and max(_a_day(row), Fraction(row.amount)) > most:
                highest = max(_a_day(row), Fraction(row.amount))
                yield _above(place, f"“{band(row)}”", highest, most, row)


def _above(
    place: str, what: str, amount: Fraction, most: Decimal, about: DoseRow | ChildFormula
) -> Finding:
    return Finding(
        "above-hard-maximum",
        place,
        f"{what} gives {float(amount):g} mg in a day; this drug's highest is {most} mg.",
        (about,),
    )


def ages_are_given(formulary: Formulary) -> Iterator[Finding]:
    """Every table says for which ages it is."""
    for place, _, table in tables(formulary):
        if not table.ages:
            yield Finding("ages-missing", place, "The table does not say for which ages it is.")


def weekdays_exist(formulary: Formulary) -> Iterator[Finding]:
    """Dosing days are days of the week, Monday = 0 to Sunday = 6."""
    for place, _, table in tables(formulary):
        if not set(table.weekdays) <= set(range(7)):
            yield Finding(
                "weekday-unknown", place, "Dosing days are 0 (Monday) to 6 (Sunday), nothing else."
            )


def each_child_has_one_k(formulary: Formulary) -> Iterator[Finding]:
    """Within a child formula's ages, every age, sex and birth weight has exactly one k."""
    for place, _, table in tables(formulary):
        if table.formula is None:
            continue
        for months in _turning_points(table):
            for sex in SEXES:
                for low_weight in (False, True):
                    found = _k_rows(table, months, sex, low_weight)
                    if found != 1:
                        birth = "low" if low_weight else "appropriate"
                        yield Finding(
                            "k-not-unique",
                            place,
                            f"{found or 'No'} k for {sex}, {months} months, {birth} birth weight; "
                            "exactly one is needed.",
                        )


def _turning_points(table: DoseTable) -> list[int]:
    """Ages in months at which a k may change, inside the ages of the table."""
    assert table.formula is not None
    points = {ages.from_months for ages in table.ages}
    points |= {row.from_months for row in table.formula.k_rows}
    points |= {row.below_months for row in table.formula.k_rows if row.below_months is not None}
    return sorted(
        point
        for point in points
        if any(
            ages.from_months <= point and (ages.below_months is None or point < ages.below_months)
            for ages in table.ages
        )
    )


def _k_rows(table: DoseTable, months: int, sex: str, low_weight: bool) -> int:
    assert table.formula is not None
    fitting = [
        row
        for row in table.formula.k_rows
        if row.from_months <= months
        and (row.below_months is None or months < row.below_months)
        and row.sex in ("", sex)
    ]
    special = [row for row in fitting if row.low_birth_weight]
    usual = [row for row in fitting if not row.low_birth_weight]
    return len(special) if low_weight and special else len(usual)
