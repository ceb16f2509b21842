"""The plan sheet as PDF: the sheet's own words, tagged, whole, and the same bytes each time."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from fontTools.ttLib import TTFont
from PIL import Image
from weasyprint.urls import FatalURLFetchingError

from dosing.exports import paper
from dosing.exports.pdf import pdf
from dosing.models import ContentRelease
from dosing.presenters import words
from tests.medication_text import visible_text

from . import papers
from .patients import COLITIS, FIRST, STOPPED
from .posting import DRUG_FIGURE

Asking = Callable[..., HttpResponse]
ROOT = Path(__file__).parents[2]
FONTS = ROOT / "static" / "fonts"
LONG = ("21 days", "200 days")
SOME = pytest.mark.parametrize("name", [*LONG, "widest", "few platelets"])
#: Millimetres at the sides of a page where nothing may be printed.
MARGIN = 11


@pytest.fixture
def asked(posted: Asking) -> Asking:
    """The PDF for a payload, as the page's button asks for it."""
    return lambda payload: posted(payload, to="/sheet.pdf")


# The answer to a request


def test_it_is_shown_and_kept_by_nobody(asked: Asking) -> None:
    answer = asked(FIRST)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"] == 'inline; filename="plan-sheet.pdf"'
    text = " ".join(papers.pages(answer.content))
    assert "475 mg IV over 60 minutes every 12 hours" in text
    assert "Printed Mon 23 Nov 2026, 14:05 (UTC)" in text


def test_it_is_what_the_sheet_itself_would_print(asked: Asking, posted: Asking) -> None:
    assert asked(COLITIS).content == papers.sheet_file("21 days")


def test_without_inputs_there_is_none(client: Client, content: ContentRelease) -> None:
    assert client.get("/sheet.pdf")["Location"] == "/"


def test_refused_inputs_give_the_reasons_as_a_page(asked: Asking) -> None:
    answer = asked(FIRST | {"weight_kg": "945"})
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/html")
    assert not DRUG_FIGURE.search(answer.content.decode())


@pytest.mark.django_db
def test_without_content_there_is_none(client: Client) -> None:
    answer = client.post("/sheet.pdf", {"regimen": "ganciclovir-induction"})
    assert answer.status_code == 503
    assert "No dose can be shown" in answer.content.decode()


def test_a_machine_without_the_libraries_says_so(
    asked: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(sheet: object) -> bytes:
        raise paper.PdfUnavailable

    monkeypatch.setattr("dosing.views.paper.sheet_pdf", fails)
    answer = asked(FIRST)
    assert answer.status_code == 503
    assert "print the page itself" in answer.content.decode()


def test_the_page_offers_it(posted: Asking) -> None:
    assert 'formaction="/sheet.pdf"' in posted(FIRST, htmx=True).content.decode()


# Bytes


def test_equal_inputs_give_equal_bytes() -> None:
    sheet = papers.sheet("21 days")
    assert paper.sheet_pdf(sheet) == paper.sheet_pdf(sheet) == papers.sheet_file("21 days")


def test_the_time_of_printing_is_an_input() -> None:
    later = papers.sheet("few platelets", papers.PRINTED + timedelta(minutes=1))
    file = paper.sheet_pdf(later)
    assert file != papers.sheet_file("few platelets")
    assert all("Printed Mon 23 Nov 2026, 14:06 (UTC)" in text for text in papers.pages(file))


def test_another_process_gives_the_same_bytes() -> None:
    lines = (
        "import sys, django; django.setup()",
        "from tests.web import papers",
        "sys.stdout.buffer.write(papers.sheet_file('few platelets'))",
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONHASHSEED": "7"}
    # As in the suite: hashed names of static files exist only after collectstatic.
    made = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )
    assert made.stdout == papers.sheet_file("few platelets")
    assert made.stderr == b""


# Tags, language, title, fonts


@SOME
def test_it_is_tagged_and_names_its_language_and_title(name: str) -> None:
    file = papers.reader(papers.sheet_file(name))
    root: Any = file.root_object
    assert root["/Lang"] == "en-GB"
    assert bool(root["/MarkInfo"]["/Marked"])
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_object().get_data()
    assert file.metadata is not None
    assert str(file.metadata.title).startswith("Plan sheet: ")
    found = list(tags(root["/StructTreeRoot"]))
    assert {"/Document", "/H1", "/H2", "/P", "/L", "/LI"} <= set(found)
    if name in LONG:
        assert {"/Table", "/THead", "/TBody", "/TR", "/TH", "/TD"} <= set(found)
        # One for laying out the page would be read out as a table of one cell.
        assert found.count("/Table") < 20


def tags(element: Any) -> Iterator[str]:
    """The kinds of every element of a structure tree."""
    element = element.get_object()
    if isinstance(element, list):
        for one in element:
            yield from tags(one)
    elif isinstance(element, dict):
        if "/S" in element:
            yield element["/S"]
        if "/K" in element:
            yield from tags(element["/K"])


@SOME
def test_every_font_is_ours_and_inside(name: str) -> None:
    for page in papers.reader(papers.sheet_file(name)).pages:
        resources: Any = page["/Resources"]
        fonts = resources["/Font"].values()
        assert fonts
        for font in fonts:
            below = font.get_object()["/DescendantFonts"][0].get_object()
            assert below["/BaseFont"].partition("+")[2] in ("DejaVu-Sans", "DejaVu-Sans-Bold")
            assert below["/FontDescriptor"].get_object()["/FontFile2"].get_object().get_data()


def test_every_character_is_in_both_fonts() -> None:
    """A missing glyph on a dose sheet is a hazard."""
    known = [
        set(TTFont(FONTS / f"DejaVuSans{weight}.ttf").getBestCmap()) for weight in ("", "-Bold")
    ]
    texts = [paper.html("dosing/sheet.html", sheet=papers.sheet(name)) for name in papers.SHEETS]
    texts.append(paper.html("dosing/downtime.html", paper=papers.downtime()))
    used = {ord(sign) for text in texts for sign in visible_text(text)} - {
        ord(sign) for sign in "\n\t"
    }
    assert len(used) > 80
    for characters in known:
        assert [chr(one) for one in sorted(used - characters)] == []


# Pages


@pytest.mark.parametrize("name", papers.SHEETS)
def test_every_page_has_its_number_and_the_edition(name: str) -> None:
    texts = papers.pages(papers.sheet_file(name))
    for number, text in enumerate(texts, start=1):
        assert f"page {number} of {len(texts)}" in text
        assert text.count(f"digest {papers.release().digest}") >= 1
        assert "Name and number of the patient:" in text
        assert "\ufffd" not in text


@pytest.mark.parametrize(("name", "days"), [("21 days", 21), ("200 days", 200)])
def test_every_dated_row_stands_once(name: str, days: int) -> None:
    plan = papers.plan(name)
    assert plan.course.last == days
    text = " ".join(papers.pages(papers.sheet_file(name)))
    rows = re.findall(r"(?<!\S)(\d{1,3}) (\w{3} \d{1,2} \w{3} \d{4})", text)
    assert rows == [(str(draw.day), words.day(draw.date)) for draw in plan.monitoring]
    reviews = re.findall(r"Review on day (\d+)(?:, (\w{3} \d{1,2} \w{3} \d{4}))?\.", text)
    assert [day for day, _ in reviews] == [str(review.day) for review in plan.reviews]


@pytest.mark.parametrize("name", LONG)
def test_heads_are_repeated(name: str) -> None:
    for text in papers.pages(papers.sheet_file(name)):
        if re.search(r"(?<!\S)\d{1,3} \w{3} \d{1,2} \w{3} \d{4}", text):
            assert "Patient label, or name and number:" in text
            assert re.search(r"Day Date .* Also due Initials", text)


@pytest.mark.parametrize("name", STOPPED)
def test_a_stopped_drug_has_no_figure(name: str) -> None:
    text = " ".join(papers.pages(papers.sheet_file(name)))
    assert "No dose:" in text
    assert "This sheet cannot be issued" in text
    assert [match.group() for match in DRUG_FIGURE.finditer(text)] == []


@pytest.mark.parametrize("name", papers.SHEETS)
def test_no_line_ends_inside_a_unit(name: str) -> None:
    for page in papers.reader(papers.sheet_file(name)).pages:
        assert re.findall(r".*[gLln⁹]/\s*$", page.extract_text(), re.MULTILINE) == []


@pytest.mark.parametrize("name", ["widest", "200 days"])
def test_nothing_is_printed_into_the_side_margins(name: str, tmp_path: Path) -> None:
    command = ["pdftoppm", "-r", "50", "-gray", "-", str(tmp_path / "page")]
    subprocess.run(command, input=papers.sheet_file(name), check=True)
    pictures = sorted(tmp_path.glob("page-*"))
    assert len(pictures) == len(papers.pages(papers.sheet_file(name)))
    for picture in pictures:
        with Image.open(picture) as page:
            side = MARGIN * page.width // 210
            for left in (0, page.width - side):
                strip = page.crop((left, 0, left + side, page.height))
                assert strip.getextrema() == (255, 255), picture.name


# What rendering may touch


@pytest.mark.parametrize(
    "address",
    ["file:///etc/hostname", "../fonts/../css/app.css", "https://fonts.example/a.ttf", "data:,x"],
)
def test_paper_fetches_nothing_but_its_fonts(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        pdf(
            f'<html lang="en"><title>x</title><link rel="stylesheet" href="{address}">', "sheet.css"
        )


def test_rendering_writes_no_log(capfd: pytest.CaptureFixture[str]) -> None:
    paper.sheet_pdf(papers.sheet("few platelets"))
    assert capfd.readouterr() == ("", "")
