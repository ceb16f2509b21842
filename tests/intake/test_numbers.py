"""What is read as a number, and the sentence for everything that is not."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.intake import parse
from dosing.intake.numbers import MAX_CHARACTERS, NumberText, Unreadable, exact, whole
from tests.engine.formularies import laws
from tests.intake.asking import ADULT, CHILD, ENTERED, facts, refused, refused_text

NOT_A_NUMBER = "is not a number. Send a number or its text."
BLANK = "is blank. Enter a number, or leave the key out."
OTHER = "has characters other than the digits 0 to 9. Type the number in plain digits."
LETTERS = "has letters or a unit in it. Enter the number alone and choose the unit."
ONE_SIDE = (
    "has no digit on one side of the point. Write a digit on both sides, or leave the point out."
)
SIGN = "has a sign in front. Enter the number without a sign."
EXPONENT = "is written with an exponent. Write it out in plain digits."
MEASURED = "is not a number. Enter the number as it was measured."
UNREADABLE = "is not a number this page can read. Use digits and one decimal point."
TOO_LONG = "has more than 20 characters. Enter the number as it was measured."

MALFORMED: list[tuple[Any, str]] = [
    ("", BLANK),
    ("   ", BLANK),
    ("\t\n", BLANK),
    ("-5", f"-5 {SIGN}"),
    ("+5", f"+5 {SIGN}"),
    ("-Infinity", f"-Infinity {SIGN}"),
    ("NaN", f"NaN {MEASURED}"),
    ("nan", f"nan {MEASURED}"),
    ("Infinity", f"Infinity {MEASURED}"),
    ("inf", f"inf {MEASURED}"),
    ("1e2", f"1e2 {EXPONENT}"),
    ("1E2", f"1E2 {EXPONENT}"),
    ("7.0e+1", f"7.0e+1 {EXPONENT}"),
    ("7e-1", f"7e-1 {EXPONENT}"),
    ("70 kg", f"70 kg {LETTERS}"),
    ("70kg", f"70kg {LETTERS}"),
    ("70%", f"70% {LETTERS}"),
    ("2.1 mg/dL", f"2.1 mg/dL {LETTERS}"),
    ("0x46", f"0x46 {LETTERS}"),
    ("seventy", f"seventy {LETTERS}"),
    ("\uff17\uff10", OTHER),  # full-width digits
    ("\u0667\u0660", OTHER),  # Arabic-Indic digits
    ("70\u00a0kg", OTHER),
    ("7\u20090", OTHER),
    ("70 µmol", OTHER),
    ("½", OTHER),
    ("7²", OTHER),
    ("−5", OTHER),  # a true minus
    ("\ud800", OTHER),
    ("7\x000", OTHER),
    ("7\n0", OTHER),
    (".5", f".5 {ONE_SIDE}"),
    (",5", f",5 {ONE_SIDE}"),
    ("5.", f"5. {ONE_SIDE}"),
    ("5,", f"5, {ONE_SIDE}"),
    ("1.2.3", f"1.2.3 {UNREADABLE}"),
    ("1,234.5", f"1,234.5 {UNREADABLE}"),
    ("1.234,5", f"1.234,5 {UNREADABLE}"),
    ("1 000", f"1 000 {UNREADABLE}"),
    ("1_000", f"1_000 {UNREADABLE}"),
    ("12'5", f"12'5 {UNREADABLE}"),
    (".", f". {UNREADABLE}"),
    ("12,500", "12,500 can be read in two ways: write 12500 or 12.5."),
    ("1,000", "1,000 can be read in two ways: write 1000 or 1.0."),
    ("0,625", "0,625 can be read in two ways: write 625 or 0.625."),
    ("123456,789", "123456,789 can be read in two ways: write 123456789 or 123456.789."),
    ("9" * 21, TOO_LONG),
    ("9" * 5000, TOO_LONG),
    ("1." + "0" * 5000, TOO_LONG),
    ("-" * 5000, TOO_LONG),
    (True, NOT_A_NUMBER),
    (False, NOT_A_NUMBER),
    ([], NOT_A_NUMBER),
    (["70"], NOT_A_NUMBER),
    ({}, NOT_A_NUMBER),
    ({"value": 70}, NOT_A_NUMBER),
    (b"70", NOT_A_NUMBER),
]


def shown(value: object) -> str:
    return ascii(value)[:24]


@pytest.mark.parametrize(("value", "sentence"), MALFORMED, ids=shown)
def test_what_is_no_number(value: object, sentence: str) -> None:
    with pytest.raises(Unreadable) as caught:
        exact(value)
    assert str(caught.value) == sentence
    with pytest.raises(Unreadable):
        whole(value)


@pytest.mark.parametrize(("value", "sentence"), MALFORMED, ids=shown)
def test_the_same_sentence_at_every_field_that_holds_a_number(value: object, sentence: str) -> None:
    for field, label in (("weight_kg", "Weight"), ("serum_creatinine", "Creatinine")):
        assert refused(ADULT | {field: value}) == {field: [f"{label} {sentence}"]}
    assert refused(ADULT | {"height_cm": value}) == {"height_cm": [f"Height {sentence}"]}
    assert refused(ADULT | {"age_years": value})["age_years"] == [f"Age in years {sentence}"]
    assert refused(ENTERED | {"crcl_ml_min": value}) == {"crcl_ml_min": [f"Clearance {sentence}"]}
    for lab, label in (("anc", "ANC"), ("platelets", "Platelets"), ("haemoglobin", "Haemoglobin")):
        assert refused(ADULT | {"labs": {lab: value}}) == {f"labs.{lab}": [f"{label} {sentence}"]}


@pytest.mark.parametrize(("value", "sentence"), MALFORMED, ids=shown)
def test_whole_numbers_have_the_same_sentences(value: object, sentence: str) -> None:
    months = refused(CHILD | {"age_years": None, "age_months": value})
    ((key, (message,)),) = months.items()
    assert key == "age_months"
    assert message.startswith("Age in months ")
    if "two ways" not in sentence:
        assert message == f"Age in months {sentence}"
        until = {"until_day": [f"Last day after transplantation {sentence}"]}
        assert refused(CHILD | {"until_day": value}) == until
        phases = {"phase_days": [f"Days of a phase {sentence}"]}
        assert refused(ADULT | {"phase_days": [value]}) == phases


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("94.5", "94.5"),
        ("94,5", "94.5"),
        ("94,50", "94.5"),
        ("94,5000", "94.5"),
        (" 94.5 ", "94.5"),
        ("\t94.5\n", "94.5"),
        ("\u00a094.5\u00a0", "94.5"),
        ("0094.5", "94.5"),
        ("94.50000000000000000", "94.5"),
        (94, "94"),
        (94.5, "94.5"),
        (Decimal("94.50"), "94.5"),
        (NumberText("94.5"), "94.5"),
        ("0,0", "0"),
        ("12.500", "12.5"),
        ("1234567", "1234567"),
    ],
)
def test_what_is_a_number(value: object, read: str) -> None:
    assert exact(value) == Decimal(read)


def test_the_digits_are_kept_as_they_were_written() -> None:
    """Not through binary floating point."""
    long = "0.100000000000000006"  # a float would make it 0.1
    assert str(exact(long)) == long
    assert exact("9" * MAX_CHARACTERS) == Decimal("9" * MAX_CHARACTERS)


def test_a_number_s_text_from_json_is_read_as_written() -> None:
    """Through a float 94.50000000000000001 would be 94.5."""
    payload = parse('{"weight_kg": 94.50000000000000001, "n": 1E400, "m": -0, "i": NaN}')
    assert exact(payload["weight_kg"]) == Decimal("94.50000000000000001")
    assert [payload["n"], payload["m"], payload["i"]] == ["1E400", "-0", "NaN"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("NaN", f"Weight NaN {MEASURED}"),
        ("-Infinity", f"Weight -Infinity {SIGN}"),
        ("Infinity", f"Weight Infinity {MEASURED}"),
        ("7e1", f"Weight 7e1 {EXPONENT}"),
        ("1E400", f"Weight 1E400 {EXPONENT}"),
        ("-70", f"Weight -70 {SIGN}"),
        ("0", "Weight is 0. Enter the measured value."),
        ("0.0", "Weight is 0. Enter the measured value."),
        ("9" * 5000, f"Weight {TOO_LONG}"),
        ("true", f"Weight {NOT_A_NUMBER}"),
        ("[70]", f"Weight {NOT_A_NUMBER}"),
        ("[" * 500 + "]" * 500, f"Weight {NOT_A_NUMBER}"),
    ],
)
def test_json_numbers(text: str, sentence: str) -> None:
    errors = refused_text(
        '{"regimen": "ganciclovir-induction", "age_years": 62, "crcl_ml_min": "69.6", '
        f'"weight_kg": {text}}}'
    )
    assert errors == {"weight_kg": [sentence]}


# Zero


@pytest.mark.parametrize("zero", ["0", "0.0", "0,00", 0])
def test_zero_is_refused_except_where_it_is_a_count(zero: object) -> None:
    for field, label in (("weight_kg", "Weight"), ("height_cm", "Height")):
        assert refused(ADULT | {field: zero})[field] == [f"{label} is 0. Enter the measured value."]
    creatinine = refused(ADULT | {"serum_creatinine": zero})
    assert creatinine == {"serum_creatinine": ["Creatinine is 0. Enter the measured value."]}
    clearance = refused(ENTERED | {"crcl_ml_min": zero})
    assert clearance == {"crcl_ml_min": ["Clearance is 0. Enter the measured value."]}
    haemoglobin = refused(ADULT | {"labs": {"haemoglobin": zero}})
    assert haemoglobin == {"labs.haemoglobin": ["Haemoglobin is 0. Enter the measured value."]}
    counts = facts(ADULT | {"labs": {"anc": zero, "platelets": zero}})
    assert (counts.anc, counts.platelets) == (Decimal(0), Decimal(0))


# Anything at all


@laws(300)
@given(st.one_of(st.text(), st.text("0123456789.,eE+-_ \u0660\uff10"), st.integers(), st.floats()))
def test_any_text_is_a_number_or_a_sentence(value: object) -> None:
    for reader in (exact, whole):
        try:
            read = reader(value)
        except Unreadable as problem:
            sentence = str(problem)
        else:
            sentence = ""
            assert 0 <= read < 10**MAX_CHARACTERS
        assert sentence == "" or (sentence.endswith(".") and len(sentence) < 120)


@laws(200)
@given(st.integers(0, 10**9), st.integers(0, 6), st.sampled_from(".,"))
def test_a_plain_decimal_is_read_exactly(digits: int, places: int, point: str) -> None:
    text = str(Decimal(digits).scaleb(-places).quantize(Decimal(1).scaleb(-places)))
    if point == "," and places == 3:
        with pytest.raises(Unreadable, match="two ways"):
            exact(text.replace(".", ","))
    else:
        assert exact(text.replace(".", point)) == Decimal(digits).scaleb(-places)
