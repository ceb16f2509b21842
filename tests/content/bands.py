"""Bands by hand for vialvir, to compare and to dose by."""

from __future__ import annotations

from decimal import Decimal as D

from dosing.engine.formulary import DoseRow, Formulary

from .faults import change_table, first_table
from .small_formulary import small_formulary


def band(low: str, high: str | None, amount: str, frequency: str = "q12h") -> DoseRow:
    return DoseRow(
        low=D(low),
        high=None if high is None else D(high),
        amount=D(amount),
        frequency=frequency,
        sources=("label",),
    )


#: From 70: 5 mg/kg; from 50: 2.5 mg/kg; below: 1 mg/kg; all every 12 hours.
TABLE = (band("70", None, "5"), band("50", "70", "2.5"), band("0", "50", "1"))
#: The band of 50 to 70 begins at 60 now.
NARROWED = (band("70", None, "5"), band("60", "70", "2.5"), band("0", "60", "1"))


def with_rows(*rows: DoseRow) -> Formulary:
    """The small edition with these bands in vialvir's induction, and its rows for dialysis."""
    small = small_formulary()
    table = first_table(small, "vial")
    dialysis = tuple(row for row in table.rows if row.dialysis)
    return change_table(small, "vial", table, rows=(*rows, *dialysis))
