"""The API as HTTP: status codes, headers, no cookies, and bodies of every shape."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, RequestFactory

from dosing.intake import MAX_BYTES
from dosing.models import ContentRelease
from dosing.views import api as views

from .cases import GOOD, REFUSED
from .conftest import ADDRESS, Answer

Api = Callable[[Any], tuple[int, Answer]]
NOT_JSON = "This is not JSON. Send one JSON object."
NO_OBJECT = "This is JSON, but no object. Send one JSON object."
NOT_UTF8 = "This is not UTF-8 text. Send UTF-8."
TOO_LONG = f"Longer than {MAX_BYTES} bytes. Send less."
FIRST = json.dumps(GOOD["exactly 70"]).encode()


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        (FIRST, 200, "ok"),
        (json.dumps(GOOD["ANC 0"]).encode(), 200, "stopped"),
        (json.dumps(REFUSED["no sex"]).encode(), 422, "invalid"),
        (b"\xef\xbb\xbf" + FIRST, 200, "ok"),
        (b"\r\n " + FIRST + b"\r\n", 200, "ok"),
        (FIRST + b" " * (MAX_BYTES - len(FIRST)), 200, "ok"),
    ],
)
def test_what_is_answered(
    content: ContentRelease, api: Api, body: bytes, code: int, status: str
) -> None:
    found, said = api(body)
    assert (found, said["status"]) == (code, status)


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b"", 400, NOT_JSON),
        (b" ", 400, NOT_JSON),
        (b"{", 400, NOT_JSON),
        (b"garbage", 400, NOT_JSON),
        (b"\xef\xbb\xbf", 400, NOT_JSON),
        (b"[" * 2_000, 400, NOT_JSON),
        (b'{"a":' * 2_000, 400, NOT_JSON),
        (b"\xff\xfe{}", 400, NOT_UTF8),
        (b'{"a": "\xed\xa0\x80"}', 400, NOT_UTF8),  # half a surrogate pair, raw
        (b"[]", 422, NO_OBJECT),
        (b"null", 422, NO_OBJECT),
        (b'"{}"', 422, NO_OBJECT),
        (b"9" * 5_000, 422, NO_OBJECT),
        (b" " * (MAX_BYTES + 1), 413, TOO_LONG),
        (b"x" * 3_000_000, 413, TOO_LONG),  # past Django's own limit as well
    ],
    ids=lambda value: ascii(value)[:16],
)
def test_what_is_no_payload(
    content: ContentRelease, api: Api, body: bytes, code: int, message: str
) -> None:
    assert api(body) == (code, {"status": "invalid", "errors": {"body": [message]}})


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods(client: Client, content: ContentRelease, method: str) -> None:
    response = client.generic(method, ADDRESS, FIRST, content_type="application/json")
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    if method != "HEAD":
        errors = {"method": ["Send the payload with POST."]}
        assert response.json() == {"status": "invalid", "errors": errors}


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "text/plain",
        "",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "nonsense",
    ],
)
def test_the_body_is_read_whatever_it_is_called(
    client: Client, content: ContentRelease, kind: str
) -> None:
    response = client.post(ADDRESS, FIRST, content_type=kind)
    assert response.status_code == 200
    assert response.json()["status"] == "ok"


@pytest.mark.parametrize("length", ["", "-1", "0", "10", "9" * 30])
@pytest.mark.django_db
def test_a_length_that_is_not_the_body_s(content: ContentRelease, length: str) -> None:
    request = RequestFactory().post(ADDRESS, FIRST, content_type="application/json")
    request.META["CONTENT_LENGTH"] = length
    assert views.calculate(request).status_code in (200, 400, 413)


# Cookies and headers


def every_answer(client: Client) -> list[Any]:
    bodies = [FIRST, json.dumps(REFUSED["no sex"]).encode(), b"garbage", b"x" * 70_000]
    found = [client.post(ADDRESS, body, content_type="application/json") for body in bodies]
    return [*found, client.get(ADDRESS)]


def test_no_cookie_is_set_or_read_and_nothing_is_kept(
    client: Client, content: ContentRelease
) -> None:
    client.cookies.load({"sessionid": "x" * 32, "csrftoken": "y" * 32, "messages": "z"})
    for response in every_answer(client):
        assert not response.cookies
        assert "Set-Cookie" not in response.headers
        assert "cookie" not in response.get("Vary", "").lower()
        assert "no-store" in response["Cache-Control"]
        assert response["Content-Type"] == "application/json"
        assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("headers", [{}, {"Cookie": "csrftoken=x; sessionid=y"}])
def test_it_is_exempt_from_csrf(content: ContentRelease, headers: dict[str, str]) -> None:
    strict = Client(enforce_csrf_checks=True)
    sent = headers | {"Origin": "https://elsewhere.example"}
    response = strict.post(ADDRESS, FIRST, content_type="application/json", headers=sent)
    assert response.status_code == 200
    assert strict.post("/", {}).status_code == 403  # the page is not


def test_every_byte_of_an_answer_is_ascii(client: Client, content: ContentRelease) -> None:
    """So that half a surrogate pair in a key a client sent can always be sent back."""
    body = b'{"regimen": "x", "\\ud800": 1}'
    response = client.post(ADDRESS, body, content_type="application/json")
    assert response.status_code == 422
    assert response.content.isascii()
    assert "\ud800" in response.json()["errors"]


# What an answer looks like


def test_the_first_case_to_the_letter(content: ContentRelease, api: Api) -> None:
    _, said = api(GOOD["exactly 70"])
    assert said["renal"] == {
        "method": "cockcroft-gault",
        "weight_kg": "94.5",
        "crcl_ml_min": "70.0000",
        "crcl_ml_min_kg": "0.7407",
    }
    (order,) = said["orders"]
    made = order.pop("preparation")
    assert order == {
        "drug": "ganciclovir",
        "table": "induction",
        "status": "dose",
        "route": "intravenous",
        "start_day": 1,
        "end_day": 21,
        "band": "[70, ∞)",
        "per_kg": "5",
        "exact_mg": "472.5",
        "dose_mg": "475",
        "rounding_percent": "0.53",
        "frequency": "q12h",
        "frequency_text": "every 12 hours",
    }
    wanted = {
        "vials": 1,
        "volume_ml": "9.5",
        "bag_ml": "100",
        "total_ml": "109.5",
        "concentration_mg_ml": "4.34",
        "infusion_minutes": 60,
        "rate_ml_h": "109.5",
    }
    assert wanted.items() <= made.items()
    assert said["monitoring"][0] == {
        "day": 1,
        "date": "2026-11-23",
        "tests": ["cbc", "cmv-pcr", "electrolytes", "renal"],
    }


@pytest.mark.parametrize("name", sorted(GOOD))
def test_every_number_is_written_as_the_contract_says(
    content: ContentRelease, api: Api, name: str
) -> None:
    """Whole days, minutes and counts are integers; every other quantity is decimal text."""
    _, said = api(GOOD[name])
    integers = {"start_day", "end_day", "day", "vials", "bottles", "tablets", "bags"}
    integers |= {"infusion_minutes", "phase_days", "dose_days"}

    def look(key: str, value: object) -> None:
        if isinstance(value, dict):
            for inner, item in value.items():
                look(inner, item)
        elif isinstance(value, list):
            for item in value:
                look(key, item)
        elif isinstance(value, bool) or value is None:
            assert key in ("approved", "review_overdue", "end_day", "phase_days")
        elif isinstance(value, int):
            assert key in integers
        else:
            assert isinstance(value, str)
            if key.endswith(("_mg", "_ml", "_mmol", "_ml_h", "_ml_min", "_ml_max", "_m2")):
                assert "e" not in value.lower()
                places = value.partition(".")[2]
                fixed = key.startswith("crcl_") or key == "crcl_ml_min"
                assert len(places) == 4 if fixed else not places.endswith("0")

    look("", said)
    findings = [{"stop": 0, "caution": 1, "note": 2}[one["level"]] for one in said["findings"]]
    assert findings == sorted(findings)
    days = [row["day"] for row in said["monitoring"]]
    assert days == sorted(set(days))


def test_the_written_description_is_served(client: Client) -> None:
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.json() == json.loads(views.OPENAPI.read_bytes())
    assert not response.cookies


def test_a_length_of_thousands_of_digits_is_too_long(client: Client) -> None:
    answer = client.generic(
        "POST", "/api/v1/calculate", "{}", "application/json", CONTENT_LENGTH="9" * 5000
    )
    assert answer.status_code in (400, 413)
