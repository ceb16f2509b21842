"""Review dates: said from 30 days before, on page and paper; stopped at, where that was chosen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from dosing.content.digest import digest_of
from dosing.content.live import live_formulary
from dosing.content.load import shipped_formulary
from dosing.engine.codec import canonical, encode
from dosing.engine.formulary import Formulary
from dosing.exports.paper import sheet_pdf
from dosing.models import ContentRelease
from dosing.presenters.sheet import release_of, sheet_view
from tests.medication_text import page_problems

from . import papers
from .conftest import NOW
from .patients import COLITIS, FIRST
from .posting import DRUG_FIGURE, fields_of

TODAY = date(2026, 11, 23)
#: Days to the review date → what is said of "X"; "" for nothing.
SAID = {
    31: "",
    30: "The review date of X is Wed 23 Dec 2026, in 30 days.",
    1: "The review date of X is Tue 24 Nov 2026, in 1 day.",
    0: "The review date of X is Mon 23 Nov 2026, today.",
    -1: "The review of X was due on Sun 22 Nov 2026: check before relying on it. "
    "Contact: the pharmacy, 555 0100",
}
DAYS = pytest.mark.parametrize("days", SAID)
ANY = re.compile(r"The review (date )?of ")
Answering = Callable[[Formulary], None]


def live(formulary: Formulary) -> ContentRelease:
    document = canonical(encode(formulary))
    return ContentRelease.objects.create(
        edition=formulary.edition,
        digest=digest_of(document),
        document=document,
        frozen_at=NOW,
        is_shipped=True,
        use="live",
        live_from=NOW,
    )


def edition(**values: Any) -> Formulary:
    named = {"contact": "the pharmacy, 555 0100", "owner": "the drug committee"}
    return replace(shipped_formulary(), **(named | values))


def with_date(kind: str, slug: str, review_by: date) -> Formulary:
    """One row of the content with a date of its own; the edition's is far ahead."""
    rows = getattr(shipped_formulary(), kind)
    return edition(**{kind: {**rows, slug: replace(rows[slug], review_by=review_by)}})


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def text(answer: Any) -> str:
    if answer["Content-Type"] == "application/pdf":
        return " ".join(papers.pages(answer.content))
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", plain)


def post(client: Client, to: str, payload: dict[str, Any], **headers: str) -> HttpResponse:
    answer: Any = client.post(to, fields_of(payload), headers=headers)
    return answer


def everything(client: Client, payload: dict[str, Any] = FIRST) -> dict[str, str]:
    """Every page and paper that shows a dose, or the whole content, by its address."""
    return {
        "page": text(post(client, "/", payload)),
        "htmx": text(post(client, "/", payload, **{"HX-Request": "true"})),
        "/sheet/": text(post(client, "/sheet/", payload)),
        **{to: text(client.get(to)) for to in ("/downtime/", "/content/")},
    }


def files(client: Client, payload: dict[str, Any] = FIRST) -> dict[str, str]:
    """The same papers as PDF: they take seconds, and their templates are those of the pages."""
    return {
        "/sheet.pdf": text(post(client, "/sheet.pdf", payload)),
        "/downtime.pdf": text(client.get("/downtime.pdf")),
    }


def api(client: Client, payload: dict[str, Any]) -> Any:
    body = json.dumps(payload)
    return client.post("/api/v1/calculate", body, content_type="application/json").json()


# The edition's


@DAYS
@pytest.mark.django_db
def test_the_edition_s_date_is_said_on_every_page_and_paper(client: Client, days: int) -> None:
    live(edition(review_by=on(days)))
    found = everything(client) | {"empty": text(client.get("/"))}
    for where, said in (found | (files(client) if days in (30, -1) else {})).items():
        sentence = SAID[days].replace("X", "this content")
        assert sentence in said, where
        assert len(ANY.findall(said)) == bool(sentence), where
    content = api(client, FIRST)["content"]
    assert content["review_by"] == on(days).isoformat()
    assert content["review_overdue"] is (days < 0)
    page = post(client, "/", FIRST).content.decode()
    assert page_problems(page) == []
    level = "caution" if days < 0 else "note"
    assert (f'<p class="finding {level}"><strong class="word">{level.title()}' in page) or days > 30


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Pacific/Honolulu", "Mon 23 Nov 2026, today."),
        ("UTC", "Mon 23 Nov 2026, today."),
        ("Pacific/Auckland", "was due on Mon 23 Nov 2026: check"),
    ],
)
def test_the_day_is_the_ward_s(client: Client, settings: Any, zone: str, said: str) -> None:
    """14:05 in London is early on the 23rd in Honolulu, and on the 24th in Auckland."""
    settings.TIME_ZONE = zone
    live(edition(review_by=TODAY))
    assert all(said in found for found in everything(client).values())
    assert api(client, FIRST)["content"]["review_overdue"] is said.startswith("was")
    settings.REVIEW_OVERDUE = "stop"
    assert (client.get("/").status_code == 503) is said.startswith("was")


# A row's


@DAYS
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "slug", "named", "unused"),
    [
        ("drugs", "ganciclovir", "the content on ganciclovir IV", "foscarnet-induction-90"),
        (
            "regimens",
            "ganciclovir-induction",
            "the regimen “Ganciclovir IV – induction”",
            "ganciclovir-maintenance",
        ),
    ],
)
def test_a_row_s_date_is_said_where_the_plan_uses_it(
    client: Client, days: int, kind: str, slug: str, named: str, unused: str
) -> None:
    live(with_date(kind, slug, on(days)))
    sentence = SAID[days].replace("X", named)
    for where, said in (everything(client) | (files(client) if days == -1 else {})).items():
        if days > 30 and where in ("/downtime/", "/content/"):
            assert f"{named[0].upper()}{named[1:]}: to be reviewed by Thu 24 Dec 2026." in said
        else:
            assert sentence in said, where
            assert len(ANY.findall(said)) == bool(sentence), where
    answer = api(client, FIRST)
    assert answer["content"]["review_overdue"] is False
    near = (
        [{"text": sentence.replace("30 d", "30\u00a0d").replace("1 d", "1\u00a0d")}]
        if sentence
        else []
    )
    found = [{"text": one["text"]} for one in answer.get("review_dates", [])]
    assert found == near
    other = FIRST | {"regimen": unused}
    for where, said in everything(client, other).items():
        if where in ("page", "htmx", "/sheet/"):
            assert not ANY.search(said), where
    assert "review_dates" not in api(client, other)


@DAYS
@pytest.mark.django_db
def test_guidance_s_date_is_said_where_the_guidance_stands(client: Client, days: int) -> None:
    topic = next(one for one in shipped_formulary().guidance.values() if not one.groups)
    live(with_date("guidance", topic.slug, on(days)))
    sentence = SAID[days].replace("X", f"the guidance “{topic.title}”")
    assert sentence in text(post(client, "/", FIRST))
    assert not ANY.search(text(post(client, "/sheet/", FIRST))), "no guidance on this sheet"
    wanted = fields_of(FIRST) | {"guidance_on_sheet": "yes"}
    answer: Any = client.post("/sheet/", wanted)
    assert len(ANY.findall(text(answer))) == bool(sentence)
    assert sentence in text(answer)


@pytest.mark.django_db
def test_both_drugs_of_a_plan_and_each_once(client: Client) -> None:
    rows = shipped_formulary().drugs
    late = {slug: replace(drug, review_by=on(-1)) for slug, drug in rows.items()}
    live(edition(drugs=late))
    said = text(post(client, "/", COLITIS))
    assert len(ANY.findall(said)) == 2
    for name in ("ganciclovir IV", "valGANciclovir by mouth"):
        assert SAID[-1].replace("X", f"the content on {name}") in said


# Owner and contact


@pytest.mark.django_db
def test_owner_and_contact_stand_on_page_paper_and_public_content(client: Client) -> None:
    row = live(edition(owner="the drug committee"))
    for where, said in (everything(client) | files(client)).items():
        if where != "htmx":
            assert "Owner: the drug committee" in said, where
            assert "Contact: the pharmacy, 555 0100" in said, where
    row.delete()
    live(edition(owner=""))
    for where, said in everything(client).items():
        assert where == "htmx" or "Owner: not named" in said, where


def test_what_stands_at_its_default_does_not_travel() -> None:
    """An edition frozen before a field existed keeps its digest."""
    plain = replace(shipped_formulary(), owner="")
    named = encode(replace(plain, owner="the drug committee"))
    assert named.keys() - encode(plain).keys() == {"owner"}
    assert "review_by" not in encode(plain)["drugs"][0]


# Bytes


def test_the_sheet_s_day_is_that_of_its_printing() -> None:
    content = edition(review_by=on(3))

    def sheet(days: int) -> bytes:
        printed = papers.PRINTED + timedelta(days=days)
        words = release_of(
            content, papers.digest(), approved=False, printed_at=printed, time_zone="UTC"
        )
        return sheet_pdf(sheet_view(papers.plan("few platelets"), content, words))

    assert sheet(0) == sheet(0)
    assert "in 3 days" in " ".join(papers.pages(sheet(0)))
    assert "in 1 day." in " ".join(papers.pages(sheet(2)))
    assert "was due on Thu 26 Nov 2026" in " ".join(papers.pages(sheet(4)))


# An installation that stops


@pytest.fixture
def stop(settings: Any, db: None) -> None:
    settings.REVIEW_OVERDUE = "stop"


WHY = "its review was due on Sun 22 Nov 2026, and what is overdue is stopped here. Contact: "
WHOLE = f"The clinical content is not used: {WHY}the pharmacy, 555 0100"


@pytest.mark.usefixtures("stop")
def test_an_overdue_release_closes_every_door(
    client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live(edition(review_by=on(-1)))
    for where, said in (everything(client) | files(client)).items():
        assert WHOLE in said, where
        assert not DRUG_FIGURE.search(said), where
    assert api(client, FIRST) == {"status": "unavailable", "reason": WHOLE}
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps(FIRST))
    with pytest.raises(SystemExit):
        call_command("calculate", str(file))
    assert json.loads(capsys.readouterr().out) == {"status": "unavailable", "reason": WHOLE}


@pytest.mark.usefixtures("stop")
@pytest.mark.parametrize("days", [0, 30])
def test_on_its_last_day_it_is_used(client: Client, days: int) -> None:
    live(edition(review_by=on(days)))
    assert api(client, FIRST)["status"] == "ok"


@pytest.mark.usefixtures("stop")
@pytest.mark.parametrize("days", [0, -1])
def test_an_overdue_drug_is_as_one_withdrawn(client: Client, days: int) -> None:
    live(with_date("drugs", "ganciclovir", on(days)))
    said = api(client, FIRST)
    if not days:
        assert said["status"] == "ok"
        return
    assert said["status"] == "stopped"
    assert said["orders"][0]["reason"] == "withdrawn"
    assert WHY[1:] in said["findings"][0]["text"]
    for where, found in everything(client).items():
        if where in ("page", "htmx", "/sheet/"):
            assert "Withdrawn from this calculator: ganciclovir IV. Its review was due" in found
            assert not DRUG_FIGURE.search(found.partition("Side by side")[0]), where
        elif where != "/content/":
            assert "Withdrawn: do not use. Its review was due on Sun 22 Nov 2026" in found
    assert api(client, FIRST | {"regimen": "foscarnet-induction-90"})["status"] == "ok"


@pytest.mark.usefixtures("stop")
@pytest.mark.parametrize("days", [0, -1])
@pytest.mark.parametrize("slug", ["ganciclovir-induction", "hsct-surveillance"])
def test_an_overdue_regimen_is_refused_at_every_door(client: Client, days: int, slug: str) -> None:
    live(with_date("regimens", slug, on(days)))
    payload = FIRST | {"regimen": slug}
    said = api(client, payload)
    if not days:
        assert said["status"] == "ok"
        return
    title = shipped_formulary().regimens[slug].title
    refusal = f"{title} cannot be chosen. I{WHY[1:]}the pharmacy, 555 0100"
    assert said == {"status": "invalid", "errors": {"regimen": [refusal]}}
    for to in ("/", "/sheet/", "/sheet.pdf"):
        answer = post(client, to, payload)
        assert answer.status_code == 422
        assert refusal in text(answer)
        assert not DRUG_FIGURE.search(text(answer).partition("Not calculated yet")[2])
    paper = text(client.get("/downtime/"))
    assert f"Do not use the regimen “{title}”. I{WHY[1:]}" in paper
    courses = paper[paper.index("Phases, length in days") :]
    assert f"{title} [" not in courses


@pytest.mark.usefixtures("stop")
def test_an_overdue_regimen_is_not_offered_instead(client: Client) -> None:
    stopped = COLITIS | {"dialysis": "haemodialysis"}
    content = edition()
    row = live(content)
    assert api(client, stopped)["offer"]["regimen"] == "ganciclovir-induction"
    row.delete()
    live(with_date("regimens", "ganciclovir-induction", on(-1)))
    assert "offer" not in api(client, stopped)


@pytest.mark.django_db
def test_who_only_says_it_goes_on(client: Client) -> None:
    live(edition(review_by=on(-400)))
    assert api(client, FIRST)["status"] == "ok"


@pytest.mark.usefixtures("stop")
def test_the_same_object_each_time_and_one_query(
    client: Client, django_assert_num_queries: Any
) -> None:
    live(with_date("drugs", "ganciclovir", on(-1)))
    post(client, "/", FIRST, **{"HX-Request": "true"})
    with django_assert_num_queries(1):
        first = live_formulary()
    assert first.formulary is live_formulary().formulary
