"""The pages of a newer edition: three columns in clinical words, decided with a reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from dosing.content import load
from dosing.content.load import load_shipped
from dosing.content.merge import changes
from dosing.content.pairing import text_of
from dosing.content.rows import working_formulary
from dosing.content.upgrade import Standing, standing
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease, DoseRow, DoseTable, Edition, Upgrade
from dosing.presenters.upgrade import NOT_THERE, lines, upgrade_view

from .alterations import altered, next_edition
from .releases import WHY, People, release
from .small_formulary import TODAY
from .test_admin import said

pytestmark = pytest.mark.django_db

DOSE = "drugs/vialvir/tables/induction/rows/0/:low"


@pytest.fixture
def at(client: Client) -> Any:
    """Somebody's browser."""

    def signed_in(person: User) -> Client:
        client.force_login(person)
        return client

    return signed_in


def page(upgrade: Upgrade) -> str:
    return reverse("admin:dosing_upgrade_change", args=[upgrade.pk])


def deciding(upgrade: Upgrade) -> str:
    return reverse("admin:dosing_upgrade_decide", args=[upgrade.pk])


def confirmed(browser: Client, upgrade: Upgrade, decision: str, *keys: str) -> Any:
    """Look at the confirming page, and do what it offers."""
    shown = browser.post(deciding(upgrade), {"decision": decision, "key": keys})
    data = {"decision": decision, "key": keys, "shown": shown.context["shown"], "reason": WHY}
    return browser.post(deciding(upgrade), data, follow=True)


def edited() -> None:
    DoseRow.objects.filter(table__drug__slug="vialvir", table__slug="induction", low="70").update(
        amount=Decimal("4.5")
    )


def test_three_columns_in_clinical_words(waiting: Upgrade) -> None:
    edited()
    stand = standing(waiting)
    (line,) = lines(stand, stand.pick([DOSE]))
    words = [
        side.lines[0].replace("\N{NO-BREAK SPACE}", " ")
        for side in (line.before, line.now, line.ours)
    ]
    assert words == ["5 mg/kg every 12 hours", "4 mg/kg every 12 hours", "4.5 mg/kg every 12 hours"]
    assert line.place.startswith("vialvir IV, Induction")
    assert line.says == "Conflict: the product changed it, and we changed it otherwise."
    assert line.loud


def test_every_kind_of_difference_has_its_own_words(waiting: Upgrade) -> None:
    edited()
    Edition.objects.update(edition="small 2")
    DoseTable.objects.filter(drug__slug="vialvir", slug="induction").update(title="Ours")
    says = {line.key: line.says for line in upgrade_view(standing(waiting)).lines}
    assert says[":edition"] == "Ours says what is shipped now."
    assert says[":review_by"] == "Only the product changed it."
    assert says["regimens/gentle"] == "New in the product."
    assert says["considerations/0"] == "Not in the product any more; ours is as it was shipped."


def test_a_row_we_removed_is_loud(waiting: Upgrade) -> None:
    DoseRow.objects.filter(table__drug__slug="vialvir", table__slug="induction", low="70").delete()
    stand = standing(waiting)
    (line,) = lines(stand, stand.pick([DOSE]))
    assert line.says == "Conflict: the product changed it, and we removed it."
    assert line.ours.lines == (NOT_THERE,)


def test_every_difference_is_on_the_page_once(waiting: Upgrade, they: People, at: Any) -> None:
    html = at(they.editor).get(page(waiting)).content.decode()
    keys = [change.key for change in standing(waiting).changes]
    assert [html.count(f'name="key" value="{key}"') for key in keys] == [1] * len(keys)
    assert "11\N{NO-BREAK SPACE}differences: 0 taken, 0 left, 11 open." in html


@pytest.mark.parametrize("seed", range(8))
def test_any_difference_can_be_said(small: Formulary, seed: int) -> None:
    """Every cell has words, and two sides that differ are told apart."""
    now, ours = altered(small, seed), altered(small, seed + 500)
    stand = Standing(Upgrade(), small, now, ours, changes(small, now, ours), {})
    for line in upgrade_view(stand).lines:
        assert line.place
        assert all(side.lines and all(side.lines) for side in (line.before, line.now, line.ours))
        assert (line.before.lines, line.before.more) != (line.now.lines, line.now.more), line


def test_by_drug_and_by_what_is_open(waiting: Upgrade, they: People, at: Any) -> None:
    editor = at(they.editor)
    shown = editor.get(page(waiting), {"about": "vialvir"}).context["found"]
    assert {line.key.split("/")[0] for line in shown.lines} == {"drugs", "regimens"}
    assert len(shown.lines) == 5
    assert shown.topics == (("vialvir", "vialvir"), ("other", "what is of no single drug"))
    confirmed(editor, waiting, "leave", DOSE)
    shown = editor.get(page(waiting), {"about": "vialvir", "show": "open"}).context["found"]
    assert len(shown.lines) == 4


def test_taking_asks_first_and_names_what_it_overwrites(
    waiting: Upgrade, they: People, at: Any
) -> None:
    edited()
    editor = at(they.editor)
    asked = editor.post(deciding(waiting), {"take": DOSE})
    assert "This overwrites ours: 4.5 mg/kg every 12 hours." in said(asked).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert standing(waiting).counts["taken"] == 0
    done = confirmed(editor, waiting, "take", DOSE)
    assert "1 taken, 0 left, 10 open." in said(done)
    assert f"Taken by editor, Mon 23 Nov 2026 12:00: {WHY}" in said(done)


def test_what_it_needs_is_offered(waiting: Upgrade, they: People, at: Any) -> None:
    editor = at(they.editor)
    asked = editor.post(deciding(waiting), {"take": "regimens/gentle"})
    assert "It names the table gentle of vialvir, the source new-label, not among our rows" in said(
        asked
    )
    assert [line.key for line in asked.context["first"]] == [
        "sources/new-label",
        "drugs/vialvir/tables/gentle",
    ]


def test_nothing_ticked_is_said(waiting: Upgrade, they: People, at: Any) -> None:
    answer = at(they.editor).post(deciding(waiting), {"decision": "take"}, follow=True)
    assert "Tick at least one difference." in said(answer)


def test_without_a_reason_nothing_is_done(waiting: Upgrade, they: People, at: Any) -> None:
    editor = at(they.editor)
    asked = editor.post(deciding(waiting), {"take": DOSE})
    sent = {"decision": "take", "key": DOSE, "shown": asked.context["shown"], "reason": " "}
    answer = editor.post(deciding(waiting), sent)
    assert answer.status_code == 422
    assert "Say why." in said(answer)
    assert standing(waiting).counts["taken"] == 0


def test_what_changed_behind_the_page_is_refused(waiting: Upgrade, they: People, at: Any) -> None:
    editor = at(they.editor)
    asked = editor.post(deciding(waiting), {"take": DOSE})
    edited()
    sent = {"decision": "take", "key": DOSE, "shown": asked.context["shown"], "reason": WHY}
    answer = editor.post(deciding(waiting), sent)
    assert "Our rows were changed since this page was made. Look again." in said(answer)
    assert "4.5" in said(answer)
    assert standing(waiting).counts["taken"] == 0


@pytest.mark.parametrize("role", ["reviewer", "publisher"])
def test_who_may_only_read(waiting: Upgrade, they: People, at: Any, role: str) -> None:
    reader = at(getattr(they, role))
    answer = reader.get(page(waiting))
    assert "This is for editors." in said(answer)
    assert 'type="checkbox"' not in answer.content.decode()
    before = text_of(working_formulary())
    assert "This is for editors." in said(confirmed(reader, waiting, "take", DOSE))
    assert text_of(working_formulary()) == before


def test_a_visitor_without_rights_sees_nothing(waiting: Upgrade, they: People, at: Any) -> None:
    visitor = at(they.visitor)
    assert visitor.get(page(waiting)).status_code == 403
    assert visitor.post(deciding(waiting), {"take": DOSE}).status_code == 403


def test_rows_that_cannot_be_read_are_said(waiting: Upgrade, they: People, at: Any) -> None:
    Edition.objects.all().delete()
    editor = at(they.editor)
    for answer in (editor.get(page(waiting)), editor.post(deciding(waiting), {"take": DOSE})):
        assert "This edition cannot be compared now. edition: There is no edition" in said(answer)


def test_two_columns_are_said_plainly(
    small: Formulary, they: People, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    load.load_rows(small)
    release("shipped", they)
    ContentRelease.objects.update(digest="sha256:1", document="{}")
    monkeypatch.setattr(
        load, "shipped_formulary", lambda: replace(next_edition(small), edition="small 3")
    )
    upgrade = load_shipped(TODAY).arrived
    assert upgrade is not None
    answer = at(they.editor).get(page(upgrade))
    assert "cannot be read by this version of the program. There are two columns" in said(answer)
    assert "Shipped before" not in said(answer)
    assert all(line.loud for line in answer.context["found"].lines)
    assert ContentRelease.objects.get(edition="small 3").use == "unused"


def test_the_list_says_where_each_stands(waiting: Upgrade, they: People, at: Any) -> None:
    editor = at(they.editor)
    address = reverse("admin:dosing_upgrade_changelist")
    assert "11 differences: 0 taken, 0 left, 11 open" in said(editor.get(address))
    releases = editor.get(reverse("admin:dosing_contentrelease_changelist"))
    assert address in releases.content.decode()
