"""The downtime paper: every cell is the content's, and nothing of the content is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from dosing.content.load import shipped_formulary
from dosing.engine.formulary import DOSES_PER_DAY, DoseRow, DoseTable, Drug
from dosing.models import ContentRelease
from dosing.presenters import words
from tests.medication_text import page_problems, visible_text

from . import papers

#: How often, in the words of the paper, by the content's code.
OFTEN = {
    "every 8 hours": "q8h",
    "every 12 hours": "q12h",
    "once a day": "q24h",
    "every 48 hours (every other day)": "q48h",
    "twice a week": "2/week",
    "3 times a week, after haemodialysis": "3/week-after-haemodialysis",
    "once a day, Monday to Friday": "5/week",
    "once a week": "weekly",
    "every 2 weeks": "every-2-weeks",
}
DRUGS = list(shipped_formulary().drugs.values())
TABLES = [(drug, table) for drug in DRUGS for table in drug.tables.values()]
#: The child formula has a test of its own.
BANDED = [(drug, table) for drug, table in TABLES if table.formula is None]
EACH_TABLE = pytest.mark.parametrize(
    ("drug", "table"), BANDED, ids=[f"{drug.slug} {table.slug}" for drug, table in BANDED]
)
EACH_DRUG = pytest.mark.parametrize("drug", DRUGS, ids=[drug.slug for drug in DRUGS])


def page() -> str:
    return render_to_string("dosing/downtime.html", {"paper": papers.downtime()})


class _Tables(HTMLParser):
    """The cells of each table of a class, below the heading that stands before it."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.found: dict[str, list[list[str]]] = {}
        self.heading = ""
        self._text: list[str] | None = None
        self._rows: list[list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h3" or (tag in ("th", "td") and self._rows is not None):
            self._text = []
        elif tag == "table" and dict(attrs).get("class") == self.kind:
            self._rows = self.found.setdefault(self.heading, [])
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._text or []).strip()
        if tag == "h3":
            self.heading, self._text = text, None
        elif tag in ("th", "td") and self._rows is not None:
            self._rows[-1].append(text)
            self._text = None
        elif tag == "table":
            self._rows = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)


def cells(kind: str) -> dict[str, list[list[str]]]:
    """Heading → rows of cells, the head of the table left out."""
    reader = _Tables(kind)
    reader.feed(page())
    return {heading: rows[1:] for heading, rows in reader.found.items()}


def heading(drug: Drug, table: DoseTable) -> str:
    return f"{words.full_name(drug)}: {table.title}"


# Tables, cell by cell


def test_there_is_a_table_for_every_table_of_the_content() -> None:
    printed = [*cells("doses"), *cells("factors")]
    assert sorted(printed) == sorted(heading(drug, table) for drug, table in TABLES)


@EACH_TABLE
def test_every_cell_is_the_content_s(drug: Drug, table: DoseTable) -> None:
    rows = cells("doses")[heading(drug, table)]
    assert len(rows) == len(table.rows)
    for printed, row in zip(rows, table.rows, strict=True):
        where, *middle, _ = printed
        if table.measure:
            assert place(where, table) == (
                row.dialysis or (row.low, row.low_closed, row.high, row.high_closed)
            )
        else:
            assert (row.taking or "such a medicine") in where
            assert ("US label" in where, "European label" in where) == (
                row.region == "us",
                row.region == "eu",
            )
        if row.amount is None:
            assert middle == [f"No dose. {row.advice}"]
        else:
            assert doses(middle, table) == (row.amount, row.frequency)


def place(text: str, table: DoseTable) -> object:
    """The band or the kind of dialysis a first cell names, read back from its words."""
    dialyses = {name: code for code, name in words.DIALYSES.items()}
    text = text[0].lower() + text[1:]
    if text in dialyses:
        return dialyses[text]
    assert text.count(f"\u00a0{table.measure}") == 1
    text = text.replace(f"\u00a0{table.measure}", "")
    number = r"(\d+(?:\.\d+)?)"
    for pattern, low_closed, high_closed in (
        (rf"{number} or more", True, False),
        (rf"above {number}", False, False),
    ):
        if match := re.fullmatch(pattern, text):
            return Decimal(match[1]), low_closed, None, high_closed
    if match := re.fullmatch(rf"{number} or less", text):
        return Decimal(0), True, Decimal(match[1]), True
    if match := re.fullmatch(rf"below {number}", text):
        return Decimal(0), True, Decimal(match[1]), False
    match = re.fullmatch(rf"(above )?{number} to (below )?{number}", text)
    assert match, text
    return Decimal(match[2]), not match[1], Decimal(match[4]), not match[3]


def doses(middle: list[str], table: DoseTable) -> tuple[Decimal, str]:
    """Amount and frequency from three cells, after looking at the third."""
    dose, often, daily = middle
    figure, unit = dose.split("\u00a0")
    assert unit == ("mg/kg" if table.per_kg else "mg")
    amount, code = Decimal(figure.replace(",", "")), OFTEN[often]
    times = DOSES_PER_DAY[code]
    if times < 1:
        assert daily == "not every day"
    else:
        assert Decimal(daily.split("\u00a0")[0].replace(",", "")) == amount * int(times)
        assert daily.endswith(f"\u00a0{unit} a day")
    return amount, code


@EACH_TABLE
def test_every_row_is_in_the_pdf(drug: Drug, table: DoseTable) -> None:
    text = printed_text()
    for row in cells("doses")[heading(drug, table)]:
        assert " ".join(row[:-1]).replace("\u00a0", " ") in text


@cache
def printed_text() -> str:
    """The text of the PDF on one line, without what stands at the foot of each page."""
    foot = r"Downtime paper, content .*? page \d+ of \d+"
    return re.sub(r"\s+", " ", re.sub(foot, " ", " ".join(papers.pages(papers.downtime_file()))))


def test_the_child_formula_with_every_k() -> None:
    (drug, table) = next((drug, table) for drug, table in TABLES if table.formula)
    formula = table.formula
    assert formula is not None
    rows = cells("factors")[heading(drug, table)]
    assert [row[:3] for row in rows] == [
        ["under 1\u00a0year", "any sex, birth weight low for gestational age", "0.33"],
        ["under 1\u00a0year", "any sex", "0.45"],
        ["1\u00a0year to under 2\u00a0years", "any sex", "0.45"],
        ["2\u00a0years to under 13\u00a0years", "male", "0.55"],
        ["2\u00a0years and over", "female", "0.55"],
        ["13\u00a0years and over", "male", "0.7"],
    ]
    assert [Decimal(row[2]) for row in rows] == [row.k for row in formula.k_rows]
    text = section(drug)
    for said in (
        "k × height in cm ÷ creatinine in mg/dL; above 150\u00a0mL/min/1.73 m², use 150",
        "7 × body-surface area × clearance; never above 900\u00a0mg",
        "round to the nearest 25\u00a0mg",
        "one tablet only where the formula gives 405 to 495\u00a0mg",
        "2\u00a0tablets at the highest dose, 900\u00a0mg",
        "After kidney transplantation: from 4\u00a0months to the day before the birthday at "
        "17\u00a0years.",
    ):
        assert said in text
    assert formula.note_text in text


# Rules, beside the tables


def section(drug: Drug) -> str:
    """What the page says about one drug."""
    html = page()
    start = html.index(f'<h2 class="drug-name">{words.full_name(drug)} ')
    return re.sub(r"[ \n]+", " ", visible_text(html[start : html.index("</section>", start)]))


def figures(part: Any) -> Iterator[Decimal]:
    """Every figure of a part of the content."""
    if isinstance(part, Decimal):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from figures(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from figures(getattr(part, field.name))


@EACH_DRUG
def test_rounding_preparation_and_thresholds_have_every_figure(drug: Drug) -> None:
    text = section(drug).replace(",", "")
    parts = (drug.roundings, drug.vial, drug.bottle, drug.oral, drug.thresholds)
    for figure in {*figures(parts)}:
        assert re.search(rf"(?<![\d.]){figure.normalize():f}(?!\.?\d)", text), figure
    for minutes in [time.minutes for time in (drug.bottle.times if drug.bottle else ())]:
        assert f"at least {minutes}\u00a0minutes" in text


@EACH_DRUG
def test_rules_instructions_tests_and_limits_are_all_there(drug: Drug) -> None:
    text = section(drug)
    rhythms = shipped_formulary().rhythms
    for said in (
        *(rule.text for rule in drug.rules),
        *(one.text for one in drug.instructions),
        *(one.text for one in drug.action_limits),
        *(one.advice for one in drug.thresholds),
        *(rhythms[rule.rhythm].title for rule in drug.monitoring),
        *(words.TESTS[rule.test][1:] for rule in drug.monitoring),
    ):
        assert said in text


def test_preparation_in_words() -> None:
    ganciclovir, foscarnet = (
        section(shipped_formulary().drugs[slug]) for slug in ("ganciclovir", "foscarnet")
    )
    for said in (
        "with 10\u00a0mL of sterile water for injections: 50\u00a0mg/mL",
        "mL to draw up: dose in mg ÷ 50",
        "Doses up to 1,000\u00a0mg: add to a bag of 100\u00a0mL",
        "Doses above 1,000\u00a0mg: add to a bag of 250\u00a0mL",
        "Never above 10\u00a0mg/mL in the bag",
    ):
        assert said in ganciclovir
    for said in (
        "mL to give: dose in mg ÷ 24",
        "mL of sodium chloride 0.9% or glucose 5% to add = mL to give × 1.",
        "Induction, table dose up to 60\u00a0mg/kg: over at least 60\u00a0minutes",
        "Never faster than 1\u00a0mg/kg/min",
        "table dose 40 to 60\u00a0mg/kg: 500\u00a0mL",
        "each mL of the drug has 0.24\u00a0mmol",
    ):
        assert said in foscarnet


def test_clearance_by_hand_with_an_example() -> None:
    text = re.sub(r"[ \n]+", " ", visible_text(page()))
    for said in (
        "creatinine in µmol/L ÷ 88.4",
        "(140 − 60) × 70 ÷ (72 × 1.2) = 64.81 mL/min if male, 55.09 mL/min if female",
        "(140 − 60) ÷ (72 × 1.2) = 0.93 mL/min/kg if male, 0.79 mL/min/kg if female",
    ):
        assert said in text.replace("\u00a0", " ")


def test_every_regimen_names_its_tables_and_its_end() -> None:
    text = re.sub(r"[ \n]+", " ", visible_text(page()))
    for regimen in shipped_formulary().regimens.values():
        assert regimen.title in text
        assert regimen.stop_criteria in text
    assert "usually to day 21 of the course (14 to 21)" in text
    assert "after kidney transplantation to day 200; after heart transplantation to day 100" in text


# The paper as a whole


def test_words_are_those_of_the_ward() -> None:
    assert page_problems(page(), paper=True) == []


def test_it_says_which_edition_it_is_and_when_it_may_be_used() -> None:
    texts = papers.pages(papers.downtime_file())
    assert papers.digest() in texts[0]
    assert "Use only while the network is down. Check that this is the current edition." in texts[0]
    assert "Not approved." in texts[0]
    for number, text in enumerate(texts, start=1):
        assert f"page {number} of {len(texts)}" in text
        assert "not yet approved by your organisation" in text
        assert "Printed Mon 23 Nov 2026, 14:05 (UTC)" in text
        assert "Use only while the network is down; check that it is the current edition." in text


def test_every_source_that_is_cited_is_listed() -> None:
    cited = {int(number) for number in re.findall(r'href="#source-(\d+)"', page())}
    listed = [int(number) for number in re.findall(r'id="source-(\d+)"', page())]
    assert sorted(cited) == listed == list(range(1, len(listed) + 1))


def test_every_row_has_a_source() -> None:
    for rows in (*cells("doses").values(), *cells("factors").values()):
        assert all(re.search(r"\d", row[-1]) for row in rows)


def test_page_and_file_are_reached_from_every_page(client: Client, content: ContentRelease) -> None:
    assert 'href="/downtime/"' in client.get("/").content.decode()
    answer = client.get("/downtime/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert content.digest in answer.content.decode()
    assert 'href="/downtime.pdf"' in answer.content.decode()
    file = client.get("/downtime.pdf")
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"] == 'inline; filename="downtime-paper.pdf"'
    assert file.content == papers.downtime_file()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/downtime/", "/downtime.pdf"])
def test_without_content_there_is_none(client: Client, address: str) -> None:
    assert client.get(address).status_code == 503


def test_a_wrong_cell_would_be_noticed() -> None:
    """The comparison reads the words back; it must not read a wrong one as right."""
    _, table = TABLES[0]
    row: DoseRow = table.rows[1]
    assert place("50 to below 70\u00a0mL/min", table) == (row.low, True, row.high, False)
    assert place("50 to 70\u00a0mL/min", table) != (row.low, True, row.high, False)
    assert place("Above 50 to below 70\u00a0mL/min", table) != (row.low, True, row.high, False)
    assert doses(["2.5\u00a0mg/kg", "every 12 hours", "5\u00a0mg/kg a day"], table) == (
        Decimal("2.5"),
        "q12h",
    )
