"""How near a clearance is to the edge of its band, and what stands on the other side."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from .formulary import DoseRow, DoseTable, Drug
from .patient import PatientFacts
from .renal import KidneyFunction
from .units import UMOL_L_PER_MG_DL, as_fraction, half_up

#: How a clearance is printed: whole mL/min, mL/min/kg to two places.
PRINT_STEP = {"mL/min": Fraction(1), "mL/min/kg": Fraction(1, 100)}
#: How a creatinine is reported, by unit.
CREATININE_STEP = {"mg/dL": Fraction(1, 100), "umol/L": Fraction(1)}


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge near the clearance: upward is true when crossing it means a higher clearance.

    `other` is the row on the other side. `creatinine` is the first reportable value, in the unit
    that was entered, that lies on the other side; None when no creatinine was entered.
    """

    edge: Decimal
    upward: bool
    distance: Fraction
    other: DoseRow
    creatinine: Fraction | None


def printed(clearance: Fraction, measure: str) -> Fraction:
    """The clearance as it is shown, rounded half up."""
    return half_up(clearance, PRINT_STEP[measure])


def near_edges(
    facts: PatientFacts, kidneys: KidneyFunction, drug: Drug, table: DoseTable
) -> tuple[Edge, ...]:
    """Edges no further away than the drug's percentage of the edge (inclusive), nearest first."""
    clearance = kidneys.in_measure(table.measure)
    if clearance is None:
        return ()
    found = []
    for below, above in _within_reach(clearance, drug, table):
        assert above.low is not None
        upward = not _is_above(clearance, above)
        found.append(
            Edge(
                above.low,
                upward,
                abs(clearance - as_fraction(above.low)),
                above if upward else below,
                _crossing(facts, kidneys, table.measure, above, upward),
            )
        )
    return tuple(sorted(found, key=lambda edge: edge.distance))


def _within_reach(
    clearance: Fraction, drug: Drug, table: DoseTable
) -> list[tuple[DoseRow, DoseRow]]:
    """Neighbouring bands whose common edge is near; most patients have none."""
    lows = [row.low for row in table.rows if row.low]
    if not any(_near(clearance, low, drug.near_edge_percent) for low in lows):
        return []
    return [
        (below, above)
        for below, above in neighbours(table)
        if above.low is not None and _near(clearance, above.low, drug.near_edge_percent)
    ]


def _near(clearance: Fraction, edge: Decimal, percent: Decimal) -> bool:
    low, high = _reach(edge, percent)
    return low <= clearance <= high


@lru_cache(maxsize=1024)
def _reach(edge: Decimal, percent: Decimal) -> tuple[Fraction, Fraction]:
    """The clearances that are this near: edge ± percent of the edge, inclusive."""
    middle = Fraction(edge)
    reach = middle * Fraction(percent) / 100
    return middle - reach, middle + reach


def neighbours(table: DoseTable) -> list[tuple[DoseRow, DoseRow]]:
    """Pairs of adjacent bands, the lower one first."""
    bands = sorted(table.bands, key=lambda row: row.low or Decimal(0))
    return list(pairwise(bands))


def _is_above(clearance: Fraction, above: DoseRow) -> bool:
    assert above.low is not None
    return clearance >= above.low if above.low_closed else clearance > above.low


def _crossing(
    facts: PatientFacts, kidneys: KidneyFunction, measure: str, above: DoseRow, upward: bool
) -> Fraction | None:
    """The nearest reportable creatinine on the other side of the edge, in the entered unit."""
    creatinine = facts.creatinine
    clearance = kidneys.in_measure(measure)
    if creatinine is None or clearance is None or kidneys.method != "cockcroft-gault":
        return None
    assert above.low is not None
    # Clearance × creatinine is constant, so the edge's creatinine follows from today's pair.
    at_edge = clearance * creatinine.mg_dl / Fraction(above.low)
    if creatinine.unit == "umol/L":
        at_edge *= Fraction(UMOL_L_PER_MG_DL)
    steps = at_edge / CREATININE_STEP[creatinine.unit]
    exact = steps.denominator == 1
    if upward:
        # A clearance on the edge itself lies above only where that band owns its edge.
        whole = steps.__floor__() - (1 if exact and not above.low_closed else 0)
    else:
        whole = steps.__ceil__() + (1 if exact and above.low_closed else 0)
    return whole * CREATININE_STEP[creatinine.unit]
