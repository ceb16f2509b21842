"""The difference between two editions in the words a pharmacist reads first."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal as D

from dosing.content.diff import Difference, differences
from dosing.content.load import shipped_formulary
from dosing.content.segments import disjoint
from dosing.engine.formulary import Formulary, Instruction, Rule
from dosing.presenters.difference import HEADINGS, difference_view, sentences
from tests.content.bands import TABLE, band, with_rows
from tests.content.faults import change_drug, change_row, drug_by, first_table
from tests.content.small_formulary import small_formulary
from tests.medication_text import problems

# Doses, by clearance


def doses(before: Formulary, after: Formulary) -> list[Difference]:
    return [one for one in differences(before, after) if one.weight == "dose"]


def said(before: Formulary, after: Formulary) -> list[str]:
    return [one.replace("\u00a0", " ") for one in sentences(before, after)]


def test_a_moved_edge_names_the_clearances_that_get_another_dose() -> None:
    moved = (band("60", None, "5"), band("50", "60", "2.5"), band("0", "50", "1"))
    assert said(with_rows(*TABLE), with_rows(*moved)) == [
        "vialvir IV, Induction, 60 to below 70 mL/min: 2.5 mg/kg every 12 hours → 5 mg/kg every 12 "
        "hours (in a day 5 mg/kg → 10 mg/kg, +100%)",
        "vialvir IV, Induction, bands in mL/min: [70, ∞), [50, 70), [0, 50) → "
        "[60, ∞), [50, 60), [0, 50)",
    ]


def test_a_band_split_into_two_of_the_same_dose_is_only_the_bands() -> None:
    split = (*TABLE[:1], band("60", "70", "2.5"), band("50", "60", "2.5"), *TABLE[2:])
    (one,) = doses(with_rows(*TABLE), with_rows(*split))
    assert one.field == "bands"


def test_a_band_split_into_two_doses_names_the_half_that_changed() -> None:
    split = (*TABLE[:1], band("60", "70", "2.5"), band("50", "60", "2.5", "q24h"), *TABLE[2:])
    first, _ = said(with_rows(*TABLE), with_rows(*split))
    assert first == (
        "vialvir IV, Induction, 50 to below 60 mL/min: 2.5 mg/kg every 12 hours → 2.5 mg/kg once "
        "a day (in a day 5 mg/kg → 2.5 mg/kg, −50%)"
    )


def test_an_edge_that_changes_hands_is_one_clearance() -> None:
    other = (
        replace(TABLE[0], low_closed=False),
        replace(TABLE[1], high_closed=True),
        TABLE[2],
    )
    first, _ = said(with_rows(*TABLE), with_rows(*other))
    assert first.startswith("vialvir IV, Induction, exactly 70 mL/min: 5 mg/kg every 12 hours →")


def test_a_gap_is_a_row_that_is_gone() -> None:
    gap = (band("75", None, "5"), *TABLE[1:])
    first, _ = said(with_rows(*TABLE), with_rows(*gap))
    assert first == ("vialvir IV, Induction, 70 to below 75 mL/min removed: 5 mg/kg every 12 hours")


def test_other_digits_of_the_same_figure_are_said() -> None:
    other = (replace(TABLE[0], low=D("70.0")), replace(TABLE[1], high=D("70.0")), TABLE[2])
    assert said(with_rows(*TABLE), with_rows(*other)) == [
        "vialvir IV, Induction, bands in mL/min: [70, ∞), [50, 70), [0, 50) → "
        "[70.0, ∞), [50, 70.0), [0, 50)"
    ]
    more = change_drug(small_formulary(), "vial", near_edge_percent=D("10.0"))
    assert said(small_formulary(), more) == ["vialvir IV, near the edge of a band: 10 → 10.0"]


def test_bands_in_another_order_are_said() -> None:
    (one,) = doses(with_rows(*TABLE), with_rows(*reversed(TABLE)))
    assert one.kind == "moved"


def test_overlapping_bands_of_a_draft_are_compared_row_by_row() -> None:
    wrong = (band("60", None, "5"), *TABLE[1:])
    assert not disjoint(wrong)
    found = differences(with_rows(*TABLE), with_rows(*wrong))
    assert [one.path for one in found] == ["drugs.vialvir.tables.induction.rows.1.low"]


def test_a_row_for_dialysis_that_is_removed() -> None:
    shipped = shipped_formulary()
    drug = shipped.drugs["valganciclovir"]
    table = drug.tables["induction"]
    rows = tuple(row for row in table.rows if row.dialysis != "haemodialysis")
    tables = {**drug.tables, "induction": replace(table, rows=rows)}
    drugs = {**shipped.drugs, "valganciclovir": replace(drug, tables=tables)}
    assert said(shipped, replace(shipped, drugs=drugs)) == [
        "valGANciclovir by mouth, induction, row for haemodialysis removed: no dose. Tablets "
        "cannot make the dose that is needed. Ganciclovir IV has a haemodialysis row."
    ]


def test_the_sentence_of_the_order() -> None:
    """The clearance band, the frequency before and after, and what it means in a day."""
    shipped = shipped_formulary()
    after = change_row(shipped, "vial", lambda table: table.rows[1], frequency="q24h")
    assert said(shipped, after) == [
        "ganciclovir IV, induction, 50 to below 70 mL/min: 2.5 mg/kg every 12 hours → 2.5 mg/kg "
        "once a day (in a day 5 mg/kg → 2.5 mg/kg, −50%)"
    ]


def test_a_count_is_said_with_its_unit() -> None:
    shipped = shipped_formulary()
    drug = drug_by(shipped, "vial")
    higher = tuple(
        replace(one, stop_below=D(50)) if one.lab == "platelets" else one for one in drug.thresholds
    )
    assert said(shipped, change_drug(shipped, "vial", thresholds=higher)) == [
        "ganciclovir IV, platelets not below: 25 ×10⁹/L → 50 ×10⁹/L (+100%)"
    ]


def risky(**fields: object) -> Formulary:
    small = small_formulary()
    drugs = {**small.drugs, "riskvir": replace(small.drugs["riskvir"], **fields)}  # type: ignore[arg-type]
    return replace(small, drugs=drugs)


def test_rows_by_a_medicine_taken_say_it_and_the_region() -> None:
    table = small_formulary().drugs["riskvir"].tables["induction"]
    anyone, us, eu = table.rows
    rows = (anyone, replace(us, amount=D(400)), replace(us, taking="carbamazepine"))
    assert said(small_formulary(), risky(tables={"induction": replace(table, rows=rows)})) == [
        "riskvir by mouth, Induction, row with phenytoin, US label: 200 mg once a week → 400 mg "
        "once a week (in a day 28.571 mg → 57.143 mg, +100%)",
        "riskvir by mouth, Induction, row with phenytoin, European label removed: no dose. No dose "
        "here.",
        "riskvir by mouth, Induction, row with carbamazepine, US label added: 200 mg once a week",
    ]
    turned = risky(tables={"induction": replace(table, rows=(anyone, eu, us))})
    (moved,) = differences(small_formulary(), turned)
    assert (moved.kind, moved.after) == ("moved", ("any", "phenytoin eu", "phenytoin us"))


def test_conditions_before_a_dose_and_the_clock_around_it() -> None:
    small = small_formulary().drugs["riskvir"]
    assert small.start_conditions is not None
    conditions = replace(
        small.start_conditions, creatinine_above_mg_dl=D("1.2"), free_of=("foscarnet", "nsaid")
    )
    before, during = small.clock
    clock = (replace(before, text="Fluid IV."), replace(during, from_minutes=30))
    assert said(small_formulary(), risky(start_conditions=conditions, clock=clock)) == [
        "riskvir by mouth, what must hold before each dose, not with creatinine above: 1.5 mg/dL → "
        "1.2 mg/dL (−20%)",
        "riskvir by mouth, what must hold before each dose, medicines that harm the kidneys: "
        "vancomycin → foscarnet and an NSAID",
        "riskvir by mouth, around the dose “From 30 min after the start to 90 min after the "
        "start”, from, counted from the start of the dose: 0 minutes → 30 minutes",
        "riskvir by mouth, around the dose “1 h before the start”, text: Fluid by mouth. → "
        "Fluid IV.",
    ]
    lower = replace(small.start_conditions, reduced_per_kg=D(30))
    (one,) = doses(small_formulary(), risky(start_conditions=lower))
    assert one.field == "reduced_per_kg"


# Rows without a slug, names, order


def test_a_text_that_changed_stays_the_same_rule() -> None:
    small = small_formulary()
    drug = drug_by(small, "vial")
    rule = drug.rules[0]
    rules = (replace(rule, text=f"{rule.text} Today."), *drug.rules[1:])
    (one,) = differences(small, change_drug(small, "vial", rules=rules))
    assert (one.field, one.kind, one.weight) == ("text", "changed", "text")


def test_a_rule_that_is_added_says_all_it_says() -> None:
    small = small_formulary()
    rule = Rule(
        code="interaction-imipenem",
        level="stop",
        text="Not together.",
        when="taking:imipenem",
        sources=("label",),
    )
    drug = drug_by(small, "vial")
    (one,) = said(small, change_drug(small, "vial", rules=(*drug.rules, rule)))
    assert one == (
        "vialvir IV, stop “interaction-imipenem” (with imipenem) added: code interaction-imipenem; "
        "level Stop; text Not together.; when with imipenem"
    )


def test_a_table_with_another_short_name_is_the_same_table() -> None:
    small = small_formulary()
    drug = drug_by(small, "bottle")
    (old,) = drug.tables.values()
    tables = {"other": replace(old, slug="other")}
    found = differences(small, change_drug(small, "bottle", tables=tables))
    assert [(one.kind, one.before, one.after) for one in found] == [
        ("renamed", old.slug, "other"),
    ]


def test_a_new_table_is_shown_row_by_row() -> None:
    small = small_formulary()
    drug = drug_by(small, "vial")
    table = replace(first_table(small, "vial"), slug="new", title="new", rows=TABLE, ages=())
    tables = {**drug.tables, "new": table}
    found = differences(small, change_drug(small, "vial", tables=tables))
    assert [one.kind for one in found] == ["added"] * 4
    assert [one.after for one in found[1:]] == list(TABLE)


def test_a_text_without_a_name_is_known_by_its_words() -> None:
    """One of two sentences loses a word, the other goes: a change and a removal, not two."""
    small = small_formulary()
    first, second = (
        Instruction(kind="give", text=text, sources=("label",))
        for text in ("Give it slowly through a large vein.", "Wear gloves and glasses.")
    )
    before = change_drug(small, "vial", instructions=(second, first))
    shorter = replace(first, text="Give it slowly through a vein.")
    after = change_drug(before, "vial", instructions=(shorter,))
    assert [(one.kind, one.field) for one in differences(before, after)] == [
        ("removed", ""),
        ("changed", "text"),
    ]


def test_another_order_of_what_stays_is_said() -> None:
    small = small_formulary()
    drugs = {slug: small.drugs[slug] for slug in reversed(list(small.drugs))}
    (one,) = differences(small, replace(small, drugs=drugs))
    assert (one.kind, one.before, one.after) == ("moved", tuple(small.drugs), tuple(drugs))


def test_doses_stand_first() -> None:
    shipped = shipped_formulary()
    after = change_row(
        replace(shipped, contact="another", edition="another"),
        "vial",
        lambda table: table.rows[0],
        amount=D(6),
    )
    assert [one.weight for one in differences(shipped, after)] == ["dose", "text", "text"]
    assert [group.title for group in difference_view(shipped, after).groups] == [
        HEADINGS["dose"],
        HEADINGS["text"],
    ]


def test_what_an_example_expects_the_ward_to_measure_is_named() -> None:
    small = small_formulary()
    example = small.examples[5]
    vial, tablets = example.expected
    vial = replace(vial, volume_ml=D("0.95"), total_ml=D("100.95"), infusion_minutes=6)
    changed = replace(example, expected=(vial, replace(tablets, tablets=20)))
    after = replace(small, examples=(*small.examples[:5], changed, *small.examples[6:]))
    first = "worked examples step-down-tablets, expected orders 1"
    assert said(small, after) == [
        f"{first}, volume of the drug: 9.5 mL → 0.95 mL",
        f"{first}, volume that runs: 109.5 mL → 100.95 mL",
        f"{first}, infusion: 60 minutes → 6 minutes",
        "worked examples step-down-tablets, expected orders 2, tablets: 2 → 20",
    ]


def test_the_words_are_those_of_the_ward() -> None:
    """Against an empty edition everything is said once."""
    shipped = shipped_formulary()
    bare = replace(
        small_formulary(),
        drugs={},
        regimens={},
        examples=(),
        guidance={},
        disagreements={},
    )
    for pair in ((bare, shipped), (shipped, bare)):
        for one in sentences(*pair):
            assert not problems(re.sub(r"https?://\S+", "", one)), one
