"""Hypothesis strategies for payloads that the intake takes, by any formulary, and for plans."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from dosing.content.load import shipped_formulary
from dosing.engine import Formulary, PatientFacts, PhaseError, Plan, make_plan
from dosing.engine.dose import TabletsCannot
from dosing.engine.formulary import REGIONS, Regimen
from dosing.engine.patient import CO_MEDICATIONS, CONDITIONS, SURVEILLANCE_ENDS, URINE_PROTEINS
from dosing.intake import read
from tests.engine.formularies import TODAY, decimals, formularies

Payload = dict[str, Any]
Wanted = tuple[Formulary, PatientFacts, Plan]


@cache
def shipped() -> Formulary:
    """The first edition, read once."""
    return shipped_formulary()


any_formulary = st.one_of(formularies(), st.builds(shipped))


def one_in(count: int) -> st.SearchStrategy[bool]:
    """True about once in so many draws."""
    # Not at an end of the list: the ends are drawn more often.
    return st.sampled_from([False] * (count // 2) + [True] + [False] * (count - count // 2 - 1))


def _days(today: date, back: int, ahead: int) -> st.SearchStrategy[str]:
    days = st.integers(-back, ahead)
    return days.map(lambda day: (today + timedelta(days=day)).isoformat())


@st.composite
def _clearance(draw: st.DrawFn, formulary: Formulary, regimen: Regimen, weight: str) -> str:
    """Any value, or one on or beside an edge of the regimen's tables."""
    places = draw(st.integers(0, 4))
    anything = st.one_of(decimals("30", "150", places), decimals("1", "250", places))
    tables = [table for table in map(formulary.table, regimen.phases) if table.bands]
    if not tables or draw(st.booleans()):
        return draw(anything)
    table = draw(st.sampled_from(tables))
    edge = draw(st.sampled_from([row.low for row in table.bands if row.low]))
    value = edge * Decimal(weight) if table.measure == "mL/min/kg" else edge
    value += draw(st.sampled_from(("0", "0", "0.0001", "-0.0001", "0.4", "-0.4")).map(Decimal))
    return format(value, "f") if 1 <= value <= 250 else draw(anything)


@st.composite
def _adult(draw: st.DrawFn, formulary: Formulary, regimen: Regimen) -> Payload:
    sent: Payload = {"sex": draw(st.sampled_from(("female", "male")))}
    sent["age_years"] = draw(st.one_of(st.integers(18, 120), decimals("18", "95", 1)))
    weights = (decimals("40", "120", 1), decimals("20", "35", 1), decimals("20", "350", 2))
    sent["weight_kg"] = draw(st.one_of(*weights))
    if draw(st.booleans()):
        sent["height_cm"] = draw(decimals("152.4", "220", 1))
        bases = st.sampled_from(("actual", "ideal", "adjusted"))
        sent |= {"renal_weight": draw(bases), "dosing_weight": draw(bases)}
    way = draw(st.sampled_from(("entered",) * 3 + ("creatinine",) * 2 + ("dialysis",)))
    if way == "dialysis":
        sent["dialysis"] = draw(st.sampled_from(("haemodialysis", "peritoneal", "continuous")))
    elif way == "entered":
        sent["crcl_ml_min"] = draw(_clearance(formulary, regimen, sent["weight_kg"]))
        sent["crcl_source"] = draw(st.sampled_from(("measured", "calculated")))
    else:
        sent |= draw(_creatinine())
    if draw(one_in(16)):
        sent["age_years"] = draw(st.integers(2, 17))
    return sent


@st.composite
def _creatinine(draw: st.DrawFn) -> Payload:
    if draw(st.booleans()):
        value = draw(st.one_of(decimals("0.3", "3", 2), decimals("0.1", "20", 2)))
        return {"serum_creatinine": value, "serum_creatinine_unit": "mg/dL"}
    value = draw(st.one_of(decimals("40", "300", 0), decimals("8.84", "1768", 2)))
    return {"serum_creatinine": value, "serum_creatinine_unit": "umol/L"}


@st.composite
def _child(draw: st.DrawFn) -> Payload:
    sent: Payload = {"sex": draw(st.sampled_from(("female", "male")))}
    low = {"serum_creatinine": draw(decimals("0.1", "0.9", 2)), "serum_creatinine_unit": "mg/dL"}
    sent |= draw(st.sampled_from((low, low, draw(_creatinine()))))
    if draw(one_in(3)):
        sent["age_months"] = draw(st.integers(0, 23))
        sent |= {"weight_kg": draw(decimals("1", "20", 1))}
        sent["height_cm"] = draw(decimals("40", "95", 1))
    else:
        sent["age_years"] = draw(decimals("2", "17.5", 1))
        sent["weight_kg"] = draw(decimals("8", "90", 1))
        sent["height_cm"] = draw(decimals("75", "190", 1))
    if draw(one_in(10)):
        sent["dialysis"] = "haemodialysis"
    if draw(one_in(6)):
        sent["formulation"] = draw(st.sampled_from(("tablet", "oral_solution")))
    if draw(st.booleans()):
        sent["organ"] = draw(st.sampled_from(("kidney", "heart")))
    return sent


@st.composite
def _second_line(draw: st.DrawFn, today: date) -> Payload:
    """What only some regimens ask: the region goes with any medicine that is taken."""
    sent: Payload = {}
    if draw(one_in(4)):
        medicines = st.lists(st.sampled_from(CO_MEDICATIONS), min_size=1, max_size=3)
        sent |= {"taking": draw(medicines), "region": draw(st.sampled_from(REGIONS))}
    if draw(st.booleans()):
        sent["urine_protein"] = draw(st.sampled_from(URINE_PROTEINS))
    elif draw(one_in(3)):
        sent["urine_protein_mg_dl"] = draw(decimals("0", "300", 1))
    if draw(one_in(4)):
        sent["baseline_creatinine"] = draw(decimals("9", "19", 1))
    if draw(one_in(6)):
        slug = draw(st.sampled_from(CO_MEDICATIONS))
        sent["last_doses"] = {slug: draw(_days(today, 12, 3))}
    if draw(one_in(6)):
        sent["surveillance_to"] = draw(st.sampled_from(SURVEILLANCE_ENDS))
        sent["immunoglobulin"] = True
    return sent


@st.composite
def payloads(draw: st.DrawFn, formulary: Formulary, regimen: Regimen, today: date) -> Payload:
    """One payload the intake takes for this regimen; its lengths may still not fit together."""
    child = any(formulary.table(phase).formula for phase in regimen.phases)
    sent = draw(_child() if child else _adult(formulary, regimen))
    sent |= {"regimen": regimen.slug, "start_date": draw(_days(today, 15, 15))}
    sent["no_weekend_draws"] = draw(st.booleans())
    for key in ("prevention_pcr", "follow_up_pcr", *CONDITIONS):
        if draw(one_in(6)):
            sent[key] = draw(st.booleans())
    if draw(st.booleans()):
        sent["labs"] = {"anc": "3", "platelets": "140", "haemoglobin": "120"}
    counts = {"anc": ("0", "0.5", "0.9", "1.0"), "platelets": ("24", "25"), "haemoglobin": ("79",)}
    if draw(one_in(4)):
        sent["labs"] = {lab: draw(st.sampled_from(values)) for lab, values in counts.items()}
    if draw(one_in(20)):
        sent["allergies"] = [draw(st.sampled_from((*formulary.drugs, "sulfa", "aciclovir")))]
    if regimen.transplant_ends:
        if draw(st.booleans()):
            sent["transplant_date"] = draw(_days(today, 130, 0))
        if draw(one_in(4)) and regimen.phases:
            sent["until_day"] = draw(st.integers(1, 400))
    if draw(one_in(4)) and regimen.phases:
        days = st.one_of(st.none(), st.integers(1, 30), st.integers(1, 90))
        size = len(regimen.phases)
        sent["phase_days"] = draw(st.lists(days, min_size=size, max_size=size))
    sent |= draw(_second_line(today))
    if "serum_creatinine" not in sent:
        sent.pop("baseline_creatinine", None)
    if draw(st.booleans()):
        sent["venous_access"] = draw(st.sampled_from(("central", "peripheral")))
    return sent


@st.composite
def plans(
    draw: st.DrawFn,
    /,
    contents: st.SearchStrategy[Formulary] = any_formulary,
    slug: str = "",
    **fixed: object,
) -> Wanted:
    """A plan with its formulary and facts, by any regimen or this one; `fixed` keys are set."""
    formulary = draw(contents)
    slugs = [slug] if slug else sorted(formulary.regimens)
    regimen = formulary.regimens[draw(st.sampled_from(slugs))]
    request = read(draw(payloads(formulary, regimen, TODAY)) | fixed, formulary, today=TODAY)
    try:
        plan = make_plan(request.facts, request.regimen, formulary, start=request.start)
    except (PhaseError, TabletsCannot):
        assume(False)
    return formulary, request.facts, plan
