"""Published doses as their sources print them, by drug."""

from __future__ import annotations

from dataclasses import dataclass

from dosing.engine.formulary import Formulary
from dosing.engine.plan import Plan

from . import words
from .sources import Citations, Cited


@dataclass(frozen=True, slots=True)
class Published:
    """What is published for one situation."""

    situation: str
    text: str
    sources: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class PublishedDrug:
    """One drug with everything published about it; of a withdrawn one, only why."""

    name: str
    brands: str
    withdrawn: str
    rows: tuple[Published, ...]


def published(formulary: Formulary) -> tuple[PublishedDrug, ...]:
    """Every drug that has published doses, in the content's order."""
    return tuple(
        PublishedDrug(
            words.full_name(drug),
            drug.brands,
            formulary.withdrawn.get(drug.slug, ""),
            tuple(
                Published(one.situation, one.text, _cited(one.sources, formulary))
                for one in drug.published_doses
            ),
        )
        for drug in formulary.drugs.values()
        if drug.published_doses
    )


def _cited(slugs: tuple[str, ...], formulary: Formulary) -> tuple[Cited, ...]:
    cite = Citations(formulary.sources)
    cite(slugs)
    return cite.listed()


def is_published(plan: Plan) -> bool:
    """Whether a drug is stopped where institutions publish doses: dialysis, below every table."""
    for order in plan.orders:
        if order.dose is not None or not order.drug.published_doses:
            continue
        codes = {finding.code for finding in plan.findings if order.drug.slug in finding.drugs}
        if "dialysis-not-covered" in codes:
            return True
        if "renal-function-below-range" in codes and plan.kidneys is not None:
            tables = [table for table in order.drug.tables.values() if table.rows]
            values = [plan.kidneys.in_measure(table.measure) for table in tables]
            rows = [
                None if value is None else table.row_for(value)
                for table, value in zip(tables, values, strict=True)
            ]
            if all(row is None or row.amount is None for row in rows):
                return True
    return False
