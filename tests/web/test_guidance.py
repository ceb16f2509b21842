"""Guidance and differences of the sources: beside the plan, on the sheet only where asked for."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse

from dosing.content.load import shipped_formulary
from dosing.presenters.guidance import beside

from .patients import COLITIS, FIRST, STOPPED

Asking = Callable[..., HttpResponse]
FORMULARY = shipped_formulary()
DAILY = "Colitis: tablets at the treatment dose or at the maintenance dose?"


def test_both_sides_and_the_reason_stand_on_the_page(posted: Asking) -> None:
    html = posted(COLITIS).content.decode()
    section = html.partition(DAILY)[2].partition("<h3>")[0]
    assert "Once a day after IV" in section
    assert "Twice a day after IV." in section
    assert "This content:" in section
    assert "Why:" in section
    assert len(set(re.findall(r'href="#beside-(\d+)"', section))) >= 4
    cited = set(re.findall(r'href="#beside-(\d+)"', html))
    assert cited == set(re.findall(r'id="beside-(\d+)"', html))


def test_another_regimen_has_its_own_differences(posted: Asking) -> None:
    assert DAILY not in posted(FIRST).content.decode()


def test_beside_a_stop_there_is_guidance_and_no_amount(posted: Asking) -> None:
    html = posted(STOPPED["peritoneal dialysis"]).content.decode()
    assert "Guidance beside the plan" in html
    assert "What the sources say" not in html


def test_the_sheet_has_guidance_only_where_asked_for(sheet: Asking) -> None:
    assert "Sources of the guidance" not in sheet(COLITIS).content.decode()
    html = sheet(COLITIS | {"guidance_on_sheet": "yes"}).content.decode()
    assert "Call infectious diseases when treatment begins" in html
    assert "Sources of the guidance" in html


@pytest.mark.parametrize(
    ("group", "own", "foreign"),
    [
        ("ibd", "Vedolizumab", "Reducing immunosuppression: after transplantation"),
        ("hsct", "Reducing immunosuppression: after transplantation", "Vedolizumab"),
    ],
)
def test_topics_are_those_of_the_patient(group: str, own: str, foreign: str) -> None:
    regimen = FORMULARY.regimens["immunocompromised-disease"]
    titles = {topic.title for topic in beside(FORMULARY, regimen, group).topics}
    assert {one.title for one in FORMULARY.guidance.values()} >= {own, foreign}
    assert own in titles
    assert foreign not in titles
