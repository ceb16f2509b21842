"""The admin: every page opens, refuses in words, and no edit reaches the calculator by itself."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import models as db
from django.test import Client
from django.urls import reverse

from dosing.admin.rows import NOTE
from dosing.content.freeze import freeze
from dosing.content.live import live_formulary
from dosing.engine.formulary import Formulary
from dosing.models import (
    AuditEntry,
    ContentRelease,
    DoseRow,
    DoseTable,
    Drug,
    Edition,
    Regimen,
    RowEdit,
    Source,
    Threshold,
    Upgrade,
    WorkedExample,
)

OURS = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "dosing"),
    key=lambda model: model.__name__,
)
#: What is frozen, and every history, is only read.
EDITED = [model for model in OURS if model not in (AuditEntry, ContentRelease, RowEdit, Upgrade)]
WHY = "The label changed."


@pytest.fixture(autouse=True)
def before_the_review_date(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23T12:00Z", tick=False)


def page(model: type[db.Model], action: str, *args: Any) -> str:
    return reverse(f"admin:dosing_{model._meta.model_name}_{action}", args=args)


def filled_in(response: Any) -> dict[str, Any]:
    """What a browser would send if this change page were saved as it stands."""
    sent: dict[str, Any] = {}
    for form in _forms(response):
        for bound in form:
            value = bound.value()
            if isinstance(value, list):
                sent[bound.html_name] = [getattr(item, "pk", item) for item in value]
            elif value is True:
                sent[bound.html_name] = "on"
            elif value is not False and value is not None:
                sent[bound.html_name] = value
    return {"why": WHY} | sent


def _forms(response: Any) -> Iterator[Any]:
    yield response.context["adminform"].form
    for inline in response.context["inline_admin_formsets"]:
        yield inline.formset.management_form
        yield from inline.formset.forms


def name_of(sent: dict[str, Any], prefix: str, field: str, value: str) -> str:
    """The input of one inline row, found by what stands in it."""
    (name,) = (
        key for key in sent if re.fullmatch(rf"{prefix}-\d+-{field}", key) and sent[key] == value
    )
    return name


def said(response: Any) -> str:
    """The words of a page, without its tags."""
    text = re.sub(
        r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S
    )
    return re.sub(r"\s+", " ", html.unescape(text))


def errors(response: Any) -> list[str]:
    """What a refused page says, without labels."""
    lists = re.findall(r'<ul class="errorlist.*?</ul>', response.content.decode(), flags=re.S)
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(one))).strip() for one in lists
    ]


def test_every_kind_of_content_has_a_page() -> None:
    assert {model.__name__ for model in OURS} == {
        "Disagreement",
        "Guidance",
        "AuditEntry",
        "BottlePreparation",
        "ChildFormula",
        "Consideration",
        "ContentRelease",
        "DoseTable",
        "Drug",
        "Edition",
        "MonitoringPolicy",
        "Regimen",
        "Rhythm",
        "RowEdit",
        "Source",
        "Upgrade",
        "VialPreparation",
        "WorkedExample",
    }


@pytest.mark.parametrize("model", [*EDITED, AuditEntry, ContentRelease])
def test_list_and_change_pages_open(
    model: type[db.Model], live_small: ContentRelease, admin_client: Client
) -> None:
    listed = admin_client.get(page(model, "changelist"), {"q": "vir"})
    assert listed.status_code == 200
    row = model._default_manager.all()[0]
    opened = admin_client.get(page(model, "change", row.pk))
    assert opened.status_code == 200
    assert str(row) in said(opened)


@pytest.mark.parametrize(
    "model",
    [model for model in EDITED if model is not Edition],
    ids=lambda model: model.__name__,
)
def test_add_pages_open(
    model: type[db.Model], live_small: ContentRelease, admin_client: Client
) -> None:
    assert admin_client.get(page(model, "add")).status_code == 200


@pytest.mark.parametrize(
    "model",
    EDITED,
    ids=lambda model: model.__name__,
)
def test_a_page_saved_as_it_stands_changes_nothing(
    model: type[db.Model], live_small: ContentRelease, admin_client: Client
) -> None:
    for row in model._default_manager.all():
        address = page(model, "change", row.pk)
        answer = admin_client.post(address, filled_in(admin_client.get(address)), follow=True)
        assert "was changed successfully" in said(answer), errors(answer)
        assert "Before this content can be released" not in said(answer)
    assert freeze("small 1").digest == live_small.digest


@pytest.mark.parametrize(
    "model",
    EDITED,
    ids=lambda model: model.__name__,
)
def test_every_page_says_that_edits_are_not_live(
    model: type[db.Model], live_small: ContentRelease, admin_client: Client
) -> None:
    row = model._default_manager.all()[0]
    for address in (page(model, "changelist"), page(model, "change", row.pk)):
        assert f"{NOTE} Live: small 1." in said(admin_client.get(address))


@pytest.mark.django_db
def test_without_a_live_release_the_note_says_so(admin_client: Client) -> None:
    assert "Live: no release." in said(admin_client.get(page(Drug, "changelist")))


@pytest.mark.django_db
def test_the_front_page_says_it_too(admin_client: Client) -> None:
    front = said(admin_client.get(reverse("admin:index")))
    assert "CMV dosing – clinical content" in front
    assert "Edits do not reach the calculator until they are released" in front


def test_a_row_begins_with_its_own_figures(
    live_small: ContentRelease, admin_client: Client
) -> None:
    opened = admin_client.get(table_page("vialvir", "induction"))
    bands = next(
        inline for inline in opened.context["inline_admin_formsets"] if inline.opts.model is DoseRow
    )
    (columns,) = [fields["fields"] for _, fields in bands.fieldsets]
    assert columns[:4] == ("low_closed", "low", "high_closed", "high")
    assert "taking" not in columns, "the kidneys decide this table"
    assert columns[-2:] == ("sources", "position")


def table_page(drug: str, slug: str) -> str:
    return page(DoseTable, "change", DoseTable.objects.get(drug__slug=drug, slug=slug).pk)


def test_an_edit_is_saved_and_does_not_change_the_live_content(
    live_small: ContentRelease, admin_client: Client
) -> None:
    address = table_page("vialvir", "induction")
    sent = filled_in(admin_client.get(address))
    sent[name_of(sent, "rows", "amount", "5")] = "4.50"
    admin_client.post(address, sent, follow=True)

    row = DoseRow.objects.get(table__drug__slug="vialvir", table__slug="induction", low="70")
    assert str(row.amount) == "4.50"
    live = live_formulary()
    assert live.digest == live_small.digest
    assert str(live.formulary.drugs["vialvir"].tables["induction"].rows[0].amount) == "5"


def test_what_needs_a_second_page_is_saved_with_a_warning(
    live_small: ContentRelease, admin_client: Client
) -> None:
    address = table_page("vialvir", "induction")
    sent = filled_in(admin_client.get(address))
    sent[name_of(sent, "rows", "amount", "5")] = "4.5"
    answer = said(admin_client.post(address, sent, follow=True))
    assert "Before this content can be released (" in answer
    found = re.search(r"worked example \S+: Order 1: dose should be \d+, but is \d+\.", answer)
    assert found, answer
    assert found[0] in said(admin_client.get(page(Edition, "change", 1)))


def test_the_edition_says_when_nothing_is_in_the_way(
    live_small: ContentRelease, admin_client: Client
) -> None:
    assert "Nothing." in said(admin_client.get(page(Edition, "change", 1)))


@pytest.mark.parametrize(
    ("field", "before", "after", "message"),
    [
        ("high", "70", "40", "Band 50-40 is empty."),
        ("amount", "5", "0", "A dose must be above 0."),
        ("amount", "5", "2,5", "“2,5” is no number here."),
        ("amount", "5", "five", "“five” is no number here."),
        ("amount", "5", "", "Give amount and frequency, or neither and advice."),
    ],
)
def test_a_slip_in_a_dose_row_is_refused_in_words(
    live_small: ContentRelease,
    admin_client: Client,
    field: str,
    before: str,
    after: str,
    message: str,
) -> None:
    address = table_page("vialvir", "induction")
    sent = filled_in(admin_client.get(address))
    sent[name_of(sent, "rows", field, before)] = after
    answer = admin_client.post(address, sent)
    assert answer.status_code == 200
    assert any(message in error for error in errors(answer)), errors(answer)
    assert freeze("small 1").digest == live_small.digest


def test_a_day_that_no_week_has_is_refused_in_words(
    live_small: ContentRelease, admin_client: Client
) -> None:
    address = table_page("vialvir", "maintenance")
    sent = filled_in(admin_client.get(address))
    assert sent["weekdays"] == "0, 1, 2, 3, 4"
    found = errors(admin_client.post(address, sent | {"weekdays": "0, 7"}))
    assert "Dosing days are 0 (Monday) to 6 (Sunday)." in found


def test_a_row_without_source_is_refused(live_small: ContentRelease, admin_client: Client) -> None:
    address = table_page("vialvir", "induction")
    sent = filled_in(admin_client.get(address))
    del sent["rows-0-sources"]
    answer = admin_client.post(address, sent)
    assert "No source is given. Choose one or more." in errors(answer)


def test_a_second_limit_for_one_count_is_refused_in_words(
    live_small: ContentRelease, admin_client: Client
) -> None:
    address = page(Drug, "change", Drug.objects.get(slug="vialvir").pk)
    sent = filled_in(admin_client.get(address))
    sent[name_of(sent, "thresholds", "lab", "platelets")] = "anc"
    found = errors(admin_client.post(address, sent))
    assert "Please correct the duplicate data for lab." in found
    assert Threshold.objects.filter(lab="platelets").exists()


def test_lengths_that_fall_are_refused_in_words(
    live_small: ContentRelease, admin_client: Client
) -> None:
    address = page(Regimen, "change", Regimen.objects.get(slug="step-down").pk)
    sent = filled_in(admin_client.get(address))
    sent[name_of(sent, "phases", "ending", "days").replace("ending", "usual")] = "2"
    answer = said(admin_client.post(address, sent))
    assert "shortest ≤ usual ≤ longest" in answer


def test_facts_of_an_example_are_tried_at_the_form(
    live_small: ContentRelease, admin_client: Client
) -> None:
    address = page(WorkedExample, "change", WorkedExample.objects.all()[0].pk)
    sent = filled_in(admin_client.get(address))
    sent["facts"] = '{"assessed_on": "2026-11-23", "weight_kg": 94.5}'
    assert "Facts.weight_kg: 94.5 is no Decimal." in said(admin_client.post(address, sent))


def test_a_new_source_can_be_added(live_small: ContentRelease, admin_client: Client) -> None:
    sent = {"slug": "article", "title": "An article", "position": "30", "why": WHY}
    admin_client.post(page(Source, "add"), sent)
    assert Source.objects.get(slug="article").title == "An article"


def test_a_name_that_others_refer_to_stays(
    live_small: ContentRelease, admin_client: Client
) -> None:
    drug = Drug.objects.get(slug="tabvir")
    address = page(Drug, "change", drug.pk)
    sent = filled_in(admin_client.get(address))
    assert "slug" not in sent
    admin_client.post(address, sent | {"slug": "renamed"})
    drug.refresh_from_db()
    assert drug.slug == "tabvir"


def test_a_source_that_is_cited_cannot_be_deleted(
    live_small: ContentRelease, admin_client: Client
) -> None:
    source = Source.objects.get(slug="default")
    assert "cited by" in said(admin_client.get(page(Source, "change", source.pk))).lower()
    address = page(Source, "delete", source.pk)
    assert "default is cited by: vialvir" in said(admin_client.get(address))
    admin_client.post(address, {"post": "yes", "why": WHY})
    action = {"action": "delete_selected", "_selected_action": [source.pk], "post": "yes"}
    admin_client.post(page(Source, "changelist"), action)
    assert Source.objects.filter(slug="default").exists()


def test_a_source_that_nothing_cites_can_be_deleted(
    live_small: ContentRelease, admin_client: Client
) -> None:
    source = Source.objects.create(slug="unused", title="Unused")
    admin_client.post(page(Source, "delete", source.pk), {"post": "yes", "why": WHY})
    assert not Source.objects.filter(slug="unused").exists()


def test_a_drug_that_a_regimen_uses_cannot_be_deleted(
    live_small: ContentRelease, admin_client: Client
) -> None:
    drug = Drug.objects.get(slug="tabvir")
    admin_client.post(page(Drug, "delete", drug.pk), {"post": "yes", "why": WHY})
    assert Drug.objects.filter(slug="tabvir").exists()


def test_there_is_one_edition_and_it_stays(
    live_small: ContentRelease, admin_client: Client
) -> None:
    assert admin_client.get(page(Edition, "add")).status_code == 403
    assert admin_client.get(page(Edition, "delete", 1)).status_code == 403


def test_a_release_can_be_read_and_nothing_else(
    live_small: ContentRelease, admin_client: Client
) -> None:
    before = ContentRelease.objects.values().get()
    address = page(ContentRelease, "change", live_small.pk)
    assert live_small.digest in said(admin_client.get(address))
    assert admin_client.post(address, {"document": "{}"}).status_code == 403
    assert admin_client.get(page(ContentRelease, "add")).status_code == 403
    assert admin_client.post(page(ContentRelease, "delete", live_small.pk)).status_code == 403
    assert ContentRelease.objects.values().get() == before


def test_a_visitor_is_sent_to_the_login(live_small: ContentRelease, client: Client) -> None:
    answer = client.get(page(Drug, "changelist"))
    assert answer.status_code == 302
    assert reverse("admin:login") in answer["Location"]


def test_the_small_content_is_what_the_pages_show(
    live_small: ContentRelease, small: Formulary, admin_client: Client
) -> None:
    listed = said(admin_client.get(page(DoseTable, "changelist")))
    for drug in small.drugs.values():
        for table in drug.tables.values():
            assert table.title in listed
