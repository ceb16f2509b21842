"""Every refusal of the golden list that the form can send, through the page."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse

from dosing.content.load import shipped_formulary
from dosing.forms.asking import PHASES

from .posting import DRUG_FIGURE, UNTOUCHED, NotOnThePage, fields_of, parts, text_at

Asking = Callable[..., HttpResponse]
GOLDEN = Path(__file__).parent.parent / "golden" / "refusals.jsonl"
#: Keys of the contract that the page has no field for, or that it fills in itself.
NOT_ASKED = {"monitoring_policy", "taking", "crcl_source"}


def cases() -> list[Any]:
    found = []
    for line in GOLDEN.read_text().splitlines():
        case = json.loads(line)
        payload = case.get("payload")
        if not isinstance(payload, dict) or NOT_ASKED & payload.keys():
            continue
        try:
            sent = fields_of(payload)
        except NotOnThePage:
            continue
        if on_the_page(payload) and sent.keys() <= KNOWN:
            found.append(pytest.param(payload, case["fields"], id=case["case"]))
    return found


#: The names of the form's fields.
KNOWN = UNTOUCHED.keys() | {
    "regimen", "age", "sex", "weight_kg", "height_cm", "serum_creatinine", "crcl_ml_min",
    "weight_date", "serum_creatinine_date", "start_date", "transplant_date", "until_day",
    "renal_weight", "dosing_weight", "formulation", "organ", "anc", "platelets", "haemoglobin",
    "pregnant", "pregnancy_possible", "breastfeeding", "low_birth_weight", "allergies",
    "kidney_function_changing", "no_weekend_draws", *PHASES,
}  # fmt: skip


def on_the_page(payload: dict[str, Any]) -> bool:
    """Whether the form sends just this: it has one age, no blank text, a unit at each figure."""
    if {"age_years", "age_months"} <= payload.keys():
        return False
    if payload.get("serum_creatinine_unit") and "serum_creatinine" not in payload:
        return False
    values = list(payload.values()) + list((payload.get("labs") or {}).values())
    if any(isinstance(value, str) and not value.strip() for value in values):
        return False
    days = payload.get("phase_days")
    if days is None:
        return True
    regimen = shipped_formulary().regimens.get(payload.get("regimen", ""))
    phases = 1 if regimen is None else len(regimen.phases)
    return isinstance(days, list) and phases <= len(days) <= len(PHASES) and any(days)


def page_field(field: str) -> set[str]:
    """Where the page shows a message about one of the contract's keys."""
    if field in ("age_years", "age_months"):
        return {"age"}
    if field == "phase_days":
        return set(PHASES)
    if field in ("serum_creatinine", "crcl_ml_min"):
        return {field, "kidney_input"}
    return {field.removeprefix("labs.")}


def test_the_list_is_long_enough() -> None:
    assert len(cases()) > 60


@pytest.mark.parametrize(("payload", "fields"), cases())
def test_a_refusal_is_said_twice_and_loses_nothing(
    posted: Asking, payload: dict[str, Any], fields: list[str]
) -> None:
    answer = posted(payload)
    html = answer.content.decode()
    found = parts(html)
    assert answer.status_code == 422
    links = dict(found.links)
    wanted = set().union(*map(page_field, fields))
    assert wanted & links.keys(), links
    for name, message in links.items():
        assert message in text_at(html, f"note_{name}")
    for name, value in fields_of(payload).items():
        if (
            name not in ("allergies", "organ", "sex", "dialysis", "regimen")
            and name in found.values
        ):
            assert found.values[name] == value, name
    if "formulation" not in links:  # its message says what tablets cannot make
        assert not DRUG_FIGURE.search(text_at(html, "answer"))
    short = posted(payload, htmx=True)
    assert short.status_code == 422
    assert parts(short.content.decode()).links == found.links
