"""What each regimen needs, what excludes what, and what tablets and lengths refuse."""

import pytest

from tests.intake.asking import ADULT, CHILD, ENTERED, Sent, facts, refused
from tests.intake.payloads import shipped

AGE = "Enter the age."
WEIGHT = "Enter the weight."
HEIGHT = "Enter the height: it is needed here."
SEX = "Choose the sex: the estimate needs it."
KIDNEYS = "Enter the creatinine or the clearance, or answer the dialysis question."
CREATININE = "Enter the creatinine, or answer the dialysis question."
BOTH = "Give the creatinine or the clearance, not both."
OWN_CLEARANCE = (
    "This formula needs creatinine and height; it uses its own clearance in mL/min/1.73\u00a0m². "
    "Leave the clearance out."
)
ACTUAL_ONLY = "The child formula uses the actual weight. Choose actual."
TOO_SHORT = "Ideal and adjusted weight need a height of 152.4 cm or more. Choose the actual weight."

PAEDIATRIC = CHILD["regimen"]
INTRAVENOUS = sorted(set(shipped().regimens) - {PAEDIATRIC} - {
    "valganciclovir-induction", "valganciclovir-maintenance", "sot-disease-oral", "sot-preemptive",
    "hsct-preemptive-valganciclovir", "hiv-retinitis-oral", "prophylaxis-kidney",
    "prophylaxis-heart", "maribavir", "letermovir-hsct", "letermovir-kidney", "hsct-surveillance",
})  # fmt: skip
#: Where nothing about kidneys or weight decides anything.
FIXED = ["maribavir", "letermovir-hsct", "letermovir-kidney"]
TABLETS = sorted(
    set(shipped().regimens) - {PAEDIATRIC, "hsct-surveillance"} - set(INTRAVENOUS) - set(FIXED)
)


@pytest.mark.parametrize("regimen", FIXED)
def test_fixed_doses_need_an_age_only(regimen: str) -> None:
    assert refused({"regimen": regimen}) == {"age_years": [AGE]}
    known = facts({"regimen": regimen, "age_years": 40})
    assert (known.weight_kg, known.creatinine, known.crcl_ml_min) == (None, None, None)


def test_watching_needs_nothing() -> None:
    assert facts({"regimen": "hsct-surveillance"}).months is None


def test_the_regimens_of_this_edition() -> None:
    assert set(shipped().regimens) == {
        "ganciclovir-induction",
        "ganciclovir-maintenance",
        "ganciclovir-maintenance-5-days",
        "valganciclovir-induction",
        "valganciclovir-maintenance",
        "foscarnet-induction-90",
        "foscarnet-induction-60",
        "foscarnet-maintenance-90",
        "foscarnet-maintenance-120",
        "immunocompromised-disease",
        "ibd-colitis",
        "ibd-colitis-daily-step-down",
        "neurological-combination",
        "valganciclovir-paediatric-prophylaxis",
        "sot-disease-oral",
        "sot-disease-iv",
        "sot-preemptive",
        "hsct-preemptive-ganciclovir",
        "hsct-preemptive-valganciclovir",
        "hiv-retinitis-oral",
        "hiv-retinitis-iv",
        "hiv-gastrointestinal",
        "pneumonitis",
        "ganciclovir-resistant",
        "transplant-prevention-ganciclovir",
        "prophylaxis-kidney",
        "prophylaxis-heart",
        "cidofovir",
        "maribavir",
        "letermovir-hsct",
        "letermovir-kidney",
        "hsct-surveillance",
    }


@pytest.mark.parametrize("slug", INTRAVENOUS)
def test_mg_per_kg_needs_a_weight(slug: str) -> None:
    asked = {"age_years": [AGE], "serum_creatinine": [KIDNEYS], "weight_kg": [WEIGHT]}
    assert refused({"regimen": slug}) == asked
    for way in ({"crcl_ml_min": "90"}, {"dialysis": "haemodialysis"}):
        enough = {"regimen": slug, "age_years": 40, "weight_kg": 70} | way
        facts(enough)
        assert refused(enough | {"weight_kg": None}) == {"weight_kg": [WEIGHT]}
        assert refused(enough | {"age_years": None}) == {"age_years": [AGE]}
    assert refused({"regimen": slug, "age_years": 40, "weight_kg": 70}) == {
        "serum_creatinine": [KIDNEYS]
    }


@pytest.mark.parametrize("slug", TABLETS)
def test_tablets_need_a_weight_only_for_the_estimate(slug: str) -> None:
    for way in ({"crcl_ml_min": "90"}, {"dialysis": "peritoneal"}):
        assert facts({"regimen": slug, "age_years": 40} | way).weight_kg is None
    creatinine = {"serum_creatinine": "1", "serum_creatinine_unit": "mg/dL"}
    assert refused({"regimen": slug, "age_years": 40} | creatinine) == {
        "sex": [SEX],
        "weight_kg": [WEIGHT],
    }
    on_dialysis = {"regimen": slug, "age_years": 40, "dialysis": "haemodialysis"} | creatinine
    assert facts(on_dialysis).weight_kg is None


@pytest.mark.parametrize("slug", [*INTRAVENOUS, *TABLETS])
def test_a_creatinine_needs_a_sex_and_a_unit(slug: str) -> None:
    enough: Sent = ADULT | {"regimen": slug}
    facts(enough)
    assert refused(enough | {"sex": None}) == {"sex": [SEX]}
    assert refused(enough | {"serum_creatinine_unit": None}) == {
        "serum_creatinine_unit": ["Choose the unit: mg/dL or µmol/L."]
    }
    assert facts(enough | {"dialysis": "continuous", "sex": None}).sex is None


def test_the_child_formula_needs_everything() -> None:
    assert refused({"regimen": PAEDIATRIC}) == {
        "age_years": [AGE],
        "serum_creatinine": [CREATININE],
        "sex": [SEX],
        "height_cm": [HEIGHT],
        "weight_kg": [WEIGHT],
    }
    for key, message in (("age_years", AGE), ("sex", SEX), ("height_cm", HEIGHT)):
        assert refused(CHILD | {key: None}) == {key: [message]}
    assert refused(CHILD | {"weight_kg": None}) == {"weight_kg": [WEIGHT]}


def test_an_entered_clearance_is_an_error_for_a_child() -> None:
    for with_creatinine in (CHILD, CHILD | dict.fromkeys(list(CHILD)[-2:])):
        for value in ("90", "garbage"):
            found = refused(with_creatinine | {"crcl_ml_min": value})
            assert OWN_CLEARANCE in found.pop("crcl_ml_min")
            assert found == {}


@pytest.mark.parametrize("basis", ["renal_weight", "dosing_weight"])
@pytest.mark.parametrize("kind", ["ideal", "adjusted"])
def test_ideal_and_adjusted_weight(basis: str, kind: str) -> None:
    tall = ADULT | {basis: kind, "height_cm": "152.4"}
    facts(tall)
    assert refused(tall | {"height_cm": None}) == {"height_cm": [HEIGHT]}
    assert refused(tall | {"height_cm": "152.39"}) == {"height_cm": [TOO_SHORT]}
    assert refused(ENTERED | {basis: kind, "height_cm": "170"}) == {"sex": [SEX]}
    assert refused(CHILD | {basis: kind}) == {basis: [ACTUAL_ONLY]}
    in_inches = {"height_cm": "in"}
    facts(tall | {"height_cm": "60"}, in_inches)
    assert refused(tall | {"height_cm": "59.9"}, in_inches) == {"height_cm": [TOO_SHORT]}


# What excludes what


def test_age_once() -> None:
    twice = "Give the age in years or in months, not both."
    assert refused(ADULT | {"age_months": 20}) == {"age_years": [twice], "age_months": [twice]}


def test_one_kidney_input() -> None:
    for extra in ({}, {"dialysis": "haemodialysis"}):
        found = refused(ADULT | {"crcl_ml_min": "70"} | extra)
        assert found == {"serum_creatinine": [BOTH], "crcl_ml_min": [BOTH]}


def test_a_unit_or_a_source_without_its_figure() -> None:
    unit = "A unit was sent without a creatinine. Enter it."
    assert refused(ENTERED | {"serum_creatinine_unit": "mg/dL"}) == {"serum_creatinine": [unit]}
    source = "How it was obtained was sent without a clearance."
    assert refused(ADULT | {"crcl_source": "measured"}) == {"crcl_ml_min": [source]}


def test_dialysis_takes_either_figure_and_uses_none() -> None:
    for sent in (ADULT, ENTERED):
        taken = facts(sent | {"dialysis": "haemodialysis"})
        assert taken.on_dialysis
    # but what is sent is still read
    found = refused(ENTERED | {"dialysis": "haemodialysis", "crcl_ml_min": "0.5"})
    assert list(found) == ["crcl_ml_min"]


def test_a_last_day_after_transplantation_belongs_to_regimens_that_end_so() -> None:
    message = "This regimen does not end on a day after transplantation. Leave it out."
    assert refused(ADULT | {"until_day": 100}) == {"until_day": [message]}
    assert facts(CHILD | {"until_day": 200}).until_day == 200
    both = "Give the last day after transplantation or the phase's days, not both."
    assert refused(CHILD | {"until_day": 200, "phase_days": [200]}) == {"until_day": [both]}


def test_a_transplant_date_after_the_start() -> None:
    sent = CHILD | {"start_date": "2026-11-23", "transplant_date": "2026-11-24"}
    assert refused(sent) == {
        "transplant_date": [
            "The transplant date Tue 24 Nov 2026 is after the start date Mon 23 Nov 2026. Correct "
            "one of them."
        ]
    }


@pytest.mark.parametrize(
    ("creatinine", "exact"), [("0.4", "778.7"), ("1.0", "314.1"), ("0.6", "523.5")]
)
def test_tablets_that_cannot_make_a_child_dose(creatinine: str, exact: str) -> None:
    found = refused(CHILD | {"formulation": "tablet", "serum_creatinine": creatinine})
    assert found == {
        "formulation": [
            f"The exact dose is {exact}\u00a0mg: tablets of 450\u00a0mg cannot make it (only 405 "
            "to 495\u00a0mg, or the highest dose). Choose the oral solution."
        ]
    }


def test_a_first_phase_that_reaches_the_course_s_last_day() -> None:
    found = refused(ENTERED | {"regimen": "ibd-colitis", "phase_days": [21, None]})
    assert found == {
        "phase_days": [
            "Phase 1 ends on day 21, and the course on day 21: no day is left for phase 2. Give "
            "the last phase's own number of days too."
        ]
    }
    facts(ENTERED | {"regimen": "ibd-colitis", "phase_days": [21, 7]})
