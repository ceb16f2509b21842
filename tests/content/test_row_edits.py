"""Who, when, what, why: every save and deletion of rows, superusers included."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from dosing.content.row_edits import NoReason, record_edit
from dosing.models import (
    ContentRelease,
    DoseRow,
    DoseTable,
    Drug,
    Regimen,
    RowEdit,
    Source,
    VialPreparation,
)
from dosing.presenters.row_changes import change_words

from .releases import people
from .test_admin import EDITED, WHY, errors, filled_in, name_of, page, said, table_page


@pytest.fixture(autouse=True)
def before_the_review_date(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23T12:00Z", tick=False)


def words(edit: RowEdit) -> list[str]:
    return [change_words(one) for one in edit.changes]


def change_dose(client: Client, after: str = "4.5", **more: str) -> Any:
    address = table_page("vialvir", "induction")
    sent = filled_in(client.get(address))
    sent[name_of(sent, "rows", "amount", "5")] = after
    return client.post(address, sent | more, follow=True)


def test_a_change_is_written_down_in_words(
    live_small: ContentRelease, admin_client: Client, admin_user: User
) -> None:
    change_dose(admin_client, why="Table 2 of the new label.")
    edit = RowEdit.objects.get()
    assert (edit.by, edit.at, edit.action) == (admin_user, timezone.now(), "change")
    assert edit.reason == "Table 2 of the new label."
    assert (edit.label, edit.drug) == ("dose table vialvir induction", "vialvir")
    assert words(edit) == ["dose row 70–∞, amount: 5 → 4.5"]


def test_digits_count_and_a_save_without_a_change_leaves_no_trace(
    live_small: ContentRelease, admin_client: Client
) -> None:
    change_dose(admin_client, "5")
    assert not RowEdit.objects.exists()
    change_dose(admin_client, "5.0")
    assert words(RowEdit.objects.get()) == ["dose row 70–∞, amount: 5 → 5.0"]


def test_rows_and_sources_that_come_and_go_are_written_down(
    live_small: ContentRelease, admin_client: Client
) -> None:
    address = page(Drug, "change", Drug.objects.get(slug="vialvir").pk)
    sent = filled_in(admin_client.get(address))
    lab = name_of(sent, "thresholds", "lab", "platelets").rpartition("-")[0]
    sent |= {
        f"{lab}-DELETE": "on",
        "sources": [Source.objects.get(slug="label").pk],
        "near_edge_percent": "12",
    }
    admin_client.post(address, sent)
    found = "\n".join(words(RowEdit.objects.get()))
    assert ": 10% → 12%" in found
    assert "sources: label and default → label" in found
    assert "threshold platelets below 25, removed: " in found


def test_a_refused_save_leaves_no_trace(live_small: ContentRelease, admin_client: Client) -> None:
    change_dose(admin_client, "1")
    assert not RowEdit.objects.exists()


@pytest.mark.parametrize("why", ["", "   "])
def test_no_save_without_a_reason_not_even_by_a_superuser(
    why: str, live_small: ContentRelease, admin_client: Client
) -> None:
    answer = change_dose(admin_client, why=why)
    assert "Say why this change is made." in errors(answer)
    assert "Why this change? Say why this change is made." in said(answer)
    assert not DoseRow.objects.filter(amount="4.5").exists()
    assert not RowEdit.objects.exists()


def test_an_added_row_is_written_down(live_small: ContentRelease, admin_client: Client) -> None:
    sent = {"slug": "article", "title": "An article", "position": "30", "why": WHY}
    admin_client.post(page(Source, "add"), sent)
    edit = RowEdit.objects.get()
    assert (edit.action, edit.label) == ("add", "source article: An article")
    assert words(edit) == ["added: short name article; title An article"]


def test_a_deletion_asks_why_and_keeps_what_was_there(
    live_small: ContentRelease, admin_client: Client
) -> None:
    table = DoseTable.objects.create(
        drug=Drug.objects.get(slug="vialvir"),
        slug="unused",
        title="unused",
        course="induction",
        per_kg=True,
    )
    DoseRow.objects.create(table=table, amount="2.5", frequency="q12h")
    address = page(DoseTable, "delete", table.pk)
    refused = admin_client.post(address, {"post": "yes", "why": " "})
    assert refused.status_code == 200
    assert "Say why this change is made." in said(refused)
    assert DoseTable.objects.filter(slug="unused").exists()
    admin_client.post(address, {"post": "yes", "why": WHY})
    assert not DoseTable.objects.filter(slug="unused").exists()
    edit = RowEdit.objects.get()
    assert (edit.action, edit.row, edit.reason) == ("delete", table.pk, WHY)
    assert words(edit) == [
        "removed: drug vialvir; short name unused; title unused; course induction; "
        "dose by weight yes",
        "dose row everyone, removed: holds its lower edge yes; amount 2.5; "
        "how often every 12 hours",
    ]


def test_several_rows_cannot_be_deleted_at_once(
    live_small: ContentRelease, admin_client: Client
) -> None:
    Source.objects.create(slug="unused", title="Unused")
    for model in EDITED:
        listed = admin_client.get(page(model, "changelist"))
        assert listed.context["action_form"] is None, model
    action = {
        "action": "delete_selected",
        "_selected_action": [Source.objects.get(slug="unused").pk],
        "post": "yes",
        "why": WHY,
    }
    admin_client.post(page(Source, "changelist"), action)
    assert Source.objects.filter(slug="unused").exists()


def test_a_table_that_a_regimen_uses_cannot_be_deleted(
    live_small: ContentRelease, admin_client: Client
) -> None:
    table = DoseTable.objects.get(drug__slug="vialvir", slug="induction")
    address = page(DoseTable, "delete", table.pk)
    assert "is used by the regimen" in said(admin_client.get(address))
    admin_client.post(address, {"post": "yes", "why": WHY})
    assert DoseTable.objects.filter(pk=table.pk).exists()


def test_the_history_of_a_row_and_of_its_drug(
    live_small: ContentRelease, admin_client: Client
) -> None:
    table = DoseTable.objects.get(drug__slug="vialvir", slug="induction")
    address = page(DoseTable, "history", table.pk)
    assert "Nobody has changed this here" in said(admin_client.get(address))
    change_dose(admin_client)
    vial = VialPreparation.objects.get(drug__slug="vialvir")
    opened = page(VialPreparation, "change", vial.pk)
    sent = filled_in(admin_client.get(opened)) | {"minutes": "90", "why": "Slower."}
    admin_client.post(opened, sent)
    table_says = said(admin_client.get(address))
    assert "dose row 70–∞, amount: 5 → 4.5" in table_says
    assert "Slower." not in table_says
    drug_says = said(admin_client.get(page(Drug, "history", table.drug.pk)))
    assert drug_says.index("Slower.") < drug_says.index("amount: 5 → 4.5")


def test_one_list_of_all_edits_is_only_read(
    live_small: ContentRelease, admin_client: Client, admin_user: User
) -> None:
    change_dose(admin_client)
    edit = RowEdit.objects.get()
    for query in ({}, {"drug": "vialvir"}, {"by__id__exact": admin_user.pk}):
        assert "amount: 5 → 4.5" in said(admin_client.get(page(RowEdit, "changelist"), query))
    other = admin_client.get(page(RowEdit, "changelist"), {"drug": "tabvir"})
    assert "amount: 5 → 4.5" not in said(other)
    address = page(RowEdit, "change", edit.pk)
    assert "amount: 5 → 4.5" in said(admin_client.get(address))
    assert admin_client.post(address, {"reason": "Another."}).status_code == 403
    assert admin_client.get(page(RowEdit, "add")).status_code == 403
    assert admin_client.post(page(RowEdit, "delete", edit.pk), {"post": "yes"}).status_code == 403
    assert RowEdit.objects.get().reason == WHY


def test_an_editor_reads_the_history_and_cannot_change_it(
    live_small: ContentRelease, client: Client
) -> None:
    editor = people().editor
    client.force_login(editor)
    assert client.get(page(RowEdit, "changelist")).status_code == 200
    rights = {"add", "change", "delete"}
    assert not any(editor.has_perm(f"dosing.{one}_rowedit") for one in rights)
    change_dose(client)
    assert RowEdit.objects.get().by == editor


def test_a_save_in_between_is_noticed_once(
    live_small: ContentRelease, admin_client: Client, client: Client
) -> None:
    address = table_page("vialvir", "induction")
    mine = filled_in(admin_client.get(address)) | {"seen": "0", "title": "induction, mine"}
    client.force_login(people().editor)
    change_dose(client, "4.5", why="Theirs.")
    answer = admin_client.post(address, mine)
    assert "editor changed this page after you opened it: “Theirs.”" in said(answer)
    assert DoseRow.objects.filter(amount="4.5").exists()
    again = filled_in(answer) | {"seen": str(RowEdit.objects.get().pk)}
    assert f'name="seen" value="{again["seen"]}"' in answer.content.decode()
    admin_client.post(address, again)
    assert DoseTable.objects.filter(title="induction, mine").exists()


def test_the_database_refuses_an_edit_without_reason_or_person(
    live_small: ContentRelease, admin_user: User
) -> None:
    good = {
        "at": timezone.now(),
        "by": admin_user,
        "reason": WHY,
        "action": "change",
        "kind": "drug",
        "row": 1,
        "label": "drug vialvir",
    }
    RowEdit.objects.create(**good)
    for bad in ({"reason": ""}, {"by": None}, {"action": "forget"}, {"at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RowEdit.objects.create(**(good | bad))


def test_the_one_door_refuses_an_empty_reason(live_small: ContentRelease, admin_user: User) -> None:
    row = Regimen.objects.all()[0]
    with pytest.raises(NoReason):
        record_edit(row=row, key=row.pk, action="change", by=admin_user, reason=" ", changes=[])


def test_a_reader_is_not_asked_why(live_small: ContentRelease, client: Client) -> None:
    client.force_login(people().reviewer)
    opened = client.get(table_page("vialvir", "induction"))
    assert opened.status_code == 200
    assert "Why this change?" not in said(opened)
