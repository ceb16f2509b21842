"""Dose tables as the content states them: bands, dialysis rows, ages and the child formula."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .patient import CO_MEDICATIONS, PatientFacts
from .terms import COURSES, DOSES_PER_DAY, MEASURES, REGIONS, require


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRow:
    """One row of a dose table: a clearance band or a kind of dialysis → amount and frequency.

    In a table the kidneys do not decide, a row holds with one medicine taken as well (`taking`, in
    one `region` where labels differ), or for everyone else. A row without an amount says that this
    content gives no dose there, and `advice` says what next.
    """

    low: Decimal | None = None
    low_closed: bool = True
    high: Decimal | None = None
    high_closed: bool = False
    dialysis: str = ""
    taking: str = ""
    region: str = ""
    amount: Decimal | None = None
    frequency: str = ""
    advice: str = ""
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        kinds = (bool(self.dialysis), self.low is not None, bool(self.taking))
        require(sum(kinds) <= 1, "a row is a band, a dialysis row or one of a medicine taken")
        require(self.taking in ("", *CO_MEDICATIONS), f"unknown medicine {self.taking!r}")
        require(not self.region or bool(self.taking), "a region belongs to a medicine taken")
        require(self.region in ("", *REGIONS), f"region must be one of {REGIONS}")
        require(
            self.high is None or self.low is None or self.low < self.high,
            f"band {self.low}-{self.high} is empty",
        )
        if self.amount is None:
            require(not self.frequency and bool(self.advice), "a row without dose needs advice")
        else:
            require(self.amount > 0, "a dose must be above 0")
            require(self.frequency in DOSES_PER_DAY, f"unknown frequency {self.frequency!r}")

    def contains(self, clearance: Fraction) -> bool:
        """Whether the clearance, in the table's own measure, lies in this band."""
        if self.low is None:
            return False
        above = clearance >= self.low if self.low_closed else clearance > self.low
        if self.high is None:
            return above
        return above and (clearance <= self.high if self.high_closed else clearance < self.high)

    @property
    def interval(self) -> str:
        """The band as mathematics writes it, with the content's own digits; or dialysis, medicine.

        "any" where nothing about the patient decides.
        """
        if self.low is None:
            return self.dialysis or self.taking or "any"
        left = f"{'[' if self.low_closed else '('}{self.low}"
        if self.high is None:
            return f"{left}, ∞)"
        return f"{left}, {self.high}{']' if self.high_closed else ')'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRange:
    """Ages a table covers, in months: from_months ≤ age < below_months."""

    organ: str = ""
    from_months: int
    below_months: int | None = None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchwartzRow:
    """One k of the child clearance: from_months ≤ age < below_months, sex and birth weight."""

    from_months: int
    below_months: int | None = None
    sex: str = ""
    low_birth_weight: bool = False
    k: Decimal
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFormula:
    """once-daily mg = factor × BSA × min(clearance, cap), never above dose_cap_mg."""

    factor: Decimal
    clearance_cap: Decimal
    dose_cap_mg: Decimal
    note_from_months: int | None = None
    note_text: str = ""
    k_rows: tuple[SchwartzRow, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseTable:
    """Doses of one drug for one use. measure: mL/min or mL/min/kg; amounts in mg/kg or mg."""

    slug: str
    title: str
    course: str
    measure: str
    per_kg: bool
    weekdays: tuple[int, ...] = ()
    ages: tuple[AgeRange, ...]
    rows: tuple[DoseRow, ...] = ()
    formula: ChildFormula | None = None
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        require(self.measure in MEASURES, f"measure must be one of {MEASURES}")
        require(self.course in COURSES, f"course must be one of {COURSES}")
        require(bool(self.rows) != (self.formula is not None), "a table has rows or a formula")
        by_kidneys = {bool(row.dialysis) or row.low is not None for row in self.rows}
        require(by_kidneys <= {bool(self.measure)}, f"rows of {self.slug} do not fit its measure")

    @property
    def bands(self) -> tuple[DoseRow, ...]:
        """The clearance rows, as the content orders them."""
        return tuple(row for row in self.rows if row.low is not None)

    def row_for(self, clearance: Fraction) -> DoseRow | None:
        """The one band that holds this clearance."""
        for row in self.rows:
            if row.contains(clearance):
                return row
        return None

    def taking_rows(self, facts: PatientFacts) -> tuple[DoseRow, ...]:
        """Rows of a table without measure: those of what is taken as well, else the one for all."""
        named = tuple(
            row
            for row in self.rows
            if row.taking in facts.taking and row.region in ("", facts.region)
        )
        return named or tuple(row for row in self.rows if not row.taking)

    def dialysis_row(self, dialysis: str) -> DoseRow | None:
        """The row for this kind of dialysis, if the content has one."""
        for row in self.rows:
            if row.dialysis == dialysis:
                return row
        return None
