"""The picture of a table an editor is drawing up: gaps, overlaps and edges are drawn and said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dosing.content.load import shipped_formulary
from dosing.engine.formulary import DoseRow, DoseTable
from dosing.presenters.band_picture import BandPicture, band_picture
from tests.content.bands import band, with_rows


def drawn(*rows: DoseRow) -> BandPicture:
    table = with_rows(*rows).drugs["vialvir"].tables["induction"]
    return band_picture(table, "vialvir, induction", "t1")


def said(picture: BandPicture) -> list[tuple[str, str]]:
    return [
        (line.where.replace("\u00a0", " "), line.dose.replace("\u00a0", " "))
        for line in picture.lines
        if "mL" in line.where
    ]


def test_a_sound_table_has_one_line_and_one_step_for_each_row() -> None:
    picture = drawn(band("70", None, "5"), band("50", "70", "2.5"), band("0", "50", "1"))
    assert said(picture) == [
        ("70 mL/min or more", "5 mg/kg every 12 hours"),
        ("50 to below 70 mL/min", "2.5 mg/kg every 12 hours"),
        ("below 50 mL/min", "1 mg/kg every 12 hours"),
    ]
    assert [line.daily.replace("\u00a0", " ") for line in picture.lines[:3]] == [
        "10 mg/kg a day",
        "5 mg/kg a day",
        "2 mg/kg a day",
    ]
    assert len(picture.steps) == 3
    assert not any(line.is_fault for line in picture.lines)
    assert [tick.label for tick in picture.ticks] == ["50", "70"]
    heights = [int(step.height) for step in picture.steps]
    assert heights[1] * 2 == heights[2] == 110


@pytest.mark.parametrize(
    ("rows", "where", "words", "drawn_as"),
    [
        (
            (band("70", None, "5"), band("0", "60", "1")),
            "60 to below 70 mL/min",
            "No row covers this.",
            ("NO ROW", "here"),
        ),
        (
            (band("70", None, "5"), band("0", "75", "1")),
            "70 to below 75 mL/min",
            "2 rows overlap: 5 mg/kg every 12 hours; 1 mg/kg every 12 hours.",
            ("2 ROWS", "overlap"),
        ),
        (
            (band("70", None, "5"), replace(band("0", "70", "1"), high_closed=True)),
            "exactly 70 mL/min",
            "2 rows overlap: 5 mg/kg every 12 hours; 1 mg/kg every 12 hours.",
            ("2 ROWS", "overlap"),
        ),
        (
            (replace(band("70", None, "5"), low_closed=False), band("0", "70", "1")),
            "exactly 70 mL/min",
            "No row covers this.",
            ("NO ROW", "here"),
        ),
        (
            (band("70", "90", "5"), band("0", "70", "1")),
            "90 mL/min or more",
            "No row covers this.",
            ("NO ROW", "here"),
        ),
        (
            (band("10", None, "5"),),
            "below 10 mL/min",
            "No row covers this.",
            ("NO ROW", "here"),
        ),
    ],
)
def test_what_does_not_fit_is_drawn_and_said(
    rows: tuple[DoseRow, ...], where: str, words: str, drawn_as: tuple[str, str]
) -> None:
    picture = drawn(*rows)
    assert (where, words) in said(picture)
    assert [line.where.replace("\u00a0", " ") for line in picture.lines if line.is_fault] == [where]
    assert [step.lines for step in picture.steps if step.look == "fault"] == [drawn_as]
    assert where in picture.description.replace("\u00a0", " ")


ALL = [
    table
    for drug in shipped_formulary().drugs.values()
    for table in drug.tables.values()
    if table.rows
]


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.title)
def test_every_shipped_table_is_drawn_without_a_fault(table: DoseTable) -> None:
    picture = band_picture(table, table.title, "t1")
    assert len(picture.lines) == len(table.rows)
    assert len(picture.steps) == len(table.bands)
    assert not any(line.is_fault for line in picture.lines)
