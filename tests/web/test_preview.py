"""Drafts: the same pages for editors and reviewers, shouting."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from dosing.content.load import shipped_formulary
from dosing.models import ContentRelease, DoseRow
from tests.medication_text import page_problems

from . import papers
from .conftest import NOW
from .drafts import (
    BOTH,
    DRAFT_DOSE,
    LIVE_DOSE,
    PAGES,
    SHOUT,
    At,
    address,
    changed,
    frozen,
    post,
    words,
)
from .patients import CHILD, COLITIS, COMBINATION, FIRST, STOPPED
from .posting import DRUG_FIGURE

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
                assert "2031.1" not in said
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
    which = f"Release 2031.1, a draft, digest {draft.digest.removeprefix('sha256:')[:12]}"
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
    twin = frozen(replace(shipped_formulary(), edition="2026.3 again"))
    client = at("reviewer")

    def orders(to: str) -> str:
        html = post(client, to, payload, htmx=True).content.decode()
        found, _, _ = html[html.index('<section class="facts"') :].partition('<p id="edition"')
        for release in (content, twin):
            found = found.replace(release.digest.removeprefix("sha256:")[:12], "digest")
        return found.replace(address(twin), "/").rstrip()

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
    which = "Working rows, as of" if of == "rows" else "Release 2031.1, a draft, digest"
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
