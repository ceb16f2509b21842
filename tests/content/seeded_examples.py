"""Faults of leaving out: a regimen, or a way of making a drug ready, that no example speaks of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal as D

from dosing.engine.formulary import Formulary
from dosing.engine.patient import ExpectedOrder, WorkedExample

from . import faults


def expecting(
    content: Formulary, change: Callable[[WorkedExample, ExpectedOrder], ExpectedOrder]
) -> Formulary:
    """The formulary with something else in every order its examples expect."""
    examples = tuple(
        replace(one, expected=tuple(change(one, order) for order in one.expected))
        for one in content.examples
    )
    return replace(content, examples=examples)


def regimen_without_example(content: Formulary) -> Formulary:
    slug = faults.one_phase(content, "vial").slug
    kept = tuple(one for one in content.examples if one.regimen != slug)
    return replace(content, examples=kept)


def regimen_with_stops_only(content: Formulary) -> Formulary:
    """An example that holds, but of a patient who gets nothing."""
    drug = faults.drug_by(content, "vial").slug
    stop = ExpectedOrder(drug=drug, status="do-not-give", reason="age-not-covered")
    regimen = faults.one_phase(content, "vial").slug
    first = next(one for one in content.examples if one.regimen == regimen)
    child = replace(first, facts=replace(first.facts, age_years=D(17)), expected=(stop,))
    rest = regimen_without_example(content)
    return replace(rest, examples=(*rest.examples, child))


def no_dose_stated(content: Formulary) -> Formulary:
    """A dose is expected, but any dose will do."""
    regimen = faults.one_phase(content, "vial").slug
    return expecting(
        content,
        lambda one, order: replace(order, dose_mg=None) if one.regimen == regimen else order,
    )


def no_minutes_stated(content: Formulary) -> Formulary:
    drug = faults.drug_by(content, "vial").slug
    return expecting(
        content,
        lambda one, order: replace(order, infusion_minutes=None) if order.drug == drug else order,
    )


def no_tablets_stated(content: Formulary) -> Formulary:
    drug = faults.drug_by(content, "oral").slug
    return expecting(
        content, lambda one, order: replace(order, tablets=None) if order.drug == drug else order
    )


def no_solution_stated(content: Formulary) -> Formulary:
    drug = faults.drug_by(content, "oral").slug
    return expecting(
        content, lambda one, order: replace(order, volume_ml=None) if order.drug == drug else order
    )


def no_volume_by_a_peripheral_line(content: Formulary) -> Formulary:
    def change(one: WorkedExample, order: ExpectedOrder) -> ExpectedOrder:
        peripheral = one.facts.venous_access == "peripheral"
        return replace(order, total_ml=None) if peripheral else order

    return expecting(content, change)


EXPECTED = {
    regimen_without_example: ("example-missing", "expects a dose in mg of every phase"),
    regimen_with_stops_only: ("example-missing", "expects a dose in mg of every phase"),
    no_dose_stated: ("example-missing", "expects a dose in mg of every phase"),
    no_minutes_stated: ("preparation-without-example", "states: minutes of infusion."),
    no_tablets_stated: ("preparation-without-example", "states: tablets."),
    no_solution_stated: ("preparation-without-example", "states: mL of the drug."),
    no_volume_by_a_peripheral_line: (
        "preparation-without-example",
        "states: mL in all by a peripheral line.",
    ),
}
