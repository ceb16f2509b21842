"""A withdrawn drug: never a dose, whatever the patient; every other order as before."""

from dataclasses import replace

import pytest
from hypothesis import assume, given

from dosing.engine import CodecError, Formulary, decode, digest, encode, make_plan
from tests.engine.formularies import laws
from tests.intake.payloads import Wanted, plans

WHY = "A wrong table."


@laws(80, whole_plans=True)
@given(plans())
def test_no_order_of_a_withdrawn_drug_has_a_dose_and_it_is_the_first_reason(
    wanted: Wanted,
) -> None:
    made, facts, plan = wanted
    assume(plan.orders)
    gone = plan.orders[0].drug.slug
    stopped = replace(made, withdrawn={gone: WHY})
    again = make_plan(facts, plan.regimen, stopped, start=plan.start)
    for order in again.orders:
        if order.drug.slug == gone:
            assert order.dose is None
            assert order.outcome.reason == "withdrawn"  # type: ignore[union-attr]
    first = again.findings[0]
    assert (first.code, first.level, first.text, first.drugs) == ("withdrawn", "stop", WHY, (gone,))
    # Of the others, the first order of a drug may come later and nothing else changes.
    others = [one for one in again.orders if one.drug.slug != gone]
    before = [one for one in plan.orders if one.drug.slug != gone]
    assert [(one.span, one.dose is None) for one in others] == [
        (one.span, one.dose is None) for one in before
    ]


@laws(40, whole_plans=True)
@given(plans())
def test_an_edition_is_the_same_with_and_without_withdrawn_drugs(wanted: Wanted) -> None:
    made: Formulary = wanted[0]
    stopped = replace(made, withdrawn=dict.fromkeys(made.drugs, WHY))
    assert digest(encode(stopped)) == digest(encode(made))


def test_content_cannot_bring_a_withdrawal_along() -> None:
    with pytest.raises(CodecError, match="Formulary has no withdrawn"):
        decode(Formulary, {"withdrawn": {}})
