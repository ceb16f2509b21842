"""Keys, choices, dates, answers and lists: what is taken, and the sentence for what is not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dosing.engine.patient import CO_MEDICATIONS, CONDITIONS, WEEKDAYS
from dosing.intake import KEYS
from dosing.intake.request import CHOICES, DATES, OPTIONS
from tests.intake.asking import ADULT, CHILD, ENTERED, Sent, facts, refused, refused_text

UNKNOWN = "This key is not known. Leave it out."
TWICE = "This key stands there twice. Send it once."
TRUE_OR_FALSE = "Answer true or false, or leave the key out."
NO_DATE = "This is not a date. Write it as year-month-day, for example 2026-11-23."
NO_DAY = "This day is not in the calendar. Check the day and the month."
KNOWN_ALLERGIES = (
    "Known names are: ganciclovir, valganciclovir, foscarnet, cidofovir, maribavir, letermovir, "
    "probenecid, sulfa, aciclovir."
)
WRONG: list[Any] = ["", "true", "yes", 0, 1, [], {}, "\ud800"]


# Keys


@pytest.mark.parametrize(
    "key",
    [
        "Weight_kg",
        "weight",
        "egfr",
        "",
        " regimen",
        "\ud800",
        "units",
    ],
)
def test_an_unknown_key(key: str) -> None:
    assert refused(ADULT | {key: None}) == {key: [UNKNOWN]}
    assert refused(ADULT | {key: 1}) == {key: [UNKNOWN]}


@pytest.mark.parametrize("key", sorted(KEYS))
def test_null_is_an_absent_key(key: str) -> None:
    without = {name: item for name, item in ADULT.items() if name != key}
    if key in ADULT:
        assert refused(ADULT | {key: None}) == refused(without)
    else:
        assert facts(ADULT | {key: None}) == facts(ADULT)


def test_a_repeated_key_even_with_the_same_value() -> None:
    text = (
        '{"regimen": "ganciclovir-induction", "age_years": 62, "weight_kg": 58, '
        '"crcl_ml_min": 69.6, "weight_kg": 58, "colour": 1, "colour": 2}'
    )
    assert refused_text(text) == {
        "colour": [UNKNOWN, TWICE],
        "weight_kg": [TWICE],
    }


def test_counts_know_their_own_keys() -> None:
    assert refused(ADULT | {"labs": {"crp": 1, "ANC": 1, "anc": "1"}}) == {
        "labs.crp": [UNKNOWN],
        "labs.ANC": [UNKNOWN],
    }
    text = '{"regimen": "ganciclovir-induction", "age_years": 62, "weight_kg": 58, '
    text += '"crcl_ml_min": 69.6, "labs": {"anc": 1, "anc": 1}}'
    assert refused_text(text) == {"labs.anc": [TWICE]}
    for wrong in ("", "anc", 1, [], [{"anc": 1}], True):
        assert refused(ADULT | {"labs": wrong}) == {"labs": ["Send the counts as an object."]}
    assert facts(ADULT | {"labs": {}}) == facts(ADULT)
    assert facts(ADULT | {"labs": {"anc": None}}) == facts(ADULT)


def test_everything_wrong_is_said_at_once() -> None:
    found = refused(
        {"regimen": "x", "weight_kg": "x", "sex": "x", "start_date": "x", "labs": {"anc": "x"}}
    )
    assert set(found) == {"regimen", "weight_kg", "sex", "start_date", "labs.anc"}


# Regimen and choices


@pytest.mark.parametrize("slug", ["", "Ganciclovir-Induction", "ganciclovir", 5, True, [], {}])
def test_a_regimen_the_content_does_not_have(slug: object) -> None:
    message = "This content has no regimen of that name. Choose another."
    assert refused(ADULT | {"regimen": slug}) == {"regimen": [message]}


def test_no_regimen() -> None:
    assert refused({}) == {"regimen": ["Choose a regimen."]}


@pytest.mark.parametrize("key", sorted(CHOICES))
def test_choices_are_exact_words(key: str) -> None:
    message = f"Choose one of: {', '.join(CHOICES[key])}."
    wrong = [*WRONG, None, CHOICES[key][0].upper(), f" {CHOICES[key][0]}", list(CHOICES[key]), True]
    for value in wrong:
        if value is None or value in CHOICES[key]:
            continue
        sent = ENTERED if key == "crcl_source" else ADULT
        assert message in refused(sent | {key: value})[key]


def test_choices_that_are_not_made_have_their_default() -> None:
    plain = facts(ENTERED)
    assert (plain.dialysis, plain.renal_weight, plain.dosing_weight) == ("none", "actual", "actual")
    assert (plain.venous_access, plain.crcl_source) == ("central", "calculated")
    assert plain.sex is plain.organ is plain.formulation is None
    chosen = {"dialysis": "none", "renal_weight": "actual", "venous_access": "central"}
    assert facts(ENTERED | chosen | {"crcl_source": "calculated"}) == plain
    assert facts(ENTERED | {"crcl_source": "measured"}).crcl_source == "measured"


# Answers


@pytest.mark.parametrize("key", [*CONDITIONS, *OPTIONS])
def test_answers_are_json_booleans_only(key: str) -> None:
    for value in WRONG:
        assert refused(ADULT | {key: value}) == {key: [TRUE_OR_FALSE]}
    if key in CONDITIONS:
        assert facts(ADULT | {key: True}).conditions == {key: True}
        assert facts(ADULT | {key: False}).conditions == {key: False}
    else:
        ticked: Any = {key: True}
        assert facts(ADULT | ticked) == replace(facts(ADULT), **ticked)


# Dates


@pytest.mark.parametrize("key", DATES)
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", NO_DATE),
        ("2026-1-5", NO_DATE),
        ("20261123", NO_DATE),
        ("23.11.2026", NO_DATE),
        ("11/23/2026", NO_DATE),
        ("2026-W48-1", NO_DATE),
        ("2026-11-23T00:00:00", NO_DATE),
        ("\uff12\uff10\uff12\uff16-11-23", NO_DATE),
        ("today", NO_DATE),
        ("-2026-11-23", NO_DATE),
        (20261123, NO_DATE),
        (True, NO_DATE),
        ([], NO_DATE),
        ({}, NO_DATE),
        ("2026-02-29", NO_DAY),
        ("2026-13-01", NO_DAY),
        ("2026-11-31", NO_DAY),
        ("0000-01-01", NO_DAY),
    ],
)
def test_what_is_no_date(key: str, value: object, message: str) -> None:
    assert refused(ADULT | {key: value}) == {key: [message]}


def test_dates_are_taken() -> None:
    assert facts(ADULT | {"weight_date": " 2026-11-01 "}).weight_date == date(2026, 11, 1)
    assert facts(ADULT | {"transplant_date": "2024-02-29"}).transplant_date == date(2024, 2, 29)


FIRST, LAST = "0001-01-01", "9999-12-31"


@pytest.mark.parametrize(
    ("payload", "key", "value"),
    [
        (ADULT, "start_date", FIRST),
        (ADULT, "start_date", LAST),
        (ADULT, "weight_date", LAST),
        (ADULT, "serum_creatinine_date", LAST),
        (CHILD, "transplant_date", FIRST),
        (CHILD, "transplant_date", LAST),
    ],
)
def test_the_ends_of_the_calendar_are_refused(payload: Sent, key: str, value: str) -> None:
    assert list(refused(payload | {key: value})) == [key]


def test_a_very_old_measurement_is_only_old() -> None:
    for key in ("weight_date", "serum_creatinine_date", "transplant_date"):
        assert getattr(facts(ADULT | {key: FIRST}), key) == date(1, 1, 1)
    assert facts(ADULT | {"transplant_date": LAST}).transplant_date == date(9999, 12, 31)


# Lists


@pytest.mark.parametrize("value", [[], "5", 5, {}, True, [1] * 21])
def test_phase_days_are_a_list(value: object) -> None:
    message = "Send a list with one entry for each phase."
    assert refused(ADULT | {"phase_days": value}) == {"phase_days": [message]}


def test_phase_days() -> None:
    assert facts(ADULT | {"phase_days": [None]}).phase_days == (None,)
    assert facts(ADULT | {"phase_days": ["14"]}).phase_days == (14,)
    assert refused(ADULT | {"phase_days": [14, 14]}) == {
        "phase_days": ["This regimen has 1 phase(s); give one entry for each, 2 were given."]
    }
    assert refused(ADULT | {"phase_days": [13]})["phase_days"][0].startswith(
        "The course ends on day 13; the content's shortest is 14"
    )


def test_allergies() -> None:
    assert facts(ADULT | {"allergies": []}) == facts(ADULT)
    assert facts(ADULT | {"allergies": ["sulfa", "sulfa"]}).allergies == ("sulfa",)
    no_lists: list[Any] = ["sulfa", 1, {}, True]
    for wrong in no_lists:
        assert refused(ADULT | {"allergies": wrong}) == {"allergies": ["Send a list of names."]}
    no_names: list[Any] = ["latex", "", 1, True, [], {}, ["sulfa"], None]
    for name in no_names:
        found = refused(ADULT | {"allergies": ["sulfa", name, name]})
        assert found == {"allergies": [KNOWN_ALLERGIES]}


@pytest.mark.parametrize(
    ("key", "known"), [("taking", CO_MEDICATIONS), ("draw_weekdays", WEEKDAYS)]
)
def test_lists_of_known_names(key: str, known: tuple[str, ...]) -> None:
    assert facts(ADULT | {key: []}) == facts(ADULT)
    assert facts(ADULT | {key: [known[0], known[0]]}) == facts(ADULT | {key: [known[0]]})
    assert facts(ADULT | {key: list(known)}) != facts(ADULT)
    message = f"Known names are: {', '.join(known)}."
    lists: list[Any] = [["x"], [known[0], "x"], [None], [{}], [""], [1]]
    for names in lists:
        assert refused(ADULT | {key: names}) == {key: [message]}
    no_lists: list[Any] = [known[0], 1, {}, True]
    for no_list in no_lists:
        assert refused(ADULT | {key: no_list}) == {key: ["Send a list of names."]}


def test_weekdays_are_in_the_order_of_the_week() -> None:
    found = facts(ADULT | {"draw_weekdays": ["thu", "mon"]})
    assert found.draw_weekdays == (0, 3)


def test_the_monitoring_policy_is_one_of_the_content() -> None:
    for slug in ("label-default", "uk-smpc"):
        assert facts(ADULT | {"monitoring_policy": slug}).monitoring_policy == slug
    others: list[Any] = ["strict", "", 1, [], {}]
    for wrong in others:
        message = "Choose one of: label-default, uk-smpc."
        assert refused(ADULT | {"monitoring_policy": wrong}) == {"monitoring_policy": [message]}


def test_a_payload_is_not_changed_by_reading_it() -> None:
    sent: Sent = ADULT | {"labs": {"anc": "1"}, "phase_days": [None], "allergies": ["sulfa"]}
    before = repr(sent)
    facts(sent)
    assert repr(sent) == before
