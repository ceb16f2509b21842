"""The shipped edition is loaded once, into an empty database, and never over an edit."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from dosing.content import frozen, load
from dosing.content.load import (
    SHIPPED,
    ShippedFilesError,
    load_shipped,
    read_formulary,
    shipped_formulary,
)
from dosing.content.rows import any_rows, working_formulary
from dosing.engine.codec import CodecError, digest, encode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease, DoseRow, Edition, Source, Upgrade

from .small_formulary import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped_small(small: Formulary, monkeypatch: pytest.MonkeyPatch) -> Formulary:
    """The small formulary in the place of the shipped files."""
    monkeypatch.setattr(load, "shipped_formulary", lambda: small)
    return small


def command() -> str:
    out = io.StringIO()
    call_command("load_shipped_content", stdout=out)
    return out.getvalue()


# Reading


def test_the_shipped_files_are_read_once() -> None:
    assert shipped_formulary() is shipped_formulary()


def copy_of_shipped(folder: Path) -> Path:
    for file in SHIPPED.glob("*.toml"):
        (folder / file.name).write_text(file.read_text())
    return folder


def test_digits_stand_as_they_are_typed(tmp_path: Path) -> None:
    copy_of_shipped(tmp_path)
    file = tmp_path / "ganciclovir.toml"
    text = file.read_text()
    assert "near_edge_percent" in text
    lines = [line for line in text.splitlines() if not line.startswith("near_edge_percent")]
    file.write_text("\n".join(["near_edge_percent = 10.00", *lines]))
    assert str(read_formulary(tmp_path).drugs["ganciclovir"].near_edge_percent) == "10.00"


def test_the_edition_may_list_the_drugs_in_its_own_order(tmp_path: Path) -> None:
    copy_of_shipped(tmp_path)
    before = read_formulary(tmp_path)
    file = tmp_path / "edition.toml"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("drugs")]
    turned = [*before.drugs][::-1]
    file.write_text("\n".join([f"drugs = {turned}", *lines]))
    assert [*read_formulary(tmp_path).drugs] == turned


def test_sources_of_a_row_take_the_order_of_the_source_list(tmp_path: Path) -> None:
    (tmp_path / "edition.toml").write_text(
        'edition = "1"\nreview_by = "2027-01-01"\ncontact = "c"\ndrugs = []\n'
        '[[considerations]]\ntext = "t"\nsources = ["b", "a"]\n'
    )
    (tmp_path / "sources.toml").write_text(
        '[[sources]]\nslug = "a"\ntitle = "A"\n[[sources]]\nslug = "b"\ntitle = "B"\n'
    )
    (tmp_path / "regimens.toml").write_text("regimens = []")
    (tmp_path / "examples.toml").write_text("examples = []")
    (tmp_path / "guidance.toml").write_text("guidance = []")
    (tmp_path / "disagreements.toml").write_text("disagreements = []")
    (tmp_path / "monitoring.toml").write_text(
        "rhythms = []\n[[policies]]\n"
        'slug = "p"\ntitle = "P"\nintensive_test = "cbc"\nintensive_rhythm = "daily"\n'
        "intensive_to_day = 14\nintensive_anc_below = 1.0\nunstable_kidney_days = [1]\n"
        'follow_up_weeks = 4\nsources = ["b", "unlisted", "a"]\n'
    )
    content = read_formulary(tmp_path)
    assert content.considerations[0].sources == ("a", "b")
    assert content.policies[0].sources == ("a", "b", "unlisted")
    assert content.policies[0].intensive_anc_below == Decimal("1.0")


@pytest.mark.parametrize(
    ("file", "text", "error", "named"),
    [
        ("regimens", "regimens = [", ShippedFilesError, "regimens.toml"),
        ("monitoring", "drugs = []", ShippedFilesError, "monitoring.toml: drugs does not belong"),
        ("edition", 'edition = "1"\ncolour = "red"', CodecError, "has no colour"),
        ("ganciclovir", 'slug = "ganciclovir"', CodecError, "ganciclovir"),
    ],
)
def test_a_slip_in_a_file_is_named(
    tmp_path: Path, file: str, text: str, error: type[Exception], named: str
) -> None:
    copy_of_shipped(tmp_path)
    (tmp_path / f"{file}.toml").write_text(text)
    with pytest.raises(error, match=named):
        read_formulary(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    copy_of_shipped(tmp_path)
    (tmp_path / "foscarnet.toml").unlink()
    with pytest.raises(ShippedFilesError, match=r"foscarnet\.toml: No such file"):
        read_formulary(tmp_path)


# Loading


def test_the_first_load_makes_the_shipped_edition_live(shipped_small: Formulary) -> None:
    done = load_shipped(TODAY)
    release = ContentRelease.objects.get()
    assert done.loaded
    assert done.live == release
    assert (release.edition, release.digest) == (
        shipped_small.edition,
        digest(encode(shipped_small)),
    )
    assert release.use == "live"
    assert release.is_shipped
    assert release.approved_at is None
    assert working_formulary() == shipped_small


def test_the_real_shipped_files_load_and_go_live() -> None:
    done = load_shipped(TODAY)
    assert done.findings == ()
    assert done.live is not None
    assert done.live.digest == digest(encode(shipped_formulary()))


def test_a_second_load_changes_nothing(shipped_small: Formulary) -> None:
    load_shipped(TODAY)
    before = list(ContentRelease.objects.values())
    done = load_shipped(TODAY)
    assert not done.loaded
    assert done.arrived is None
    assert list(ContentRelease.objects.values()) == before
    assert working_formulary() == shipped_small


def test_an_edit_is_never_overwritten(shipped_small: Formulary) -> None:
    load_shipped(TODAY)
    row = DoseRow.objects.filter(table__drug__slug="vialvir", low="70", amount="5")
    assert row.update(amount=Decimal("4")) == 1
    done = load_shipped(TODAY)
    assert not done.loaded
    edited = working_formulary().drugs["vialvir"].tables["induction"].bands[0]
    assert edited.amount == Decimal("4")


def _lone_source() -> None:
    Source.objects.create(slug="mine", title="Entered before the first start")


def _lone_edition() -> None:
    Edition.objects.create(edition="mine", review_by=date(2030, 1, 1), contact="me")


def _lone_release() -> None:
    ContentRelease.objects.create(
        edition="mine", digest="sha256:0", document="{}", frozen_at="2026-01-01T00:00Z"
    )


@pytest.mark.parametrize("enter", [_lone_source, _lone_edition, _lone_release])
def test_a_database_that_is_not_empty_is_left_alone(
    shipped_small: Formulary, enter: Callable[[], None]
) -> None:
    enter()
    done = load_shipped(TODAY)
    assert not done.loaded
    assert done.live is None
    assert Source.objects.filter(slug="label").count() == 0


def test_changed_files_wait_and_are_not_loaded(
    shipped_small: Formulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = load_shipped(TODAY).live
    newer = replace(shipped_small, edition="small 2", contact="someone else")
    monkeypatch.setattr(load, "shipped_formulary", lambda: newer)
    done = load_shipped(TODAY)
    assert not done.loaded
    assert done.arrived is not None
    assert done.arrived.now.edition == "small 2"
    assert done.live == live
    assert working_formulary() == shipped_small


def test_content_that_is_not_ready_is_loaded_but_does_not_go_live(
    shipped_small: Formulary,
) -> None:
    done = load_shipped(shipped_small.review_by)
    assert done.loaded
    assert done.live is None
    assert [finding.code for finding in done.findings] == ["review-overdue"]
    assert ContentRelease.objects.get().use == "unused"
    assert working_formulary() == shipped_small


def test_a_load_that_fails_leaves_nothing_behind(
    shipped_small: Formulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    drug = replace(shipped_small.drugs["tabvir"], sources=("hearsay",))
    wrong = replace(shipped_small, drugs={**shipped_small.drugs, "tabvir": drug})
    monkeypatch.setattr(load, "shipped_formulary", lambda: wrong)
    with pytest.raises(CommandError, match="tabvir names the source hearsay"):
        command()
    assert not any_rows()
    assert not ContentRelease.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_load_once(shipped_small: Formulary) -> None:
    ready = threading.Barrier(2)

    def start(_: int) -> bool:
        try:
            ready.wait()
            return load_shipped(TODAY).loaded
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as starts:
        loaded = list(starts.map(start, range(2)))
    assert sorted(loaded) == [False, True]
    assert ContentRelease.objects.get().use == "live"
    assert working_formulary() == shipped_small


def test_a_refusal_of_the_database_is_not_taken_for_another_start(
    shipped_small: Formulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    drug = shipped_small.drugs["vialvir"]
    twice = replace(drug, thresholds=(drug.thresholds[0],) * 2)
    wrong = replace(shipped_small, drugs={**shipped_small.drugs, "vialvir": twice})
    monkeypatch.setattr(load, "shipped_formulary", lambda: wrong)
    with pytest.raises(IntegrityError):
        load_shipped(TODAY)
    assert not any_rows()


# The command


@time_machine.travel(TODAY)
def test_the_command_says_what_it_did(shipped_small: Formulary) -> None:
    first = command()
    assert "Loaded the shipped content and made it live." in first
    assert f"Live: small 1, {digest(encode(shipped_small))}." in first
    second = command()
    assert "Nothing was changed: the content was loaded before." in second
    assert "Live: small 1" in second


@time_machine.travel(TODAY)
def test_the_command_says_that_a_newer_edition_waits(
    shipped_small: Formulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    command()
    newer = replace(shipped_small, edition="small 2")
    monkeypatch.setattr(load, "shipped_formulary", lambda: newer)
    first, second = command(), command()
    where = "small 2, 1\N{NO-BREAK SPACE}difference: 0 taken, 0 left, 1 open."
    assert f"No row was changed. A newer edition waits as an upgrade: {where}" in first
    assert f"Nothing was changed. Upgrade: {where}" in second
    for said in (first, second):
        assert said.count("\n") == 2
        assert "Live: small 1" in said


@time_machine.travel(TODAY)
def test_the_command_says_what_keeps_a_newer_edition_from_waiting(
    shipped_small: Formulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what was shipped before nor the rows can be read: nothing to compare with."""
    command()
    ContentRelease.objects.update(document="{}")
    frozen.formulary_of.cache_clear()
    Edition.objects.all().delete()
    monkeypatch.setattr(
        load, "shipped_formulary", lambda: replace(shipped_small, edition="small 2")
    )
    said = command()
    assert "cannot wait as an upgrade before the working rows are mended" in said
    assert "There is no edition" in said
    assert not Upgrade.objects.exists()


@time_machine.travel(date(2040, 1, 1))
def test_the_command_says_why_nothing_is_live(shipped_small: Formulary) -> None:
    first = command()
    assert "did not go live" in first
    assert "- edition small 1: It was to be reviewed by Mon 1 Nov 2027" in first
    assert "No release is live." in first
    assert "Nothing was changed" in command()


def test_the_command_names_a_file_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Formulary:
        raise ShippedFilesError("regimens.toml: broken")

    monkeypatch.setattr(load, "shipped_formulary", broken)
    with pytest.raises(CommandError, match=r"cannot be read: regimens\.toml: broken"):
        command()
