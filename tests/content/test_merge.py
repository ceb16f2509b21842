"""Three editions at once: what the product changed, each difference once, and nothing of ours."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.content.merge import NO_PARENT, OTHER_BANDS, Change, Incomplete, changes, merged
from dosing.content.pairing import text_of
from dosing.engine.formulary import DoseRow, Formulary, Instruction, Rounding
from tests.engine.formularies import formularies, laws

from .alterations import altered, next_edition, whole
from .small_formulary import small_formulary
from .test_diff import FIELDS_OF_ALL, FIXED, changed

SMALL = small_formulary()
SEEDS = st.integers(0, 10**6)


def taken(before: Formulary, now: Formulary, ours: Formulary) -> Formulary:
    found = changes(before, now, ours)
    return merged(before, now, ours, {one.key: one.now for one in found if not one.blocked})


def one(found: tuple[Change, ...], key: str) -> Change:
    (change,) = (change for change in found if change.key == key)
    return change


def with_drug(content: Formulary, slug: str = "vialvir", **values: Any) -> Formulary:
    drugs = {**content.drugs, slug: replace(content.drugs[slug], **values)}
    return replace(content, drugs=drugs)


def with_table(content: Formulary, drug: str, table: str, **values: Any) -> Formulary:
    tables = content.drugs[drug].tables
    return with_drug(content, drug, tables={**tables, table: replace(tables[table], **values)})


def with_rows(content: Formulary, *rows: DoseRow) -> Formulary:
    return with_table(content, "vialvir", "induction", rows=rows)


def rows_of(content: Formulary) -> tuple[DoseRow, ...]:
    return content.drugs["vialvir"].tables["induction"].rows


# Laws


@pytest.mark.parametrize(
    ("kind", "name"),
    [pair for pair in FIELDS_OF_ALL if pair not in FIXED],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_no_field_can_change_unseen_and_taking_all_gives_the_new_edition(
    kind: type, name: str
) -> None:
    for raw, _ in islice(changed(kind, name), 2):
        try:
            now = whole(raw)
        except ValueError:
            continue
        if text_of(now) == text_of(SMALL):
            continue
        found = changes(SMALL, now, SMALL)
        assert found
        assert not any(change.is_conflict or change.is_same for change in found)
        assert text_of(taken(SMALL, now, SMALL)) == text_of(now)


@given(formularies(), formularies())
@laws(20)
def test_any_edition_becomes_any_other(before: Formulary, now: Formulary) -> None:
    before, now = whole(before), whole(now)
    assert text_of(taken(before, now, before)) == text_of(now)
    assert changes(before, before, now) == ()


@given(SEEDS)
@laws(25)
def test_random_alterations_all_taken_are_the_new_edition(seed: int) -> None:
    now = altered(SMALL, seed)
    found = changes(SMALL, now, SMALL)
    assert bool(found) == (text_of(now) != text_of(SMALL))
    assert len({change.key for change in found}) == len(found)
    assert not any(change.is_same or change.is_conflict or change.blocked for change in found)
    assert text_of(taken(SMALL, now, SMALL)) == text_of(now)


@given(SEEDS, SEEDS)
@laws(25)
def test_nothing_chosen_is_exactly_ours_and_the_differences_are_the_same(
    seed: int, edits: int
) -> None:
    now, ours = altered(SMALL, seed), altered(SMALL, edits)
    found = changes(SMALL, now, ours)
    assert text_of(merged(SMALL, now, ours, {})) == text_of(ours)
    assert [change.key for change in found] == [change.key for change in changes(SMALL, now, SMALL)]
    assert all(change.is_same for change in changes(SMALL, ours, ours))


@given(SEEDS, SEEDS, st.randoms(use_true_random=False))
@laws(25)
def test_what_is_taken_says_what_is_shipped_now_and_what_is_not_stays_ours(
    seed: int, edits: int, random: Any
) -> None:
    """No edit is lost: every difference that was not chosen says afterwards what it said."""
    now, ours = altered(SMALL, seed), altered(SMALL, edits)
    found = changes(SMALL, now, ours)
    chosen = {one.key: one.now for one in found if not one.blocked and random.random() < 0.5}
    try:
        after = merged(SMALL, now, ours, chosen)
    except Incomplete:
        return
    again = {change.key: change for change in changes(SMALL, now, after)}
    assert {*again} == {change.key for change in found}
    for change in found:
        then = again[change.key]
        if change.key in chosen:
            assert then.is_same
        elif change.kind != "moved" and change.mine is not None:
            # A whole list of rows (bands) may hold what was taken below it: none does here.
            assert text_of(then.ours) == text_of(change.ours)


@given(SEEDS, SEEDS)
@laws(12)
def test_one_after_the_other_comes_to_the_same_as_all_at_once(seed: int, order: int) -> None:
    from random import Random

    now = altered(SMALL, seed, times=4)
    ours = SMALL
    keys = [change.key for change in changes(SMALL, now, SMALL)]
    Random(order).shuffle(keys)
    left = keys
    while left:
        later = []
        for key in left:
            change = one(changes(SMALL, now, ours), key)
            try:
                ours = merged(SMALL, now, ours, {key: change.now})
            except Incomplete:
                later.append(key)
        if len(later) == len(left):
            chosen = [one(changes(SMALL, now, ours), key) for key in later]
            ours = merged(SMALL, now, ours, {change.key: change.now for change in chosen})
            later = []
        left = later
    assert text_of(ours) == text_of(now)


# What belongs together


def test_the_made_up_next_edition_has_each_difference_once() -> None:
    found = changes(SMALL, next_edition(SMALL), SMALL)
    assert [change.key for change in found] == [
        ":edition",
        ":review_by",
        "sources/new-label",
        "drugs/vialvir/tables/gentle",
        "drugs/vialvir/tables/induction/:title",
        "drugs/vialvir/tables/induction/rows/0/:low",
        "drugs/vialvir/tables/induction/rows/5",
        "regimens/watching/:title",
        "regimens/gentle",
        "considerations/0",
        "guidance/early/points/0/:text",
    ]


def test_an_amount_and_how_often_it_is_given_are_one_difference() -> None:
    first, *rest = rows_of(SMALL)
    now = with_rows(SMALL, replace(first, amount=D("2.5"), frequency="q24h"), *rest)
    ours = with_rows(SMALL, replace(first, frequency="q48h"), *rest)
    (change,) = changes(SMALL, now, ours)
    assert change.is_conflict
    assert rows_of(taken(SMALL, now, ours)) == rows_of(now)


def test_advice_of_ours_stays_beside_a_dose_that_is_taken() -> None:
    first, *rest = rows_of(SMALL)
    now = with_rows(SMALL, replace(first, amount=D("2.5")), *rest)
    ours = with_rows(SMALL, replace(first, advice="Ask the pharmacist."), *rest)
    (change,) = changes(SMALL, now, ours)
    assert not change.is_conflict
    assert rows_of(taken(SMALL, now, ours))[0] == replace(
        first, amount=D("2.5"), advice="Ask the pharmacist."
    )


def test_other_bands_are_one_difference_with_all_their_doses() -> None:
    first, second, *rest = rows_of(SMALL)
    edge = D("60")
    now = with_rows(
        SMALL,
        replace(first, low=edge),
        replace(second, high=edge, amount=D("2")),
        *rest,
    )
    (change,) = changes(SMALL, now, SMALL)
    assert change.fields[-1] == "rows"
    assert rows_of(taken(SMALL, now, SMALL)) == rows_of(now)


def test_a_dose_does_not_go_into_a_table_that_we_cut_otherwise() -> None:
    """Half of its patients would get the new dose, and the other half the old one."""
    first, *rest = rows_of(SMALL)
    edge = D("90")
    now = with_rows(SMALL, replace(first, amount=D("4")), *rest)
    ours = with_rows(
        SMALL, replace(first, low=edge), replace(first, high=edge, low=first.low), *rest
    )
    (change,) = changes(SMALL, now, ours)
    assert change.blocked == OTHER_BANDS
    by_mg = with_table(SMALL, "vialvir", "induction", per_kg=False)
    assert all(one.blocked == OTHER_BANDS for one in changes(SMALL, now, by_mg))


def test_mg_and_mg_per_kg_change_only_with_the_amounts() -> None:
    rows = tuple(
        row if row.amount is None else replace(row, amount=row.amount * 70)
        for row in rows_of(SMALL)
    )
    now = with_table(SMALL, "vialvir", "induction", per_kg=False, rows=rows)
    (change,) = changes(SMALL, now, SMALL)
    assert {"per_kg", "rows"} <= set(change.fields)


def test_the_figures_of_a_small_row_are_one_difference() -> None:
    (step, *_) = SMALL.drugs["vialvir"].roundings
    now = with_drug(SMALL, roundings=(replace(step, steps_mg=(D(20),)),))
    ours = with_drug(SMALL, roundings=(replace(step, max_change_percent=D(1)),))
    change = changes(SMALL, now, ours)[0]
    assert change.is_conflict
    assert change.of is Rounding


# Rows that are not there


def test_a_row_that_we_removed_comes_back_whole_or_not_at_all() -> None:
    first, *rest = rows_of(SMALL)
    now = with_rows(SMALL, replace(first, amount=D("4"), advice="New."), *rest)
    ours = with_rows(SMALL, *rest)
    dose, advice = changes(SMALL, now, ours)
    assert dose.is_conflict
    assert dose.ours is advice.ours is None
    assert rows_of(merged(SMALL, now, ours, {dose.key: dose.now})) == rows_of(now)
    assert rows_of(merged(SMALL, now, now, {dose.key: None})) == rows_of(ours)


def test_a_row_of_a_table_that_we_removed_cannot_be_taken_alone() -> None:
    now = next_edition(SMALL)
    tables = {
        slug: table for slug, table in SMALL.drugs["vialvir"].tables.items() if slug != "induction"
    }
    found = changes(SMALL, now, with_drug(SMALL, tables=tables))
    assert one(found, "drugs/vialvir/tables/induction/rows/0/:low").blocked == NO_PARENT
    assert one(found, "drugs/vialvir/tables/induction/:title").blocked == ""


def test_a_row_removed_by_the_product_stays_until_it_is_taken() -> None:
    now = next_edition(SMALL)
    found = changes(SMALL, now, SMALL)
    gone = one(found, "considerations/0")
    assert gone.kind == "removed"
    assert not gone.is_conflict
    edited = replace(SMALL.considerations[0], text="Nothing real is considered here.")
    ours = replace(SMALL, considerations=(edited,))
    assert one(changes(SMALL, now, ours), "considerations/0").is_conflict
    assert merged(SMALL, now, ours, {gone.key: None}).considerations == ()
    (back,) = changes(SMALL, now, replace(SMALL, considerations=()))[-2:-1]
    assert back.is_same


def test_a_row_of_ours_is_that_of_the_product_only_by_its_name() -> None:
    ours = Instruction(kind="give", text="Give it slowly, over an hour.", sources=("label",))
    theirs = replace(ours, text="Give it slowly, over two hours.")
    old = SMALL.drugs["vialvir"].instructions
    found = changes(
        SMALL,
        with_drug(SMALL, instructions=(*old, theirs)),
        with_drug(SMALL, instructions=(*old, ours)),
    )
    assert [change.ours for change in found] == [None]
    both = taken(
        SMALL,
        with_drug(SMALL, instructions=(*old, theirs)),
        with_drug(SMALL, instructions=(*old, ours)),
    )
    assert {one.text for one in both.drugs["vialvir"].instructions} >= {ours.text, theirs.text}


def test_the_same_new_row_with_other_words_is_a_conflict() -> None:
    now = next_edition(SMALL)
    mine = replace(now.sources["new-label"], title="Our own label")
    ours = replace(SMALL, sources={**SMALL.sources, "new-label": mine})
    change = one(changes(SMALL, now, ours), "sources/new-label")
    assert change.is_conflict
    assert merged(SMALL, now, ours, {change.key: change.now}).sources["new-label"].title == (
        "A new label"
    )


def test_another_order_is_taken_and_rows_of_ours_stay_where_they_are() -> None:
    turned = dict(list(SMALL.rhythms.items())[::-1])
    now = replace(SMALL, rhythms=turned)
    (change,) = changes(SMALL, now, SMALL)
    assert change.kind == "moved"
    mine = replace(SMALL.rhythms["weekly"], slug="mine")
    ours = replace(SMALL, rhythms={"mine": mine, **SMALL.rhythms})
    assert list(taken(SMALL, now, ours).rhythms) == ["mine", *turned]


def test_what_makes_no_row_by_itself_names_the_row() -> None:
    first, *rest = rows_of(SMALL)
    none = replace(first, amount=None, frequency="", advice="Ask.")
    now = with_rows(SMALL, none, *rest)
    dose, advice = changes(SMALL, now, SMALL)
    with pytest.raises(Incomplete, match="a row without dose needs advice") as refused:
        merged(SMALL, now, SMALL, {dose.key: dose.now})
    assert advice.key.startswith(refused.value.key)
    assert rows_of(taken(SMALL, now, SMALL))[0] == none
