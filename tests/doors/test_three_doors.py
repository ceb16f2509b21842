"""The same list through the command, the API and the page: same messages, same figures."""

import html
import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from dosing.content import live
from dosing.engine.phases import words as date_words
from dosing.models import ContentRelease
from dosing.presenters.numbers import NBSP, amount
from tests.web.posting import fields_of, parts

from .cases import GOOD, PROGRAM_ONLY, REFUSED
from .conftest import Answer

Command = Callable[[bytes], list[Answer]]
Api = Callable[[Any], tuple[int, Answer]]
#: Where the page says what the contract says about a key.
ON_THE_PAGE = {
    "age_years": "age",
    "age_months": "age",
    "labs.anc": "anc",
    "labs.platelets": "platelets",
    "labs.haemoglobin": "haemoglobin",
    "last_doses.nsaid": "last_dose_nsaid",
}


def lines(payloads: dict[str, Any]) -> bytes:
    return "".join(f"{json.dumps(payload)}\n" for payload in payloads.values()).encode()


def words(page: str) -> str:
    """The text of a page, white space evened out."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_refusals_are_the_same_at_every_door(
    client: Client, content: ContentRelease, command: Command, api: Api
) -> None:
    by_command = command(lines(REFUSED))
    assert len(by_command) == len(REFUSED)
    for (name, payload), said in zip(REFUSED.items(), by_command, strict=True):
        assert said.keys() == {"status", "errors"}, name
        assert said["status"] == "invalid", name
        assert api(payload) == (422, said), name
        page = client.post("/", fields_of(payload))
        assert page.status_code == 422, name
        shown: dict[str, set[str]] = {}
        for field, message in parts(page.content.decode()).links:
            shown.setdefault(field, set()).add(message)
        wanted: dict[str, set[str]] = {}
        for key, messages in said["errors"].items():
            wanted.setdefault(ON_THE_PAGE.get(key, key), set()).update(messages)
        assert sorted(set().union(*shown.values())) == sorted(set().union(*wanted.values())), name
        if "phase_days" not in wanted:  # the page has one field for each phase
            assert {field: shown.get(field) for field in wanted} == wanted, name
        else:
            assert any(field.startswith("phase_days_") for field in shown), name


def test_a_refusal_on_the_page_loses_nothing_that_was_typed(
    client: Client, content: ContentRelease
) -> None:
    for name, payload in REFUSED.items():
        sent = fields_of(payload)
        back = parts(client.post("/", sent).content.decode()).values
        for field in ("age", "weight_kg", "height_cm", "serum_creatinine", "crcl_ml_min", "anc"):
            assert back.get(field, "") == sent.get(field, ""), name


def test_good_payloads_have_the_same_figures_at_every_door(
    client: Client, content: ContentRelease, command: Command, api: Api
) -> None:
    by_command = command(lines(GOOD))
    assert len(by_command) == len(GOOD)
    for (name, payload), said in zip(GOOD.items(), by_command, strict=True):
        assert said["status"] in ("ok", "stopped"), name
        assert api(payload) == (200, said), name
        page = client.post("/", fields_of(payload))
        assert page.status_code == 200, name
        text = words(page.content.decode()).replace(NBSP, " ")
        for order in said["orders"]:
            if order["status"] == "dose":
                assert amount_of(order["dose_mg"], "mg") in text, name
                for figure, unit in (("rate_ml_h", "mL/h"), ("volume_ml", "mL")):
                    if figure in order["preparation"]:
                        assert amount_of(order["preparation"][figure], unit) in text, name
        rows = re.findall(r'<td>(\d+)</td><th scope="row">([^<]+)</th>', page.content.decode())
        # The page lays out no review of a plan that cannot be issued.
        due = said["monitoring"] + (said["reviews"] if said["status"] == "ok" else [])
        assert dict(rows) == {
            str(row["day"]): date_words(date.fromisoformat(row["date"])) for row in due
        }, name
        for finding in said["findings"]:
            sentence = finding["text"].replace(NBSP, " ")
            assert sentence.removeprefix(said.get("headline", "")).strip() in text, name


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ({"weight_kg": "208,3", "weight_kg_unit": "lb"}, {"weight_kg": "94.483290671"}),
        (
            {"height_cm": "60", "height_cm_unit": "in", "renal_weight": "ideal"},
            {"height_cm": "152.4", "renal_weight": "ideal"},
        ),
        ({"anc": "900", "anc_unit": "/uL"}, {"labs": {"anc": "0.9"}}),
        ({"anc": "499", "anc_unit": "/uL"}, {"labs": {"anc": "0.499"}}),
        ({"platelets": "24999", "platelets_unit": "/uL"}, {"labs": {"platelets": "24.999"}}),
        ({"haemoglobin": "7.9", "haemoglobin_unit": "g/dL"}, {"labs": {"haemoglobin": "79"}}),
    ],
)
def test_units_of_the_page_lead_to_the_same_answer(
    client: Client, content: ContentRelease, api: Api, typed: Answer, meant: Answer
) -> None:
    code, said = api(GOOD["exactly 70"] | meant)
    assert code == 200
    page = client.post("/", fields_of(GOOD["exactly 70"]) | typed)
    assert page.status_code == 200
    text = words(page.content.decode()).replace(NBSP, " ")
    for order in said["orders"]:
        if order["status"] == "dose":
            assert amount_of(order["exact_mg"], "mg") in text
    for finding in said["findings"]:
        sentence = finding["text"].replace(NBSP, " ").removeprefix(said.get("headline", ""))
        assert sentence.strip() in text


def amount_of(text: str, unit: str) -> str:
    return amount(Decimal(text), unit).replace(NBSP, " ")


def test_what_only_a_program_can_send(content: ContentRelease, command: Command, api: Api) -> None:
    by_command = command("\n".join(PROGRAM_ONLY.values()).encode())
    for (name, text), said in zip(PROGRAM_ONLY.items(), by_command, strict=True):
        assert said["status"] == "invalid", name
        assert said["errors"], name
        assert api(text.encode()) == (422, said), name


def test_the_lists_cover_every_regimen_and_both_outcomes(
    content: ContentRelease, command: Command
) -> None:
    said = command(lines(GOOD))
    assert {one["status"] for one in said} == {"ok", "stopped"}
    frequencies = {order.get("frequency") for one in said for order in one["orders"]}
    assert {"q8h", "q12h", "q24h", "q48h", "2/week", "5/week"} <= frequencies
    assert "3/week-after-haemodialysis" in frequencies
    regimens = {payload["regimen"] for payload in GOOD.values()}
    assert regimens == set(live.live_formulary().formulary.regimens)


@pytest.mark.django_db
def test_without_live_content_every_door_says_so(
    client: Client, api: Api, capsys: pytest.CaptureFixture[str], command: Command
) -> None:
    unavailable = {
        "status": "unavailable",
        "reason": "No release of the clinical content is live.",
    }
    for body in (b"{}", b"garbage", b"[1]", json.dumps(GOOD["exactly 70"]).encode()):
        assert api(body) == (503, unavailable)
    with pytest.raises(SystemExit) as ended:
        command(b"{}\n\ngarbage\n")
    assert ended.value.code == 1
    out = capsys.readouterr().out
    assert [json.loads(line) for line in out.splitlines()] == [unavailable] * 3
    page = client.post("/", fields_of(GOOD["exactly 70"]))
    assert page.status_code == 503
    assert unavailable["reason"] in words(page.content.decode())


def test_altered_content_is_no_content(client: Client, content: ContentRelease, api: Api) -> None:
    document = content.document.replace('"amount":"2.5"', '"amount":"25"', 1)
    assert document != content.document
    ContentRelease.objects.filter(pk=content.pk).update(document=document)
    live._decoded.cache_clear()
    status, said = api(GOOD["exactly 70"])
    assert (status, said["status"]) == (503, "unavailable")
    assert said.keys() == {"status", "reason"}
    assert "does not fit its digest" in said["reason"]
    page = client.post("/", fields_of(GOOD["exactly 70"]))
    assert page.status_code == 503
    assert said["reason"] in words(page.content.decode())


def test_the_answer_names_the_content_it_came_from(content: ContentRelease, api: Api) -> None:
    _, said = api(GOOD["exactly 70"])
    assert said["content"] == {
        "release": content.edition,
        "approved": False,
        "digest": content.digest,
        "review_by": "2027-05-31",
        "review_overdue": False,
    }
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", content.digest)
