"""Each slip an editor may make is refused on save, or stands in the way of a release; a hole is
named, and stays named until it is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from dosing.content.freeze import findings_of_rows
from dosing.content.load import load_shipped
from dosing.models import ContentRelease

from .test_admin import filled_in, page, said
from .typing_holes import HOLES
from .typing_slips import READINESS, SAVE, SLIPS, Slip
from .typing_slips_handling import HANDLING_SLIPS

TODAY = date(2026, 11, 23)
ALL = {**SLIPS, **HANDLING_SLIPS}


@pytest.fixture
def shipped(db: None, time_machine: Any) -> ContentRelease:
    """The shipped edition as working rows, with nothing in the way of a release."""
    time_machine.move_to("2026-11-23T12:00Z", tick=False)
    done = load_shipped(TODAY)
    assert done.live is not None
    return done.live


def typed(client: Client, slip: Slip) -> Any:
    """Make the slip on its page, as an editor would, and save."""
    row = slip.model._default_manager.get(**slip.which)
    address = page(slip.model, "change", row.pk)
    opened = client.get(address)
    sent = filled_in(opened)
    assert set(slip.own) <= {*sent, *opened.context["adminform"].form.fields}
    sent |= slip.own
    for prefix, which, values in slip.rows:
        (at,) = _rows(opened, prefix, which)
        sent |= {f"{at}-{name}": value for name, value in values.items()}
    sent = {name: value for name, value in sent.items() if value is not None}
    return client.post(address, sent, follow=True)


def _rows(opened: Any, prefix: str, which: Any) -> list[str]:
    formsets = [inline.formset for inline in opened.context["inline_admin_formsets"]]
    (formset,) = [one for one in formsets if one.prefix == prefix]
    return [
        form.prefix
        for form in formset.forms
        if form.instance.pk
        and all(str(getattr(form.instance, name)) == value for name, value in which.items())
    ]


@pytest.mark.parametrize("name", ALL)
def test_a_slip_is_caught(name: str, shipped: ContentRelease, admin_client: Client) -> None:
    slip = ALL[name]
    answer = said(typed(admin_client, slip))
    found = [str(one) for one in findings_of_rows(TODAY)]
    if slip.caught == SAVE:
        assert "Not saved. Nothing you typed is lost." in answer
        assert slip.says in answer
        assert found == []
    else:
        assert slip.caught == READINESS
        assert "was changed successfully" in answer
        assert "Before this content can be released" in answer
        assert any(slip.says in one for one in found), found


@pytest.mark.parametrize("name", HOLES)
def test_a_hole_is_still_open(name: str, shipped: ContentRelease, admin_client: Client) -> None:
    """Closed? Then it belongs among the slips that are caught."""
    reason, slip = HOLES[name]
    assert reason
    assert "was changed successfully" in said(typed(admin_client, slip))
    assert findings_of_rows(TODAY) == []


def test_there_are_at_least_60() -> None:
    assert len(ALL) >= 60
    assert {slip.caught for slip in ALL.values()} == {SAVE, READINESS}
