"""Pages of the content: all of it with sources, two releases compared, the impact of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from dosing.content import frozen, impact_run
from dosing.content.digest import digest_of
from dosing.content.impact import impact_of
from dosing.content.load import shipped_formulary
from dosing.content.population import population
from dosing.content.roles import set_up_roles
from dosing.engine.codec import canonical, encode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease, ImpactRun
from tests.content.faults import change_row
from tests.medication_text import page_problems, visible_text

from .conftest import NOW


def ours() -> Formulary:
    """The shipped edition, with ganciclovir from 50 to below 70 once a day."""
    shipped = replace(shipped_formulary(), edition="ours 1")
    return change_row(shipped, "vial", lambda table: table.rows[1], frequency="q24h")


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    frozen.formulary_of.cache_clear()
    yield
    frozen.formulary_of.cache_clear()


@pytest.fixture
def other(content: ContentRelease) -> ContentRelease:
    """A second release that was live once: everyone may read it."""
    document = canonical(encode(ours()))
    return ContentRelease.objects.create(
        edition="ours 1",
        digest=digest_of(document),
        document=document,
        frozen_at=NOW,
        is_shipped=True,
        use="superseded",
        live_from=NOW,
    )


@pytest.fixture
def reviewer(client: Client, db: None) -> Client:
    """Somebody who works on the content."""
    set_up_roles()
    user = get_user_model().objects.create_user("reviewer", password="x", is_staff=True)
    user.groups.add(Group.objects.get(name="reviewer"))
    client.force_login(user)
    return client


def read(html: str) -> str:
    return re.sub(r"\s+", " ", visible_text(html)).replace("\u00a0", " ")


def compare(client: Client, before: str, after: str) -> str:
    answer = client.get("/content/compare/", {"before": before, "after": after})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    html: str = answer.content.decode()
    return html


# Two releases


def test_the_difference_in_clinical_words(
    client: Client, content: ContentRelease, other: ContentRelease
) -> None:
    html = compare(client, content.edition, other.edition)
    assert page_problems(html) == []
    text = read(html)
    assert "2 differences, the weightiest first." in text
    assert (
        "ganciclovir IV, induction, 50 to below 70 mL/min: 2.5 mg/kg every 12 hours → becomes "
        "2.5 mg/kg once a day (in a day 5 mg/kg → 2.5 mg/kg, −50%)"
    ) in text
    doses, texts = re.findall(r"<details[^>]*>", html)
    assert " open" in doses
    assert " open" not in texts
    assert content.digest in html
    assert other.digest in html


@pytest.mark.parametrize("name", ["edition", "digest", "beginning"])
def test_a_release_by_any_of_its_names(
    client: Client, content: ContentRelease, other: ContentRelease, name: str
) -> None:
    bare = other.digest.removeprefix("sha256:")
    said = {"edition": other.edition, "digest": other.digest, "beginning": bare[:12]}[name]
    assert "From 2026.3 to ours 1" in read(compare(client, content.edition, said))
    assert "From 2026.3 to ours 1" in read(compare(client, "", said)), "the live one stands first"


def test_the_same_release_twice_has_no_difference(client: Client, content: ContentRelease) -> None:
    html = compare(client, content.edition, content.edition)
    assert "No difference: both have the same content." in html


def test_a_name_nobody_has(client: Client, content: ContentRelease) -> None:
    answer = client.get("/content/compare/", {"before": "2026.3", "after": "2031.1"})
    assert answer.status_code == 404
    assert "There is no release of that name" in answer.content.decode()


def test_an_altered_release_is_not_compared(
    client: Client, content: ContentRelease, other: ContentRelease
) -> None:
    document = other.document.replace('"q24h"', '"q12h"', 1)
    ContentRelease.objects.filter(pk=other.pk).update(document=document)
    answer = client.get("/content/compare/", {"before": content.digest, "after": other.digest})
    assert answer.status_code == 404
    html = answer.content.decode()
    assert "This release was altered: its text does not fit its digest." in html
    assert "mg/kg" not in html


def test_without_names_two_can_be_chosen(client: Client, other: ContentRelease) -> None:
    html = client.get("/content/compare/").content.decode()
    assert html.count(f'value="{other.digest}"') == 2
    assert 'action="/content/' not in html, "the form asks the page it stands on"


@pytest.mark.django_db
def test_releases_can_be_compared_while_none_is_live(client: Client, other: ContentRelease) -> None:
    ContentRelease.objects.filter(use="live").update(use="superseded")
    assert "2 differences" in compare(client, "2026.3", "ours 1")


def test_comparing_is_reading_only(client: Client, content: ContentRelease) -> None:
    assert client.post("/content/compare/").status_code == 405
    assert client.post("/content/").status_code == 405


# The whole content


@pytest.fixture
def whole(client: Client, content: ContentRelease) -> str:
    answer = client.get("/content/")
    assert answer.status_code == 200
    html: str = answer.content.decode()
    return html


def test_every_drug_table_rule_regimen_and_text_is_there(whole: str) -> None:
    text = read(whole)
    formulary = shipped_formulary()
    for drug in formulary.drugs.values():
        for said in (
            *(rule.text for rule in drug.rules),
            *(one.text for one in drug.instructions),
            *(one.text for one in drug.action_limits),
            *(one.advice for one in drug.thresholds),
            *(one.text for one in drug.published_doses),
            *(row.advice for table in drug.tables.values() for row in table.rows),
            *(step.text for step in drug.clock),
            drug.drug_class,
            *([] if drug.start_conditions is None else [drug.start_conditions.advice]),
        ):
            assert said.replace("\u00a0", " ") in text
    for regimen in formulary.regimens.values():
        for said in (
            regimen.title,
            regimen.audience,
            regimen.description,
            regimen.stop_criteria,
            *(rule.text for rule in regimen.rules),
            *(one.text for one in regimen.immunoglobulin),
        ):
            assert said.replace("\u00a0", " ") in text
    for said in (
        "Creatinine above 1.5 mg/dL (132.6 µmol/L), or urine protein of 100 mg/dL or 2+ or more",
        "3 mg/kg in place of the table’s",
        "Creatinine and urine at most 2 days old at the dose.",
        "No drug, tests only: to day 100 after transplantation, by option to day 365.",
        "Caution after the first dose",
    ):
        assert said in text
    for topic in formulary.guidance.values():
        assert all(point.text.replace("\u00a0", " ") in text for point in topic.points)
    for conflict in formulary.disagreements.values():
        assert conflict.question.replace("\u00a0", " ") in text
    for policy in formulary.policies:
        assert policy.title in text
    assert all(one.text.replace("\u00a0", " ") in text for one in formulary.considerations)


def test_rows_are_those_of_the_downtime_paper(whole: str, client: Client) -> None:
    """The same tables, word for word, with a source at each row."""
    tables = re.findall(r'<table class="(?:doses|factors)">.*?</table>', whole, re.DOTALL)
    paper = client.get("/downtime/").content.decode()
    theirs = re.findall(r'<table class="(?:doses|factors)">.*?</table>', paper, re.DOTALL)

    def rows(found: list[str]) -> list[str]:
        return [re.sub(r'<span class="refs">.*?</span>(?=</td>)', "", one) for one in found]

    assert len(tables) == 14
    assert [re.sub(r"#source-\d+.*?</a>", "", one) for one in rows(tables)] == [
        re.sub(r"#source-\d+.*?</a>", "", one) for one in rows(theirs)
    ]
    for table in tables:
        for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", table, re.DOTALL):
            assert 'href="#source-' in row


def test_every_source_that_is_cited_is_listed(whole: str) -> None:
    for kind in ("source", "beside"):
        cited = {int(number) for number in re.findall(rf'href="#{kind}-(\d+)"', whole)}
        listed = [int(number) for number in re.findall(rf'id="{kind}-(\d+)"', whole)]
        assert sorted(cited) == listed == list(range(1, len(listed) + 1))
        assert listed


def test_its_words_are_those_of_the_ward(whole: str, content: ContentRelease) -> None:
    assert page_problems(whole) == []
    assert content.digest in whole
    assert "Not approved." in whole


@pytest.mark.django_db
def test_without_a_live_release_there_is_none(client: Client) -> None:
    assert client.get("/content/").status_code == 503


# The impact


def address(before: ContentRelease, after: ContentRelease) -> str:
    return f"/content/impact/?before={quote(before.digest)}&after={quote(after.digest)}"


def test_who_does_not_work_on_the_content_is_asked_to_log_in(
    client: Client, content: ContentRelease, other: ContentRelease
) -> None:
    for ask in (client.get, client.post):
        answer = ask(address(content, other))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")
    assert client.get(address(content, other), headers={"HX-Request": "true"}).status_code == 403
    for name, is_staff in (("visitor", False), ("without a role", True)):
        visitor = get_user_model().objects.create_user(name, password="x", is_staff=is_staff)
        client.force_login(visitor)
        assert client.post(address(content, other)).status_code == 302
    assert not ImpactRun.objects.exists()


def test_it_is_started_by_its_button_and_follows(
    reviewer: Client,
    content: ContentRelease,
    other: ContentRelease,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[ImpactRun] = []
    monkeypatch.setattr(impact_run, "spawn_child", started.append)
    html = reviewer.get(address(content, other)).content.decode()
    assert "Calculate with both releases" in html
    assert "hx-get" not in html
    answer = reviewer.post(address(content, other))
    assert answer.status_code == 302
    reviewer.post(address(content, other))
    assert len(started) == 1
    html = reviewer.get(answer["Location"]).content.decode()
    assert "Starting." in html
    assert 'hx-trigger="every 1s"' in html
    assert '<meta http-equiv="refresh" content="3">' in html
    assert "Calculate with both releases" not in html
    ImpactRun.objects.update(done=12500, total=50004)
    part = reviewer.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="impact" hx-get="/content/impact/?before=sha256')
    assert "12,500 of 50,004 synthetic patients calculated with both releases." in part
    assert 'max="50004" value="12500">' in part
    asked = unescape(re.findall(r'hx-get="(.*?)"', part)[0])
    assert reviewer.get(asked, headers={"HX-Request": "true"}).content.decode() == part


def test_a_child_that_fell_silent_and_one_that_failed(
    reviewer: Client, content: ContentRelease, other: ContentRelease
) -> None:
    now = timezone.now()
    run = ImpactRun.objects.create(
        before=content.digest,
        after=other.digest,
        started_at=now,
        heard_at=now - timedelta(minutes=1),
        done=10,
        total=50004,
        attempt=1,
    )
    html = reviewer.get(address(content, other)).content.decode()
    assert "stopped without a result. 10 of 50,004" in html
    assert "Calculate with both releases" in html
    ImpactRun.objects.filter(pk=run.pk).update(failed="A child process ended.")
    html = reviewer.get(address(content, other)).content.decode()
    assert "No result. A child process ended." in html
    assert "hx-get" not in html


def test_the_same_release_twice_says_why_it_is_not_calculated(
    reviewer: Client, content: ContentRelease
) -> None:
    reason = "Both are the same release: there is nothing to compare."
    assert reason in reviewer.get(address(content, content)).content.decode()
    answer = reviewer.post(address(content, content))
    assert answer.status_code == 422
    assert reason in answer.content.decode()


def test_without_two_releases_it_asks_for_them(reviewer: Client, content: ContentRelease) -> None:
    assert "Choose two releases." in reviewer.get("/content/impact/").content.decode()
    assert reviewer.post("/content/impact/").status_code == 422


@pytest.fixture
def finished(content: ContentRelease, other: ContentRelease) -> ImpactRun:
    """A run over a small part of the population."""
    before, after = shipped_formulary(), ours()
    everyone = [one for _, some in population(before, after, 3_000) for one in some]
    found = impact_of(everyone, before, after)
    return ImpactRun.objects.create(
        before=content.digest,
        after=other.digest,
        attempt=1,
        started_at=NOW,
        heard_at=NOW,
        finished_at=NOW,
        done=found.patients,
        total=found.patients,
        result=encode(found),
    )


def test_the_result_in_words_and_drawn(
    reviewer: Client, content: ContentRelease, other: ContentRelease, finished: ImpactRun
) -> None:
    html = reviewer.get(address(content, other)).content.decode()
    assert page_problems(html) == []
    text = read(html)
    assert finished.result is not None
    doses = finished.result["changes"]["dose"]
    assert f"{doses} of {finished.total:,} synthetic patients" in text
    assert "would be dosed differently" in text
    assert f"Halved, or less than half {doses}" in text
    assert html.count('class="column ') == 12
    assert f">{doses}</text>" in html
    assert "style=" not in html
    affected = re.findall(r'<table class="affected">.*?</table>', html, re.DOTALL)
    assert len(re.findall("<tr>", affected[0])) == 11
    assert "ganciclovir IV: another dose or frequency; in a day −50%" in read(affected[0])
    assert "ganciclovir-induction-exactly-50" in read(affected[1])
    assert f"of {len(shipped_formulary().examples)} worked examples change." in text
    assert "Regimens without any change" in text
    assert "hx-get" not in html
    assert "Calculate again" in html


def test_a_release_that_was_never_in_use_is_read_by_those_who_work_on_it(
    client: Client, content: ContentRelease, other: ContentRelease
) -> None:
    """A draft has doses nobody approved: visitors neither see its name nor its words."""
    ContentRelease.objects.filter(pk=other.pk).update(
        use="unused", is_shipped=False, live_from=None
    )
    answer = client.get("/content/compare/", {"before": content.digest, "after": other.digest})
    assert answer.status_code == 404
    assert "ours 1" not in answer.content.decode()
    person = get_user_model().objects.create_user("editor", is_staff=True)
    client.force_login(person)
    answer = client.get("/content/compare/", {"before": content.digest, "after": other.digest})
    assert answer.status_code == 404
    set_up_roles()
    person.groups.add(Group.objects.get(name="editor"))
    assert "2 differences" in compare(client, content.digest, other.digest)
