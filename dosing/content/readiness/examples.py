"""Worked examples: the content's own patients must get the content's own answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dosing.engine.dose import DoNotGive, TabletsCannot
from dosing.engine.formulary import Formulary
from dosing.engine.orders import Order
from dosing.engine.patient import WorkedExample
from dosing.engine.phases import PhaseError
from dosing.engine.plan import make_plan

from .finding import Finding, tables, words


def names_exist(formulary: Formulary) -> Iterator[Finding]:
    """Every example names a regimen, expects something, and expects it of drugs that exist."""
    for example in formulary.examples:
        if example.regimen not in formulary.regimens:
            yield Finding(
                "example-regimen-unknown",
                words(example),
                f"There is no regimen {example.regimen}.",
            )
        if not example.expected:
            yield Finding("example-expects-nothing", words(example), "It expects no order.")
        for expected in example.expected:
            if expected.drug not in formulary.drugs:
                yield Finding(
                    "example-drug-unknown", words(example), f"There is no drug {expected.drug}."
                )


def every_table_has_an_example(formulary: Formulary) -> Iterator[Finding]:
    """Every table that a regimen uses is met by a worked example."""
    worked = [formulary.regimens.get(example.regimen) for example in formulary.examples]
    met = {(phase.drug, phase.table) for one in worked if one for phase in one.phases}
    used = {
        (phase.drug, phase.table) for one in formulary.regimens.values() for phase in one.phases
    }
    for place, drug, table in tables(formulary):
        if (drug.slug, table.slug) in used - met:
            yield Finding("example-missing", place, "No worked example calculates by this table.")


def examples_hold(formulary: Formulary) -> Iterator[Finding]:
    """Calculate every example and compare; only on content whose names and bands are sound."""
    for example in formulary.examples:
        for sentence in _differences(example, formulary):
            yield Finding("example-fails", words(example), sentence)


def _differences(example: WorkedExample, formulary: Formulary) -> Iterator[str]:
    regimen = formulary.regimens[example.regimen]
    try:
        plan = make_plan(example.facts, regimen, formulary, start=example.start)
    except PhaseError as problem:
        yield problem.sentence
        return
    except TabletsCannot:
        yield "Tablets cannot make this dose; choose the oral solution."
        return
    except (AssertionError, LookupError, TypeError, ValueError, ArithmeticError):
        # Facts go past the intake here, so that any of them may be missing.
        yield "It cannot be calculated: facts that this regimen needs are missing."
        return
    if len(plan.orders) != len(example.expected):
        yield f"It expects {len(example.expected)} order(s); the plan has {len(plan.orders)}."
        return
    for number, (expected, order) in enumerate(zip(example.expected, plan.orders, strict=True), 1):
        found = _answer(order)
        for name in ("drug", "status", "reason", "band", "dose_mg", "frequency"):
            wanted = getattr(expected, name)
            if wanted not in ("", None) and wanted != found.get(name):
                yield (
                    f"Order {number}: {name.removesuffix('_mg')} should be {wanted}, "
                    f"but is {found.get(name) or 'none'}."
                )


def _answer(order: Order) -> Mapping[str, object]:
    """An order in the terms in which an example expects it."""
    outcome = order.outcome
    if isinstance(outcome, DoNotGive):
        return {"drug": order.drug.slug, "status": "do-not-give", "reason": outcome.reason}
    return {
        "drug": order.drug.slug,
        "status": "dose",
        "band": "formula" if outcome.row is None else outcome.row.interval,
        "dose_mg": outcome.dose_mg,
        "frequency": outcome.frequency,
    }
