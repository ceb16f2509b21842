"""What a check says, and the words its places and bands are written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from dosing.engine.formulary import DoseRow, DoseTable, Drug, Formulary


@dataclass(frozen=True, slots=True)
class Finding:
    """Why content cannot be released: a code, the place in words, a sentence.

    `about`: the very rows it is about, so that a page can say it beside them.
    """

    code: str
    place: str
    sentence: str
    about: tuple[Any, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


def tables(formulary: Formulary) -> Iterator[tuple[str, Drug, DoseTable]]:
    """Every dose table with its place in words."""
    for drug in formulary.drugs.values():
        for table in drug.tables.values():
            yield f"{words(drug)}, {words(table)}", drug, table


def walk(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every row inside a row with its place in words, the outer row first."""
    yield place, value
    for spec in fields(value):
        inner = getattr(value, spec.name)
        below = inner.values() if isinstance(inner, Mapping) else inner
        for row in below if isinstance(inner, Mapping | tuple) else (inner,):
            if is_dataclass(row):
                yield from walk(row, f"{place}, {words(row)}" if place else words(row))


def words(row: Any) -> str:
    """A row by its kind and name: "drug ganciclovir", "monitoring of cbc"."""
    if isinstance(row, DoseRow):
        return band(row)
    kind = _KINDS.get(type(row).__name__, type(row).__name__.lower())
    name = next((getattr(row, key) for key in _NAMES if hasattr(row, key)), "")
    return f"{kind} {name}".strip()


def band(row: DoseRow) -> str:
    """A dose row in words: "from 50 to under 70", "above 1.0 to 1.4", "haemodialysis"."""
    if row.low is None:
        return row.dialysis
    left = f"{'from' if row.low_closed else 'above'} {row.low}"
    if row.high is None:
        return f"{left} up" if row.low_closed else left
    return f"{left} to {'' if row.high_closed else 'under '}{row.high}"


_NAMES = ("slug", "code", "lab", "situation", "test", "drug", "text")
_KINDS = {
    "ActionLimit": "action limit for",
    "AgeRange": "age range",
    "BottlePreparation": "bottle",
    "ChildFormula": "child formula",
    "DoseTable": "table",
    "ExpectedOrder": "expected order of",
    "InfusionTime": "infusion time",
    "MonitoringPolicy": "monitoring policy",
    "MonitoringRule": "monitoring of",
    "OralPreparation": "tablets and solution",
    "Phase": "phase of",
    "PublishedDose": "published dose",
    "SchwartzRow": "k row",
    "Threshold": "limit of",
    "TransplantEnd": "end after transplantation",
    "VialPreparation": "vial",
    "WorkedExample": "worked example",
}
