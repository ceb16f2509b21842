"""A newer shipped edition waits: no edit is lost, nothing goes live, each difference is decided."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from dosing.content import lifecycle
from dosing.content import upgrade as upgrades
from dosing.content.digest import digest_of
from dosing.content.freeze import EditionTaken, freeze
from dosing.content.lifecycle import can
from dosing.content.live import live_formulary
from dosing.content.pairing import text_of
from dosing.content.rewrite import RowsMoved, rewrite
from dosing.content.rows import store, working_formulary
from dosing.content.transitions import TRANSITIONS
from dosing.content.upgrade import NotAlone, arrive, current, seen, standing
from dosing.engine.codec import canonical, decode, encode
from dosing.engine.formulary import Formulary
from dosing.models import (
    AuditEntry,
    ContentRelease,
    DoseRow,
    DoseTable,
    Point,
    Regimen,
    Source,
    Upgrade,
    UpgradeDecision,
)
from dosing.presenters.upgrade import counted

from .alterations import next_edition, whole
from .releases import WHY, People, refusal
from .upgrades import Ships, decide, everything

pytestmark = pytest.mark.django_db


# Arriving


def test_it_waits_as_a_draft_and_changes_nothing(shipped: Ships, small: Formulary) -> None:
    rows, live = everything(), live_formulary()
    done = shipped(next_edition(small))
    assert everything() == rows
    assert live_formulary() == live
    release = done.arrived.now
    assert (release.edition, release.review, release.use) == ("small 2", "draft", "unused")
    assert release.digest == digest_of(text_of(next_edition(small)))
    entry = AuditEntry.objects.get(release=release)
    assert (entry.action, entry.by) == ("ship", None)


def test_a_second_start_changes_nothing(
    waiting: Upgrade, shipped: Ships, small: Formulary, they: People
) -> None:
    decide(waiting, they, "take", ":review_by")

    def all_of_it() -> Any:
        logs = (ContentRelease, Upgrade, UpgradeDecision, AuditEntry)
        return everything(), [list(model._default_manager.values()) for model in logs]

    before = all_of_it()
    for _ in range(2):
        assert shipped(next_edition(small)).arrived is None
        assert all_of_it() == before


def test_an_older_edition_again_is_no_newer_one(
    waiting: Upgrade, shipped: Ships, small: Formulary
) -> None:
    assert shipped(small).arrived is None
    assert Upgrade.objects.get() == waiting


def test_content_that_was_never_shipped_gets_no_upgrade(small: Formulary) -> None:
    store(small)
    assert arrive(next_edition(small)) is None
    assert not ContentRelease.objects.exists()


def test_it_has_no_right_to_be_live_unapproved(waiting: Upgrade, they: People) -> None:
    """Neither by a step of anybody, nor in the database, whether one was ever approved or not."""
    release = waiting.now
    assert not release.is_shipped
    may = {step for step in TRANSITIONS if can(step, by=they.administrator, release=release)}
    assert may == {"send"}
    lifecycle.make_shipped_live(release=release)
    ContentRelease.objects.filter(use="live").update(use="superseded")
    lifecycle.make_shipped_live(release=release)
    assert ContentRelease.objects.live() is None
    for use in ("live", "superseded", "withdrawn"):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContentRelease.objects.filter(pk=release.pk).update(
                use=use, live_from=release.frozen_at, live_by=they.publisher
            )


def test_it_goes_live_by_review_and_approval_as_any_other(
    shipped: Ships, small: Formulary, they: People
) -> None:
    waiting = shipped(replace(small, edition="small 2")).arrived
    release = lifecycle.send_for_review(release=waiting.now, by=they.editor, reason=WHY)
    lifecycle.approve(release=release, by=they.reviewer, reason=WHY)
    lifecycle.go_live(release=release, by=they.publisher, reason=WHY)
    assert live_formulary().edition == "small 2"


def test_files_that_changed_under_the_same_name_wait_under_another(
    shipped: Ships, small: Formulary
) -> None:
    changed = replace(small, contact="someone else")
    arrived = shipped(changed).arrived
    digest = digest_of(text_of(changed))
    assert arrived.now.edition == f"small 1 {digest[7:19]}"
    assert shipped(changed).arrived is None


def test_an_edition_that_is_known_already_is_that_release(
    shipped: Ships, small: Formulary, they: People
) -> None:
    """Brought in by file before: it stays what it is, approved or not."""
    newer = next_edition(small)
    document = canonical(encode(newer))
    known = ContentRelease.objects.create(
        edition="small 2",
        digest=digest_of(document),
        document=document,
        frozen_at="2026-11-01T00:00Z",
        sent_by=they.editor,
        sent_at="2026-11-01T00:00Z",
        review="in-review",
    )
    assert shipped(newer).arrived.now == known
    known.refresh_from_db()
    assert known.review == "in-review"


def test_what_cannot_be_read_any_more_leaves_two_columns(
    shipped: Ships, small: Formulary, they: People
) -> None:
    """Frozen by a version that wrote content otherwise: no difference is called safe."""
    document = json.dumps({**encode(small), "format": 0})
    ContentRelease.objects.update(document=document, digest=digest_of(document))
    DoseRow.objects.filter(table__drug__slug="vialvir", low="70", amount="5").update(
        amount=Decimal("4.5")
    )
    ours = working_formulary()
    upgrade = shipped(next_edition(small)).arrived
    assert upgrade.rows_then
    stand = standing(upgrade)
    assert text_of(stand.before) == text_of(ours)
    decide(upgrade, they, "take")
    assert text_of(working_formulary()) == text_of(next_edition(small))
    assert {change.key for change in standing(upgrade).changes} == {
        change.key for change in stand.changes
    }


# Taking and leaving


def test_all_taken_on_rows_nobody_edited_is_exactly_the_new_edition(
    waiting: Upgrade, small: Formulary, they: People
) -> None:
    stand = decide(waiting, they, "take")
    assert text_of(working_formulary()) == text_of(next_edition(small))
    assert stand.is_finished
    # Sent for review, the rows are the very release that waited.
    assert freeze("small 2") == waiting.now


def test_all_left_is_exactly_ours(waiting: Upgrade, small: Formulary, they: People) -> None:
    rows = everything()
    stand = decide(waiting, they, "leave")
    assert everything() == rows
    assert stand.is_finished
    assert text_of(working_formulary()) == text_of(small)


def test_nothing_that_is_taken_is_live(waiting: Upgrade, they: People) -> None:
    live = live_formulary()
    decide(waiting, they, "take")
    assert live_formulary() == live
    assert ContentRelease.objects.get(pk=waiting.now_id).use == "unused"


def test_it_says_where_it_stands(waiting: Upgrade, they: People) -> None:
    assert counted(standing(waiting)).replace("\N{NO-BREAK SPACE}", " ") == (
        "11 differences: 0 taken, 0 left, 11 open"
    )
    Regimen.objects.filter(slug="watching").update(title="without a drug")
    decide(waiting, they, "take", ":edition", ":review_by")
    stand = decide(waiting, they, "leave", "sources/new-label")
    assert counted(stand).replace("\N{NO-BREAK SPACE}", " ") == (
        "11 differences: 2 taken, 1 left, 1 the same in ours already, 7 open"
    )
    assert not stand.is_finished


def test_only_rows_that_differ_are_written(waiting: Upgrade, they: People) -> None:
    before = everything()
    decide(waiting, they, "take", "drugs/vialvir/tables/induction/rows/0/:low")
    after = everything()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"DoseRow"}
    assert len(set(before["DoseRow"]) - set(after["DoseRow"])) == 1


def test_what_was_taken_can_be_left_after_all(waiting: Upgrade, they: People) -> None:
    point = "guidance/early/points/0/:text"
    Point.objects.update(text="Ours.")
    ours = working_formulary()
    decide(waiting, they, "take", point, "considerations/0")
    assert Point.objects.get().text == "Ask today, and write it down."
    stand = decide(waiting, they, "leave", point, "considerations/0")
    assert text_of(working_formulary()) == text_of(ours)
    assert {stand.state(one) for one in stand.pick([point, "considerations/0"])} == {"left"}
    written = UpgradeDecision.objects.filter(change=point).values_list("decision", "ours", "reason")
    assert list(written) == [
        ("take", '["Ours."]', WHY),
        ("leave", '["Ask today, and write it down."]', WHY),
    ]


def test_what_was_edited_since_it_was_taken_is_not_put_back(waiting: Upgrade, they: People) -> None:
    point = "guidance/early/points/0/:text"
    decide(waiting, they, "take", point)
    Point.objects.update(text="Edited since.")
    decide(waiting, they, "leave", point)
    assert Point.objects.get().text == "Edited since."


def test_a_regimen_needs_the_table_and_the_source_that_it_names(
    waiting: Upgrade, they: People
) -> None:
    with pytest.raises(NotAlone, match="the source new-label") as caught:
        decide(waiting, they, "take", "regimens/gentle")
    assert "the table gentle of vialvir" in caught.value.reason
    needs = [one.key for one in caught.value.first]
    assert needs == ["sources/new-label", "drugs/vialvir/tables/gentle"]
    assert not Regimen.objects.filter(slug="gentle").exists()
    decide(waiting, they, "take", "regimens/gentle", *needs)
    assert Regimen.objects.filter(slug="gentle", sources__slug="new-label").exists()


def test_a_source_that_rows_still_name_is_not_removed(
    shipped: Ships, small: Formulary, they: People
) -> None:
    text = canonical(encode(small)).replace('"sources":["label","default"]', '"sources":["label"]')
    newer = json.loads(text.replace('"sources":["default"]', '"sources":["label"]'))
    newer["sources"] = newer["sources"][:1]
    upgrade = shipped(whole(decode(Formulary, newer | {"edition": "small 2"}))).arrived
    problem = refusal(lambda: decide(upgrade, they, "take", "sources/default"))
    assert problem.reason == "Other rows still name the source default: change these first."
    decide(upgrade, they, "take")
    assert list(Source.objects.values_list("slug", flat=True)) == ["label"]


def test_a_dose_of_a_table_we_removed_says_so(waiting: Upgrade, they: People) -> None:
    DoseTable.objects.filter(drug__slug="vialvir", slug="induction").delete()
    dose = "drugs/vialvir/tables/induction/rows/0/:low"
    assert (
        "do not have what this belongs to"
        in refusal(lambda: decide(waiting, they, "take", dose)).reason
    )
    decide(waiting, they, "leave", dose)
    decide(waiting, they, "take", "drugs/vialvir/tables/induction/:title")
    table = working_formulary().drugs["vialvir"].tables["induction"]
    assert table == standing(waiting).now.drugs["vialvir"].tables["induction"]


# Who, why, and at the same time


@pytest.mark.parametrize("role", ["editor", "reviewer", "publisher", "visitor", "administrator"])
def test_each_role_s_rights(waiting: Upgrade, they: People, role: str) -> None:
    person = getattr(they, role)
    for decision in ("take", "leave"):
        if role in ("editor", "administrator"):
            decide(waiting, they, decision, ":review_by", by=person)
            continue
        problem = refusal(lambda: decide(waiting, they, decision, ":review_by", by=person))  # noqa: B023
        assert problem.reason == "This is for editors."
        assert not UpgradeDecision.objects.exists()


def test_a_reason_is_needed(waiting: Upgrade, they: People) -> None:
    assert refusal(lambda: decide(waiting, they, "take", ":edition", reason=" ")).field == "reason"
    with pytest.raises(IntegrityError), transaction.atomic():
        UpgradeDecision.objects.create(
            upgrade=waiting,
            change=":edition",
            decision="take",
            ours="",
            by=they.editor,
            at=waiting.arrived_at,
            reason="",
        )


def test_only_what_was_shown_is_overwritten(waiting: Upgrade, they: People) -> None:
    point = "guidance/early/points/0/:text"
    shown = seen(standing(waiting).pick([point]))
    Point.objects.update(text="Edited while the page was open.")
    problem = refusal(lambda: decide(waiting, they, "take", point, shown=shown))
    assert problem.reason == "Our rows were changed since this page was made. Look again."
    assert Point.objects.get().text == "Edited while the page was open."


def test_rows_that_changed_in_the_same_moment_are_not_overwritten(
    waiting: Upgrade, small: Formulary, they: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the rows and writing them; and what was written is read again."""
    Point.objects.update(text="Edited.")
    with pytest.raises(RowsMoved):
        rewrite(small, next_edition(small))
    assert Point.objects.get().text == "Edited."
    monkeypatch.setattr(upgrades, "rewrite", lambda before, after: None)
    problem = refusal(lambda: decide(waiting, they, "take", ":review_by"))
    assert problem.reason == "Somebody else changed these rows in the same moment."
    assert not UpgradeDecision.objects.exists()


def test_a_newer_one_takes_the_place_of_one_that_is_not_finished(
    waiting: Upgrade, shipped: Ships, small: Formulary, they: People
) -> None:
    decide(waiting, they, "take", ":review_by")
    third = replace(next_edition(small), edition="small 3")
    upgrade = shipped(third).arrived
    assert upgrade.before == waiting.before
    stand = standing(upgrade)
    assert len(stand.changes) == 11
    assert {one.key for one in stand.changes if one.is_same} == {":review_by"}
    problem = refusal(lambda: decide(waiting, they, "leave", ":edition"))
    assert problem.reason == "A newer edition has come since: decide on small 3."


def test_after_a_finished_one_only_what_is_new_is_asked(
    waiting: Upgrade, shipped: Ships, small: Formulary, they: People
) -> None:
    decide(waiting, they, "leave")
    upgrade = shipped(replace(next_edition(small), edition="small 3")).arrived
    assert current() == upgrade
    assert upgrade.before == waiting.now
    assert [one.key for one in standing(upgrade).changes] == [":edition"]


def test_rows_that_mix_two_editions_need_a_name_of_their_own(
    waiting: Upgrade, they: People
) -> None:
    decide(waiting, they, "take", ":edition", ":review_by")
    with pytest.raises(EditionTaken, match="Give the edition another name"):
        freeze("small 2")
