"""Typing slips in the shipped dose tables, one at a time: none may be released.

Readiness sees the tables only through its checks and the worked examples, so this asks whether
there are enough of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from dosing.content.load import shipped_formulary
from dosing.content.readiness import check
from dosing.engine.formulary import DoseRow, DoseTable, Drug, Formulary

from .small_formulary import TODAY

#: A frequency that is easily taken for another.
MISTAKEN = {"q12h": "q24h", "q24h": "q12h", "q48h": "q24h", "q8h": "q12h"}
TABLES = [
    (drug.slug, table.slug)
    for drug in shipped_formulary().drugs.values()
    for table in drug.tables.values()
    if table.rows
]


def with_rows(drug: Drug, table: DoseTable, rows: list[DoseRow]) -> Formulary:
    content = shipped_formulary()
    tables = {**drug.tables, table.slug: replace(table, rows=tuple(rows))}
    return replace(content, drugs={**content.drugs, drug.slug: replace(drug, tables=tables)})


def wrong_doses(table: DoseTable) -> Iterator[tuple[str, list[DoseRow]]]:
    for place, row in enumerate(table.rows):
        if row.amount is None:
            continue
        slips = {
            "ten times": replace(row, amount=row.amount * 10),
            "a tenth": replace(row, amount=row.amount / 10),
            "too often or too seldom": replace(row, frequency=MISTAKEN.get(row.frequency, "q24h")),
        }
        for slip, wrong in slips.items():
            yield (
                f"{row.interval}: {slip}",
                [wrong if number == place else other for number, other in enumerate(table.rows)],
            )


def moved_edges(table: DoseTable) -> Iterator[tuple[str, list[DoseRow]]]:
    step = Decimal("0.01") if table.measure == "mL/min/kg" else Decimal(1)
    for above in table.bands:
        edge = above.low
        if not edge:
            continue
        for moved in (edge + step, edge - step):
            yield (
                f"edge {edge} typed {moved}",
                [
                    replace(
                        row,
                        low=moved if row.low == edge else row.low,
                        high=moved if row.high == edge else row.high,
                    )
                    for row in table.rows
                ],
            )
        yield (
            f"edge {edge} in the other band",
            [
                replace(
                    row,
                    low_closed=row.low_closed ^ (row.low == edge),
                    high_closed=row.high_closed ^ (row.high == edge),
                )
                for row in table.rows
            ],
        )


@pytest.mark.parametrize(("drug", "table"), TABLES)
def test_no_slip_in_a_shipped_table_can_be_released(drug: str, table: str) -> None:
    content = shipped_formulary().drugs[drug]
    slips = [*wrong_doses(content.tables[table]), *moved_edges(content.tables[table])]
    assert len(slips) >= 6
    missed = [
        slip
        for slip, rows in slips
        if not check(with_rows(content, content.tables[table], rows), TODAY)
    ]
    assert missed == []
