"""A release as one file, out and in: to the digit, refused when altered, never approved by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dosing.content import lifecycle
from dosing.content.digest import digest_of
from dosing.engine.codec import canonical
from dosing.models import AuditEntry, ContentRelease

from .releases import People, release


def said(command: str, *args: Any) -> str:
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def exported(live_small: ContentRelease, tmp_path: Path) -> Path:
    file = tmp_path / "release.json"
    file.write_text(said("export_release"))
    return file


def test_the_live_release_is_written_and_its_digest_holds(
    exported: Path, live_small: ContentRelease
) -> None:
    data = json.loads(exported.read_text())
    assert data["release"] == live_small.edition
    assert digest_of(canonical(data["formulary"])) == data["digest"] == live_small.digest
    assert said("verify_release", exported) == (
        f"The digest holds: {live_small.edition}, {live_small.digest}.\n"
    )


@pytest.mark.parametrize("by", ["pk", "digest", "edition"])
def test_any_release_is_named_by_number_digest_or_edition(they: People, by: str) -> None:
    release("live", they)
    other = release("approved", they)
    data = json.loads(said("export_release", str(getattr(other, by))))
    assert data["digest"] == other.digest
    assert data["approved_at"] == "2026-11-22T12:00:00+00:00"


@pytest.mark.django_db
def test_without_a_live_release_one_must_be_named() -> None:
    with pytest.raises(CommandError, match="No release is live"):
        said("export_release")
    with pytest.raises(CommandError, match="There is no release 7"):
        said("export_release", "7")


def test_two_of_one_name_are_told_apart_by_digest(they: People) -> None:
    first = release("returned", they, "one")
    ContentRelease.objects.filter(pk=first.pk).update(edition="two")
    release("approved", they, "two")
    with pytest.raises(CommandError, match="name its digest"):
        said("export_release", "two")


def test_an_altered_release_is_not_written(live_small: ContentRelease) -> None:
    document = live_small.document.replace('"amount":"2.5"', '"amount":"25"', 1)
    ContentRelease.objects.update(document=document)
    with pytest.raises(CommandError, match="was altered"):
        said("export_release")


def altered(text: str) -> str:
    assert '"amount": "2.5"' in text
    return text.replace('"amount": "2.5"', '"amount": "25"', 1)


SLIPS: dict[str, tuple[Callable[[str], str], str]] = {
    "one digit": (altered, "was altered: its digest is"),
    "no digest": (lambda text: text.replace('"digest"', '"digit"', 1), "was altered"),
    "another name": (
        lambda text: text.replace('"release": "small 1"', '"release": "small 2"', 1),
        "names two releases: small 2 and small 1",
    ),
    "a repeated key": (
        lambda text: text.replace("{", '{"digest": "sha256:0",', 1),
        "a key stands there twice",
    ),
    "a number": (
        lambda text: text.replace('"amount": "2.5"', '"amount": 2.5', 1),
        "2.5 must stand in quotes",
    ),
    "cut off": (lambda text: text[: len(text) // 2], "it is no JSON"),
    "nothing": (lambda text: "", "it is no JSON"),
    "a list": (lambda text: "[1]", "it has no formulary"),
    "depth": (lambda text: "[" * 5000, "it is no JSON"),
    "half a sign": (
        lambda text: text.replace('"contact": "', '"contact": "\\ud800', 1),
        "its text is no Unicode",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("command", ["verify_release", "load_release"])
def test_what_is_no_unaltered_release_is_refused_in_words(
    exported: Path, command: str, slip: str
) -> None:
    change, sentence = SLIPS[slip]
    exported.write_text(change(exported.read_text()))
    with pytest.raises(CommandError, match=sentence):
        said(command, exported)
    assert ContentRelease.objects.count() == 1


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        said("verify_release", tmp_path / "none.json")


def test_white_space_and_order_of_keys_do_not_count(exported: Path) -> None:
    data = json.loads(exported.read_text())
    data["formulary"] = dict(reversed(data["formulary"].items()))
    exported.write_text("\ufeff" + json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert "The digest holds" in said("verify_release", exported)


def test_a_file_from_elsewhere_is_a_draft_that_goes_the_whole_way(
    exported: Path, they: People
) -> None:
    before = ContentRelease.objects.get()
    AuditEntry.objects.all().delete()
    before.delete()
    answer = said("load_release", exported)
    assert "Loaded small 1 as a draft" in answer
    assert "In the way" not in answer
    draft = ContentRelease.objects.get()
    assert (draft.document, draft.digest) == (before.document, before.digest)
    assert (draft.state, draft.is_shipped) == ("draft", False)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason) == ("load", "From the file release.json.")
    lifecycle.send_for_review(release=draft, by=they.editor, reason="From elsewhere.")
    lifecycle.approve(release=draft, by=they.reviewer, reason="Compared.")
    lifecycle.go_live(release=draft, by=they.publisher, reason="Agreed.")
    assert ContentRelease.objects.live() == draft


def test_what_is_here_already_stays_as_it_is(exported: Path) -> None:
    before = list(ContentRelease.objects.values())
    assert said("load_release", exported) == "Nothing was changed: small 1 is here already.\n"
    assert list(ContentRelease.objects.values()) == before


def test_a_name_that_stands_for_other_content_is_refused(exported: Path) -> None:
    data = json.loads(exported.read_text())
    data["formulary"]["contact"] = "somebody else"
    data["digest"] = digest_of(canonical(data["formulary"]))
    exported.write_text(json.dumps(data))
    with pytest.raises(CommandError, match="small 1 is the name of other content here"):
        said("load_release", exported)


@pytest.mark.parametrize("key", ["telephone", "withdrawn"])
def test_content_of_another_version_is_refused(exported: Path, key: str) -> None:
    data = json.loads(exported.read_text())
    data["formulary"] |= {"edition": "small 2", key: {}}
    data["release"] = "small 2"
    data["digest"] = digest_of(canonical(data["formulary"]))
    exported.write_text(json.dumps(data))
    assert "The digest holds" in said("verify_release", exported)
    with pytest.raises(CommandError, match=f"This version cannot read small 2.*{key}"):
        said("load_release", exported)


def test_a_draft_with_findings_says_what_is_in_the_way(
    exported: Path, they: People, now: Any
) -> None:
    AuditEntry.objects.all().delete()
    ContentRelease.objects.all().delete()
    now.move_to("2028-01-01T12:00Z", tick=False)
    assert "In the way of a review here:\n- edition small 1:" in said("load_release", exported)
