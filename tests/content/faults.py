"""Faults to seed into sound content, one at a time. Each works on any formulary with the three
kinds of drug, so that the small and the shipped one are tried alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from dosing.engine.formulary import (
    DoseRow,
    DoseTable,
    Drug,
    Formulary,
    MonitoringPolicy,
    Regimen,
)

Way = str  # "vial", "bottle", "oral"


def drug_by(formulary: Formulary, way: Way) -> Drug:
    """The first drug that is made ready this way."""
    return next(drug for drug in formulary.drugs.values() if getattr(drug, way) is not None)


def change_drug(formulary: Formulary, way: Way, **changes: Any) -> Formulary:
    """The formulary with something else in this drug."""
    drug = drug_by(formulary, way)
    return replace(formulary, drugs={**formulary.drugs, drug.slug: replace(drug, **changes)})


def change_preparation(formulary: Formulary, way: Way, **changes: Any) -> Formulary:
    """The formulary with something else in how this drug is made ready."""
    preparation = replace(getattr(drug_by(formulary, way), way), **changes)
    return change_drug(formulary, way, **{way: preparation})


def first_table(formulary: Formulary, way: Way) -> DoseTable:
    """The drug's first table."""
    return next(iter(drug_by(formulary, way).tables.values()))


def change_table(formulary: Formulary, way: Way, table: DoseTable, **changes: Any) -> Formulary:
    """The formulary with something else in one table of this drug."""
    tables = drug_by(formulary, way).tables
    return change_drug(formulary, way, tables={**tables, table.slug: replace(table, **changes)})


def child_table(formulary: Formulary) -> DoseTable:
    """The table with the child formula."""
    tables = drug_by(formulary, "oral").tables.values()
    return next(table for table in tables if table.formula is not None)


def bands(table: DoseTable) -> list[DoseRow]:
    """The bands from the top down."""
    return sorted(table.bands, key=lambda row: row.low or Decimal(0), reverse=True)


def change_row(
    formulary: Formulary, way: Way, pick: Callable[[DoseTable], DoseRow], **changes: Any
) -> Formulary:
    """The formulary with something else in one row of the drug's first table."""
    table = first_table(formulary, way)
    picked = pick(table)
    rows = tuple(replace(row, **changes) if row is picked else row for row in table.rows)
    return change_table(formulary, way, table, rows=rows)


def without_row(formulary: Formulary, way: Way, pick: Callable[[DoseTable], DoseRow]) -> Formulary:
    """The formulary without one row of the drug's first table."""
    table = first_table(formulary, way)
    picked = pick(table)
    rows = tuple(row for row in table.rows if row is not picked)
    return change_table(formulary, way, table, rows=rows)


def change_regimen(formulary: Formulary, regimen: Regimen, **changes: Any) -> Formulary:
    """The formulary with something else in one regimen."""
    return replace(
        formulary, regimens={**formulary.regimens, regimen.slug: replace(regimen, **changes)}
    )


def change_policy(formulary: Formulary, **changes: Any) -> Formulary:
    """The formulary with something else in its default policy."""
    changed: MonitoringPolicy = replace(formulary.default_policy, **changes)
    return replace(formulary, policies=(changed, *formulary.policies[1:]))


def one_phase(formulary: Formulary, way: Way, ending: str = "course") -> Regimen:
    """A regimen of a single phase with this drug."""
    slug = drug_by(formulary, way).slug
    return next(
        regimen
        for regimen in formulary.regimens.values()
        if len(regimen.phases) == 1
        and regimen.phases[0].drug == slug
        and regimen.phases[0].ending in (ending, "days")
    )
