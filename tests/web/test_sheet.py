"""The plan sheet: the same answer, on paper."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from dosing.models import ContentRelease

from .patients import CHILD, COLITIS, COMBINATION, FIRST, FOSCARNET, HAEMODIALYSIS
from .posting import DRUG_FIGURE

Asking = Callable[..., HttpResponse]


def test_it_stands_alone_and_is_kept_by_nobody(sheet: Asking, content: ContentRelease) -> None:
    answer = sheet(FIRST)
    html = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "475\u00a0mg" in html
    assert "9.5\u00a0mL" in html
    assert "Not an order until signed." in html
    assert content.digest.removeprefix("sha256:")[:12] in html
    assert "Mon 23 Nov 2026, 14:05 (UTC)" in html
    assert "not yet approved by your organisation" in html
    assert "Patient label" in html
    assert "Checked by" in html
    assert "new plan needed. do not dose from this table" in html.lower()


def test_the_counts_that_are_missing_stand_beside_the_first_dose(sheet: Asking) -> None:
    html = sheet(COMBINATION).content.decode()
    assert html.count("Before the first dose.") == 1
    assert html.index("Before the first dose.") < html.index("4,900\u00a0mg")


@pytest.mark.parametrize("payload", [CHILD, HAEMODIALYSIS], ids=["child", "haemodialysis"])
def test_no_table_of_changes_where_no_clearance_chose_the_row(
    sheet: Asking, payload: dict[str, str]
) -> None:
    html = sheet(payload).content.decode()
    assert "If the clearance changes" not in html
    assert "Recalculate" in html


def test_draws_are_before_dialysis(sheet: Asking) -> None:
    assert "Draw before dialysis." in sheet(HAEMODIALYSIS).content.decode()


def test_changing_kidneys_limit_the_sheet(sheet: Asking) -> None:
    html = sheet(FIRST | {"kidney_function_changing": True}).content.decode()
    assert "not valid after day 3 without a new creatinine" in html


def test_every_dated_row_stands_once(sheet: Asking) -> None:
    html = sheet(COLITIS).content.decode()
    grid = html.partition('class="grid"')[2].partition("</table>")[0]
    dates = re.findall(r"\w{3} \d{1,2} \w{3} \d{4}", grid)
    assert len(dates) == len(set(dates)) > 5
    assert "Wed 25 Nov 2026" in dates
    assert not any(date.startswith(("Sat", "Sun")) for date in dates if date != dates[0])


def test_foscarnet_from_the_bottle(sheet: Asking) -> None:
    html = sheet(FOSCARNET).content.decode()
    for said in (
        "above 1.0 to 1.4\u00a0mL/min/kg",
        "4,900\u00a0mg",
        "204.2\u00a0mL",
        "45.8\u00a0mL",
        "204.2\u00a0mL/h",
        "120\u00a0minutes",
        "49\u00a0mmol",
    ):
        assert said in html


def test_without_inputs_there_is_no_sheet(client: Client, content: ContentRelease) -> None:
    assert client.get("/sheet/")["Location"] == "/"


def test_refused_inputs_give_the_reasons(sheet: Asking) -> None:
    answer = sheet(FIRST | {"weight_kg": "945"})
    assert answer.status_code == 422
    assert "Weight 945 kg is outside" in answer.content.decode().replace("\u00a0", " ")
    assert not DRUG_FIGURE.search(answer.content.decode())


def test_equal_inputs_give_equal_bytes(sheet: Asking) -> None:
    assert sheet(COLITIS).content == sheet(COLITIS).content


@pytest.mark.parametrize("payload", [COLITIS, CHILD, COMBINATION], ids=["colitis", "child", "both"])
def test_its_sources_are_those_it_cites(sheet: Asking, payload: dict[str, str]) -> None:
    body, _, sources = sheet(payload).content.decode().partition("<h2>Sources</h2>")
    cited = {int(number) for number in re.findall(r'href="#source-(\d+)"', body)}
    listed = [int(number) for number in re.findall(r"\[(\d+)\]", sources)]
    assert cited
    assert set(listed) == cited
    assert len(listed) == len(cited)


def test_when_to_stop_is_on_paper_also_without_a_review_row(sheet: Asking) -> None:
    html = sheet(FIRST | {"regimen": "hiv-retinitis-oral"}).content.decode()
    assert "CD4 above 100" in html
    assert "When to stop." in html
    assert "When to stop." not in sheet(COLITIS).content.decode()


def test_immunoglobulin_is_on_paper_only_where_asked_for_and_given(sheet: Asking) -> None:
    lung = FIRST | {"regimen": "pneumonitis"}
    assert "Immunoglobulin: what is published" not in sheet(lung).content.decode()
    asked = lung | {"immunoglobulin": True}
    assert "No dose is established" in sheet(asked).content.decode()
    stopped = sheet(asked | {"labs": {"anc": "0.3"}}).content.decode()
    assert "Immunoglobulin: what is published" not in stopped
