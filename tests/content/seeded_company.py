"""Faults in tables that a medicine decides, and in tests that come with each dose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dosing.engine.formulary import DoseRow, DoseTable, Drug, Formulary


def _with_rows(
    content: Formulary, rows: Callable[[tuple[DoseRow, ...]], tuple[DoseRow, ...]]
) -> Formulary:
    """The formulary with other rows in its first table that a medicine decides by region."""
    drug, table = next(
        (drug, table)
        for drug in content.drugs.values()
        for table in drug.tables.values()
        if any(row.region for row in table.rows)
    )
    return _with_table(content, drug, replace(table, rows=rows(table.rows)))


def _with_table(content: Formulary, drug: Drug, table: DoseTable) -> Formulary:
    changed = replace(drug, tables={**drug.tables, table.slug: table})
    return replace(content, drugs={**content.drugs, drug.slug: changed})


def nobody_else(content: Formulary) -> Formulary:
    return _with_rows(content, lambda rows: tuple(row for row in rows if row.taking))


def everyone_twice(content: Formulary) -> Formulary:
    return _with_rows(content, lambda rows: (rows[0], *rows))


def region_twice(content: Formulary) -> Formulary:
    return _with_rows(content, lambda rows: (*rows, rows[-1]))


def region_and_everywhere(content: Formulary) -> Formulary:
    return _with_rows(content, lambda rows: (*rows, replace(rows[-1], region="")))


def twice_a_week_with_each_dose(content: Formulary) -> Formulary:
    drug = next(
        drug
        for drug in content.drugs.values()
        if any(content.rhythms[rule.rhythm].each_dose for rule in drug.monitoring)
    )
    table = next(iter(drug.tables.values()))
    rows = tuple(
        replace(row, frequency="2/week") if row.amount is not None else row for row in table.rows
    )
    return _with_table(content, drug, replace(table, rows=rows))


EXPECTED = {
    nobody_else: ("row-for-everyone", "One row without a medicine"),
    everyone_twice: ("row-for-everyone", "One row without a medicine"),
    region_twice: ("medicine-twice", "more than one row for the same region"),
    region_and_everywhere: ("medicine-twice", "more than one row for the same region"),
    twice_a_week_with_each_dose: ("dose-days-uncounted", "no whole number of days apart"),
}
