"""Which edition an answer is from, and what of it is withdrawn: said wherever the answer is."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from dosing.content import lifecycle
from dosing.content.digest import digest_of
from dosing.engine.codec import canonical, encode
from dosing.models import ContentRelease
from tests.medication_text import page_problems

from .drafts import changed
from .patients import COLITIS
from .posting import DRUG_FIGURE, fields_of

HTMX = {"HX-Request": "true", "X-Follow": "1"}
SHOWN = re.compile(r'formaction="(/sheet[^"]*)"[^>]* name="shown" value="(\w+)"')


@pytest.fixture
def newer(content: ContentRelease) -> ContentRelease:
    """Another edition, live since the page was opened."""
    ContentRelease.objects.update(use="superseded")
    document = canonical(encode(changed()))
    return ContentRelease.objects.create(
        edition=changed().edition,
        digest=digest_of(document),
        document=document,
        frozen_at=content.frozen_at,
        is_shipped=True,
        use="live",
        live_from=content.live_from,
    )


def test_an_answer_renews_the_edition_of_an_older_page(
    client: Client, content: ContentRelease, newer: ContentRelease
) -> None:
    for form in (COLITIS, {}):
        part = client.post("/", fields_of(form), headers=HTMX).content.decode()
        named = re.findall(r'<p id="(edition[-a-z]*)"[^>]* hx-swap-oob="true">(.*?)</p>', part)
        assert [name for name, _ in named] == ["edition", "edition-foot"]
        assert all(f"Content {newer.edition}," in said for _, said in named)
        assert newer.digest.removeprefix("sha256:")[:12] in named[1][1]
    page = client.get("/").content.decode()
    assert "hx-swap-oob" not in page
    assert all(page.count(f'id="{name}"') == 1 for name, _ in named)


@pytest.mark.parametrize("address", ["/sheet/", "/sheet.pdf"])
def test_no_sheet_where_the_content_changed_after_the_answer_on_screen(
    client: Client, content: ContentRelease, address: str
) -> None:
    answer = client.post("/", fields_of(COLITIS)).content.decode()
    shown = dict(SHOWN.findall(answer))
    assert address in shown
    asked = fields_of(COLITIS) | {"shown": shown[address]}
    assert client.post(address, asked).status_code == 200
    newer_digest(content)
    refused = client.post(address, asked)
    assert refused.status_code == 409
    html = refused.content.decode()
    assert "The clinical content changed after this answer was shown" in html
    assert not DRUG_FIGURE.search(html)


def newer_digest(content: ContentRelease) -> None:
    document = canonical(encode(changed()))
    ContentRelease.objects.filter(pk=content.pk).update(
        document=document, digest=digest_of(document)
    )


def test_a_withdrawn_drug_is_named_before_anything_is_entered_and_on_what_is_kept(
    client: Client, content: ContentRelease
) -> None:
    pages = ["/", "/content/", "/downtime/"]
    said = "valGANciclovir by mouth (Valcyte): A wrong table was found."
    for page in pages:
        assert "Withdrawn, do not use" not in client.get(page).content.decode()
    lifecycle.withdraw_drug(
        drug="valganciclovir",
        by=User.objects.create_superuser("pharmacist"),
        reason="A wrong table was found.",
    )
    for page in pages:
        html = client.get(page).content.decode()
        assert "Withdrawn, do not use" in html, page
        assert said in html.replace("\u00a0", " "), page
        assert page_problems(html) == []
    part = client.post("/", fields_of(COLITIS), headers=HTMX).content.decode()
    assert part.count(said) >= 2, "above the answer, and in the foot"
