"""Sentences about bands: near an edge, printed on the other side of it, below every dose."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from dosing.engine.edges import Edge
from dosing.engine.formulary import DoseRow, DoseTable
from dosing.engine.orders import Finding
from dosing.engine.plan import Plan

from . import words
from .numbers import NBSP, amount, apart, at_most, clearance, fixed, plain


def below_range(finding: Finding, names: str, plan: Plan) -> str:
    """The stop of a clearance for which the content gives no dose."""
    row: DoseRow | None = finding.figures["row"]
    value = None if plan.kidneys is None else plan.kidneys.in_measure(finding.figures["measure"])
    if value is None:
        return f"No clearance for {names}: no dose. {finding.text}".rstrip()
    edge = "" if row is None or row.high is None else _edge_words(row, finding.figures["measure"])
    measure = finding.figures["measure"]
    marks = [] if row is None or row.high is None else [row.high]
    shown = f"{apart(value, marks, 0 if measure == 'mL/min' else 2)}{NBSP}{measure}"
    sentence = f"Clearance {shown} is {edge}: no dose of {names} in this content."
    return f"{sentence} {finding.text}".rstrip()


def _edge_words(row: DoseRow, measure: str) -> str:
    assert row.high is not None
    return (
        f"{plain(row.high)}{NBSP}{measure} or less"
        if row.high_closed
        else (f"below {plain(row.high)}{NBSP}{measure}")
    )


def near_edge(finding: Finding, names: str, plan: Plan) -> str:
    """Which edges are near, what stands across, and the creatinine that crosses."""
    table: DoseTable = finding.figures["table"]
    assert plan.kidneys is not None
    value = plan.kidneys.in_measure(table.measure)
    assert value is not None
    marks = [edge.edge for edge in finding.figures["edges"]]
    shown = f"{apart(value, marks, 2)}{NBSP}{table.measure}"
    sides = " ".join(_side(edge, table, plan) for edge in finding.figures["edges"])
    return f"{names}, {table.title}: clearance {shown} is near the edge of its band. {sides}"


def _side(edge: Edge, table: DoseTable, plan: Plan) -> str:
    at = f"{edge.edge}{NBSP}{table.measure}"
    closed = edge.other.low_closed if edge.upward else edge.other.high_closed
    if edge.upward:
        where = f"At {at} or more" if closed else f"Above {at}"
    else:
        where = f"At {at} or less" if closed else f"Below {at}"
    gives = "the content gives no dose"
    if edge.other.amount is not None:
        gives = f"the content gives {row_words(edge.other, table)}"
    crossing = ""
    if edge.creatinine is not None and plan.facts.creatinine is not None:
        unit = plan.facts.creatinine.unit
        places = 2 if unit == "mg/dL" else 0
        direction = "less" if edge.upward else "more"
        crossing = (
            f" (creatinine {fixed(edge.creatinine, places)}{NBSP}"
            f"{'µmol/L' if unit == 'umol/L' else unit} or {direction})"
        )
    return f"{where}{crossing} {gives}."


def row_words(row: DoseRow, table: DoseTable) -> str:
    """A table row in words: 2.5 mg/kg every 12 hours."""
    assert row.amount is not None
    unit = "mg/kg" if table.per_kg else "mg"
    return f"{amount(row.amount, unit)} {words.FREQUENCIES[row.frequency]}"


def printed_otherwise(finding: Finding, names: str, plan: Plan) -> str:
    """The clearance as printed would fall in another band."""
    measure = finding.figures["measure"]
    value, shown = finding.figures["clearance"], finding.figures["shown"]
    places = 2 if measure == "mL/min" else 4
    exact = at_most(value, places)
    if Fraction(Decimal(exact)) == shown:
        exact = at_most(value, 6)
    side = "below" if value < shown else "above"
    return (
        f"The clearance prints as {clearance(shown, measure)}, but {exact}{NBSP}{measure} is just "
        f"{side} the edge: the band of {names} is chosen by the unrounded value."
    )
