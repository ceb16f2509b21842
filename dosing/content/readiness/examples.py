"""Worked examples: the content's own patients must get the content's own answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from dosing.engine.dose import DoNotGive, TabletsCannot
from dosing.engine.formulary import Drug, Formulary
from dosing.engine.orders import Order
from dosing.engine.patient import VENOUS_ACCESSES, WorkedExample
from dosing.engine.phases import PhaseError
from dosing.engine.plan import make_plan
from dosing.engine.preparation import BagInfusion, BottleInfusion, Preparation

from .finding import Finding, words

#: What is compared of an order, and how it is called.
_COMPARED: Mapping[str, str] = {
    "drug": "drug",
    "status": "status",
    "reason": "reason",
    "band": "band",
    "dose_mg": "dose",
    "frequency": "frequency",
    "volume_ml": "mL of the drug",
    "total_ml": "mL in all",
    "infusion_minutes": "minutes of infusion",
    "tablets": "tablets",
}
_INFUSED = ("volume_ml", "total_ml", "infusion_minutes")


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


def every_phase_has_an_example(formulary: Formulary) -> Iterator[Finding]:
    """Every regimen is met by a worked example that expects a dose in mg of each of its phases."""
    met = {
        example.regimen
        for example in formulary.examples
        if example.expected and all(one.dose_mg is not None for one in example.expected)
    }
    for regimen in formulary.regimens.values():
        if regimen.phases and regimen.slug not in met:
            yield Finding(
                "example-missing",
                words(regimen),
                "No worked example of it expects a dose in mg of every phase.",
            )


def every_preparation_is_stated(formulary: Formulary) -> Iterator[Finding]:
    """Every way in which a drug in use is made ready is stated by a worked example."""
    stated = {
        (expected.drug, figure, line)
        for example in formulary.examples
        for expected in example.expected
        for figure in _COMPARED
        for line in ("", example.facts.venous_access)
        if getattr(expected, figure) not in ("", None)
    }
    used = {phase.drug for one in formulary.regimens.values() for phase in one.phases}
    for drug in formulary.drugs.values():
        missing = [
            f"{_COMPARED[figure]}{f' by a {line} line' if line else ''}"
            for figure, line in _made_ready(drug)
            if drug.slug in used and (drug.slug, figure, line) not in stated
        ]
        if missing:
            yield Finding(
                "preparation-without-example",
                words(drug),
                f"No worked example states: {', '.join(missing)}.",
            )


def _made_ready(drug: Drug) -> Iterator[tuple[str, str]]:
    """What a ward measures of this drug, each with the line it depends on."""
    if drug.vial is not None:
        yield from ((figure, "") for figure in _INFUSED)
    if drug.bottle is not None:
        yield from ((figure, line) for line in VENOUS_ACCESSES for figure in _INFUSED)
    if drug.oral is not None:
        yield "tablets", ""
        if drug.oral.solution_mg_ml is not None:
            yield "volume_ml", ""


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
        for name, said in _COMPARED.items():
            wanted = getattr(expected, name)
            if wanted not in ("", None) and wanted != found.get(name):
                yield (
                    f"Order {number}: {said} should be {wanted}, "
                    f"but is {_written(found.get(name))}."
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
        **_measured(outcome.preparation),
    }


def _measured(made: Preparation) -> Mapping[str, object]:
    """What the ward measures."""
    if isinstance(made, BagInfusion | BottleInfusion):
        total = made.bag.total_ml if isinstance(made, BagInfusion) else made.total_ml
        figures = (made.volume_ml, total, made.minutes)
        return dict(zip(_INFUSED, figures, strict=True))
    return {"tablets": made.tablets, "volume_ml": made.volume_ml}


def _written(value: object) -> str:
    """As text; a fraction as a decimal, to six places where it does not end."""
    if isinstance(value, Fraction):
        shown = Decimal(value.numerator) / Decimal(value.denominator)
        return format(round(shown, 6).normalize(), "f")
    return str(value or "none")
