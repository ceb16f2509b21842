"""Drafts: nothing of them anywhere else, and drafts nothing can be worked out with."""

from __future__ import annotations

import gc
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from dosing.content import lifecycle, preview
from dosing.content.digest import digest_of
from dosing.content.load import shipped_formulary
from dosing.models import ContentRelease, Drug, Edition, Phase, Withdrawal
from tests.content.faults import change_row
from tests.content.small_formulary import small_formulary

from .drafts import (
    BOTH,
    DRAFT_DOSE,
    SHOUT,
    At,
    address,
    changed,
    frozen,
    post,
    words,
)
from .patients import CHILD, COLITIS, COMBINATION, FIRST
from .posting import DRUG_FIGURE, parts

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
    assert "2031.1" not in paper
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
    shipped = replace(shipped_formulary(), edition="2031.1")
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
    Edition.objects.update(edition="2026.3")
    Drug.objects.filter(slug="ganciclovir").update(brands="Edited")
    html = post(at("editor"), rows, FIRST).content.decode()
    assert "Edited" in html
    assert "Release 2026.3" not in html
    assert parts(html).values["weight_kg"] == "94.5"
