"""What must hold before a dose that harms the kidneys, and drugs that must not meet in one plan."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dosing.content.load import shipped_formulary
from dosing.engine import make_plan
from dosing.engine.formulary import ClockStep
from dosing.engine.plan import Plan
from dosing.exports.contract import calculate_payload
from dosing.intake import read
from dosing.presenters.starting import clock_words
from tests.content.small_formulary import small_formulary

TODAY = date(2026, 11, 23)
CONTENT = {"release": "golden", "approved": False, "digest": "sha256:0"}
CIDOFOVIR: dict[str, Any] = {
    "regimen": "cidofovir",
    "sex": "male",
    "age_years": 50,
    "weight_kg": "70",
    "serum_creatinine": "0.8",
    "serum_creatinine_unit": "mg/dL",
    "urine_protein": "negative",
}


def said(**changes: Any) -> dict[str, Any]:
    sent = {key: value for key, value in (CIDOFOVIR | changes).items() if value is not None}
    return calculate_payload(sent, formulary=shipped_formulary(), content=CONTENT, today=TODAY)


def stops(answer: dict[str, Any]) -> dict[str, str]:
    return {one["code"]: one["text"] for one in answer["findings"] if one["level"] == "stop"}


def test_what_is_ticked_as_taken_is_not_over_whatever_the_date() -> None:
    both = said(taking=["vancomycin"], last_doses={"vancomycin": "2026-11-10"})
    assert "vancomycin (now)" in stops(both)["cidofovir-nephrotoxic-drug"]
    late = stops(said(last_doses={"vancomycin": "2026-11-17"}))
    assert "vancomycin (last on Tue 17 Nov 2026)" in late["cidofovir-nephrotoxic-drug"]


def test_a_creatinine_older_than_two_days_at_the_dose_is_a_caution() -> None:
    for day, start, old in (
        ("2026-11-21", "2026-11-23", False),
        ("2026-11-20", "2026-11-23", True),
        ("2026-11-23", "2026-11-26", True),
    ):
        answer = said(serum_creatinine_date=day, start_date=start)
        assert ("creatinine-old" in {one["code"] for one in answer["findings"]}) is old


def test_an_old_creatinine_is_said_once() -> None:
    answer = said(serum_creatinine_date="2026-11-01")
    assert [one["code"] for one in answer["findings"]].count("creatinine-old") == 1


def test_any_drug_with_start_conditions_says_them_in_words() -> None:
    """The sentences belong to the conditions, not to the one drug that ships with them."""
    sent = CIDOFOVIR | {"regimen": "risky", "urine_protein": "2+", "serum_creatinine": "1.6"}
    answer = calculate_payload(sent, formulary=small_formulary(), content=CONTENT, today=TODAY)
    found = stops(answer)
    assert "Creatinine 1.6" in found["riskvir-creatinine"]
    assert found["riskvir-proteinuria"].startswith("Urine protein 2+ reaches")


def test_whether_it_is_the_first_dose_is_said_before_everything_else() -> None:
    first, later = (
        next(one["code"] for one in answer["findings"] if one["level"] == "caution")
        for answer in (said(), said(baseline_creatinine="0.8"))
    )
    assert (first, later) == ("baseline-not-entered", "first-doses-again")


def test_on_treatment_only_the_dipstick_tells_a_pause_from_an_end() -> None:
    """100 mg/dL is a reason not to start; on treatment 2+ is a caution and 3+ the end."""
    sent = {"urine_protein": None, "baseline_creatinine": "0.8"}
    assert said(**sent, urine_protein_mg_dl="99")["status"] == "ok"
    found = stops(said(**sent, urine_protein_mg_dl="100"))
    assert "enter the dipstick result" in found["cidofovir-proteinuria"]


def test_three_plus_on_treatment_ends_it() -> None:
    found = stops(said(urine_protein="3+", baseline_creatinine="0.8"))
    assert set(found) == {"cidofovir-proteinuria", "cidofovir-creatinine-rise"}


def test_the_lower_dose_has_its_working_and_its_table() -> None:
    answer = said(serum_creatinine="1.1", baseline_creatinine="0.8")
    assert {order["per_kg"] for order in answer["orders"]} == {"3"}
    assert {order["band"] for order in answer["orders"]} == {"(55, ∞)"}
    shipped = shipped_formulary().drugs["cidofovir"].tables.values()
    assert {str(row.amount) for table in shipped for row in table.rows if row.amount} == {"5"}


def test_on_dialysis_a_missing_creatinine_is_not_asked_for() -> None:
    answer = said(serum_creatinine=None, serum_creatinine_unit=None, dialysis="haemodialysis")
    assert "cidofovir-creatinine" not in stops(answer)
    assert {"dialysis-not-covered", "cidofovir-clearance"} <= set(stops(answer))


def _together(*regimens: str) -> Plan:
    """A plan of the first phases of these regimens, on the same days."""
    content = shipped_formulary()
    phases = [content.regimens[slug].phases[0] for slug in regimens]
    joined = (phases[0], *(replace(phase, with_previous=True) for phase in phases[1:]))
    regimen = replace(content.regimens["ganciclovir-induction"], slug="made-up", phases=joined)
    sent = {"regimen": "ganciclovir-induction", "age_years": 50, "weight_kg": "70"}
    request = read(sent | {"crcl_ml_min": "90"}, content, today=TODAY)
    return make_plan(request.facts, regimen, content, start=TODAY)


def test_maribavir_and_ganciclovir_in_one_plan_are_both_stopped() -> None:
    plan = _together("ganciclovir-induction", "maribavir")
    assert [order.dose for order in plan.orders] == [None, None]
    codes = {finding.code for finding in plan.findings if finding.level == "stop"}
    assert codes == {"maribavir-antagonises-ganciclovir"}


def test_ganciclovir_and_foscarnet_in_one_plan_are_not() -> None:
    plan = _together("ganciclovir-induction", "foscarnet-induction-90")
    assert all(order.dose for order in plan.orders)


@pytest.mark.parametrize(
    ("first", "until", "words"),
    [
        (-180, None, "3\u00a0h before the start"),
        (-120, 0, "From 2\u00a0h before the start to the start"),
        (0, None, "The start"),
        (0, 90, "From the start to 90\u00a0min after the start"),
        (540, None, "9\u00a0h after the start"),
    ],
)
def test_the_clock_in_words(first: int, until: int | None, words: str) -> None:
    step = ClockStep(from_minutes=first, until_minutes=until, text="x", sources=("s",))
    assert clock_words(step) == words


def test_a_step_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="ends after it begins"):
        ClockStep(from_minutes=10, until_minutes=10, text="x", sources=("s",))
