"""Regimens, co-medication and lengths against rows typed from the content document."""

from typing import Any

import pytest

from dosing.content.load import shipped_formulary
from dosing.engine.findings import CODES
from dosing.exports.contract import calculate_payload
from tests.oracle import golden_rows
from tests.oracle.golden_rows import Row

CONTENT = {"release": "golden", "approved": False, "digest": "sha256:0"}


def _answer(row: Row) -> dict[str, Any]:
    return calculate_payload(
        row.payload, formulary=shipped_formulary(), content=CONTENT, today=golden_rows.TODAY
    )


#: Order rows of the regimens that no table's own file has.
FURTHER = ("regimen_orders.csv", "second_line_orders.csv")


@pytest.mark.parametrize("row", golden_rows.order_rows(*FURTHER), ids=str)
def test_order(row: Row) -> None:
    said = _answer(row)
    assert said["status"] != "invalid", said
    assert golden_rows.table_differences(row, said) == {}


@pytest.mark.parametrize("row", golden_rows.schedule_rows("regimen_schedules.csv"), ids=str)
def test_schedule(row: Row) -> None:
    said = _answer(row)
    assert said["status"] != "invalid", said
    assert golden_rows.schedule_differences(row, said) == {}


@pytest.mark.parametrize(
    "row",
    [
        *golden_rows.expectation_rows("interactions.jsonl"),
        *golden_rows.expectation_rows("regimen_limits.jsonl"),
        *golden_rows.expectation_rows("second_line.jsonl"),
    ],
    ids=str,
)
def test_expectation(row: Row) -> None:
    assert golden_rows.expectation_differences(row, _answer(row)) == {}


def test_every_regimen_has_rows() -> None:
    names = golden_rows.table_files()
    rows = golden_rows.order_rows(*names, *FURTHER)
    with_dose = {row.payload["regimen"] for row in rows if row.cells.get("order.status") != ""}
    with_drug = {slug for slug, one in shipped_formulary().regimens.items() if one.phases}
    assert with_dose == with_drug == set(shipped_formulary().regimens) - {"hsct-surveillance"}


@pytest.mark.parametrize("slug", sorted(shipped_formulary().regimens))
def test_every_regimen_reaches_its_own_tables(slug: str) -> None:
    """The orders of each regimen are typed with the table they come from."""
    regimen = shipped_formulary().regimens[slug]
    names = golden_rows.table_files()
    rows = golden_rows.order_rows(*names, *FURTHER)
    typed = {
        (row.place, row.cells["order.drug"], row.cells["order.table"])
        for row in rows
        if row.payload["regimen"] == slug and row.cells.get("order.table")
    }
    asked = {(place, phase.drug, phase.table) for place, phase in enumerate(regimen.phases)}
    assert typed == asked


def test_every_code_of_the_content_has_its_place() -> None:
    content = shipped_formulary()
    rules = [rule for drug in content.drugs.values() for rule in drug.rules]
    rules += [rule for regimen in content.regimens.values() for rule in regimen.rules]
    assert {rule.code for rule in rules} <= set(CODES)
