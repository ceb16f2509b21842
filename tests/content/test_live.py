"""One door: the live release, checked against its digest, or a plain reason why there is none."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError

from dosing.content import live
from dosing.content.digest import digest_of
from dosing.content.freeze import freeze
from dosing.content.live import ContentUnavailable, live_formulary
from dosing.engine.codec import decode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease, Drug


def go_live(release: ContentRelease) -> None:
    ContentRelease.objects.update(is_live=False)
    ContentRelease.objects.filter(pk=release.pk).update(
        is_live=True, approved_at=datetime(2026, 11, 24, tzinfo=UTC)
    )


def test_the_live_release_is_what_was_frozen(live_small: ContentRelease, small: Formulary) -> None:
    found = live_formulary()
    assert found.formulary == small
    assert (found.edition, found.digest) == (small.edition, live_small.digest)
    assert found.approved is False


def test_an_approved_release_says_so(live_small: ContentRelease) -> None:
    go_live(live_small)
    assert live_formulary().approved is True


def test_an_edit_of_a_row_does_not_reach_the_live_content(
    live_small: ContentRelease, small: Formulary
) -> None:
    Drug.objects.update(brands="Edited")
    live._decoded.cache_clear()
    assert live_formulary().formulary == small


def test_a_digest_is_decoded_once_in_a_process(
    live_small: ContentRelease, django_assert_num_queries: Any
) -> None:
    with patch.object(live, "decode", wraps=decode) as decoding:
        first = live_formulary()
        with django_assert_num_queries(1):
            second = live_formulary()
    assert decoding.call_count == 1
    assert first.formulary is second.formulary


def test_the_query_of_each_call_leaves_the_document_alone(
    live_small: ContentRelease, django_assert_num_queries: Any
) -> None:
    live_formulary()
    with django_assert_num_queries(1) as queries:
        live_formulary()
    assert "document" not in queries[0]["sql"]


def test_another_release_is_used_from_the_next_call_on(live_small: ContentRelease) -> None:
    live_formulary()
    Drug.objects.filter(slug="tabvir").update(brands="Newer")
    go_live(freeze("small 2"))
    found = live_formulary()
    assert found.edition == "small 2"
    assert found.formulary.drugs["tabvir"].brands == "Newer"
    go_live(live_small)
    assert live_formulary().edition == "small 1"


def test_only_a_few_decoded_releases_are_kept(live_small: ContentRelease) -> None:
    for number in range(live.KEPT + 2):
        go_live(freeze(f"small {number + 2}"))
        live_formulary()
    assert live._decoded.cache_info().currsize == live.KEPT


@pytest.mark.django_db
def test_without_a_live_release_there_is_no_content() -> None:
    with pytest.raises(ContentUnavailable, match=r"^No release of the clinical content is live\.$"):
        live_formulary()


def test_one_altered_digit_is_noticed(
    live_small: ContentRelease, caplog: pytest.LogCaptureFixture
) -> None:
    altered = live_small.document.replace('"amount":"2.5"', '"amount":"25"', 1)
    assert altered != live_small.document
    ContentRelease.objects.update(document=altered)
    with caplog.at_level(logging.ERROR), pytest.raises(ContentUnavailable, match="was altered"):
        live_formulary()
    assert "was altered" in caplog.text
    # Asked again, it is still refused: a refusal is never remembered as content.
    with pytest.raises(ContentUnavailable, match="No dose is shown"):
        live_formulary()


def test_an_altered_digest_is_noticed(live_small: ContentRelease) -> None:
    live_formulary()
    ContentRelease.objects.update(digest=digest_of("something else"))
    with pytest.raises(ContentUnavailable, match="does not fit its digest"):
        live_formulary()


def test_content_of_another_version_is_refused_in_words(live_small: ContentRelease) -> None:
    document = live_small.document.replace('"contact":', '"telephone":', 1)
    ContentRelease.objects.update(document=document, digest=digest_of(document))
    with pytest.raises(ContentUnavailable, match="does not fit this version"):
        live_formulary()


def test_a_database_that_does_not_answer_is_a_reason_and_no_traceback(
    live_small: ContentRelease,
) -> None:
    with (
        patch.object(ContentRelease.objects, "filter", side_effect=DatabaseError("gone")),
        pytest.raises(ContentUnavailable, match="cannot be read from the database"),
    ):
        live_formulary()
