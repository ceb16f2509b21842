"""One door: the live release, checked against its digest, or a plain reason why there is none."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.utils import timezone

from dosing.content import live
from dosing.content.digest import digest_of
from dosing.content.freeze import freeze
from dosing.content.live import ContentUnavailable, live_formulary
from dosing.engine.codec import decode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease, Drug, Withdrawal

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def go_live(release: ContentRelease) -> None:
    """Straight in the database: what lifecycle.py may do is not asked here."""
    author, approver = (User.objects.get_or_create(username=name)[0] for name in ("one", "two"))
    ContentRelease.objects.filter(use="live").update(use="superseded")
    ContentRelease.objects.filter(pk=release.pk).update(
        review="approved",
        sent_by=author,
        sent_at=NOW,
        approved_by=approver,
        approved_at=NOW,
        use="live",
        live_by=approver,
        live_from=timezone.now(),
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
        patch.object(connection, "cursor", side_effect=DatabaseError("gone")),
        pytest.raises(ContentUnavailable, match="cannot be read from the database"),
    ):
        live_formulary()


# A set time


@pytest.fixture
def later(live_small: ContentRelease) -> ContentRelease:
    """Another edition, approved, to go live in an hour."""
    Drug.objects.filter(slug="tabvir").update(brands="Newer")
    release = freeze("small 2")
    go_live(release)
    ContentRelease.objects.filter(pk=release.pk).update(
        use="scheduled", live_from=timezone.now() + timedelta(hours=1)
    )
    ContentRelease.objects.filter(pk=live_small.pk).update(use="live")
    release.refresh_from_db()
    return release


@pytest.mark.parametrize(
    ("minutes", "edition"), [(59, "small 1"), (60, "small 2"), (61, "small 2")]
)
def test_a_set_time_is_read_from_the_clock(
    later: ContentRelease, time_machine: Any, minutes: int, edition: str
) -> None:
    assert live_formulary().edition == "small 1"
    assert later.live_from is not None
    time_machine.move_to(later.live_from + timedelta(minutes=minutes - 60), tick=False)
    assert live_formulary().edition == edition
    live_now = ContentRelease.objects.live()
    assert live_now is not None
    assert live_now.edition == edition


# Withdrawals


def withdraw(**what: Any) -> Withdrawal:
    person, _ = User.objects.get_or_create(username="publisher")
    made = {"reason": "A wrong table.", "withdrawn_by": person, "withdrawn_at": timezone.now()}
    return Withdrawal.objects.create(**(made | what))


def test_a_withdrawn_drug_is_named_beside_the_same_edition(
    live_small: ContentRelease, small: Formulary, django_assert_num_queries: Any
) -> None:
    before = live_formulary()
    withdraw(drug="tabvir", release=live_small)
    with django_assert_num_queries(1):
        found = live_formulary()
    assert found.formulary.withdrawn == {"tabvir": "A wrong table."}
    assert (found.edition, found.digest) == (before.edition, before.digest)
    assert found.formulary.drugs == small.drugs
    # Presenters remember what follows from an edition by the object.
    assert live_formulary().formulary is found.formulary


def test_a_withdrawal_in_another_release_does_not_count_and_one_everywhere_does(
    live_small: ContentRelease,
) -> None:
    withdraw(drug="tabvir", release=freeze("small 2"))
    assert live_formulary().formulary.withdrawn == {}
    withdraw(drug="vialvir", reason="Recalled.")
    assert live_formulary().formulary.withdrawn == {"vialvir": "Recalled."}


def test_a_lifted_withdrawal_is_over_at_the_next_call(live_small: ContentRelease) -> None:
    row = withdraw(drug="tabvir")
    assert live_formulary().formulary.withdrawn
    Withdrawal.objects.update(lifted_by=row.withdrawn_by, lifted_at=timezone.now())
    assert live_formulary().formulary.withdrawn == {}


def test_without_a_live_release_the_reason_is_the_withdrawal_s(live_small: ContentRelease) -> None:
    Drug.objects.update(brands="Newer")
    newer = freeze("small 2")
    go_live(newer)
    withdraw(release=live_small, reason="Of the older one, later.")
    ContentRelease.objects.filter(pk=newer.pk).update(use="withdrawn")
    withdraw(release=newer, reason="A wrong table.", withdrawn_at=NOW)
    with pytest.raises(
        ContentUnavailable, match=r"^The clinical content was withdrawn: A wrong table\.$"
    ):
        live_formulary()


# Altered while a process holds it decoded


def test_a_digit_altered_under_a_running_process_is_noticed_within_a_minute(
    live_small: ContentRelease, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = 1000.0
    monkeypatch.setattr(live, "monotonic", lambda: clock)
    live._decoded.cache_clear()
    live_formulary()
    altered = live_small.document.replace('"amount":"2.5"', '"amount":"25"', 1)
    ContentRelease.objects.update(document=altered)
    clock += live.CHECKED_EVERY - 1
    live_formulary()
    clock += 1
    for _ in range(2):
        with caplog.at_level(logging.ERROR), pytest.raises(ContentUnavailable, match="altered"):
            live_formulary()
    assert "was altered" in caplog.text
    # Put back, it is used again: nothing is remembered of the refusal.
    ContentRelease.objects.update(document=live_small.document)
    assert live_formulary().digest == live_small.digest


def test_the_check_of_the_minute_reads_but_does_not_decode_again(
    live_small: ContentRelease, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    clock = 1000.0
    monkeypatch.setattr(live, "monotonic", lambda: clock)
    live._decoded.cache_clear()
    live_formulary()
    with patch.object(live, "decode", wraps=decode) as decoding:
        for passed, queries in ((0, 1), (live.CHECKED_EVERY, 2), (1, 1)):
            clock += passed
            with django_assert_num_queries(queries):
                live_formulary()
    assert decoding.call_count == 0
