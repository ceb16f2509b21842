"""The page of a worked example: in the words of the dose tables."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from dosing.models import ContentRelease, ExpectedOrder, WorkedExample
from dosing.presenters.words import FREQUENCIES

from .test_admin import filled_in, name_of, page, said


@pytest.fixture(autouse=True)
def before_the_review_date(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23T12:00Z", tick=False)


def test_how_often_is_chosen_in_words_and_a_wrong_one_is_in_the_way(
    live_small: ContentRelease, admin_client: Client
) -> None:
    order = ExpectedOrder.objects.exclude(frequency="").first()
    assert order is not None
    example = WorkedExample.objects.get(pk=order.example_id)
    address = page(WorkedExample, "change", example.pk)
    opened = admin_client.get(address)
    html = opened.content.decode()
    assert f'<option value="{order.frequency}" selected>{FREQUENCIES[order.frequency]}' in html
    other = next(code for code in FREQUENCIES if code != order.frequency)
    sent = filled_in(opened)
    sent[name_of(sent, "expected", "frequency", order.frequency)] = other
    answer = admin_client.post(address, sent, follow=True)
    assert f"worked example {example.slug}" in said(answer)
    order.refresh_from_db()
    assert order.frequency == other
    sent = filled_in(admin_client.get(address))
    sent[name_of(sent, "expected", "frequency", other)] = "now and then"
    assert admin_client.post(address, sent).status_code == 200
    order.refresh_from_db()
    assert order.frequency == other
