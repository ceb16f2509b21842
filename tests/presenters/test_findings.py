"""What findings say: never the wrong side of an edge, never a way out that another stop closes."""

from datetime import date
from typing import Any

import pytest

from dosing.content.load import shipped_formulary
from dosing.exports.contract import calculate_payload
from dosing.presenters import words

MAN = {"sex": "male", "age_years": "40", "weight_kg": "70"}
COUNTS = {"labs": {"anc": "2", "platelets": "200", "haemoglobin": "120"}}


def answered(**payload: Any) -> dict[str, Any]:
    """The contract's answer for the man of 40, changed."""
    sent = {**MAN, **COUNTS, **payload}
    return calculate_payload(
        sent, formulary=shipped_formulary(), content={}, today=date(2026, 11, 23)
    )


def said(answer: dict[str, Any], code: str) -> str:
    return " ".join(one["text"] for one in answer["findings"] if one["code"] == code)


def test_a_clearance_near_an_edge_is_printed_on_its_own_side() -> None:
    above = said(
        answered(
            regimen="foscarnet-induction-90",
            serum_creatinine="0.99",
            serum_creatinine_unit="mg/dL",
        ),
        "near-band-edge",
    )
    assert "clearance 1.403\u00a0mL/min/kg" in above
    below = said(answered(regimen="ganciclovir-induction", crcl_ml_min="69.996"), "near-band-edge")
    assert "clearance 69.996\u00a0mL/min" in below


@pytest.mark.parametrize(
    ("regimen", "clearance", "shown"),
    [
        ("ganciclovir-induction", "9.6", "9.6\u00a0mL/min is below 10\u00a0mL/min"),
        ("foscarnet-induction-90", "27.8", "0.397\u00a0mL/min/kg is below 0.4\u00a0mL/min/kg"),
        ("ganciclovir-induction", "8", "8\u00a0mL/min is below 10\u00a0mL/min"),
    ],
)
def test_a_stop_by_clearance_never_says_that_ten_is_below_ten(
    regimen: str, clearance: str, shown: str
) -> None:
    answer = answered(regimen=regimen, crcl_ml_min=clearance)
    assert f"Clearance {shown}" in said(answer, "renal-function-below-range")


def test_no_title_names_an_interval_that_the_table_may_change() -> None:
    formulary = shipped_formulary()
    titles = [regimen.title for regimen in formulary.regimens.values()]
    titles += [table.title for drug in formulary.drugs.values() for table in drug.tables.values()]
    intervals = {"every", "twice", "once", "daily", "hours", *words.FREQUENCIES}
    for title in titles:
        assert not intervals & set(title.lower().replace(",", "").split()), title


def test_a_way_out_is_not_commanded_where_another_stop_closes_it() -> None:
    answer = answered(
        regimen="valganciclovir-induction", dialysis="haemodialysis", allergies=["ganciclovir"]
    )
    assert answer["status"] == "stopped"
    assert "plan it instead" not in " ".join(one["text"] for one in answer["findings"])


def test_on_dialysis_a_stopped_drug_has_no_row_to_follow() -> None:
    answer = answered(
        regimen="foscarnet-induction-90",
        dialysis="peritoneal",
        serum_creatinine="1.0",
        serum_creatinine_unit="mg/dL",
    )
    assert "follows" not in said(answer, "clearance-not-used-on-dialysis")


def test_two_drugs_that_harm_the_kidney_say_so() -> None:
    answer = answered(regimen="neurological-combination", crcl_ml_min="100")
    assert "adds up" in said(answer, "harm-to-the-kidney-adds-up")
    assert [review["day"] for review in answer["reviews"]] == [14, 21]


def test_a_shorter_second_drug_keeps_the_reviews_of_the_first() -> None:
    answer = answered(
        regimen="neurological-combination", crcl_ml_min="100", phase_days=["21", "14"]
    )
    assert [review["day"] for review in answer["reviews"]] == [14, 21]


def test_a_stop_for_both_drugs_names_the_sources_of_both() -> None:
    labs = {"anc": "0.4", "platelets": "200", "haemoglobin": "120"}
    answer = answered(regimen="ibd-colitis", crcl_ml_min="100", labs=labs)
    (stop,) = (one for one in answer["findings"] if one["level"] == "stop")
    drugs = shipped_formulary().drugs
    for drug in ("ganciclovir", "valganciclovir"):
        (threshold,) = (one for one in drugs[drug].thresholds if one.lab == "anc")
        assert set(threshold.sources) <= set(stop["sources"])


def test_rounding_over_the_limit_says_which_way() -> None:
    answer = answered(regimen="ganciclovir-maintenance", dialysis="haemodialysis", weight_kg="22.3")
    assert "rounding lowers the dose by 6.7%" in said(answer, "rounding-over-limit")
