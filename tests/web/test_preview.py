"""Drafts: the same pages for editors and reviewers, shouting, and nothing of them elsewhere."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import _lru_cache_wrapper
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from dosing.content import lifecycle, preview
from dosing.content.digest import digest_of
from dosing.content.load import load_rows, shipped_formulary
from dosing.content.roles import ROLES, set_up_roles
from dosing.engine.codec import canonical, encode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease, DoseRow, Drug, Edition, Phase, Withdrawal
from tests.content.faults import change_row
from tests.content.small_formulary import small_formulary
from tests.medication_text import page_problems

from . import papers
from .conftest import NOW
from .patients import CHILD, COLITIS, COMBINATION, FIRST, STOPPED
from .posting import DRUG_FIGURE, fields_of, parts

SHOUT = "Draft, not for patients"
#: What FIRST comes to: by the shipped content, and by the draft made of it here.
LIVE_DOSE, DRAFT_DOSE = "475\u00a0mg", "285\u00a0mg"
BOTH = pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
PAGES = ("", "compare/", "sheet/", "sheet.pdf", "reference/dialysis/")
At = Callable[[str], Client]


def changed() -> Formulary:
    """The shipped edition with 3 mg/kg where FIRST is given 5."""
    shipped = replace(shipped_formulary(), edition="2026.3")
    return change_row(shipped, "vial", lambda table: table.rows[0], amount=Decimal("3"))


def frozen(formulary: Formulary, **values: Any) -> ContentRelease:
    document = canonical(encode(formulary))
    return ContentRelease.objects.create(
        edition=formulary.edition,
        digest=digest_of(document),
        document=document,
        frozen_at=NOW,
        **values,
    )


@pytest.fixture
def draft(content: ContentRelease) -> ContentRelease:
    """A release that differs from the live one."""
    return frozen(changed())


@pytest.fixture
def rows(content: ContentRelease) -> str:
    """The address of the working rows, which differ from the live release."""
    load_rows(changed())
    return "/content/preview/rows/"


@pytest.fixture
def at(db: None) -> At:
    """A browser of somebody by name; a name that is no role has no right to drafts."""
    set_up_roles()

    def signed_in(name: str) -> Client:
        client = Client()
        if name != "anonymous":
            staff = name != "plain"
            made = (
                User.objects.create_superuser if name == "superuser" else User.objects.create_user
            )
            user = made(name, is_staff=staff)
            if name in ROLES:
                user.groups.add(Group.objects.get(name=name))
            client.force_login(user)
        return client

    return signed_in


def address(release: ContentRelease, page: str = "") -> str:
    return f"/content/preview/{release.pk}/{page}"


def post(client: Client, to: str, payload: dict[str, Any], *, htmx: bool = False) -> HttpResponse:
    headers = {"HX-Request": "true"} if htmx else {}
    answer: Any = client.post(to, fields_of(payload), headers=headers)
    return answer


def words(answer: Any) -> str:
    """The text of a page, of a fragment or of a PDF."""
    if answer["Content-Type"] == "application/pdf":
        return " ".join(papers.pages(answer.content))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# Who may


@pytest.mark.parametrize("of", ["release", "rows"])
@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("anonymous", False),
        ("plain", False),
        ("staff", False),
        ("editor", True),
        ("reviewer", True),
        ("publisher", False),
        ("superuser", True),
    ],
)
def test_who_may_calculate_with_a_draft(
    draft: ContentRelease, rows: str, at: At, who: str, may: bool, of: str
) -> None:
    """Every page, asked in every way: the page with the draft, the login, or nothing there."""
    client = at(who)
    for page in PAGES:
        to = f"{rows}{page}" if of == "rows" else address(draft, page)
        for answer in (
            client.get(to),
            post(client, to, COLITIS | {"other": "ganciclovir-induction"}),
            post(client, to, COLITIS, htmx=True),
        ):
            said = words(answer)
            assert (answer.status_code in (200, 302, 405, 422) and SHOUT in said) or (
                answer.status_code in (302, 403, 404, 405) and not DRUG_FIGURE.search(said)
            )
            if not may:
                assert answer.status_code in (302, 403, 404)
                assert answer.status_code == 404 or who == "anonymous"
                assert SHOUT not in said
                assert "2026.3" not in said
                if answer.status_code == 302:
                    assert answer["Location"] == f"/admin/login/?next={to}"
    if may:
        assert client.get(rows if of == "rows" else address(draft)).status_code == 200


def test_a_right_given_to_one_person_is_enough_and_an_ended_account_is_not(
    draft: ContentRelease, at: At
) -> None:
    client = at("editor")
    assert client.get(address(draft)).status_code == 200
    User.objects.update(is_active=False)
    assert client.get(address(draft)).status_code == 302


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({}, 200),
        ({"review": "in-review"}, 200),
        ({"review": "returned"}, 200),
        ({"review": "approved"}, 200),
        ({"review": "approved", "use": "scheduled"}, 200),
        ({"review": "approved", "use": "scheduled", "due": True}, 404),
        ({"review": "approved", "use": "superseded", "due": True}, 404),
        ({"review": "approved", "use": "withdrawn"}, 404),
    ],
    ids=str,
)
def test_which_releases_are_drafts(
    content: ContentRelease, at: At, values: dict[str, Any], status: int
) -> None:
    author, other = (User.objects.create_user(name) for name in ("author", "other"))
    review = values.get("review", "draft")
    made: dict[str, Any] = {"review": review, "use": values.get("use", "unused")}
    if review != "draft":
        made |= {"sent_by": author, "sent_at": NOW}
    if review == "returned":
        made |= {"returned_by": other, "returned_at": NOW, "comment": "A band is wrong."}
    if review == "approved":
        made |= {"approved_by": other, "approved_at": NOW}
    if made["use"] in ("scheduled", "superseded"):
        hour = timedelta(hours=-1 if "due" in values else 1)
        made |= {"live_by": other, "live_from": NOW + hour}
    row = frozen(changed(), **made)
    client = at("reviewer")
    assert client.get(address(row)).status_code == status
    assert client.get(address(content)).status_code == 404, "the live one is no draft"
    assert client.get("/content/preview/999/").status_code == 404
    linked = (
        address(row)
        in client.get(f"/admin/dosing/contentrelease/{row.pk}/change/").content.decode()
    )
    assert linked is (status == 200)


def test_the_admin_leads_there_and_says_who_may(draft: ContentRelease, rows: str, at: At) -> None:
    release = reverse("admin:dosing_contentrelease_change", args=[draft.pk])
    listed = reverse("admin:dosing_contentrelease_changelist")
    edition = reverse("admin:dosing_edition_change", args=[1])
    for who in ("editor", "reviewer"):
        client = at(who)
        assert f'<a href="{address(draft)}">Calculate with this draft</a>' in (
            client.get(release).content.decode()
        )
        for page in (listed, edition):
            assert f'<a href="{rows}">Calculate with the working rows</a>' in (
                client.get(page).content.decode()
            )
    client = at("publisher")
    for page in (release, listed, edition):
        html = client.get(page).content.decode()
        assert "/content/preview/" not in html
        assert page == edition or "This is for editors and reviewers." in html


# The same calculator, shouting


@BOTH
def test_it_calculates_with_the_draft_and_says_so(
    draft: ContentRelease, at: At, htmx: bool
) -> None:
    answer = post(at("reviewer"), address(draft), FIRST, htmx=htmx)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert DRAFT_DOSE in html
    assert LIVE_DOSE not in html
    which = f"Release 2026.3, a draft, digest {draft.digest.removeprefix('sha256:')[:12]}"
    assert f"<strong>{SHOUT}.</strong> {which}" in html
    assert answer["Cache-Control"] == "no-store"
    assert "HX-Request" in answer["Vary"]
    assert "Cookie" in answer["Vary"]
    assert page_problems(html) == []
    assert "not yet approved by your organisation" not in html


@BOTH
def test_it_calculates_with_the_rows_as_they_stand_at_that_moment(
    rows: str, at: At, htmx: bool
) -> None:
    client = at("editor")
    html = post(client, rows, FIRST, htmx=htmx).content.decode()
    assert DRAFT_DOSE in html
    assert "Working rows, as of Mon 23 Nov 2026, 14:05, no digest" in html
    row = DoseRow.objects.get(table__drug__slug="ganciclovir", table__slug="induction", amount="3")
    DoseRow.objects.filter(pk=row.pk).update(amount="4")
    html = post(client, rows, FIRST, htmx=htmx).content.decode()
    assert DRAFT_DOSE not in html
    assert "4\u00a0mg/kg" in html


@pytest.mark.parametrize("payload", [FIRST, COLITIS, CHILD, COMBINATION, *STOPPED.values()])
def test_the_same_content_gives_the_very_same_answer(
    content: ContentRelease, at: At, payload: dict[str, Any]
) -> None:
    """A draft equal to the live release in all but its name: nothing but the shouting differs."""
    twin = frozen(replace(shipped_formulary(), edition="2026.2 again"))
    client = at("reviewer")

    def orders(to: str) -> str:
        html = post(client, to, payload, htmx=True).content.decode()
        found = html[html.index('<section class="facts"') :]
        return found.replace(address(twin), "/")

    assert orders(address(twin)) == orders("/")


def test_every_address_on_a_draft_s_page_is_its_own(
    draft: ContentRelease, rows: str, at: At
) -> None:
    """What is posted, asked by htmx or opened beside it stays with the draft."""
    client = at("reviewer")
    for desk in (rows, address(draft)):
        html = post(client, desk, COLITIS).content.decode()
        for kind in ("action", "hx-post", "formaction"):
            found = re.findall(rf'\b{kind}="(.*?)"', html)
            assert found, kind
            assert all(one.startswith(desk) for one in found), found
        assert f"url={desk}" in html
        assert f'id="new" href="{desk}"' in html
        assert {*re.findall(r'href="(/(?!static).*?)"', html)} == {"/", desk}
        stopped = post(client, desk, FIRST | {"dialysis": "peritoneal"}).content.decode()
        assert f'href="{desk}reference/dialysis/"' in stopped
        for page in ("sheet/", "sheet.pdf", "compare/"):
            assert client.get(f"{desk}{page}")["Location"] == desk
        assert f"url={desk}" in post(client, f"{desk}sheet/", FIRST).content.decode()


def test_the_tab_says_it_first(draft: ContentRelease, at: At) -> None:
    client = at("reviewer")
    for page in ("", "sheet/", "compare/"):
        asked = COLITIS | {"other": "ganciclovir-induction"}
        html = post(client, address(draft, page), asked).content.decode()
        assert f"<title>{SHOUT} – " in html
        assert '<html lang="en-GB" class="drafted">' in html
        assert '<aside class="draft" aria-label="Draft"><strong>Draft, not for patients' in html
    assert f'data-lead="{SHOUT} – "' in client.get(address(draft)).content.decode()
    assert 'data-lead=""' in client.get("/").content.decode()
    for refused in (post(client, address(draft, "sheet/"), {}), client.get(address(draft))):
        assert f"<title>{SHOUT} – " in refused.content.decode()


def test_a_draft_s_sheet_cannot_be_signed_or_labelled(draft: ContentRelease, at: At) -> None:
    html = post(at("reviewer"), address(draft, "sheet/"), COLITIS).content.decode()
    for absent in ("Signatures", "signature", "Name and number of the patient", ">Patient label<"):
        assert absent not in html
    assert "a draft: never an order" in html
    assert page_problems(html, paper=True) == []


@pytest.mark.parametrize("payload", [COLITIS, COMBINATION, CHILD | {"until_day": "200"}])
@pytest.mark.parametrize("of", ["release", "rows"])
def test_every_page_of_the_file_says_it(
    draft: ContentRelease, rows: str, at: At, payload: dict[str, Any], of: str, tmp_path: Path
) -> None:
    to = f"{rows}sheet.pdf" if of == "rows" else address(draft, "sheet.pdf")
    answer = post(at("reviewer"), to, payload)
    assert answer["Content-Type"] == "application/pdf"
    file = tmp_path / "sheet.pdf"
    file.write_bytes(answer.content)
    read = run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)
    pages = read.stdout.split("\f")[:-1]
    which = "Working rows, as of" if of == "rows" else "Release 2026.3, a draft, digest"
    assert len(pages) >= 3
    for page in pages:
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        assert lines[0] == SHOUT, "the band at the top"
        assert page.count(SHOUT) >= 2, "and in the foot"
        assert which in page
    assert answer["Content-Disposition"] == 'inline; filename="draft-not-for-patients.pdf"'
    about = papers.reader(answer.content).metadata
    assert about is not None
    assert str(about.title).startswith(SHOUT)


def test_the_grey_words_stand_behind_the_text_of_every_page(draft: ContentRelease, at: At) -> None:
    file = post(at("reviewer"), address(draft, "sheet.pdf"), COLITIS).content
    grey = b"0.815686 0.815686 0.815686 rg"
    for page in papers.reader(file).pages:
        contents: Any = page.get_contents()
        stream = contents.get_data()
        assert grey in stream
        # Drawn before the first black letter of the page, so never over a figure.
        assert stream.index(grey) < stream.index(b"0 0 0 rg") or stream.count(b"rg") == 1


# Nothing of it anywhere else


def test_no_other_door_answers_from_a_draft(
    draft: ContentRelease, rows: str, content: ContentRelease, at: At, capsys: Any, tmp_path: Path
) -> None:
    client = at("superuser")
    post(client, address(draft), FIRST)
    post(client, rows, FIRST)
    body = json.dumps(FIRST)
    said = client.post("/api/v1/calculate", body, content_type="application/json").json()
    assert said["content"]["digest"] == content.digest
    assert said["orders"][0]["dose_mg"] == "475"
    file = tmp_path / "one.jsonl"
    file.write_text(body)
    call_command("calculate", str(file))
    assert json.loads(capsys.readouterr().out) == said
    paper = client.get("/downtime/").content.decode()
    assert content.digest in paper
    assert "2026.3" not in paper
    assert "Draft" not in paper
    for named in ("release", "draft", "preview"):
        sent = json.dumps(FIRST | {named: draft.digest})
        asked = client.post("/api/v1/calculate", sent, content_type="application/json")
        assert asked.status_code == 422
    for beyond in ("downtime/", "downtime.pdf", "api/v1/calculate", "content/"):
        assert client.get(address(draft, beyond)).status_code == 404
        assert client.get(f"{rows}{beyond}").status_code == 404


def test_live_answers_are_the_same_bytes_before_and_after_a_preview(
    content: ContentRelease, at: At
) -> None:
    """And the draft's, after a live one: nothing drawn for one is shown for the other.

    The draft differs by a text beside the plan, a source, and by how an edge is written: 70.0.
    """
    shipped = replace(shipped_formulary(), edition="2026.3")
    topic = next(iter(shipped.guidance.values()))
    point = replace(topic.points[0], text="Of the draft only.")
    source = next(iter(shipped.sources))
    other = replace(
        shipped,
        guidance=dict(shipped.guidance) | {topic.slug: replace(topic, points=(point,))},
        sources=dict(shipped.sources)
        | {source: replace(shipped.sources[source], title="Of the draft only.")},
    )
    other = change_row(other, "vial", lambda table: table.rows[1], high=Decimal("70.0"))
    other = change_row(other, "vial", lambda table: table.rows[0], low=Decimal("70.0"))
    row = frozen(other)
    client = at("reviewer")
    payloads = (FIRST, COLITIS, COMBINATION, CHILD)

    def answers(desk: str) -> list[bytes]:
        found = [post(client, desk, payload, htmx=True).content for payload in payloads]
        return [*found, *(post(client, f"{desk}sheet/", payload).content for payload in payloads)]

    live, tried = answers("/"), answers(address(row))
    assert answers("/") == live
    assert answers(address(row)) == tried
    assert b"Of the draft only." not in b"".join(live)
    assert b"Of the draft only." in b"".join(tried)
    assert b"70.0" not in b"".join(live)
    for cached in _caches():
        cached.cache_clear()
    assert answers(address(row)) == tried, "the draft first, with nothing remembered"
    assert answers("/") == live


def _caches() -> list[Any]:
    """Everything drawn or worked out once."""
    wrapped = [one for one in gc.get_objects() if type(one) is _lru_cache_wrapper]
    return [one for one in wrapped if one.__module__.startswith("dosing.")]


def test_asking_the_live_page_costs_one_query_as_before(
    content: ContentRelease, client: Client, django_assert_num_queries: Any
) -> None:
    post(client, "/", FIRST, htmx=True)
    with django_assert_num_queries(1):
        post(client, "/", FIRST, htmx=True)


# Drafts nothing can be worked out with


@BOTH
def test_rows_that_cannot_be_built_say_why_and_show_no_number(
    rows: str, at: At, htmx: bool
) -> None:
    Phase.objects.filter(regimen__slug="ganciclovir-induction").delete()
    answer = post(at("editor"), rows, FIRST, htmx=htmx)
    html = answer.content.decode()
    assert answer.status_code == 503
    assert "The working rows cannot be put together." in html
    assert "regimen Ganciclovir IV" in html or "ganciclovir-induction has no phase" in html
    assert 'data-state="unavailable"' in html
    assert answer["Cache-Control"] == "no-store"
    assert not DRUG_FIGURE.search(words(answer))
    assert "downtime" not in html.lower()
    if not htmx:
        assert f"<title>{SHOUT} – " in html
        assert "Working rows, as of Mon 23 Nov 2026, 14:05, no digest" in html


@BOTH
def test_no_edition_at_all(content: ContentRelease, at: At, htmx: bool) -> None:
    answer = post(at("editor"), "/content/preview/rows/", FIRST, htmx=htmx)
    assert answer.status_code == 503
    assert "There is no edition" in answer.content.decode()


@BOTH
def test_rows_the_engine_cannot_work_with_name_what_is_in_the_way(
    rows: str, at: At, htmx: bool, caplog: pytest.LogCaptureFixture
) -> None:
    Phase.objects.filter(regimen__slug="ganciclovir-induction").update(table="elsewhere")
    answer = post(at("editor"), rows, FIRST, htmx=htmx)
    assert answer.status_code == 503
    html = answer.content.decode()
    assert "The calculator cannot work with this draft as it stands." in html
    assert "elsewhere" in html
    assert not DRUG_FIGURE.search(words(answer))
    assert "A draft that is not ready was tried." in caplog.text


def test_an_altered_draft_is_not_worked_with(draft: ContentRelease, at: At) -> None:
    client = at("reviewer")
    assert post(client, address(draft), FIRST).status_code == 200
    document = draft.document.replace('"amount":"3"', '"amount":"30"', 1)
    assert document != draft.document
    ContentRelease.objects.filter(pk=draft.pk).update(document=document)
    answer = post(client, address(draft), FIRST)
    assert answer.status_code == 503
    assert "This release was altered: its text does not fit its digest." in words(answer)
    assert not DRUG_FIGURE.search(words(answer))


def test_a_draft_of_another_version(draft: ContentRelease, at: At) -> None:
    document = draft.document.replace('"contact":', '"telephone":', 1)
    ContentRelease.objects.filter(pk=draft.pk).update(document=document, digest=digest_of(document))
    answer = at("reviewer").get(address(draft))
    assert answer.status_code == 503
    assert "does not fit this version" in words(answer)


def test_a_withdrawn_drug_has_no_dose_in_a_draft_either(
    draft: ContentRelease, rows: str, at: At
) -> None:
    by = User.objects.create_superuser("administrator")
    client = at("reviewer")
    lifecycle.withdraw_drug(drug="ganciclovir", by=by, reason="Recalled.")
    for desk in (address(draft), rows):
        said = words(post(client, desk, FIRST))
        assert "Withdrawn from this calculator: ganciclovir IV. Recalled." in said
        assert not DRUG_FIGURE.search(said.partition("Side by side")[0])
    Withdrawal.objects.all().delete()
    lifecycle.withdraw_drug(
        drug="ganciclovir", release=ContentRelease.objects.get(use="live"), by=by, reason="Wrong."
    )
    for desk in (address(draft), rows):
        assert DRAFT_DOSE in post(client, desk, FIRST).content.decode(), (
            "withdrawn in the live one only"
        )


@BOTH
def test_where_overdue_content_is_stopped_a_draft_is_too(
    content: ContentRelease, at: At, settings: Any, htmx: bool
) -> None:
    row = frozen(replace(changed(), review_by=date(2026, 11, 22)))
    client = at("reviewer")
    said = post(client, address(row), FIRST, htmx=htmx).content.decode()
    assert DRAFT_DOSE in said
    assert "The review of this content was due on Sun 22 Nov 2026" in said
    settings.REVIEW_OVERDUE = "stop"
    answer = post(client, address(row), FIRST, htmx=htmx)
    assert answer.status_code == 503
    assert "its review was due on Sun 22 Nov 2026" in words(answer)
    assert not DRUG_FIGURE.search(words(answer))


def test_drafts_never_push_out_the_live_content(
    draft: ContentRelease, at: At, client: Client, django_assert_num_queries: Any
) -> None:
    editor = at("editor")
    post(client, "/", FIRST, htmx=True)
    for number in range(preview.KEPT + 2):
        row = frozen(replace(small_formulary(), edition=f"small {number}"))
        assert editor.get(address(row)).status_code == 200
    with django_assert_num_queries(1):
        post(client, "/", FIRST, htmx=True)


def test_the_rows_name_is_not_taken_for_a_release(rows: str, at: At) -> None:
    """The working edition may still bear the name of the live one."""
    Edition.objects.update(edition="2026.2")
    Drug.objects.filter(slug="ganciclovir").update(brands="Edited")
    html = post(at("editor"), rows, FIRST).content.decode()
    assert "Edited" in html
    assert "Release 2026.2" not in html
    assert parts(html).values["weight_kg"] == "94.5"
