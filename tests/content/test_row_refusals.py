"""What can be mended on the page that is saved is refused there, named at its row; nothing typed
is lost, nothing of it stays in the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import models as db
from django.test import Client

from dosing.content import readiness
from dosing.content.freeze import freeze
from dosing.content.row_checks import _PAGES
from dosing.models import (
    BottlePreparation,
    ContentRelease,
    DoseRow,
    DoseTable,
    Drug,
    Phase,
    Regimen,
    SchwartzRow,
    Source,
)

from .test_admin import filled_in, name_of, page, said, table_page

Slip = Callable[[dict[str, Any]], None]


@pytest.fixture(autouse=True)
def before_the_review_date(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23T12:00Z", tick=False)


def put(prefix: str, field: str, before: str, after: str) -> Slip:
    def slip(sent: dict[str, Any]) -> None:
        sent[name_of(sent, prefix, field, before)] = after

    return slip


def tick(prefix: str, field: str, beside: tuple[str, str]) -> Slip:
    """Tick a box of the row in which another field has this value."""

    def slip(sent: dict[str, Any]) -> None:
        row = name_of(sent, prefix, *beside).rpartition("-")[0]
        sent[f"{row}-{field}"] = "on"

    return slip


def delete(prefix: str, field: str, value: str) -> Slip:
    def slip(sent: dict[str, Any]) -> None:
        sent[f"{name_of(sent, prefix, field, value).rpartition('-')[0]}-DELETE"] = "on"

    return slip


def table(drug: str, slug: str) -> str:
    return table_page(drug, slug)


def drug(slug: str) -> str:
    return page(Drug, "change", Drug.objects.get(slug=slug).pk)


def regimen(slug: str) -> str:
    return page(Regimen, "change", Regimen.objects.get(slug=slug).pk)


#: Page, what is typed, what is said, at how many rows.
REFUSED: Mapping[str, tuple[Callable[[], str], Slip, str, int]] = {
    "a gap": (
        lambda: table("vialvir", "induction"),
        put("rows", "high", "70", "60"),
        "No row covers a clearance from 60 to 70 mL/min; change “from” or “to” of the rows "
        "beside it.",
        2,
    ),
    "a gap above all rows": (
        lambda: table("vialvir", "induction"),
        delete("rows", "low", "70"),
        "No row covers a clearance above 70 mL/min; leave “to” of the highest row empty.",
        1,
    ),
    "an overlap": (
        lambda: table("vialvir", "induction"),
        put("rows", "high", "70", "75"),
        "“from 50 to under 75” and “from 70 up” overlap; a clearance must lie in one row.",
        2,
    ),
    "an edge owned twice": (
        lambda: table("vialvir", "induction"),
        tick("rows", "high_closed", ("high", "70")),
        "Exactly 70 mL/min belongs to “from 50 to 70” and to “from 70 up”; only one row may "
        "include its edge.",
        2,
    ),
    "a daily dose that rises": (
        lambda: table("vialvir", "induction"),
        put("rows", "amount", "2.5", "25"),
        "“from 50 to under 70” gives more in a day (50 mg/kg) than “from 70 up” (10 mg/kg), "
        "though the clearance is lower.",
        2,
    ),
    "no row for haemodialysis": (
        lambda: table("vialvir", "induction"),
        delete("rows", "dialysis", "haemodialysis"),
        "There is no row for haemodialysis.",
        0,
    ),
    "a hard maximum below a dose": (
        lambda: drug("tabvir"),
        lambda sent: sent.update(hard_max_mg_per_day="180"),
        "this drug's highest is 180 mg.",
        0,
    ),
    "steps in the wrong order": (
        lambda: drug("vialvir"),
        lambda sent: sent.update({"roundings-0-steps_mg": "1, 5"}),
        "Give the steps in mg, the largest first and each above 0.",
        1,
    ),
    "a rule nobody asks for": (
        lambda: drug("vialvir"),
        lambda sent: sent.update({"rules-0-when": "left_handed"}),
        "The form does not ask “left_handed”, so it never speaks.",
        1,
    ),
    "a table the drug does not have": (
        lambda: regimen("step-down"),
        put("phases", "table", "maintenance", "maintainance"),
        "tabvir has no table “maintainance”. Its tables: maintenance, child.",
        1,
    ),
    "a phase watched as another course": (
        lambda: regimen("vialvir-alone"),
        put("phases", "monitoring", "induction", "maintenance"),
        "but the phase is watched as maintenance.",
        1,
    ),
    "a regimen without a phase": (
        lambda: regimen("vialvir-alone"),
        delete("phases", "monitoring", "induction"),
        "has no phase.",
        0,
    ),
    "a time that is gone": (
        lambda: page(BottlePreparation, "change", BottlePreparation.objects.get().pk),
        lambda sent: sent.update({"times-0-DELETE": "on", "times-1-DELETE": "on"}),
        "has no infusion time for",
        0,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_on_save_and_nothing_typed_is_lost(
    name: str, live_small: ContentRelease, admin_client: Client
) -> None:
    address, slip, sentence, rows = REFUSED[name]
    sent = filled_in(admin_client.get(address()))
    slip(sent)
    answer = admin_client.post(address(), sent)
    assert answer.status_code == 200
    assert sentence in said(answer)
    assert written(filled_in(answer)) == written(sent)
    assert said_at_rows(answer, sentence) == rows
    assert freeze("small 1").digest == live_small.digest


def written(sent: dict[str, Any]) -> dict[str, str]:
    """As text: a page says 1 where the form that was sent back says "1"."""
    return {
        key: str([str(one) for one in value] if isinstance(value, list) else value)
        for key, value in sent.items()
        if value != ""
    }


def said_at_rows(answer: Any, sentence: str) -> int:
    return sum(
        any(sentence in error for error in form.non_field_errors())
        for inline in answer.context["inline_admin_formsets"]
        for form in inline.formset.forms
    )


def test_two_rows_for_one_dialysis_are_no_breakdown(
    live_small: ContentRelease, admin_client: Client
) -> None:
    """The form sees no conflict with what is stored; the database does with what is typed."""
    rows = DoseTable.objects.get(drug__slug="vialvir", slug="induction").rows
    rows.filter(dialysis="peritoneal").delete()
    address = table_page("vialvir", "induction")
    sent = filled_in(admin_client.get(address))
    first = int(sent["rows-TOTAL_FORMS"])
    last = {
        key.partition("-")[2].partition("-")[2]: value
        for key, value in sent.items()
        if key.startswith(f"rows-{first - 1}-")
    }
    for number in (first, first + 1):
        new = last | {"dialysis": "peritoneal", "id": ""}
        sent |= {f"rows-{number}-{field}": value for field, value in new.items()}
    sent["rows-TOTAL_FORMS"] = str(first + 2)
    answer = admin_client.post(address, sent)
    assert answer.status_code == 200
    assert "Two of these rows say what may stand only once." in said(answer)
    assert not rows.filter(dialysis="peritoneal").exists()


def test_a_row_that_was_added_is_named_too(
    live_small: ContentRelease, admin_client: Client
) -> None:
    """It has no number in the database any more when the page is shown again."""
    address = table_page("vialvir", "induction")
    sent = filled_in(admin_client.get(address))
    top = name_of(sent, "rows", "low", "70").rpartition("-")[0]
    number = int(sent["rows-TOTAL_FORMS"])
    fields = ("low", "low_closed", "amount", "frequency", "sources", "position", "table")
    sent |= {
        f"rows-{number}-{field}": sent[f"{top}-{field}"]
        for field in fields
        if f"{top}-{field}" in sent
    }
    sent[f"rows-{number}-low"] = "90"
    sent["rows-TOTAL_FORMS"] = str(number + 1)
    answer = admin_client.post(address, sent)
    assert said_at_rows(answer, "“from 70 up” and “from 90 up” overlap") == 2
    assert not DoseRow.objects.filter(low="90").exists()


def test_a_fault_of_another_page_does_not_hide_this_one_s(
    live_small: ContentRelease, admin_client: Client
) -> None:
    """Rows elsewhere that cannot be built leave these to be checked all the same."""
    Phase.objects.filter(regimen__slug="together").delete()
    address = table_page("vialvir", "induction")
    sent = filled_in(admin_client.get(address))
    good = admin_client.post(address, sent, follow=True)
    assert "Together has no phase." in said(good)
    sent[name_of(sent, "rows", "high", "70")] = "60"
    assert "No row covers a clearance from 60 to 70" in said(admin_client.post(address, sent))


def test_a_regimen_is_not_blamed_for_a_drug_that_cannot_be_built(
    live_small: ContentRelease, admin_client: Client
) -> None:
    SchwartzRow.objects.update(sex="male")
    DoseRow.objects.filter(table__drug__slug="tabvir", low="60").update(high="2")
    address = page(Regimen, "change", Regimen.objects.get(slug="step-down").pk)
    answer = admin_client.post(address, filled_in(admin_client.get(address)), follow=True)
    assert "was changed successfully" in said(answer)


def test_a_table_of_a_child_formula_can_be_begun(
    live_small: ContentRelease, admin_client: Client
) -> None:
    """Its formula is entered on a second page: until then it keeps the content from release."""
    address = page(DoseTable, "add")
    sent = filled_in(admin_client.get(address)) | {
        "drug": Drug.objects.get(slug="tabvir").pk,
        "slug": "infant",
        "title": "infant",
        "course": "prevention",
        "measure": "",
        "sources": [Source.objects.values_list("pk", flat=True)[0]],
    }
    answer = admin_client.post(address, sent, follow=True)
    assert "A table has rows or a formula." in said(answer)
    assert DoseTable.objects.filter(slug="infant").exists()


def test_every_code_that_is_refused_is_given_by_a_check() -> None:
    folder = Path(readiness.__file__).parent
    text = "".join(file.read_text() for file in sorted(folder.glob("*.py")))
    given = set(re.findall(r"Finding\(\s*\"([a-z-]+)\"", text))
    for model, one in _PAGES.items():
        assert issubclass(model, db.Model)
        assert one.mends <= given, model
