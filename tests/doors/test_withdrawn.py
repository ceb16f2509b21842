"""The stop button at every door: no dose of a withdrawn drug, none at all without a release."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from dosing.content import lifecycle
from dosing.engine.findings import CODES
from dosing.management.commands import calculate
from dosing.models import ContentRelease
from tests.web.posting import DRUG_FIGURE, fields_of

from .conftest import Answer
from .test_three_doors import words

Command = Callable[[bytes], list[Answer]]
Api = Callable[[Any], tuple[int, Answer]]

WHY = "A wrong table was found."
ADULT = {
    "sex": "male",
    "age_years": 40,
    "weight_kg": "70",
    "serum_creatinine": "1.0",
    "serum_creatinine_unit": "mg/dL",
}
ONE = {"regimen": "ganciclovir-induction"} | ADULT
STEP_DOWN = {"regimen": "ibd-colitis"} | ADULT


@pytest.fixture
def publisher(db: None) -> User:
    return User.objects.create_superuser("publisher")


@pytest.fixture
def withdrawn(content: ContentRelease, publisher: User) -> Callable[[str], None]:
    def stop(drug: str) -> None:
        lifecycle.withdraw_drug(drug=drug, release=content, by=publisher, reason=WHY)

    return stop


def test_the_answer_of_every_door_before_and_after(
    client: Client,
    content: ContentRelease,
    api: Api,
    command: Command,
    withdrawn: Callable[[str], None],
) -> None:
    assert api(ONE)[1]["status"] == "ok"
    withdrawn("ganciclovir")
    status, said = api(ONE)
    assert (status, said["status"]) == (200, "stopped")
    (order,) = said["orders"]
    assert (order["status"], order["reason"]) == ("do-not-give", "withdrawn")
    first = said["findings"][0]
    assert (first["code"], first["level"], first["sources"]) == ("withdrawn", "stop", [])
    assert first["text"] == (
        "No dose: ganciclovir IV is not given. "
        "Withdrawn from this calculator: ganciclovir IV. A wrong table was found."
    )
    assert said["monitoring"] == []
    # The edition did not change: its digest is the release's.
    assert said["content"]["digest"] == content.digest
    assert command(f"{json.dumps(ONE)}\n".encode()) == [said]
    for address in ("/", "/sheet/"):
        page = client.post(address, fields_of(ONE)).content.decode()
        assert WHY in words(page)
        assert not DRUG_FIGURE.search(page)


def test_other_drugs_go_on_and_the_plan_gives_no_advice_of_its_own(
    content: ContentRelease, api: Api, withdrawn: Callable[[str], None]
) -> None:
    withdrawn("valganciclovir")
    _, said = api(STEP_DOWN)
    assert [order["status"] for order in said["orders"]] == ["dose", "do-not-give"]
    assert said["headline"] == (
        "The plan stops after ganciclovir IV: valGANciclovir by mouth is not given."
    )


def test_it_comes_before_every_other_reason(
    content: ContentRelease, api: Api, withdrawn: Callable[[str], None]
) -> None:
    assert CODES[0] == "withdrawn"
    withdrawn("ganciclovir")
    _, said = api(ONE | {"labs": {"anc": "0.3"}})
    assert [finding["code"] for finding in said["findings"]][:2] == [
        "withdrawn",
        "anc-below-start-threshold",
    ]
    assert said["orders"][0]["reason"] == "withdrawn"


def test_paper_and_published_doses_leave_it_out(
    client: Client, content: ContentRelease, withdrawn: Callable[[str], None]
) -> None:
    def section(address: str, name: str) -> str:
        page = client.get(address).content.decode()
        begins = re.compile(rf"[^\n]*<h2[^>]*>{name}")
        return next(part for part in page.split("<section") if begins.match(part))

    for address in ("/downtime/", "/reference/dialysis/"):
        assert WHY not in section(address, "ganciclovir IV")
    withdrawn("ganciclovir")
    for address in ("/downtime/", "/reference/dialysis/"):
        said = section(address, "ganciclovir IV")
        assert f"Withdrawn: do not use. {WHY}" in said
        assert "<table" not in said
        assert "<table" in section(address, "foscarnet IV")


def test_a_stream_under_way_takes_notice(
    content: ContentRelease,
    command: Command,
    publisher: User,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A second passes between two lines, and in it somebody stops the drug, then the release."""
    seconds = iter(range(1000))
    happens = {
        2: lambda: lifecycle.withdraw_drug(drug="ganciclovir", by=publisher, reason=WHY),
        4: lambda: lifecycle.withdraw_release(release=content, by=publisher, reason=WHY),
    }

    def monotonic() -> int:
        now = next(seconds)
        happens.pop(now, lambda: None)()
        return now

    monkeypatch.setattr(calculate, "monotonic", monotonic)
    with pytest.raises(SystemExit) as ended:
        command(f"{json.dumps(ONE)}\n".encode() * 4)
    assert ended.value.code == 1
    answers = [json.loads(line)["status"] for line in capsys.readouterr().out.splitlines()]
    assert answers == ["ok", "stopped", "stopped", "unavailable"]


def test_lifted_it_is_ordered_again(content: ContentRelease, api: Api, publisher: User) -> None:
    before = api(ONE)
    stopped = lifecycle.withdraw_drug(drug="ganciclovir", by=publisher, reason=WHY)
    assert api(ONE) != before
    lifecycle.lift_withdrawal(withdrawal=stopped, by=publisher, reason="Found right.")
    assert api(ONE) == before


def test_a_withdrawn_release_closes_every_door_with_its_reason(
    client: Client,
    content: ContentRelease,
    api: Api,
    command: Command,
    publisher: User,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lifecycle.withdraw_release(release=content, by=publisher, reason=WHY)
    unavailable = {
        "status": "unavailable",
        "reason": f"The clinical content was withdrawn: {WHY}",
    }
    assert api(ONE) == (503, unavailable)
    with pytest.raises(SystemExit) as ended:
        command(f"{json.dumps(ONE)}\n".encode())
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out) == unavailable
    for address in ("/", "/downtime/", "/downtime.pdf", "/reference/dialysis/"):
        page = client.get(address)
        assert page.status_code == 503
        assert WHY in words(page.content.decode())
    for address in ("/", "/sheet/", "/sheet.pdf", "/compare/"):
        page = client.post(address, fields_of(ONE))
        assert page.status_code == 503
        assert WHY in words(page.content.decode())
