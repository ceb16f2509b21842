"""The calculator's page, in pairs: the page for every browser, the answer alone for htmx."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from dosing.models import ContentRelease

from .patients import COLITIS, COLITIS_ON_DIALYSIS, FIRST, INFANT
from .posting import DRUG_FIGURE, fields_of, parts, text_at

Asking = Callable[..., HttpResponse]
BOTH = pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])


def test_the_empty_page_has_the_form_and_no_number(client: Client, content: ContentRelease) -> None:
    answer = client.get("/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "not yet approved by your organisation" in html
    assert not DRUG_FIGURE.search(text_at(html, "answer"))
    assert parts(html).values["serum_creatinine_unit"] == ""


@BOTH
def test_the_first_case(posted: Asking, htmx: bool) -> None:
    answer = posted(FIRST, htmx=htmx)
    html = answer.content.decode()
    assert answer.status_code == 200
    for said in ("475\u00a0mg", "every 12 hours", "9.5\u00a0mL", "472.5\u00a0mg", "70\u00a0mL/min"):
        assert said in html
    assert ("<form" in html) is not htmx


@BOTH
def test_every_answer_is_kept_by_nobody(posted: Asking, client: Client, htmx: bool) -> None:
    for answer in (posted(FIRST, htmx=htmx), posted({}, htmx=htmx), client.get("/")):
        assert answer["Cache-Control"] == "no-store"
        assert "HX-Request" in answer["Vary"]


@BOTH
def test_an_incomplete_form_is_refused(posted: Asking, htmx: bool) -> None:
    answer = posted({"regimen": "ganciclovir-induction", "weight_kg": "94.5"}, htmx=htmx)
    html = answer.content.decode()
    assert answer.status_code == 422
    links = dict(parts(html).links)
    assert {"age", "serum_creatinine"} == links.keys()
    assert not DRUG_FIGURE.search(text_at(html, "answer") if not htmx else html)


def test_following_the_typing_is_no_failed_request(client: Client, content: ContentRelease) -> None:
    headers = {"HX-Request": "true", "X-Follow": "1"}
    assert client.post("/", fields_of({}), headers=headers).status_code == 200


@BOTH
def test_without_content_there_is_a_reason_and_no_number(
    client: Client, db: None, htmx: bool
) -> None:
    headers = {"HX-Request": "true"} if htmx else {}
    answer = client.post("/", fields_of(FIRST), headers=headers)
    assert answer.status_code == 503
    assert "No release of the clinical content is live." in answer.content.decode()
    assert not DRUG_FIGURE.search(answer.content.decode())


def test_other_methods_are_refused(client: Client) -> None:
    assert client.put("/").status_code == 405


def test_what_was_entered_comes_back(posted: Asking) -> None:
    payload = COLITIS | {"weight_kg": " 6,6 ", "labs": {"anc": "x1"}, "pregnant": False}
    html = posted(payload).content.decode()
    values = parts(html).values
    for name, value in fields_of(payload).items():
        assert values[name] == value, name


def test_a_refusal_stands_at_its_field_and_in_the_summary(posted: Asking) -> None:
    html = posted(FIRST | {"weight_kg": "945", "labs": {"anc": "-1"}}).content.decode()
    links = parts(html).links
    assert [name for name, _ in links] == ["weight_kg", "anc"]
    for name, message in links:
        assert message in text_at(html, f"note_{name}")
        assert f'id="id_{name}"' in html
    assert 'aria-invalid="true"' in html


def test_a_figure_without_a_unit_is_refused(posted: Asking, client: Client) -> None:
    for name in ("weight_kg", "serum_creatinine"):
        sent = fields_of(FIRST) | {f"{name}_unit": ""}
        answer = client.post("/", sent)
        assert answer.status_code == 422
        assert [one for one, _ in parts(answer.content.decode()).links] == [f"{name}_unit"]


def test_a_unit_nobody_offers_is_refused(client: Client, content: ContentRelease) -> None:
    answer = client.post("/", fields_of(FIRST) | {"weight_kg_unit": "stone"})
    assert answer.status_code == 422


def test_units_are_converted(client: Client, content: ContentRelease) -> None:
    sent = fields_of(FIRST | {"weight_kg": "200", "labs": {"anc": "1500", "haemoglobin": "9"}})
    sent |= {"weight_kg_unit": "lb", "anc_unit": "/uL", "haemoglobin_unit": "g/dL"}
    html = client.post("/", sent).content.decode()
    for said in ("90.718\u00a0kg", "ANC 1.5\u00a0×10⁹/L", "haemoglobin 90\u00a0g/L"):
        assert said in html


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"crcl_ml_min": "69.6", "serum_creatinine": ""}, "kidney_input"),
        ({"kidney_input": "measured"}, "kidney_input"),
        ({"kidney_input": "measured", "serum_creatinine": ""}, "crcl_ml_min"),
        ({"kidney_input": "measured", "crcl_ml_min": "69.6"}, "serum_creatinine"),
    ],
)
def test_the_way_kidney_function_is_known_is_never_guessed(
    client: Client, content: ContentRelease, sent: dict[str, str], field: str
) -> None:
    answer = client.post("/", fields_of(FIRST) | sent)
    assert answer.status_code == 422
    assert field in dict(parts(answer.content.decode()).links)


def test_under_one_year_the_birth_weight_must_be_answered(posted: Asking) -> None:
    answer = posted(INFANT)
    assert answer.status_code == 422
    assert "low_birth_weight" in dict(parts(answer.content.decode()).links)
    for known in (True, False):
        assert posted(INFANT | {"low_birth_weight": known}).status_code == 200


def test_another_regimen_is_offered_in_one_click(posted: Asking, client: Client) -> None:
    stopped = COLITIS_ON_DIALYSIS
    html = posted(stopped).content.decode()
    assert "No oral step-down" in html
    offer = html.partition('name="offer" value="')[2].partition('"')[0]
    taken = client.post("/", fields_of(stopped) | {"offer": offer}).content.decode()
    assert parts(taken).values["regimen"] == "ganciclovir-induction"
    assert parts(taken).values["phase_days_1"] == "21"


def test_nothing_clinical_is_in_an_address(posted: Asking) -> None:
    html = posted(FIRST).content.decode()
    assert "94.5" not in "".join(part.split('"')[0] for part in html.split('href="')[1:])
    assert 'method="post"' in html


def test_the_policy_allows_nothing_inline(client: Client, content: ContentRelease) -> None:
    answer = client.get("/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    html = answer.content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick" not in html


# Figures as they were entered


@pytest.mark.parametrize("to", ["/", "/sheet/"])
def test_a_figure_in_another_unit_is_said_as_entered(
    client: Client, content: ContentRelease, to: str
) -> None:
    fields = fields_of(FIRST | {"weight_kg": "209,5"}) | {"weight_kg_unit": "lb"}
    html = client.post(to, fields).content.decode()
    assert "95.028\u00a0kg (entered as 209.5\u00a0lb)" in html


def test_a_figure_in_the_plan_s_own_unit_is_said_once(posted: Asking) -> None:
    assert "entered as" not in posted(FIRST).content.decode()


# A stopped plan


def test_a_stopped_plan_says_that_it_cannot_be_issued(posted: Asking) -> None:
    html = posted(COLITIS_ON_DIALYSIS).content.decode()
    assert "cannot be issued as it stands" in html
    assert "cannot be issued" not in posted(COLITIS).content.decode()
