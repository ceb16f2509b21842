"""Faults, one function each, and the finding each must bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

from dosing.engine.formulary import DoseRow, DoseTable, Formulary, Hydration, InfusionTime, Phase
from dosing.engine.patient import ExpectedOrder

from . import faults, seeded_company, seeded_examples, seeded_handling
from .faults import bands
from .seeded_texts import (
    an_allergy_nobody_asks,
    differing_on_nothing,
    differing_on_the_unknown,
    taking_the_unheard,
)
from .small_formulary import small_formulary

Seed = Callable[[Formulary], Formulary]


def top(table: DoseTable) -> DoseRow:
    return bands(table)[0]


def second(table: DoseTable) -> DoseRow:
    return bands(table)[1]


def lowest(table: DoseTable) -> DoseRow:
    return bands(table)[-1]


def gap(content: Formulary) -> Formulary:
    return faults.change_row(content, "vial", second, high=D(69))


def no_bottom(content: Formulary) -> Formulary:
    return faults.without_row(content, "vial", lowest)


def no_top(content: Formulary) -> Formulary:
    return faults.change_row(content, "bottle", top, high=D(9))


def overlap(content: Formulary) -> Formulary:
    return faults.change_row(content, "vial", second, high=D(71))


def two_tops(content: Formulary) -> Formulary:
    return faults.change_row(content, "vial", second, high=None)


def edge_twice(content: Formulary) -> Formulary:
    return faults.change_row(content, "vial", second, high_closed=True)


def edge_of_none(content: Formulary) -> Formulary:
    return faults.change_row(content, "bottle", second, high_closed=False)


def rising(content: Formulary) -> Formulary:
    return faults.change_row(content, "vial", second, amount=D(25))


def more_often(content: Formulary) -> Formulary:
    return faults.change_row(content, "oral", second, amount=D(900), frequency="q8h")


def dose_below_none(content: Formulary) -> Formulary:
    """The band under the last dose gets one too, and a larger one."""
    return faults.change_row(content, "vial", lowest, amount=D(6), frequency="q12h")


def no_haemodialysis(content: Formulary) -> Formulary:
    return faults.without_row(content, "vial", lambda table: _dialysis(table, "haemodialysis"))


def no_peritoneal(content: Formulary) -> Formulary:
    return faults.without_row(content, "oral", lambda table: _dialysis(table, "peritoneal"))


def continuous_twice(content: Formulary) -> Formulary:
    table = faults.first_table(content, "vial")
    rows = (*table.rows, _dialysis(table, "continuous"))
    return faults.change_table(content, "vial", table, rows=rows)


def unheard_dialysis(content: Formulary) -> Formulary:
    table = faults.first_table(content, "vial")
    rows = (*table.rows, replace(_dialysis(table, "continuous"), dialysis="home"))
    return faults.change_table(content, "vial", table, rows=rows)


def _dialysis(table: Any, kind: str) -> Any:
    return next(row for row in table.rows if row.dialysis == kind)


def ten_times_the_maximum(content: Formulary) -> Formulary:
    most = faults.change_drug(content, "oral", hard_max_mg_per_day=D(1800))
    amount = top(faults.first_table(content, "oral")).amount
    assert amount is not None
    return faults.change_row(most, "oral", top, amount=amount * 10)


def cap_above_the_maximum(content: Formulary) -> Formulary:
    table = faults.child_table(content)
    assert table.formula is not None
    most = faults.change_drug(content, "oral", hard_max_mg_per_day=D(1800))
    formula = replace(table.formula, dose_cap_mg=D(9000))
    return faults.change_table(most, "oral", table, formula=formula)


def no_ages(content: Formulary) -> Formulary:
    return faults.change_table(content, "vial", faults.first_table(content, "vial"), ages=())


def eighth_day(content: Formulary) -> Formulary:
    table = faults.first_table(content, "vial")
    return faults.change_table(content, "vial", table, weekdays=(7,))


def rhythm_without_days(content: Formulary) -> Formulary:
    return _rhythm(content, fixed_days=(), cycle_days=None)


def cycle_without_days(content: Formulary) -> Formulary:
    return _rhythm(content, offsets=())


def cycle_of_no_length(content: Formulary) -> Formulary:
    return _rhythm(content, cycle_days=0)


def day_nought(content: Formulary) -> Formulary:
    return _rhythm(content, fixed_days=(0,))


def _rhythm(content: Formulary, **changes: Any) -> Formulary:
    rhythm = next(one for one in content.rhythms.values() if one.cycle_days)
    changed = replace(rhythm, **changes)
    return replace(content, rhythms={**content.rhythms, rhythm.slug: changed})


def no_minutes(content: Formulary) -> Formulary:
    return faults.change_preparation(content, "vial", minutes=0)


def no_strength(content: Formulary) -> Formulary:
    return faults.change_preparation(content, "oral", tablet_mg=D(0))


def boys_without_k(content: Formulary) -> Formulary:
    return _k_rows(content, lambda rows: [row for row in rows if row.k != D("0.7")])


def two_k(content: Formulary) -> Formulary:
    return _k_rows(
        content,
        lambda rows: [
            replace(row, below_months=None) if row.below_months == 156 else row for row in rows
        ],
    )


def _k_rows(content: Formulary, change: Callable[[Any], Any]) -> Formulary:
    table = faults.child_table(content)
    assert table.formula is not None
    formula = replace(table.formula, k_rows=tuple(change(table.formula.k_rows)))
    return faults.change_table(content, "oral", table, formula=formula)


def renamed_table(content: Formulary) -> Formulary:
    return _phase(content, table="inductoin")


def unknown_drug(content: Formulary) -> Formulary:
    return _phase(content, drug="aspirin")


def watched_as_something_else(content: Formulary) -> Formulary:
    return _phase(content, monitoring="maintenance")


def _phase(content: Formulary, **changes: Any) -> Formulary:
    regimen = faults.one_phase(content, "vial")
    return faults.change_regimen(content, regimen, phases=(replace(regimen.phases[0], **changes),))


def monitoring_for_no_course(content: Formulary) -> Formulary:
    drug = faults.drug_by(content, "vial")
    rules = (*drug.monitoring, replace(drug.monitoring[0], course=""))
    return faults.change_drug(content, "vial", monitoring=rules)


def after_an_open_end(content: Formulary) -> Formulary:
    regimen = faults.one_phase(content, "vial")
    closed = regimen.phases[0]
    open_end = Phase(
        drug=closed.drug,
        table=closed.table,
        monitoring=closed.monitoring,
        ending="open",
        sources=closed.sources,
    )
    return faults.change_regimen(content, regimen, phases=(open_end, closed))


def broken_fallback(content: Formulary) -> Formulary:
    regimen = faults.one_phase(content, "vial")
    return faults.change_regimen(content, regimen, fallback_regimen="nothing-like-it")


def fallback_on_itself(content: Formulary) -> Formulary:
    regimen = faults.one_phase(content, "vial")
    return faults.change_regimen(content, regimen, fallback_regimen=regimen.slug)


def no_source(content: Formulary) -> Formulary:
    return faults.change_row(content, "vial", top, sources=())


def unknown_source(content: Formulary) -> Formulary:
    rules = tuple(
        replace(rule, sources=("hearsay",))
        for rule in faults.drug_by(content, "vial").monitoring[:1]
    )
    rest = faults.drug_by(content, "vial").monitoring[1:]
    return faults.change_drug(content, "vial", monitoring=(*rules, *rest))


def unknown_rhythm(content: Formulary) -> Formulary:
    first, *rest = faults.drug_by(content, "vial").monitoring
    return faults.change_drug(
        content, "vial", monitoring=(replace(first, rhythm="now-and-then"), *rest)
    )


def unknown_close_rhythm(content: Formulary) -> Formulary:
    return faults.change_policy(content, intensive_rhythm="hourly")


def unknown_test(content: Formulary) -> Formulary:
    return faults.change_policy(content, intensive_test="full-blood")


def unasked_condition(content: Formulary) -> Formulary:
    drug = faults.drug_by(content, "vial")
    rules = (replace(drug.rules[0], when="left_handed"), *drug.rules[1:])
    return faults.change_drug(content, "vial", rules=rules)


def fine_step_first(content: Formulary) -> Formulary:
    return _rounding(content, steps_mg=(D(1), D(5)))


def no_step(content: Formulary) -> Formulary:
    return _rounding(content, steps_mg=())


def _rounding(content: Formulary, **changes: Any) -> Formulary:
    first, *rest = faults.drug_by(content, "vial").roundings
    return faults.change_drug(content, "vial", roundings=(replace(first, **changes), *rest))


def caution_outside_the_note(content: Formulary) -> Formulary:
    return faults.change_drug(content, "vial", near_edge_caution_percent=D(11))


def no_bag_for_large_doses(content: Formulary) -> Formulary:
    vial = faults.drug_by(content, "vial").vial
    assert vial is not None
    limited = tuple(bag for bag in vial.bags if bag.up_to_mg is not None)
    return faults.change_preparation(content, "vial", bags=limited)


def too_strong_in_the_bag(content: Formulary) -> Formulary:
    return faults.change_preparation(content, "vial", max_concentration_mg_ml=D(5))


def times_of(content: Formulary) -> tuple[InfusionTime, ...]:
    bottle = faults.drug_by(content, "bottle").bottle
    assert bottle is not None
    return bottle.times


def hydration_of(content: Formulary) -> tuple[Hydration, ...]:
    bottle = faults.drug_by(content, "bottle").bottle
    assert bottle is not None
    return bottle.hydration


def time_twice(content: Formulary) -> Formulary:
    times = times_of(content)
    return faults.change_preparation(content, "bottle", times=(*times, times[0]))


def time_falls(content: Formulary) -> Formulary:
    times = tuple(
        replace(time, minutes=240) if time.course == "induction" and time.up_to_per_kg else time
        for time in times_of(content)
    )
    return faults.change_preparation(content, "bottle", times=times)


def example_of_nothing(content: Formulary) -> Formulary:
    return _with_example(content, regimen="a-rumour")


def example_expects_nothing(content: Formulary) -> Formulary:
    return _with_example(content, expected=())


def example_of_another_drug(content: Formulary) -> Formulary:
    return _with_example(content, expected=(ExpectedOrder(drug="aspirin", status="dose"),))


def _with_example(content: Formulary, **changes: Any) -> Formulary:
    example = replace(small_formulary().examples[0], slug="seeded", **changes)
    if "regimen" not in changes:
        example = replace(example, regimen=next(iter(content.regimens)))
    if "expected" not in changes:
        drug = next(iter(content.drugs))
        example = replace(example, expected=(ExpectedOrder(drug=drug, status="dose"),))
    example = replace(example, sources=(next(iter(content.sources)),))
    return replace(content, examples=(*content.examples, example))


#: Fault → its code, and words its sentence must have.
EXPECTED: dict[Seed, tuple[str, str]] = {
    differing_on_nothing: ("disagreement-of-nothing", "It names no regimen."),
    differing_on_the_unknown: ("disagreement-of-nothing", "There is no regimen old-regimen."),
    an_allergy_nobody_asks: ("condition-unknown", "does not ask “allergy:gancyclovir”"),
    taking_the_unheard: ("condition-unknown", "does not ask “taking:aspirin”"),
    gap: ("band-gap", "from 69 to 70 mL/min"),
    no_bottom: ("band-gap", "No row covers a clearance from 0 to"),
    no_top: ("band-gap", "above 9 mL/min/kg"),
    overlap: ("band-overlap", "overlap"),
    two_tops: ("band-overlap", "overlap"),
    edge_twice: ("edge-owned-twice", "Exactly 70 mL/min belongs to"),
    edge_of_none: ("edge-owned-by-none", "Exactly 1.4 mL/min/kg belongs to no row"),
    rising: ("daily-dose-rises", "in a day (50 mg/kg)"),
    more_often: ("daily-dose-rises", "in a day (2700 mg)"),
    dose_below_none: ("daily-dose-rises", "though the clearance is lower"),
    no_haemodialysis: ("dialysis-row-missing", "There is no row for haemodialysis."),
    no_peritoneal: ("dialysis-row-missing", "There is no row for peritoneal dialysis."),
    continuous_twice: ("dialysis-row-twice", "continuous has 2 rows"),
    unheard_dialysis: ("dialysis-unknown", "home is no kind of dialysis"),
    ten_times_the_maximum: ("above-hard-maximum", "highest is 1800 mg"),
    cap_above_the_maximum: ("above-hard-maximum", "9000 mg in a day"),
    no_ages: ("ages-missing", "for which ages"),
    eighth_day: ("weekday-unknown", "0 (Monday) to 6 (Sunday)"),
    rhythm_without_days: ("rhythm-without-days", "Give fixed days"),
    cycle_without_days: ("rhythm-without-days", "Give fixed days"),
    cycle_of_no_length: ("rhythm-without-days", "a cycle of a day or more"),
    day_nought: ("rhythm-without-days", "from 1 on"),
    no_minutes: ("figure-not-above-zero", "minutes is 0"),
    no_strength: ("figure-not-above-zero", "tablet_mg is 0"),
    renamed_table: ("phase-reaches-nothing", "has no table “inductoin”. Its tables: induction"),
    unknown_drug: ("phase-reaches-nothing", "There is no drug aspirin."),
    watched_as_something_else: ("phase-does-not-fit", "is watched as maintenance"),
    monitoring_for_no_course: ("monitoring-without-course", "never laid out"),
    after_an_open_end: ("phases-cannot-be-laid-out", "cannot follow one that has no end"),
    broken_fallback: ("fallback-unknown", "nothing-like-it is not another regimen"),
    fallback_on_itself: ("fallback-unknown", "is not another regimen"),
    no_source: ("source-missing", "No source is given."),
    unknown_source: ("source-unknown", "hearsay is not in the list"),
    unknown_rhythm: ("rhythm-unknown", "There is no rhythm now-and-then."),
    unknown_close_rhythm: ("rhythm-unknown", "There is no rhythm hourly."),
    unknown_test: ("test-unknown", "There is no test full-blood."),
    unasked_condition: ("condition-unknown", "does not ask “left_handed”"),
    fine_step_first: ("rounding-steps", "the largest first"),
    no_step: ("rounding-steps", "each above 0"),
    caution_outside_the_note: ("near-edge", "must lie inside the note"),
    no_bag_for_large_doses: ("bag-missing", "doses of any size"),
    time_twice: ("infusion-time-twice", "Two infusion times for"),
    time_falls: ("infusion-time-falls", "less than the 240 minutes"),
    example_of_nothing: ("example-regimen-unknown", "a-rumour"),
    example_expects_nothing: ("example-expects-nothing", "expects no order"),
    example_of_another_drug: ("example-drug-unknown", "aspirin"),
    **seeded_company.EXPECTED,
    **seeded_examples.EXPECTED,
    **seeded_handling.EXPECTED,
}
