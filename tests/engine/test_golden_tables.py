"""The product against rows typed from the labels, never generated.

The last tests ask the other way round: the formulary names its edges, and each must be in the rows.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from dosing.content.load import shipped_formulary
from dosing.exports.contract import calculate_payload
from tests.oracle import golden_rows
from tests.oracle.findings import clearance_for
from tests.oracle.golden_rows import Row
from tests.oracle.inputs import read

CONTENT = {"release": "golden", "approved": False, "digest": "sha256:0"}
CLOSE = Fraction(1, 100)
"""How near to an edge a row must lie to stand for its one side, as a share of the edge."""


@pytest.fixture(scope="module")
def formulary() -> Any:
    return shipped_formulary()


def _answer(formulary: Any, row: Row) -> dict[str, Any]:
    return calculate_payload(
        row.payload, formulary=formulary, content=CONTENT, today=golden_rows.TODAY
    )


@pytest.mark.parametrize("row", golden_rows.table_rows(), ids=str)
def test_table_row(row: Row, formulary: Any) -> None:
    said = _answer(formulary, row)
    assert said["status"] != "invalid", said
    assert golden_rows.table_differences(row, said) == {}


@pytest.mark.parametrize("row", golden_rows.schedule_rows(), ids=str)
def test_schedule_row(row: Row, formulary: Any) -> None:
    said = _answer(formulary, row)
    assert said["status"] != "invalid", said
    assert golden_rows.schedule_differences(row, said) == {}


@pytest.mark.parametrize("row", golden_rows.limit_rows(), ids=str)
def test_limit_row(row: Row, formulary: Any) -> None:
    assert golden_rows.limit_differences(row, _answer(formulary, row)) == {}


@pytest.mark.parametrize("row", golden_rows.near_edge_rows(), ids=str)
def test_near_edge_row(row: Row, formulary: Any) -> None:
    assert golden_rows.near_edge_differences(row, _answer(formulary, row)) == {}


@pytest.mark.parametrize(
    "row",
    [*golden_rows.refusal_rows(), *golden_rows.refusal_rows("second_line_refusals.jsonl")],
    ids=str,
)
def test_refusal_row(row: Row, formulary: Any) -> None:
    said = _answer(formulary, row)
    assert golden_rows.refusal_differences(row, said) == {}
    assert set(said) == {"status", "errors"}
    for texts in said["errors"].values():
        assert texts
        assert all(isinstance(text, str) and text for text in texts)


@pytest.mark.parametrize("row", golden_rows.finding_rows(), ids=str)
def test_finding_row(row: Row, formulary: Any) -> None:
    said = _answer(formulary, row)
    assert golden_rows.finding_differences(row, said) == {}


def _clearances(drug: str, table: str) -> Iterator[tuple[Fraction, Row]]:
    """The clearance of every row of a table, in the unit the drug's bands are written in."""
    for row in golden_rows.order_rows("second_line_orders.csv"):
        typed = row.cells["renal.crcl_ml_min"]
        if typed and (row.cells["order.drug"], row.cells["order.table"]) == (drug, table):
            yield Fraction(typed), row
    for row in golden_rows.table_rows():
        if (row.cells.get("order.drug"), row.cells.get("order.table")) != (drug, table):
            continue
        facts, wrong = read(row.payload, golden_rows.TODAY)
        assert not wrong, row
        value = clearance_for(facts, drug)
        if value is not None:
            yield value, row


def _tables(formulary: Any) -> Iterator[tuple[str, str, list[Any]]]:
    for drug, content in formulary.drugs.items():
        for table, body in content.tables.items():
            # a formula has no bands, and a band without either end has no edge
            bands = [
                band
                for band in getattr(body, "bands", ())
                if band.low is not None or band.high is not None
            ]
            yield drug, table, bands


def test_every_row_that_a_medicine_decides_is_typed(formulary: Any) -> None:
    rows = golden_rows.order_rows("second_line_orders.csv")
    seen = 0
    for drug, content in formulary.drugs.items():
        for table, body in content.tables.items():
            for one in body.rows if not body.measure else ():
                seen += 1
                assert [
                    row
                    for row in rows
                    if row.cells["order.drug"] == drug
                    and row.cells["order.table"] == table
                    and row.cells["order.band"] == (one.taking or "any")
                    and one.region in ("", row.payload.get("region"))
                ], f"{drug} {table}: {one.taking} {one.region}"
    assert seen


def test_every_edge_has_a_row_below_at_and_above(formulary: Any) -> None:
    missing, seen = [], 0
    for drug, table, bands in _tables(formulary):
        edges = {edge for band in bands for edge in (band.low, band.high) if edge is not None}
        values = [value for value, _ in _clearances(drug, table)]
        for edge in sorted(Fraction(edge) for edge in edges if edge > 0):
            seen += 1
            near = [value for value in values if abs(value - edge) <= edge * CLOSE]
            for side, there in (
                ("below", any(value < edge for value in near)),
                ("at", edge in near),
                ("above", any(value > edge for value in near)),
            ):
                if not there:
                    missing.append(f"{drug} {table}: no row {side} {edge}")
    assert seen, "the formulary names no edge"
    assert missing == []


def test_every_band_has_a_row_with_its_dose(formulary: Any) -> None:
    """A band between two edges is met from inside, not only at its ends."""
    missing = []
    for drug, table, bands in _tables(formulary):
        rows = [(value, row) for value, row in _clearances(drug, table)]
        for band in bands:
            inside = [
                row
                for value, row in rows
                if (band.low is None or value > Fraction(band.low))
                and (band.high is None or value < Fraction(band.high))
            ]
            if not inside:
                missing.append(f"{drug} {table}: no row inside {band.low} to {band.high}")
    assert missing == []


def test_every_table_has_a_row_for_each_kind_of_dialysis(formulary: Any) -> None:
    kinds = {"haemodialysis", "peritoneal", "continuous"}
    rows = [*golden_rows.table_rows(), *golden_rows.order_rows("second_line_orders.csv")]
    for drug, table, _ in _tables(formulary):
        if not formulary.drugs[drug].tables[table].measure:
            continue
        found = {
            row.payload["dialysis"]
            for row in rows
            if row.cells.get("order.drug") == drug
            and row.cells.get("order.table") == table
            and "dialysis" in row.payload
        }
        assert kinds <= found, f"{drug} {table}: only {sorted(found)}"
