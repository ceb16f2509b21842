"""Every page and sheet passes the medication-text linter, and figures agree with the contract."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from dosing.content.load import shipped_formulary
from dosing.exports.contract import calculate_payload
from dosing.models import ContentRelease
from dosing.presenters.numbers import amount
from tests.medication_text import page_problems

from .patients import (
    CHILD,
    COLITIS,
    COMBINATION,
    FIRST,
    FOSCARNET,
    HAEMODIALYSIS,
    INFANT,
    STOPPED,
)

Asking = Callable[..., HttpResponse]
PLANS: dict[str, dict[str, Any]] = {
    "first": FIRST,
    "foscarnet": FOSCARNET,
    "child": CHILD,
    "infant": INFANT | {"low_birth_weight": True},
    "haemodialysis": HAEMODIALYSIS,
    "colitis": COLITIS,
    "combination": COMBINATION,
    "every other day": FIRST | {"regimen": "valganciclovir-induction", "serum_creatinine": "8"},
    "open-ended": FOSCARNET | {"regimen": "foscarnet-maintenance-120"},
    "other weights": FIRST | {"height_cm": "180", "renal_weight": "adjusted"},
    **STOPPED,
}
SOME = pytest.mark.parametrize("payload", PLANS.values(), ids=PLANS.keys())


@SOME
@pytest.mark.parametrize("to", ["/", "/sheet/"])
def test_words_are_those_of_the_ward(posted: Asking, payload: dict[str, Any], to: str) -> None:
    html = posted(payload, to=to).content.decode()
    assert page_problems(html, paper=to == "/sheet/") == []


@pytest.mark.parametrize("address", ["/", "/reference/dialysis/"])
def test_words_of_the_pages_without_a_plan(
    client: Client, content: ContentRelease, address: str
) -> None:
    assert page_problems(client.get(address).content.decode()) == []


@SOME
def test_page_and_sheet_say_what_the_contract_says(posted: Asking, payload: dict[str, Any]) -> None:
    answer = calculate_payload(
        payload, formulary=shipped_formulary(), content={}, today=date(2026, 11, 23)
    )
    for to in ("/", "/sheet/"):
        html = posted(payload, to=to).content.decode()
        for order in answer["orders"]:
            if order["status"] != "dose":
                continue
            assert f'class="dose">{amount_of(order["dose_mg"])}<' in html
            assert order["frequency_text"] in html
            for key, unit in (("volume_ml", "mL"), ("rate_ml_h", "mL/h"), ("discard_ml", "mL")):
                if key in order["preparation"]:
                    assert f"<strong>{amount_of(order['preparation'][key], unit)}<" in html


def amount_of(text: str, unit: str = "mg") -> str:
    from decimal import Decimal

    return amount(Decimal(text), unit)
