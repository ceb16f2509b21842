"""The whole story: from facts and a regimen to orders, findings and a dated schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .body_size import weights
from .dose import DoNotGive, Dose, NotMeasurable, from_formula, from_row
from .findings import in_order, merge
from .formulary import DoseRow, DoseTable, Drug, Formulary, Regimen
from .monitoring import Draw, Review, reviews, schedule
from .order_findings import about_orders
from .orders import Finding, Order
from .patient import PatientFacts
from .phases import Course, Span, lay_out
from .renal import KidneyFunction, estimate
from .second_looks import about_inputs
from .starting import reduced
from .stops import not_measurable, stops


@dataclass(frozen=True, slots=True)
class Offer:
    """Another regimen that can be given instead, with its phase lengths."""

    regimen: str
    phase_days: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything the product says about one patient and one regimen; nothing is added later."""

    regimen: Regimen
    facts: PatientFacts
    start: date
    kidneys: KidneyFunction | None
    course: Course
    orders: tuple[Order, ...]
    findings: tuple[Finding, ...]
    monitoring: tuple[Draw, ...]
    reviews: tuple[Review, ...]
    offer: Offer | None

    @property
    def stopped(self) -> bool:
        """Whether the content says no to at least one order."""
        return any(order.dose is None for order in self.orders)


def make_plan(facts: PatientFacts, regimen: Regimen, formulary: Formulary, *, start: date) -> Plan:
    """Decide every order of a regimen for one patient; the only place a dose is decided.

    Raises PhaseError where the lengths asked for cannot be laid out, and TabletsCannot where
    tablets were asked for and cannot make a child dose.
    """
    course = lay_out(regimen, facts, formulary, start)
    formula = next(
        (table.formula for span in course.spans if (table := formulary.table(span.phase)).formula),
        None,
    )
    kidneys = estimate(facts, formula)
    orders: list[Order] = []
    found: list[Finding] = []
    for span in course.spans:
        order, reasons = _decide(facts, kidneys, formulary, course, span, orders, start)
        orders.append(order)
        found += reasons
    found = merge(found)
    found += about_inputs(facts, kidneys, orders, start)
    found += merge(about_orders(facts, kidneys, regimen, course, orders, start))
    return Plan(
        regimen=regimen,
        facts=facts,
        start=start,
        kidneys=kidneys,
        course=course,
        orders=tuple(orders),
        findings=in_order(found),
        monitoring=schedule(facts, regimen, formulary, course, orders, start),
        reviews=reviews(regimen, course, start) if any(order.dose for order in orders) else (),
        offer=_offer(regimen, formulary, course, orders),
    )


def _decide(
    facts: PatientFacts,
    kidneys: KidneyFunction | None,
    formulary: Formulary,
    course: Course,
    span: Span,
    before: list[Order],
    start: date,
) -> tuple[Order, list[Finding]]:
    """One order: every stop first; only when there is none, the dose."""
    drug = formulary.drugs[span.phase.drug]
    table = reduced(facts, drug, drug.tables[span.phase.table])
    others = {one.phase.drug for one in course.spans} - {drug.slug}
    withdrawn = formulary.withdrawn.get(drug.slug, "")
    found, row = stops(facts, kidneys, drug, table, start, others, withdrawn=withdrawn)
    if not found:
        first = not any(order.drug.slug == drug.slug and order.dose for order in before)
        dosing_weight = weights(facts).get(facts.dosing_weight)
        try:
            dose = _dose(facts, kidneys, drug, table, row, dosing_weight, first)
            return Order(drug, table, span, row, dose), []
        except NotMeasurable:
            found = [not_measurable(drug, table.sources)]
    reason = in_order(found)[0].code
    return Order(drug, table, span, row, DoNotGive(reason)), found


def _dose(
    facts: PatientFacts,
    kidneys: KidneyFunction | None,
    drug: Drug,
    table: DoseTable,
    row: DoseRow | None,
    dosing_weight: Fraction | None,
    first: bool,
) -> Dose:
    if table.formula is not None:
        assert kidneys is not None
        return from_formula(facts, drug, table.formula, kidneys)
    assert row is not None
    return from_row(facts, drug, table, row, dosing_weight, first=first)


def _offer(
    regimen: Regimen, formulary: Formulary, course: Course, orders: list[Order]
) -> Offer | None:
    """When only later phases are stopped: the content's fallback to the same last day."""
    if not regimen.fallback_regimen or regimen.fallback_regimen in formulary.closed:
        return None
    first, *later = orders
    if first.dose is None:
        return None
    if all(order.dose is not None for order in later):
        return None
    other = formulary.regimens[regimen.fallback_regimen]
    return Offer(other.slug, (course.last,) * len(other.phases))
