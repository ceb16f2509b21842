"""Two regimens for the same patient, side by side, and what differs between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from dosing.engine.formulary import Formulary, Regimen
from dosing.engine.plan import Plan

from .guidance import Conflict, conflicts_of
from .orders import OrderLine
from .plan import PlanView, plan_view
from .sources import Citations, Cited, by_document

#: What a table's doses are for, and the exposure they aim at.
_EXPOSURE = {
    "induction": "treatment exposure",
    "maintenance": "maintenance exposure: keeps down or prevents, does not treat active disease",
    "prevention": "exposure for prevention",
}
NOTHING = "–"
#: Regimens offered for comparison; and a question about more than these is not theirs.
MOST = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """One line: what it is about, both sides, and whether they differ."""

    about: str
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the two sides say different things."""
        return self.left != self.right


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both plans in words; conflicts of the sources about these two regimens."""

    left: PlanView
    right: PlanView
    lines: tuple[Compared, ...]
    conflicts: tuple[Conflict, ...]
    sources: tuple[Cited, ...]


def rivals(formulary: Formulary, regimen: Regimen) -> tuple[Regimen, ...]:
    """Other regimens for the same patients and the same trouble, those made for few first."""
    found = [
        one
        for one in formulary.regimens.values()
        if one.slug != regimen.slug
        and set(one.groups) & set(regimen.groups)
        and set(one.situations) & set(regimen.situations)
    ]
    return tuple(sorted(found, key=lambda one: len(one.groups))[:MOST])


def compare(left: Plan, right: Plan, formulary: Formulary) -> Comparison:
    """Orders, days, tests and ends of two plans line by line."""
    one, other = plan_view(left, formulary), plan_view(right, formulary)
    both = {left.regimen.slug, right.regimen.slug}
    stopped = left.stopped or right.stopped
    questions = [
        conflict
        for conflict in formulary.disagreements.values()
        if both <= set(conflict.regimens) and len(conflict.regimens) <= MOST and not stopped
    ]
    conflicts, sources = conflicts_of(formulary, questions)
    return Comparison(
        one,
        other,
        tuple(_lines(left, one, right, other, formulary)),
        conflicts,
        sources,
    )


def _lines(
    left: Plan, one: PlanView, right: Plan, other: PlanView, formulary: Formulary
) -> Iterator[Compared]:
    if one.headline or other.headline:
        yield Compared("Stopped", _said(one.headline), _said(other.headline))
    pairs = zip_longest(_orders(left, one), _orders(right, other), fillvalue=())
    for number, (first, second) in enumerate(pairs, start=1):
        yield Compared(f"Order {number}", first or (NOTHING,), second or (NOTHING,))
    for test in dict.fromkeys(test.name for view in (one, other) for test in view.tests):
        yield Compared(test, _days(one, test), _days(other, test))
    yield Compared("When to stop", _said(one.stop_criteria), _said(other.stop_criteria))
    yield Compared("Cautions", _cautions(one), _cautions(other))
    yield Compared("For whom", _said(one.label), _said(other.label))
    yield Compared(
        "Sources of doses and lengths", _sources(left, formulary), _sources(right, formulary)
    )


def _orders(plan: Plan, view: PlanView) -> Iterator[tuple[str, ...]]:
    for order, line in zip(plan.orders, view.orders, strict=True):
        yield tuple(_order(line, _EXPOSURE[order.table.course]))


def _order(line: OrderLine, exposure: str) -> Iterator[str]:
    yield f"{line.name} {line.brands}"
    if not line.given:
        yield "Not given"
        return
    yield f"{line.dose} {line.route} {line.frequency}"
    yield line.daily
    yield f"{line.days[:1].upper()}{line.days[1:]}"
    yield exposure[:1].upper() + exposure[1:]


def _days(view: PlanView, name: str) -> tuple[str, ...]:
    return next((_said(test.days) for test in view.tests if test.name == name), (NOTHING,))


def _cautions(view: PlanView) -> tuple[str, ...]:
    return tuple(one.text for one in (*view.stops, *view.cautions)) or (NOTHING,)


def _sources(plan: Plan, formulary: Formulary) -> tuple[str, ...]:
    cite = Citations(formulary.sources)
    for order in plan.orders:
        cite(order.row.sources if order.row else order.table.sources)
    for phase in plan.regimen.phases:
        cite(phase.sources)
    return by_document(cite.listed())


def _said(text: str) -> tuple[str, ...]:
    return (text,) if text else (NOTHING,)
