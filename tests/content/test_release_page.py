"""The pages of releases: states in words, a button for each step, and why one cannot be taken."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dosing.admin.release_steps import STEPS
from dosing.content import lifecycle
from dosing.content.live import live_formulary
from dosing.content.transitions import DRUG_PERMISSIONS, TRANSITIONS
from dosing.models import (
    AuditEntry,
    ContentRelease,
    Drug,
    Edition,
    Threshold,
    Withdrawal,
)

from .releases import NOW, WHY, People, release
from .test_admin import said

LIST = "admin:dosing_contentrelease_changelist"


def page(row: ContentRelease) -> str:
    return reverse("admin:dosing_contentrelease_change", args=[row.pk])


def step(row: ContentRelease, action: str) -> str:
    return reverse("admin:dosing_contentrelease_step", args=[row.pk, action])


def disabled(response: Any) -> dict[str, str]:
    """Buttons that cannot be used, with the sentence each points at."""
    html = response.content.decode()
    found = {}
    for why, title in re.findall(
        r'<button type="button" disabled aria-describedby="(\w[\w-]*)">(.*?)</button>', html
    ):
        (sentence,) = re.findall(rf'<span id="{why}">(.*?)</span>', html)
        found[title] = sentence
    return found


def enabled(response: Any) -> set[str]:
    html = response.content.decode()
    steps = html[html.index('<div class="steps">') :]
    return {
        *re.findall(r'<button type="submit">(.*?)</button>', steps),
        *re.findall(r'<a class="button"[^>]*>(.*?)</a>', steps),
    }


def test_every_step_has_a_button() -> None:
    assert set(STEPS) == {*TRANSITIONS, "withdraw-drug"}
    assert {*STEPS, "lift-drug"} == {*TRANSITIONS, *DRUG_PERMISSIONS}


def test_the_list_says_each_state_in_words(they: People, at: Any) -> None:
    states = {
        "draft": "a draft",
        "in-review": "in review",
        "returned": "returned",
        "approved": "approved",
        "scheduled": "set for a time",
        "superseded": "superseded",
        "withdrawn": "withdrawn",
        "shipped": "live, not approved",
    }
    for state in states:
        release(state, they)
    shown = at(they.visitor)
    they.visitor.user_permissions.set(they.reviewer.groups.get().permissions.all())
    listed = said(shown.get(reverse(LIST)))
    for state, words in states.items():
        assert re.search(rf"edition {state} {words} ", listed), state


def test_a_page_needs_the_right_to_read(they: People, at: Any) -> None:
    row = release("live", they)
    for address in (
        page(row),
        step(row, "approve"),
        reverse(LIST),
        reverse("admin:dosing_contentrelease_send"),
    ):
        assert at(they.visitor).get(address).status_code == 403
    they.visitor.is_staff = False
    they.visitor.save()
    assert "login" in at(they.visitor).get(page(row))["Location"]


def test_an_own_release_cannot_be_approved_and_the_button_says_why(they: People, at: Any) -> None:
    row = release("in-review", they)
    shown = at(they.author).get(page(row))
    assert disabled(shown)["Approve"] == "This is for reviewers."
    ContentRelease.objects.update(sent_by=they.administrator)
    shown = at(they.administrator).get(page(row))
    assert disabled(shown)["Approve"] == (
        "You sent this for review yourself: another person decides."
    )
    shown = at(they.reviewer).get(page(row))
    assert {"Approve", "Return with this comment"} <= enabled(shown)
    assert disabled(shown)["Set live now"] == "This is for publishers."


@pytest.mark.parametrize("state", ["draft", "in-review", "approved", "live", "withdrawn"])
def test_every_button_is_either_usable_or_says_why(they: People, at: Any, state: str) -> None:
    row = release(state, they)
    for person in (they.editor, they.reviewer, they.publisher, they.administrator):
        shown = at(person).get(page(row))
        titles = {one.title for one in STEPS.values()}
        stopped = disabled(shown)
        assert stopped.keys() | enabled(shown) == titles
        assert not stopped.keys() & enabled(shown)
        assert all(stopped.values())


def test_a_step_taken_from_the_page(they: People, at: Any) -> None:
    row = release("in-review", they)
    browser = at(they.reviewer)
    answer = browser.post(step(row, "approve"), {"reason": WHY}, follow=True)
    assert answer.redirect_chain == [(page(row), 302)]
    words = said(answer)
    assert "Edition in-review is approved." in words
    assert f"reviewer approved {WHY}" in words
    row.refresh_from_db()
    assert row.approved_by == they.reviewer


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_the_form_comes_back_with_a_word_beside_it(
    they: People, at: Any, reason: str
) -> None:
    row = release("in-review", they)
    answer = at(they.reviewer).post(step(row, "approve"), {"reason": reason})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert '<ul class="errorlist" id="approve_reason_error"><li>Say why.</li></ul>' in html
    assert 'aria-describedby="approve_reason_error"' in html
    assert not AuditEntry.objects.exists()


def test_a_step_that_is_not_allowed_any_more_is_refused_in_words(they: People, at: Any) -> None:
    row = release("in-review", they)
    lifecycle.approve(release=row, by=they.administrator, reason=WHY)
    answer = at(they.reviewer).post(step(row, "approve"), {"reason": WHY})
    assert answer.status_code == 422
    assert "It is approved already." in said(answer)
    assert AuditEntry.objects.count() == 1


def test_a_form_that_was_not_sent_from_here_is_refused(they: People) -> None:
    row = release("in-review", they)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(they.reviewer)
    assert strict.post(step(row, "approve"), {"reason": WHY}).status_code == 403


def test_addresses_that_name_nothing(they: People, at: Any) -> None:
    row = release("live", they)
    browser = at(they.administrator)
    assert browser.get(step(row, "whim")).status_code == 403
    assert browser.get(page(row).replace(str(row.pk), "999")).status_code == 404
    assert browser.get(page(row).replace(str(row.pk), "x")).status_code == 404


# Sending


def test_the_working_rows_are_sent_from_the_list(
    live_small: ContentRelease, they: People, at: Any
) -> None:
    Edition.objects.update(edition="ours 1")
    browser = at(they.editor)
    address = reverse("admin:dosing_contentrelease_send")
    assert address in browser.get(reverse(LIST)).content.decode()
    assert enabled(browser.get(address)) == {"Send for review"}
    answer = browser.post(address, {"reason": WHY}, follow=True)
    assert "Ours 1 is frozen and in review." in said(answer)
    assert ContentRelease.objects.get(edition="ours 1").sent_by == they.editor


def test_what_is_in_the_way_is_named_and_the_button_is_off(
    live_small: ContentRelease, they: People, at: Any
) -> None:
    Drug.objects.get(slug="tabvir").sources.clear()
    Threshold.objects.all().delete()
    browser = at(they.editor)
    address = reverse("admin:dosing_contentrelease_send")
    shown = browser.get(address)
    assert disabled(shown) == {"Send for review": "They are not ready."}
    assert "In the way" in said(shown)
    assert "drug tabvir" in said(shown)
    answer = browser.post(address, {"reason": WHY})
    assert answer.status_code == 422
    assert "This content is not ready." in said(answer)
    assert ContentRelease.objects.count() == 1


def test_the_sending_page_shows_what_is_sent_and_asks_for_a_name_of_its_own(
    live_small: ContentRelease, they: People, at: Any
) -> None:
    browser = at(they.editor)
    address = reverse("admin:dosing_contentrelease_send")
    assert "No difference" in said(browser.get(address))
    Drug.objects.filter(slug="tabvir").update(brands="Ours")
    shown = browser.get(address)
    assert "1 difference" in said(shown)
    assert disabled(shown) == {"Send for review": "They are not ready."}
    assert "small 1 is frozen already with other content." in said(shown)
    Edition.objects.update(edition="ours 1")
    shown = browser.get(address)
    assert "frozen already" not in said(shown)
    assert enabled(shown) == {"Send for review"}


def test_a_reviewer_cannot_send(live_small: ContentRelease, they: People, at: Any) -> None:
    browser = at(they.reviewer)
    address = reverse("admin:dosing_contentrelease_send")
    assert disabled(browser.get(address)) == {"Send for review": "This is for editors."}
    assert browser.post(address, {"reason": WHY}).status_code == 422
    assert ContentRelease.objects.count() == 1


def test_findings_of_a_draft_stand_on_the_page_that_refuses_it(
    they: People, at: Any, now: Any
) -> None:
    row = release("draft", they)
    now.move_to("2028-01-01T12:00Z", tick=False)
    answer = at(they.editor).post(step(row, "send"), {"reason": WHY})
    assert answer.status_code == 422
    assert "It was to be reviewed by" in said(answer)


# A set time


def test_a_time_is_set_on_the_page_and_what_the_clock_did_stands_there_later(
    they: People, at: Any, now: Any
) -> None:
    before, row = release("live", they), release("approved", they)
    browser = at(they.publisher)
    late = browser.post(step(row, "schedule"), {"reason": WHY, "at": "2026-11-23T11:00"})
    assert late.status_code == 422
    assert '<ul class="errorlist" id="schedule_at_error">' in late.content.decode()
    wrong = browser.post(step(row, "schedule"), {"reason": WHY, "at": "tonight"})
    assert "Write date and time as" in said(wrong)
    browser.post(step(row, "schedule"), {"reason": WHY, "at": "2026-11-23T14:00"})
    assert "edition approved: set for a time." in said(browser.get(page(row)))
    assert "Live from Mon 23 Nov 2026 14:00" in said(browser.get(page(row)))
    now.move_to(NOW + timedelta(hours=2), tick=False)
    browser = at(they.publisher)
    assert "edition approved: live." in said(browser.get(page(row)))
    assert "edition live: superseded." in said(browser.get(page(before)))


# The stop button


def test_withdrawing_is_one_step_and_the_way_back_asks_one_more(they: People, at: Any) -> None:
    row = release("live", they)
    browser = at(they.publisher)
    assert "Withdraw this release" in enabled(browser.get(page(row)))
    browser.post(step(row, "withdraw"), {"reason": "A wrong band."})
    shown = browser.get(page(row))
    assert "edition live: withdrawn." in said(shown)
    # No form for the way back on this page: only the way to a page that has one.
    assert f'href="{step(row, "lift")}"' in shown.content.decode()
    assert f'action="{step(row, "lift")}"' not in shown.content.decode()
    assert enabled(browser.get(step(row, "lift"))) == {"End the withdrawal"}
    browser.post(step(row, "lift"), {"reason": "It was right."})
    assert enabled(browser.get(step(row, "bring-back"))) == {"Bring back"}
    browser.post(step(row, "bring-back"), {"reason": "It was right."})
    assert live_formulary().digest == row.digest


def test_one_drug_is_withdrawn_here_or_everywhere_and_listed_with_its_way_back(
    they: People, at: Any
) -> None:
    row = release("live", they)
    browser = at(they.publisher)
    sent = {"drug": "tabvir", "where": "this", "reason": "A wrong table."}
    browser.post(step(row, "withdraw-drug"), sent)
    browser.post(step(row, "withdraw-drug"), sent | {"drug": "vialvir", "where": "every"})
    here, everywhere = Withdrawal.objects.order_by("pk")
    assert (here.release, everywhere.release) == (row, None)
    listed = said(browser.get(reverse(LIST)))
    assert "tabvir of edition live A wrong table. publisher" in listed
    assert "vialvir in every release A wrong table. publisher" in listed
    lift = reverse("admin:dosing_contentrelease_lift", args=[everywhere.pk])
    assert lift in browser.get(reverse(LIST)).content.decode()
    assert enabled(browser.get(lift)) == {"End the withdrawal"}
    assert browser.post(lift, {"reason": ""}).status_code == 422
    browser.post(lift, {"reason": "The recall is over."})
    assert live_formulary().formulary.withdrawn == {"tabvir": "A wrong table."}
    assert browser.get(lift).status_code == 404


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"drug": ""}, "drug", "Choose a drug."),
        ({"drug": "aspirin"}, "drug", "Choose a drug."),
        ({"reason": "It prints 1150 mg."}, "reason", "Leave amounts in mg or mL out"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    they: People, at: Any, sent: dict[str, str], field: str, sentence: str
) -> None:
    row = release("live", they)
    whole = {"drug": "tabvir", "where": "this", "reason": "A wrong table."} | sent
    answer = at(they.publisher).post(step(row, "withdraw-drug"), whole)
    assert answer.status_code == 422
    beside = rf'<ul class="errorlist" id="withdraw-drug_{field}_error"><li>{sentence}'
    assert re.search(beside, answer.content.decode())
    assert not Withdrawal.objects.exists()


def test_a_reviewer_may_stop_and_not_bring_back(they: People, at: Any) -> None:
    row = release("live", they)
    browser = at(they.reviewer)
    browser.post(step(row, "withdraw"), {"reason": "A wrong band."})
    assert disabled(browser.get(page(row)))["End the withdrawal …"] == "This is for publishers."
    assert browser.post(step(row, "lift"), {"reason": WHY}).status_code == 422


def test_nothing_inline_and_nothing_that_runs(they: People, at: Any) -> None:
    row = release("live", they)
    browser = at(they.administrator)
    for address in (page(row), step(row, "withdraw"), reverse("admin:dosing_contentrelease_send")):
        html = browser.get(address).content.decode()
        steps = html[html.index('<div class="steps">') : html.index("</main>")]
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", steps)


@pytest.mark.parametrize("document", ["{", "{}", "[]", '{"drugs": [1]}'])
def test_an_altered_release_says_so_and_can_still_be_withdrawn(
    they: People, at: Any, document: str
) -> None:
    row = release("live", they)
    browser = at(they.publisher)
    assert "was altered" not in said(browser.get(page(row)))
    ContentRelease.objects.update(document=document)
    assert "This release was altered" in said(browser.get(page(row)))
    browser.post(step(row, "withdraw"), {"reason": "It was altered."})
    row.refresh_from_db()
    assert row.state == "withdrawn"
