"""Laws for every patient and formulary. Quick by default; LAWS=20 looks twenty times as long."""

import json
import re
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dosing.engine import (
    Formulary,
    PatientFacts,
    PhaseError,
    Plan,
    canonical,
    decode,
    digest,
    encode,
    make_plan,
)
from dosing.engine.dose import DoNotGive, Dose, TabletsCannot
from dosing.engine.findings import CODES
from dosing.engine.formulary import LEVELS, DoseRow
from dosing.engine.orders import Order
from dosing.engine.preparation import BagInfusion, BottleInfusion, OralDose
from dosing.engine.working import Step, steps
from dosing.exports.contract import answer
from dosing.intake import read
from tests.engine.formularies import CHILD_REGIMEN, TODAY, child_formularies, laws
from tests.intake.payloads import Wanted, any_formulary, payloads, plans, shipped

CONTENT = {"release": "x", "approved": False, "digest": "y"}
#: A figure of a drug; mg/dL and mL/min belong to the patient.
DRUG_FIGURE = re.compile(r"[0-9]\s*(?:mg(?!/dL)|mL(?!/min)|tablets?\b)")


def given_doses(plan: Plan) -> list[tuple[Order, Dose]]:
    return [(order, order.dose) for order in plan.orders if order.dose is not None]


@laws(100, whole_plans=True)
@given(st.data())
def test_every_request_gets_a_plan_or_a_sentence(data: st.DataObject) -> None:
    formulary = data.draw(any_formulary)
    regimen = formulary.regimens[data.draw(st.sampled_from(sorted(formulary.regimens)))]
    payload = data.draw(payloads(formulary, regimen, TODAY))
    request = read(payload, formulary, today=TODAY)
    plan: object = None
    try:
        plan = make_plan(request.facts, request.regimen, formulary, start=request.start)
    except (PhaseError, TabletsCannot) as problem:
        refusal = problem
    if isinstance(plan, Plan):
        assert len(plan.orders) == len(regimen.phases)
        assert json.dumps(answer(plan, CONTENT))
    elif isinstance(refusal, PhaseError):
        assert refusal.field in {"phase_days", "until_day", "transplant_date", "organ"}
        assert refusal.sentence.endswith(".")
    else:
        assert refusal.exact_mg > 0
        assert payload["formulation"] == "tablet"


# Bands


@laws(40)
@given(any_formulary, st.fractions(0, 300))
def test_exactly_one_band_holds_each_clearance(formulary: Formulary, anywhere: Fraction) -> None:
    for drug in formulary.drugs.values():
        for table in drug.tables.values():
            edges = [Fraction(row.low) for row in table.bands if row.low is not None]
            beside = [edge + step for edge in edges for step in (0, Fraction(1, 10**9))]
            for clearance in (anywhere, *beside):
                holding = [row for row in table.bands if row.contains(clearance)]
                assert len(holding) == (1 if table.rows and table.measure else 0)
                assert table.row_for(clearance) is (holding[0] if holding else None)


def clearance_of(facts: PatientFacts, measure: str) -> Fraction:
    """By hand, from the facts alone."""
    assert facts.weight_kg is not None
    actual = Fraction(facts.weight_kg)
    if facts.crcl_ml_min is not None:
        entered = Fraction(facts.crcl_ml_min)
        return entered if measure == "mL/min" else entered / actual
    assert facts.creatinine is not None
    assert facts.months is not None
    mg_dl = Fraction(facts.creatinine.value)
    if facts.creatinine.unit == "umol/L":
        mg_dl = mg_dl * 10 / 884
    per_kg = (140 - facts.months / 12) / 72 / mg_dl
    if facts.sex == "female":
        per_kg = per_kg * 85 / 100
    return per_kg if measure == "mL/min/kg" else per_kg * weight_of(facts, facts.renal_weight)


def weight_of(facts: PatientFacts, basis: str) -> Fraction:
    assert facts.weight_kg is not None
    actual = Fraction(facts.weight_kg)
    if basis == "actual":
        return actual
    assert facts.height_cm is not None
    inches = Fraction(facts.height_cm) / Fraction("2.54") - 60
    ideal = Fraction(50 if facts.sex == "male" else "45.5") + Fraction("2.3") * inches
    return ideal if basis == "ideal" else ideal + Fraction("0.4") * (actual - ideal)


def inside(row: DoseRow, clearance: Fraction) -> bool:
    """Read back from the interval as it is printed."""
    low, high = row.interval[1:-1].split(", ")
    above = clearance > Fraction(low) or (row.interval[0] == "[" and clearance == Fraction(low))
    if high == "∞":
        return above
    edge = Fraction(high)
    return above and (clearance < edge or (row.interval[-1] == "]" and clearance == edge))


@laws(100, whole_plans=True)
@given(plans())
def test_a_dose_comes_from_the_band_of_the_unrounded_clearance(wanted: Wanted) -> None:
    _, facts, plan = wanted
    for order, dose in given_doses(plan):
        if dose.row is None:
            assert order.table.formula is not None
            continue
        assert dose.row is order.row
        if not order.table.measure:
            assert dose.row.taking in ("", *facts.taking)
            assert dose.row.region in ("", facts.region)
        elif facts.on_dialysis:
            assert dose.row.dialysis == facts.dialysis
        else:
            assert inside(dose.row, clearance_of(facts, order.table.measure))
        assert dose.row.amount is not None
        kg = weight_of(facts, facts.dosing_weight) if order.table.per_kg else 1
        assert dose.exact_mg == Fraction(dose.row.amount) * kg


# Doses


@laws(100, whole_plans=True)
@given(plans())
def test_a_rounded_dose_can_be_measured(wanted: Wanted) -> None:
    _, _, plan = wanted
    for order, dose in given_doses(plan):
        rounded = dose.rounded
        assert dose.dose_mg > 0
        assert rounded.change_percent == (dose.dose_mg / dose.exact_mg - 1) * 100
        if order.drug.route == "oral" and order.drug.oral is None:
            assert dose.preparation == OralDose()
            continue
        if order.drug.oral is not None:
            assert isinstance(dose.preparation, OralDose)
            if dose.preparation.tablets is not None:
                assert dose.preparation.tablets * order.drug.oral.tablet_mg == dose.dose_mg
            else:
                assert dose.preparation.volume_ml is not None
                assert order.drug.oral.solution_mg_ml is not None
                made = dose.preparation.volume_ml * Fraction(order.drug.oral.solution_mg_ml)
                assert made == dose.dose_mg
            continue
        assert rounded.step_mg is not None
        assert dose.dose_mg % rounded.step_mg == 0
        assert dose.row is not None
        rules = [one for one in order.drug.roundings if one.dialysis == bool(dose.row.dialysis)]
        rule = (rules or list(order.drug.roundings))[0]
        assert rounded.step_mg in rule.steps_mg
        assert rounded.over_limit is (abs(rounded.change_percent) > rule.max_change_percent)
        assert not rule.downward or dose.dose_mg <= dose.exact_mg
        marked = "rounding-over-limit" in {finding.code for finding in plan.findings}
        assert marked or not rounded.over_limit


@laws(100, whole_plans=True)
@given(plans())
def test_caps_hold(wanted: Wanted) -> None:
    formulary, _, plan = wanted
    for order, dose in given_doses(plan):
        made = dose.preparation
        if isinstance(made, BottleInfusion):
            assert order.drug.bottle is not None
            assert dose.weight_kg is not None
            per_minute = dose.dose_mg / made.minutes / dose.weight_kg
            assert per_minute <= order.drug.bottle.max_mg_kg_min
            assert made.rate_ml_h * made.minutes <= made.total_ml * 60
            assert made.rate_ml_h % Fraction(1, 10) == 0
            assert (made.rate_ml_h + Fraction(1, 10)) * made.minutes > made.total_ml * 60
            assert 0 <= made.discard_ml < max(order.drug.bottle.bottles_ml)
        elif isinstance(made, BagInfusion):
            assert order.drug.vial is not None
            for bag in (made.bag, *made.alternatives):
                assert bag.rate_ml_h * made.minutes <= bag.total_ml * 60
                assert bag.concentration_mg_ml * bag.total_ml == dose.dose_mg
                most = order.drug.vial.max_concentration_mg_ml
                if formulary is shipped() and most is not None:
                    assert bag.concentration_mg_ml <= most
            assert made.vials * order.drug.vial.vial_mg >= dose.dose_mg
            assert (made.vials - 1) * order.drug.vial.vial_mg < dose.dose_mg


@laws(60, whole_plans=True)
@given(plans(st.one_of(child_formularies(), st.builds(shipped)), slug=CHILD_REGIMEN))
def test_a_child_dose_never_passes_its_cap(wanted: Wanted) -> None:
    _, _, plan = wanted
    for order, dose in given_doses(plan):
        formula = order.table.formula
        assert formula is not None
        assert dose.exact_mg <= formula.dose_cap_mg
        assert dose.dose_mg <= formula.dose_cap_mg
        assert plan.kidneys is not None
        assert plan.kidneys.capped is not None
        assert plan.kidneys.capped <= formula.clearance_cap
        if dose.uncapped_mg is not None:
            assert dose.exact_mg == formula.dose_cap_mg < dose.uncapped_mg


# Working, and nothing at all for a drug that is stopped


@laws(80, whole_plans=True)
@given(plans())
def test_every_dose_has_its_working_and_every_number_a_source(wanted: Wanted) -> None:
    formulary, _, plan = wanted
    by_drug: dict[str, list[Step]] = defaultdict(list)
    for step in steps(plan):
        by_drug[step.drug].append(step)
        assert set(step.sources) <= set(formulary.sources)
        assert step.sources or not step.drug
    for order, dose in given_doses(plan):
        own = by_drug[order.drug.slug]
        results = [step.figures.get("result") for step in own]
        names = {step.name for step in own}
        assert dose.row is None or "band" in names
        assert dose.exact_mg in results or not order.table.per_kg
        assert dose.rounded.step_mg is None or dose.dose_mg in results
        stocked = order.drug.vial or order.drug.bottle or order.drug.oral
        assert bool(stocked) is bool(names & {"bag", "bottle", "by-mouth"})
        assert (order.table.formula is not None) is ("child-formula" in names)
    for finding in plan.findings:
        assert set(finding.sources) <= set(formulary.sources)


@laws(100, whole_plans=True)
@given(plans())
def test_a_stopped_order_has_no_number(wanted: Wanted) -> None:
    _, _, plan = wanted
    said = answer(plan, CONTENT)
    assert said["status"] == ("stopped" if plan.stopped else "ok")
    for order, shown in zip(plan.orders, said["orders"], strict=True):
        if not isinstance(order.outcome, DoNotGive):
            continue
        keys = {"drug", "table", "status", "route", "start_day", "end_day", "reason"}
        assert shown.keys() == keys
        stops = [finding.code for finding in plan.findings if finding.level == "stop"]
        assert shown["reason"] in stops
    with_dose = {order.drug.slug for order, _ in given_doses(plan)}
    assert {step.drug for step in steps(plan)} - {""} == with_dose
    if not with_dose and plan.orders:
        texts = [finding["text"] for finding in said["findings"]]
        assert [text for text in texts if DRUG_FIGURE.search(text)] == []


@laws(80, whole_plans=True)
@given(plans())
def test_nothing_is_drawn_where_nothing_is_given(wanted: Wanted) -> None:
    _, _, plan = wanted
    if not given_doses(plan) and plan.orders:
        assert plan.monitoring == ()


@laws(80, whole_plans=True)
@given(plans())
def test_findings_are_read_stops_first_and_in_the_order_of_the_table(wanted: Wanted) -> None:
    _, _, plan = wanted
    places = [(LEVELS.index(one.level), CODES.index(one.code)) for one in plan.findings]
    assert places == sorted(places)


# Schedules

SATURDAY, SUNDAY = 5, 6


def days_by_test(plan: Plan) -> dict[str, list[int]]:
    found = defaultdict(list)
    for draw in plan.monitoring:
        for test in draw.tests:
            found[test].append(draw.day)
    return found


def moved(plan: Plan, day: int) -> int:
    """Where a movable row of this day is drawn instead."""
    weekday = (plan.start + timedelta(days=day - 1)).weekday()
    return day + {SATURDAY: -1, SUNDAY: 1}.get(weekday, 0) if day > 1 else day


@laws(80, whole_plans=True)
@given(plans())
def test_rows_rise_from_day_1_to_the_last_possible_day(wanted: Wanted) -> None:
    _, facts, plan = wanted
    rows = [draw.day for draw in plan.monitoring]
    assert rows == sorted(set(rows))
    assert all(draw.date == plan.start + timedelta(days=draw.day - 1) for draw in plan.monitoring)
    assert all(draw.tests == tuple(sorted(set(draw.tests))) != () for draw in plan.monitoring)
    if rows and not facts.follow_up_pcr:
        ends = [(order.span.horizon, order.span.last) for order, _ in given_doses(plan)]
        ends = ends or [(plan.course.watched_to or 0, None)]
        last = max(horizon + (end is not None) for horizon, end in ends)
        rules = [rule for order, _ in given_doses(plan) for rule in order.drug.monitoring]
        last += 7 * max((rule.weeks_after for rule in rules), default=0)
        latest = moved(plan, last) if facts.no_weekend_draws else last
        assert 1 <= rows[0] <= rows[-1] <= max(last, latest)


@laws(100, whole_plans=True)
@given(plans(no_weekend_draws=True))
def test_moving_off_the_weekend_keeps_every_test_and_stretches_no_gap(wanted: Wanted) -> None:
    formulary, facts, plan = wanted
    stay = make_plan(
        replace(facts, no_weekend_draws=False), plan.regimen, formulary, start=plan.start
    )
    before, after = days_by_test(stay), days_by_test(plan)
    assert before.keys() == after.keys()
    fixed = never_moved(formulary, facts, plan)
    for test, days in before.items():
        places = {day: moved(plan, day) for day in days}
        for day in after[test]:
            assert day in before[test] or day in places.values()
            weekend = (plan.start + timedelta(days=day - 1)).weekday() in (SATURDAY, SUNDAY)
            assert not weekend or day == 1 or (test, day) in fixed or (test, 0) in fixed
        for day in days:
            assert day in after[test] or places[day] in after[test]
        if len(plan.orders) == 1 or formulary is shipped():
            gaps = [late - early for early, late in pairwise(days)]
            wider = [late - early for early, late in pairwise(after[test])]
            assert max(wider, default=0) <= max(gaps, default=0) + 1


def never_moved(formulary: Formulary, facts: PatientFacts, plan: Plan) -> set[tuple[str, int]]:
    """Test and day, or 0 for every day."""
    policy = formulary.default_policy
    fixed = {("renal", day) for day in policy.unstable_kidney_days}
    fixed |= {(policy.intensive_test, day + 1) for day in range(policy.intensive_to_day)}
    for order, _ in given_doses(plan):
        for rule in order.drug.monitoring:
            if not formulary.rhythms[rule.rhythm].movable:
                fixed.add((rule.test, 0))
    return fixed


# Same in, same out


@laws(50, whole_plans=True)
@given(plans())
def test_the_same_request_has_the_same_answer(wanted: Wanted) -> None:
    formulary, facts, plan = wanted
    again = make_plan(facts, plan.regimen, formulary, start=plan.start)
    assert again == plan
    copy = decode(Formulary, json.loads(canonical(encode(formulary))))
    other = make_plan(facts, copy.regimens[plan.regimen.slug], copy, start=plan.start)
    assert json.dumps(answer(other, CONTENT)) == json.dumps(answer(plan, CONTENT))


@laws(40)
@given(any_formulary)
def test_content_comes_back_from_its_text_with_the_same_digest(formulary: Formulary) -> None:
    data = encode(formulary)
    copy = decode(Formulary, json.loads(json.dumps(data)))
    assert copy == formulary
    assert digest(encode(copy)) == digest(data)
    mixed = dict(reversed(data.items()))
    assert digest(mixed) == digest(data)
