"""The second implementation against the typed rows: two independent readings of the tables."""

import pytest

from tests.oracle import answer, golden_rows
from tests.oracle.golden_rows import Row


@pytest.mark.parametrize("row", golden_rows.table_rows(), ids=str)
def test_table_row(row: Row) -> None:
    said = answer(row.payload, golden_rows.TODAY)
    assert said["status"] != "invalid", said
    assert golden_rows.table_differences(row, said) == {}


@pytest.mark.parametrize("row", golden_rows.schedule_rows(), ids=str)
def test_schedule_row(row: Row) -> None:
    said = answer(row.payload, golden_rows.TODAY)
    assert said["status"] != "invalid", said
    assert golden_rows.schedule_differences(row, said) == {}


@pytest.mark.parametrize("row", golden_rows.limit_rows(), ids=str)
def test_limit_row(row: Row) -> None:
    said = answer(row.payload, golden_rows.TODAY)
    assert golden_rows.limit_differences(row, said) == {}


@pytest.mark.parametrize("row", golden_rows.near_edge_rows(), ids=str)
def test_near_edge_row(row: Row) -> None:
    said = answer(row.payload, golden_rows.TODAY)
    assert golden_rows.near_edge_differences(row, said) == {}


@pytest.mark.parametrize("row", golden_rows.refusal_rows(), ids=str)
def test_refusal_row(row: Row) -> None:
    said = answer(row.payload, golden_rows.TODAY)
    assert golden_rows.refusal_differences(row, said) == {}


@pytest.mark.parametrize("row", golden_rows.finding_rows(), ids=str)
def test_finding_row(row: Row) -> None:
    said = answer(row.payload, golden_rows.TODAY)
    assert golden_rows.finding_differences(row, said) == {}
