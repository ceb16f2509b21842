"""Over edited rows: no edit is lost, whatever the next edition brings, until it is taken."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from dosing.content import load
from dosing.content.live import live_formulary
from dosing.content.load import load_shipped, read_formulary, shipped_formulary
from dosing.content.merge import changes
from dosing.content.pairing import text_of
from dosing.content.rewrite import rewrite
from dosing.content.rows import working_formulary
from dosing.content.upgrade import NotAlone, standing
from dosing.engine.formulary import Formulary
from dosing.models import (
    Consideration,
    DoseRow,
    Drug,
    Edition,
    Point,
    Regimen,
    Source,
)

from .alterations import altered, next_edition, next_files
from .releases import People
from .small_formulary import TODAY
from .upgrades import Ships, decide

pytestmark = pytest.mark.django_db


EDITS: dict[str, Callable[[], object]] = {
    "another dose": lambda: DoseRow.objects.filter(
        table__drug__slug="vialvir", table__slug="induction", low="70"
    ).update(amount=Decimal("4.5")),
    "advice beside it": lambda: DoseRow.objects.filter(
        table__drug__slug="vialvir", table__slug="induction", low="70"
    ).update(advice="Ours."),
    "another band": lambda: DoseRow.objects.filter(
        table__drug__slug="vialvir", table__slug="maintenance", low="70"
    ).update(amount=Decimal("5.5")),
    "a removed row": lambda: DoseRow.objects.filter(
        table__drug__slug="vialvir", table__slug="induction", dialysis="peritoneal"
    ).delete(),
    "a row the product removed": lambda: DoseRow.objects.filter(
        table__drug__slug="vialvir", table__slug="induction", dialysis="continuous"
    ).update(advice="Ask us."),
    "a text": lambda: Point.objects.update(text="Ask yesterday."),
    "a title": lambda: Regimen.objects.filter(slug="watching").update(title="We watch"),
    "another title": lambda: Regimen.objects.filter(slug="together").update(title="Both"),
    "a name": lambda: Drug.objects.filter(slug="vialvir").update(name="vialvir sodium"),
    "a row of ours": lambda: Consideration.objects.create(text="Ours alone."),
    "a source of ours": lambda: Source.objects.create(slug="ours", title="Ours"),
    "the contact": lambda: Edition.objects.update(contact="our pharmacy"),
    "the name of the edition": lambda: Edition.objects.update(edition="ours 7"),
}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("edit", EDITS)
def test_no_edit_is_lost(
    shipped: Ships, small: Formulary, they: People, edit: str, when: str
) -> None:
    """Edited before the new edition came, or while it waits: there until it is taken by name."""
    newer = next_edition(small)
    if when == "before":
        EDITS[edit]()
        ours = working_formulary()
        upgrade = shipped(newer).arrived
    else:
        upgrade = shipped(newer).arrived
        EDITS[edit]()
        ours = working_formulary()
    assert text_of(working_formulary()) == text_of(ours)
    stand = standing(upgrade)
    # All that only the product changed: every edit is there as it was.
    safe = [one.key for one in stand.changes if not one.is_conflict and not one.is_same]
    after = decide(upgrade, they, "take", *safe)
    for before, then in zip(stand.changes, after.changes, strict=True):
        assert then.key == before.key
        assert text_of(then.ours) == text_of(before.now if before.key in safe else before.ours)
    untouched = {one.key for one in standing(upgrade).changes if one.is_conflict}
    assert untouched == {one.key for one in stand.changes if one.is_conflict}
    # Whatever we did to what was shipped is there as we did it.
    assert all(one.is_same for one in changes(small, ours, working_formulary()))
    # What we edited and the product did not change is ours even when all is taken.
    decide(upgrade, they, "take")
    if edit not in CONFLICTS:
        assert text_of(working_formulary()) != text_of(newer)
    else:
        assert text_of(working_formulary()) == text_of(newer)


#: Edits of what the product changed, too.
CONFLICTS = (
    "another dose",
    "a row the product removed",
    "a text",
    "a title",
    "the name of the edition",
)


def storable(small: Formulary, seed: int) -> Formulary:
    """A random edition that the database takes: its columns know more than the engine asks."""
    for further in count(seed * 100):
        content = altered(small, further)
        with suppress(IntegrityError), transaction.atomic():
            rewrite(small, content)
            assert text_of(working_formulary()) == text_of(content)
            transaction.set_rollback(True)
            return content
    raise AssertionError


@pytest.mark.parametrize("seed", range(3))
def test_random_editions_over_random_edits(
    shipped: Ships, small: Formulary, they: People, seed: int
) -> None:
    ours = storable(small, seed)
    newer = replace(storable(small, 1000 + seed), edition="small 2")
    rewrite(small, ours)
    assert text_of(working_formulary()) == text_of(ours)
    upgrade = shipped(newer).arrived
    stand = standing(upgrade)
    left = [one.key for one in stand.changes if one.is_conflict or one.blocked]
    rest = [one.key for one in stand.changes if one.key not in left]
    try:
        decide(upgrade, they, "take", *rest)
    except NotAlone:
        assert text_of(working_formulary()) == text_of(ours)
        return
    after = {one.key: one for one in standing(upgrade).changes}
    assert all(after[key].is_same for key in rest)
    assert all(text_of(after[one.key].ours) == text_of(one.ours) for one in stand.pick(left))


@pytest.mark.parametrize("seed", range(3))
def test_random_editions_over_rows_nobody_edited(
    shipped: Ships, small: Formulary, they: People, seed: int
) -> None:
    newer = replace(storable(small, seed), edition="small 2")
    upgrade = shipped(newer).arrived
    decide(upgrade, they, "take")
    assert text_of(working_formulary()) == text_of(newer)
    decide(upgrade, they, "leave")
    assert text_of(working_formulary()) == text_of(small)


# The real files


def test_from_this_shipped_edition_to_a_made_up_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, they: People
) -> None:
    load_shipped(TODAY)
    live = live_formulary()
    edited = DoseRow.objects.filter(
        table__drug__slug="ganciclovir", table__slug="induction", low="50", amount="2.5"
    )
    assert edited.update(amount=Decimal("2")) == 1
    Drug.objects.filter(slug="foscarnet").update(brands="Ours")
    ours = working_formulary()
    monkeypatch.setattr(load, "shipped_formulary", lambda: read_formulary(next_files(tmp_path)))
    upgrade = load_shipped(TODAY).arrived
    assert upgrade is not None
    assert text_of(working_formulary()) == text_of(ours)
    assert live_formulary() == live
    stand = standing(upgrade)
    assert len(stand.changes) == 5
    conflicts = [one.key for one in stand.changes if one.is_conflict]
    assert len(conflicts) == 1
    decide(upgrade, they, "take", *(one.key for one in stand.changes if not one.is_conflict))
    assert edited.model.objects.filter(pk__in=edited.model.objects.filter(amount="2")).exists()
    decide(upgrade, they, "take", *conflicts)
    brands = working_formulary().drugs["foscarnet"].brands
    assert brands == "Ours"
    Drug.objects.filter(slug="foscarnet").update(
        brands=shipped_formulary().drugs["foscarnet"].brands
    )
    assert text_of(working_formulary()) == text_of(load.shipped_formulary())
    assert live_formulary() == live


def test_another_order_reaches_the_rows(shipped: Ships, small: Formulary, they: People) -> None:
    """Of a list with names, and of one below a row whose rows are told apart by likeness."""
    turned = tuple(
        replace(one, expected=one.expected[::-1]) if len(one.expected) > 1 else one
        for one in small.examples
    )
    assert turned != small.examples
    newer = replace(
        small,
        edition="small 2",
        examples=turned,
        rhythms=dict(list(small.rhythms.items())[::-1]),
    )
    upgrade = shipped(newer).arrived
    stand = decide(upgrade, they, "take")
    assert {one.kind for one in stand.changes} == {"changed", "moved"}
    assert text_of(working_formulary()) == text_of(newer)
