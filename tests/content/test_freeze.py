"""A release is the whole content as one text with its digest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from dosing.content.digest import digest_of
from dosing.content.freeze import EditionTaken, findings_of_rows, freeze
from dosing.content.load import load_rows, shipped_formulary
from dosing.content.readiness.finding import walk
from dosing.content.rows import UnbuiltRows
from dosing.engine.codec import canonical, decode, digest, encode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease, DoseRow, Drug, Phase

from .small_formulary import TODAY, small_formulary


def test_a_release_holds_the_very_text_that_was_digested(rows: Formulary) -> None:
    release = freeze(rows.edition)
    assert release.document == canonical(encode(rows))
    assert release.digest == digest(encode(rows)) == digest_of(release.document)
    assert decode(Formulary, json.loads(release.document)) == rows
    release.refresh_from_db()
    assert digest_of(release.document) == release.digest


@pytest.mark.django_db
def test_the_shipped_edition_has_the_same_digest_from_files_and_from_rows() -> None:
    shipped = shipped_formulary()
    load_rows(shipped)
    assert freeze(shipped.edition).digest == digest(encode(shipped))


def test_the_release_carries_the_name_it_is_frozen_under(rows: Formulary) -> None:
    release = freeze("ward 7")
    assert release.edition == json.loads(release.document)["edition"] == "ward 7"


def test_freezing_the_same_content_again_gives_the_same_release(rows: Formulary) -> None:
    assert freeze("one").pk == freeze("one").pk
    assert ContentRelease.objects.count() == 1


def test_a_name_never_means_two_contents(rows: Formulary) -> None:
    freeze("one")
    Drug.objects.filter(slug="tabvir").update(brands="Another")
    with pytest.raises(EditionTaken, match="one is frozen already with other content"):
        freeze("one")
    assert freeze("two").digest != ContentRelease.objects.get(edition="one").digest


def test_trailing_zeros_are_content(rows: Formulary) -> None:
    freeze("one")
    edge = DoseRow.objects.filter(table__drug__slug="bottlevir", low="1.0")
    assert edge.update(low=Decimal("1.00")) == 1
    with pytest.raises(EditionTaken):
        freeze("one")
    assert '"low":"1.00"' in freeze("two").document


def test_rows_that_cannot_be_content_are_not_frozen(rows: Formulary) -> None:
    Phase.objects.all().delete()
    with pytest.raises(UnbuiltRows):
        freeze("one")
    assert not ContentRelease.objects.exists()


def test_findings_of_rows_name_rows_that_cannot_be_built(rows: Formulary) -> None:
    assert findings_of_rows(TODAY) == []
    Phase.objects.filter(regimen__slug="together").delete()
    (finding,) = findings_of_rows(TODAY)
    assert finding.code == "row-cannot-be-built"
    assert str(finding) == "regimen vialvir and bottlevir: Together has no phase."


def _changed(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case Decimal():
            return Decimal(f"{value}1" if "." in str(value) else f"{value}.0")
        case str():
            return f"{value}x"
        case date():
            return value + timedelta(days=1)
        case tuple():
            return value[:-1] if value else ("x",)
        case dict():
            return dict(list(value.items())[:-1]) if value else {"x": True}
        case None:
            return 1
    raise AssertionError(f"no other value for {value!r}")


def _places(formulary: Formulary) -> Iterator[tuple[str, Any, str]]:
    for place, row in walk(formulary):
        for spec in fields(row):
            if not is_dataclass(getattr(row, spec.name)) and spec.name != "format":
                yield place, row, spec.name


def test_every_single_field_is_in_the_digest() -> None:
    """Each field of each row is changed, one at a time."""
    formulary = decode(Formulary, encode(small_formulary()))
    before = digest(encode(formulary))
    tried, unseen = 0, []
    for place, row, name in _places(formulary):
        value = getattr(row, name)
        object.__setattr__(row, name, _changed(value))
        tried += 1
        if digest(encode(formulary)) == before:
            unseen.append(f"{place}: {name}")
        object.__setattr__(row, name, value)
    assert tried > 500
    # These are laid over an edition; the edition and its digest stay what they were.
    assert unseen == [": withdrawn", ": closed"]
    assert digest(encode(formulary)) == before


def test_the_digest_does_not_depend_on_when_or_how_often_it_is_made(small: Formulary) -> None:
    assert digest(encode(small)) == digest(encode(small_formulary()))
    assert digest(encode(small)) == digest(json.loads(canonical(encode(small))))
