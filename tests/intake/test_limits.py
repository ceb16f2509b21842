"""Every hard limit at, inside and outside, in the contract's unit and in every unit of the page."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from dosing.engine.patient import LIMITS, START_WITHIN_DAYS, Creatinine
from dosing.engine.phases import UNTIL_DAY_MAX
from dosing.intake.fields import UNITS
from dosing.intake.request import NUMBERS
from tests.engine.formularies import TODAY
from tests.intake.asking import ADULT, CHILD, ENTERED, INFANT, Sent, facts, refused

LABS = ("anc", "platelets", "haemoglobin")
SEVENTEEN = CHILD | {"age_years": "17.9", "height_cm": "150"}


def put(payload: Sent, field: str, value: object) -> Sent:
    return payload | ({"labs": {field: value}} if field in LABS else {field: value})


def names(field: str) -> str:
    return f"labs.{field}" if field in LABS else field


#: Payload, field, unit, first value refused, lowest taken, highest taken, first refused above.
CASES = [
    (ADULT, "weight_kg", "kg", "19.999", "20", "350", "350.001"),
    (SEVENTEEN, "weight_kg", "kg", "0.999", "1", "350", "350.001"),
    (ADULT, "weight_kg", "lb", "44.0924", "44.0925", "771.6179", "771.618"),
    (SEVENTEEN, "weight_kg", "lb", "2.2046", "2.2047", "771.6179", "771.618"),
    (ADULT, "height_cm", "cm", "99.99", "100", "250", "250.01"),
    (CHILD, "height_cm", "cm", "29.99", "30", "250", "250.01"),
    (ADULT, "height_cm", "in", "39.37", "39.3701", "98.4251", "98.4252"),
    (CHILD, "height_cm", "in", "11.811", "11.8111", "98.4251", "98.4252"),
    (ENTERED, "age_years", "", "1.99", "2", "120", "120.01"),
    (INFANT, "age_months", "", None, "0", "23", "24"),
    (ADULT, "serum_creatinine", "", "0.09999", "0.1", "20", "20.00001"),
    (
        ADULT | {"serum_creatinine_unit": "umol/L"},
        "serum_creatinine",
        "",
        "8.83999",
        "8.84",
        "1768",
        "1768.00001",
    ),
    (ENTERED, "crcl_ml_min", "", "0.999", "1", "250", "250.001"),
    (ADULT, "baseline_creatinine", "", "0.09999", "0.1", "20", "20.00001"),
    (ENTERED, "urine_protein_mg_dl", "", None, "0", "9999", "9999.1"),
    (ENTERED, "anc", "10^9/L", None, "0", "60", "60.01"),
    (ENTERED, "anc", "/uL", None, "0", "60000", "60001"),
    (ENTERED, "platelets", "10^9/L", None, "0", "3000", "3000.1"),
    (ENTERED, "platelets", "/uL", None, "0", "3000000", "3000001"),
    (ENTERED, "haemoglobin", "g/L", "19.99", "20", "250", "250.01"),
    (ENTERED, "haemoglobin", "g/dL", "1.999", "2", "25", "25.001"),
]


@pytest.mark.parametrize(("payload", "field", "unit", "under", "low", "high", "over"), CASES)
def test_limits(
    payload: Sent, field: str, unit: str, under: str | None, low: str, high: str, over: str
) -> None:
    units = {field: unit} if unit else {}
    for taken in (low, high, f" {high} "):
        facts(put(payload, field, taken), units)
    for outside in (under, over, "9" * 20):
        if outside is not None:
            found = refused(put(payload, field, outside), units)
            assert list(found) == [names(field)]
            assert len(found[names(field)]) == 1


def test_every_limit_and_every_unit_has_its_row_above() -> None:
    tested = {field for _, field, *_ in CASES}
    limited = {name.removeprefix("adult_") for name in LIMITS}
    # The creatinine before the first dose has the limits of any creatinine.
    assert tested == {*NUMBERS, *LABS} == limited | {"baseline_creatinine"}
    for field, units in UNITS.items():
        assert {unit for _, name, unit, *_ in CASES if name == field} == set(units)


@pytest.mark.parametrize(
    ("payload", "field", "unit", "value", "sentence"),
    [
        (
            ADULT,
            "weight_kg",
            "",
            "945",
            "Weight 945 kg is outside 20 to 350 kg. Check the decimal point, and whether it was "
            "weighed in kg or lb.",
        ),
        (
            ADULT,
            "weight_kg",
            "lb",
            "44",
            "Weight 44 lb is outside 44.1 to 771.6 lb. Check the decimal point, and whether it was "
            "weighed in kg or lb.",
        ),
        (
            CHILD,
            "height_cm",
            "in",
            "11.8",
            "Height 11.8 in is outside 11.9 to 98.4 in. Check the decimal point, and whether it "
            "was measured in cm or inches.",
        ),
        (
            CHILD,
            "weight_kg",
            "lb",
            "2.2",
            "Weight 2.2 lb is outside 2.3 to 771.6 lb. Check the decimal point, and whether it was "
            "weighed in kg or lb.",
        ),
        (
            ADULT,
            "height_cm",
            "",
            "1.78",
            "Height 1.78 cm is outside 100 to 250 cm. Check the decimal point, and whether it was "
            "measured in cm or inches.",
        ),
        (
            ADULT,
            "serum_creatinine",
            "",
            "88",
            "Creatinine 88 mg/dL is outside 0.1 to 20 mg/dL. If the laboratory reports µmol/L, "
            "choose µmol/L.",
        ),
        (
            ADULT,
            "serum_creatinine",
            "",
            "0.05",
            "Creatinine 0.05 mg/dL is outside 0.1 to 20 mg/dL. Check the decimal point.",
        ),
        (
            ADULT | {"serum_creatinine_unit": "umol/L"},
            "serum_creatinine",
            "",
            "2.1",
            "Creatinine 2.1 µmol/L is outside 8.84 to 1,768 µmol/L. If the laboratory reports "
            "mg/dL, choose mg/dL.",
        ),
        (
            ADULT | {"serum_creatinine_unit": "umol/L"},
            "serum_creatinine",
            "",
            "18564",
            "Creatinine 18,564 µmol/L is outside 8.84 to 1,768 µmol/L. Check the decimal point.",
        ),
        (
            ENTERED,
            "crcl_ml_min",
            "",
            "0.7",
            "Clearance 0.7 mL/min is outside 1 to 250 mL/min. Check the decimal point; mL/min per "
            "kg and eGFR are other quantities.",
        ),
        (
            ENTERED,
            "anc",
            "",
            "900",
            "ANC 900 ×10⁹/L is outside 0 to 60 ×10⁹/L. Check the decimal point, and whether it was "
            "reported per µL.",
        ),
        (
            ENTERED,
            "platelets",
            "/uL",
            "3000001",
            "Platelets 3,000,001 per µL is outside 0 to 3,000,000 per µL. Check the decimal point, "
            "and whether it was reported per µL.",
        ),
        (
            ENTERED,
            "haemoglobin",
            "",
            "8.1",
            "Haemoglobin 8.1 g/L is outside 20 to 250 g/L. Check the decimal point, and whether it "
            "was reported in g/dL.",
        ),
        (
            ENTERED,
            "age_years",
            "",
            "121",
            "Age in years 121 years is outside 2 to 120 years. Check the decimal point.",
        ),
        (
            ENTERED,
            "age_years",
            "",
            "1.5",
            "Under 2 years give the age in whole months (0 to 23).",
        ),
        (ENTERED, "age_years", "", "0", "Under 2 years give the age in whole months (0 to 23)."),
        (
            INFANT,
            "age_months",
            "",
            "24",
            "Age in months 24 is outside 0 to 23. Enter a number between them.",
        ),
        (
            INFANT,
            "age_months",
            "",
            "1.5",
            "Age in months 1.5 is not a whole number. Enter a whole number.",
        ),
        # never printed as if it were the limit itself
        (
            ADULT,
            "weight_kg",
            "",
            "350.0000001",
            "Weight 350.0000001 kg is outside 20 to 350 kg. Check the decimal point, and whether "
            "it was weighed in kg or lb.",
        ),
    ],
)
def test_the_message_names_the_limit_and_the_likely_slip(
    payload: Sent, field: str, unit: str, value: str, sentence: str
) -> None:
    units = {field: unit} if unit else {}
    assert refused(put(payload, field, value), units) == {names(field): [sentence]}


@pytest.mark.parametrize(
    ("payload", "field", "row"),
    [
        (ADULT, "weight_kg", "adult_weight_kg"),
        (CHILD, "weight_kg", "weight_kg"),
        (ADULT, "height_cm", "adult_height_cm"),
        (CHILD, "height_cm", "height_cm"),
        (ENTERED, "age_years", "age_years"),
        (ADULT, "serum_creatinine", "serum_creatinine"),
        (ENTERED, "crcl_ml_min", "crcl_ml_min"),
        (ENTERED, "anc", "anc"),
        (ENTERED, "platelets", "platelets"),
        (ENTERED, "haemoglobin", "haemoglobin"),
    ],
)
def test_messages_print_the_engine_s_limits(
    monkeypatch: pytest.MonkeyPatch, payload: Sent, field: str, row: str
) -> None:
    high = LIMITS[row].high + 7
    changed: Any = LIMITS
    monkeypatch.setitem(changed, row, replace(LIMITS[row], high=high))
    facts(put(payload, field, high))
    (sentence,) = refused(put(payload, field, high + 1))[names(field)]
    assert f" to {high:,} " in sentence


@pytest.mark.parametrize(("payload", "adult"), [(ADULT, "adult_"), (CHILD, "")])
@pytest.mark.parametrize(("field", "unit"), [("weight_kg", "lb"), ("height_cm", "in")])
def test_a_limit_that_is_printed_is_accepted(
    payload: Sent, adult: str, field: str, unit: str
) -> None:
    (sentence,) = refused(put(payload, field, "9999"), {field: unit})[field]
    low, high = sentence.split("outside ")[1].split(f" {unit}")[0].split(" to ")
    for printed in (low, high):
        value = getattr(facts(put(payload, field, printed), {field: unit}), field)
        assert LIMITS[adult + field].holds(value)


# Who is an adult


def test_the_adult_limits_begin_at_18() -> None:
    light = ADULT | {"weight_kg": "15"}
    assert list(refused(light | {"age_years": 18})) == ["weight_kg"]
    assert facts(light | {"age_years": "17.99"}).weight_kg == 15
    assert facts(light | {"age_years": None, "age_months": 23}).weight_kg == 15
    assert refused(light | {"age_years": None}) == {"age_years": ["Enter the age."]}


# What is read is exact


@pytest.mark.parametrize(
    ("field", "unit", "value", "expected"),
    [
        ("weight_kg", "lb", "208.3", "94.483290671"),
        ("weight_kg", "lb", "100", "45.359237"),
        ("weight_kg", "kg", "94,5", "94.5"),
        ("height_cm", "in", "60", "152.4"),
        ("anc", "/uL", "900", "0.9"),
        ("anc", "/uL", "499", "0.499"),
        ("platelets", "/uL", "24999", "24.999"),
        ("haemoglobin", "g/dL", "8", "80"),
        ("haemoglobin", "g/dL", "7.9", "79"),
    ],
)
def test_page_units_are_converted_exactly(field: str, unit: str, value: str, expected: str) -> None:
    read = facts(put(ENTERED, field, value), {field: unit})
    assert getattr(read, field) == Decimal(expected)


def test_creatinine_keeps_its_value_and_unit() -> None:
    sent = ADULT | {"serum_creatinine": "185,64", "serum_creatinine_unit": "umol/L"}
    creatinine = facts(sent).creatinine
    assert creatinine == Creatinine(Decimal("185.64"), "umol/L")
    assert creatinine.mg_dl == Fraction("2.1")


# Days


@pytest.mark.parametrize(
    ("key", "ahead", "sentence"),
    [
        ("start_date", START_WITHIN_DAYS, ""),
        ("start_date", -START_WITHIN_DAYS, ""),
        (
            "start_date",
            START_WITHIN_DAYS + 1,
            "The start date is more than 400 days from today. Check the year.",
        ),
        (
            "start_date",
            -START_WITHIN_DAYS - 1,
            "The start date is more than 400 days from today. Check the year.",
        ),
        ("weight_date", 0, ""),
        ("weight_date", -1000, ""),
        ("weight_date", 1, "This date is in the future. Enter the day it was measured."),
        ("serum_creatinine_date", 0, ""),
        ("serum_creatinine_date", 1, "This date is in the future. Enter the day it was measured."),
    ],
)
def test_dates_against_today(key: str, ahead: int, sentence: str) -> None:
    payload = ADULT | {key: (TODAY + timedelta(days=ahead)).isoformat()}
    if sentence:
        assert refused(payload) == {key: [sentence]}
    else:
        facts(payload)


@pytest.mark.parametrize("key", ["until_day", "phase_days"])
def test_whole_days(key: str) -> None:
    for good in (200, "200", " 200 ", "0200"):
        facts(CHILD | {key: good if key == "until_day" else [good]})
    for bad in (0, UNTIL_DAY_MAX + 1, "9" * 20):
        value = bad if key == "until_day" else [bad]
        (sentence,) = refused(CHILD | {key: value})[key]
        assert f"{bad} is outside 1 to {UNTIL_DAY_MAX}." in sentence
    (sentence,) = refused(CHILD | {key: "7.5" if key == "until_day" else ["7.5"]})[key]
    assert "7.5 is not a whole number." in sentence
