"""The written description of the API against the intake's own keys, words and limits."""

import json
from decimal import Decimal
from typing import Any

import pytest

from dosing.engine.formulary import LABS
from dosing.engine.patient import CO_MEDICATIONS, CONDITIONS, LIMITS, OTHER_ALLERGENS, WEEKDAYS
from dosing.engine.phases import UNTIL_DAY_MAX
from dosing.engine.units import UMOL_L_PER_MG_DL
from dosing.intake import KEYS, MAX_BYTES
from dosing.intake.request import CHOICES, DATES, NUMBERS, OPTIONS
from dosing.models import ContentRelease
from dosing.presenters.numbers import plain
from dosing.views.api import CODES, OPENAPI

from .cases import GOOD, REFUSED
from .conftest import ADDRESS

DOCUMENT: dict[str, Any] = json.loads(OPENAPI.read_text(), parse_float=Decimal)
CREATININES = ("serum_creatinine", "baseline_creatinine")
SCHEMAS = DOCUMENT["components"]["schemas"]
FIELDS = SCHEMAS["Request"]["properties"]
POST = DOCUMENT["paths"][ADDRESS]["post"]


def bounds(field: dict[str, Any]) -> tuple[Decimal, Decimal]:
    return Decimal(field["minimum"]), Decimal(field["maximum"])


def test_the_same_keys_and_no_other() -> None:
    assert set(FIELDS) == KEYS
    assert SCHEMAS["Request"]["additionalProperties"] is False
    assert SCHEMAS["Request"]["required"] == ["regimen"]
    assert set(FIELDS["labs"]["properties"]) == set(LABS)
    assert FIELDS["labs"]["additionalProperties"] is False


@pytest.mark.parametrize("key", sorted(CHOICES))
def test_choices(key: str) -> None:
    assert FIELDS[key]["enum"] == [*CHOICES[key], None]


@pytest.mark.parametrize("key", [*CONDITIONS, *OPTIONS])
def test_answers_are_booleans(key: str) -> None:
    assert FIELDS[key]["type"] == ["boolean", "null"]


@pytest.mark.parametrize("key", DATES)
def test_dates(key: str) -> None:
    assert FIELDS[key]["format"] == "date"


@pytest.mark.parametrize("key", sorted(set(NUMBERS) - set(CREATININES)))
def test_limits(key: str) -> None:
    limit = LIMITS[key]
    assert bounds(FIELDS[key]) == (limit.low, limit.high)
    kind = "integer" if key == "age_months" else "number"
    assert FIELDS[key]["type"] == [kind, "string", "null"]


@pytest.mark.parametrize("key", ["weight_kg", "height_cm"])
def test_adult_limits_are_said(key: str) -> None:
    limit = LIMITS[f"adult_{key}"]
    assert f"adults {limit.low} to {limit.high}" in FIELDS[key]["description"]


@pytest.mark.parametrize("lab", LABS)
def test_limits_of_counts(lab: str) -> None:
    limit = LIMITS[lab]
    field = FIELDS["labs"]["properties"][lab]
    assert bounds(field) == (limit.low, limit.high)
    assert limit.unit in field["description"]


@pytest.mark.parametrize("key", CREATININES)
def test_creatinine_in_both_units(key: str) -> None:
    limit, field = LIMITS["serum_creatinine"], FIELDS[key]
    low, high = (plain(edge * UMOL_L_PER_MG_DL) for edge in (limit.low, limit.high))
    assert f"{limit.low} to {limit.high} mg/dL or {low} to {high} µmol/L" in field["description"]
    assert bounds(field) == (limit.low, limit.high * UMOL_L_PER_MG_DL)


def test_days_and_lists() -> None:
    assert bounds(FIELDS["until_day"]) == (Decimal(1), Decimal(UNTIL_DAY_MAX))
    assert all(name in FIELDS["allergies"]["description"] for name in OTHER_ALLERGENS)
    assert FIELDS["taking"]["items"]["enum"] == list(CO_MEDICATIONS)
    assert list(FIELDS["last_doses"]["properties"]) == list(CO_MEDICATIONS)
    assert FIELDS["last_doses"]["additionalProperties"] is False
    assert FIELDS["draw_weekdays"]["items"]["enum"] == list(WEEKDAYS)
    assert (FIELDS["phase_days"]["minItems"], FIELDS["phase_days"]["maxItems"]) == (1, 20)


def test_every_status_code_is_described() -> None:
    assert set(POST["responses"]) == {str(code) for code in CODES.values()} | {"400", "405", "413"}
    assert str(MAX_BYTES) in POST["responses"]["413"]["description"]
    request = POST["requestBody"]["content"]["application/json"]["schema"]
    assert request == {"$ref": "#/components/schemas/Request"}


def test_every_reference_leads_somewhere() -> None:
    def look(value: object) -> None:
        if isinstance(value, dict):
            if "$ref" in value:
                assert value["$ref"].removeprefix("#/components/schemas/") in SCHEMAS
            for item in value.values():
                look(item)
        elif isinstance(value, list):
            for item in value:
                look(item)

    look(DOCUMENT)


# The answers, by the same document

TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "object": dict,
    "array": list,
    "null": type(None),
}


def fits(schema: dict[str, Any], value: Any, where: str = "") -> None:
    """As much of JSON Schema as the document uses for answers."""
    if "type" in schema:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert any(isinstance(value, TYPES[kind]) for kind in kinds), where
    assert value == schema.get("const", value), where
    assert value in schema.get("enum", [value]), where
    if isinstance(value, dict):
        properties, more = schema.get("properties", {}), schema.get("additionalProperties", {})
        assert set(schema.get("required", ())) <= value.keys(), where
        for key, item in value.items():
            assert key in properties or more is not False, f"{where}.{key}"
            fits(
                properties.get(key, more if isinstance(more, dict) else {}), item, f"{where}.{key}"
            )
    if isinstance(value, list):
        for item in value:
            fits(schema.get("items", {}), item, f"{where}[]")


def test_answers_fit_the_document(content: ContentRelease, api: Any) -> None:
    for payload in GOOD.values():
        fits(SCHEMAS["Plan"], api(payload)[1])
    for payload in REFUSED.values():
        fits(SCHEMAS["Invalid"], api(payload)[1])
    ContentRelease.objects.update(use="superseded")
    fits(SCHEMAS["Unavailable"], api({})[1])


def test_good_payloads_use_only_described_keys() -> None:
    for name, payload in GOOD.items():
        assert payload.keys() <= FIELDS.keys(), name
