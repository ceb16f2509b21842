"""The impact in words: counts that add up, shares that are never rounded to all or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from dosing.content.impact import Affected, ByName, Impact
from dosing.content.outcomes import CHANGES, SHARES, Side
from dosing.engine.patient import Creatinine, PatientFacts
from dosing.presenters.impact import KINDS, SHARE_WORDS, facts_words, impact_view
from dosing.presenters.impact_state import progress_words
from tests.content.small_formulary import TODAY, small_formulary

EMPTY = Impact(patients=0, regimens=(), drugs=(), affected=(), examples=0, examples_changed=())


def view(**values: Any) -> Any:
    return impact_view(replace(EMPTY, **values), small_formulary(), small_formulary())


def test_every_change_and_share_has_words() -> None:
    assert tuple(KINDS) == CHANGES
    assert tuple(SHARE_WORDS) == SHARES


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"same": 50000}, "Nothing changes for any of 50,000 synthetic patients."),
        (
            {"dose": 100, "newly-stopped": 20, "newly-dosed": 5, "same": 49875},
            "125 of 50,000 synthetic patients (0.3%) would be dosed differently.",
        ),
        (
            {"schedule": 10, "finding": 2, "same": 49988},
            "No dose changes; for 12 of 50,000 synthetic patients something else does.",
        ),
        (
            {"dose": 1, "same": 49999},
            "1 of 50,000 synthetic patients (under 0.1%) would be dosed differently.",
        ),
        (
            {"dose": 49999, "same": 1},
            "49,999 of 50,000 synthetic patients (over 99.9%) would be dosed differently.",
        ),
    ],
)
def test_the_headline(changes: dict[str, int], said: str) -> None:
    assert view(patients=50_000, changes=changes).headline == said


def test_counts_stand_in_the_order_of_their_weight_however_they_were_kept() -> None:
    """PostgreSQL keeps the keys of JSON in an order of its own."""
    changes = {"same": 1, "dose": 2, "newly-stopped": 3}
    row = ByName(slug="vialvir-alone", total=6, changes=changes)
    shown = view(patients=6, changes=changes, regimens=(row,))
    assert [line.text for line in shown.kinds] == [
        KINDS["newly-stopped"],
        KINDS["dose"],
        KINDS["same"],
    ]
    (line,) = shown.regimens
    assert line.kinds == "a drug no longer given: 3; another dose or frequency: 2"
    assert (line.name, line.total, line.different) == ("vialvir alone", "6", "5")


def test_a_regimen_without_a_change_stands_apart() -> None:
    same = ByName(slug="vialvir-alone", total=6, changes={"same": 6})
    shown = view(patients=6, changes={"same": 6}, regimens=(same,))
    assert shown.regimens == ()
    assert shown.unchanged_regimens == ("vialvir alone",)


def test_what_could_not_be_calculated_is_said() -> None:
    shown = view(patients=3, changes={"failed": 3}, broken={"vialvir-alone: KeyError": 3})
    assert shown.broken == ("vialvir alone (KeyError): 3",)


def test_a_patient_with_both_answers() -> None:
    facts = PatientFacts(
        assessed_on=TODAY,
        sex="female",
        age_years=D(61),
        weight_kg=D("70.5"),
        creatinine=Creatinine(D(120), "umol/L"),
        platelets=D(60),
        taking=("imipenem",),
        conditions={"heart_failure": True},
    )
    one = Affected(
        number=1234,
        regimen="vialvir-alone",
        change="dose",
        drug="vialvir",
        ratio="1/2",
        facts=facts,
        start=date(2026, 11, 23),
        before=(
            Side(drug="vialvir", table="t", dose_mg="1425/2", frequency="q12h", first=1, last=21),
        ),
        after=(Side(drug="vialvir", table="t", reason="dialysis-not-covered", first=1),),
    )
    (person,) = view(patients=1, affected=(one,)).people
    assert person.number == "1,234"
    assert person.facts.replace("\u00a0", " ") == (
        "female, 61 years, 70.5 kg, creatinine 120 µmol/L, platelets 60 ×10⁹/L, takes imipenem, "
        "heart failure or overload"
    )
    assert person.change == "vialvir IV: another dose or frequency; in a day −50%"
    assert [text.replace("\u00a0", " ") for text in person.before] == [
        "vialvir IV: 712.5 mg every 12 hours, from day 1 to day 21"
    ]
    assert person.after == ("vialvir IV: not given, dialysis not covered",)


def test_what_is_usual_is_not_said() -> None:
    facts = PatientFacts(assessed_on=TODAY, age_months=5, crcl_ml_min=D("69.99"))
    assert facts_words(facts).replace("\u00a0", " ") == (
        "sex not stated, 5 months, clearance 69.99 mL/min"
    )
    dialysed = replace(facts, dialysis="haemodialysis", dosing_weight="ideal")
    assert (
        facts_words(dialysed)
        .replace("\u00a0", " ")
        .endswith("haemodialysis, weight for the dose ideal weight")
    )


def test_the_picture_is_in_proportion_and_some_are_never_none() -> None:
    shown = view(
        patients=1000,
        changes={"dose": 101, "newly-stopped": 50},
        shares={"-50": 100, "+10": 1},
    ).picture
    heights = {column.lines: int(column.height) for column in shown.columns if column.count}
    assert heights == {
        ("no longer", "given"): 61,
        ("−50%", "and more"): 122,
        ("+10%", "to +25%"): 2,
    }
    assert len(shown.columns) == len(SHARES) + 2
    assert {column.height for column in shown.columns if not column.count} == {"0"}
    assert "a drug no longer given: 50; halved, or less than half: 100" in shown.description


def test_without_a_changed_dose_there_is_no_picture() -> None:
    assert view(patients=10, changes={"finding": 10}).picture is None


def test_progress() -> None:
    assert progress_words(0, 0) == "Starting."
    assert progress_words(250, 50004).startswith("250 of 50,004 synthetic patients")
