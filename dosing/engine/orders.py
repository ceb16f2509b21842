"""An order: one drug by one table on its days, with a dose or the reason for none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .dose import DoNotGive, Dose
from .formulary import DOSES_PER_DAY, DoseRow, DoseTable, Drug
from .phases import Span


@dataclass(frozen=True, slots=True)
class Order:
    """A span of the course with its drug, table and outcome; `row` is where the patient fell."""

    drug: Drug
    table: DoseTable
    span: Span
    row: DoseRow | None
    outcome: Dose | DoNotGive

    @property
    def dose(self) -> Dose | None:
        """The dose, where one may be given."""
        return self.outcome if isinstance(self.outcome, Dose) else None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know before giving: code, level, drugs it is about, and its own figures.

    `text` is the content's sentence; the presenters put the figures into words.
    """

    code: str
    level: str
    text: str = ""
    drugs: tuple[str, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


def dose_days(order: Order) -> tuple[int, ...]:
    """Plan days of a drug given once a week or less, as far as they are laid out; else nothing."""
    if order.dose is None:
        return ()
    every = 1 / DOSES_PER_DAY[order.dose.frequency]
    return order.span.dose_days(int(every)) if every >= 7 else ()


def drugs_of(orders: Sequence[Order]) -> list[Drug]:
    """The drugs of these orders, each once."""
    return list({order.drug.slug: order.drug for order in orders}.values())


def one_per_drug(orders: Sequence[Order]) -> list[Order]:
    """The first order of each drug."""
    firsts: dict[str, Order] = {}
    for order in orders:
        firsts.setdefault(order.drug.slug, order)
    return list(firsts.values())


def one_per_table(orders: Sequence[Order]) -> list[Order]:
    """The first order of each drug and table."""
    firsts: dict[tuple[str, str], Order] = {}
    for order in orders:
        firsts.setdefault((order.drug.slug, order.table.slug), order)
    return list(firsts.values())
