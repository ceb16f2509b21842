"""Small made-up formularies: rows as plain data, and Hypothesis strategies that put them together.

Nothing here is clinical content: figures are chosen so that the engine's rules can be seen.
"""

import os
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from dosing.engine import Formulary, decode
from dosing.engine.formulary import DOSES_PER_DAY, TESTS

Row = dict[str, Any]

PRINT = ["print"]
#: The child regimen of the first edition, and of the formularies made up for children.
CHILD_REGIMEN = "valganciclovir-paediatric-prophylaxis"
TODAY = date(2026, 11, 23)  # a Monday
DIALYSES = ("haemodialysis", "peritoneal", "continuous")
#: Patience of every law: LAWS=20 in the environment looks twenty times as long.
PATIENCE = int(os.environ.get("LAWS", "1"))


def laws(examples: int, *, whole_plans: bool = False) -> settings:
    """Settings of one law: quick by default. Looking for a smaller whole plan takes minutes."""
    minutes = {Phase.shrink, Phase.explain} if whole_plans and PATIENCE == 1 else set()
    return settings(
        max_examples=examples * PATIENCE,
        phases=[phase for phase in Phase if phase not in minutes],
        # A whole formulary is much to draw on a busy machine, and that is not what is tested.
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


# Rows as data


def bands(
    edges: Sequence[str],
    doses: Sequence[tuple[str, str] | None],
    above: Sequence[bool] | bool = True,
) -> list[Row]:
    """Contiguous bands, the top one first; `above`: does the band above own each edge?"""
    owns = [above] * len(edges) if isinstance(above, bool) else list(above)
    rows = []
    for place, dose in enumerate(doses):
        row: Row = {"low": [*edges, "0"][place], "sources": PRINT}
        row["low_closed"] = place == len(edges) or owns[place]
        if place:
            row |= {"high": edges[place - 1], "high_closed": not owns[place - 1]}
        row |= {"advice": "Ask."} if dose is None else {"amount": dose[0], "frequency": dose[1]}
        rows.append(row)
    return rows


def table(slug: str, rows: list[Row], **more: Any) -> Row:
    adults = [{"from_months": 216, "sources": PRINT}]
    row = {"slug": slug, "title": slug, "course": "induction", "measure": "mL/min"}
    return row | {"per_kg": True, "ages": adults, "rows": rows, "sources": PRINT} | more


def _drug(slug: str, route: str, tables: list[Row], **more: Any) -> Row:
    row: Row = {"slug": slug, "name": slug, "brands": "B", "form": "f", "route": route}
    return row | {"near_edge_percent": "10", "tables": tables, "sources": PRINT} | more


def rounding(*steps: str, most: str = "5", **more: Any) -> Row:
    return {"steps_mg": list(steps), "max_change_percent": most, "sources": PRINT} | more


VIAL: Row = {
    "vial_mg": "500",
    "diluent_ml": "10",
    "diluent": "water",
    "max_concentration_mg_ml": "10",
    "minutes": 60,
    "premixed_mg": "500",
    "premixed_ml": "250",
    "fluids": "saline",
    "bags": [
        {"ml": "100", "up_to_mg": "1000", "sources": PRINT},
        {"ml": "250", "sources": PRINT},
        {"ml": "50", "up_to_mg": "500", "alternative": True, "sources": PRINT},
    ],
    "sources": PRINT,
}
BOTTLE: Row = {
    "concentration_mg_ml": "24",
    "bottles_ml": ["250"],
    "peripheral_mg_ml": "12",
    "max_mg_kg_min": "1",
    "sodium_mmol_per_ml": "0.24",
    "saline_mmol_per_litre": "154",
    "first_hydration_ml_min": "750",
    "first_hydration_ml_max": "1000",
    "diluents": "saline",
    "times": [
        {"course": "induction", "up_to_per_kg": "60", "minutes": 60, "sources": PRINT},
        *(
            {"course": course, "minutes": 120, "sources": PRINT}
            for course in ("induction", "maintenance", "prevention")
        ),
    ],
    "hydration": [
        {"from_per_kg": low, "to_per_kg": high, "ml_min": least, "ml_max": most, "sources": PRINT}
        for low, high, least, most in (("61", "120", "750", "1000"), ("0", "60", "500", "500"))
    ],
    "sources": PRINT,
}
ORAL: Row = {
    "tablet_mg": "450",
    "solution_mg_ml": "50",
    "solution_step_mg": "25",
    "caution_change_percent": "10",
    "one_tablet_from_mg": "405",
    "one_tablet_to_mg": "495",
    "sources": PRINT,
}
DOWNWARD = rounding("5", "1", dialysis=True, downward=True)
COUNTS = [
    {"lab": "anc", "stop_below": "0.5", "caution_below": "1.0", "sources": PRINT},
    {"lab": "platelets", "stop_below": "25", "sources": PRINT},
]


def vial_drug(slug: str, tables: list[Row], **more: Any) -> Row:
    roundings = [rounding("5", "1"), DOWNWARD]
    return _drug(slug, "intravenous", tables, **{"roundings": roundings, "vial": VIAL} | more)


def bottle_drug(slug: str, tables: list[Row], **more: Any) -> Row:
    roundings = [rounding("50", "10", most="2.5")]
    return _drug(slug, "intravenous", tables, **{"roundings": roundings, "bottle": BOTTLE} | more)


def tablet_drug(slug: str, tables: list[Row], **more: Any) -> Row:
    return _drug(slug, "oral", tables, **{"oral": ORAL} | more)


def rhythm(slug: str, **more: Any) -> Row:
    return {"slug": slug, "title": slug, "sources": PRINT} | more


RHYTHMS = [
    rhythm("daily", cycle_days=1, offsets=[0], movable=False),
    rhythm("every-2-days", cycle_days=2, offsets=[0], movable=False),
    rhythm("weekly", cycle_days=7, offsets=[0]),
    rhythm("twice-a-week", cycle_days=7, offsets=[0, 3]),
    rhythm("three-times-a-week", cycle_days=7, offsets=[0, 2, 4]),
    rhythm("every-2-weeks", cycle_days=14, offsets=[0]),
    rhythm("day-1", fixed_days=[1]),
    rhythm("day-1-then-monthly", fixed_days=[1], from_day=15, cycle_days=28, offsets=[0]),
]
POLICY: Row = {
    "slug": "plain",
    "title": "plain",
    "intensive_test": "cbc",
    "intensive_rhythm": "daily",
    "intensive_to_day": 14,
    "intensive_anc_below": "1.0",
    "unstable_kidney_days": [1, 2, 3],
    "follow_up_weeks": 4,
    "rules": [{"test": "liver", "rhythm": "weekly", "when": "disseminated", "sources": PRINT}],
    "sources": PRINT,
}


def watch(course: str, test: str, slug: str, **more: Any) -> Row:
    return {"course": course, "test": test, "rhythm": slug, "sources": PRINT} | more


def phase(drug: str, slug: str, ending: str, *lengths: int, **more: Any) -> Row:
    row: Row = {"drug": drug, "table": slug, "monitoring": "induction", "ending": ending}
    names = ("shortest", "usual", "longest")
    return row | dict(zip(names, lengths, strict=False)) | {"sources": PRINT} | more


def regimen(slug: str, phases: list[Row], **more: Any) -> Row:
    row: Row = {"slug": slug, "title": slug, "audience": "a", "purpose": "treatment"}
    return row | {"phases": phases, "sources": PRINT} | more


def content(drugs: list[Row], regimens: list[Row], **more: Any) -> Row:
    row: Row = {"edition": "made up", "review_by": "2027-01-01", "contact": "c"}
    row |= {"sources": [{"slug": "print", "title": "Print"}], "rhythms": RHYTHMS}
    return row | {"policies": [POLICY], "drugs": drugs, "regimens": regimens} | more


def formulary(drugs: list[Row], regimens: list[Row], **more: Any) -> Formulary:
    return decode(Formulary, content(drugs, regimens, **more))


# Strategies: content


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[str]:
    """Decimal texts between two bounds, at most so many places."""
    scale = 10**places
    whole = st.integers(int(Decimal(low) * scale), int(Decimal(high) * scale))
    return whole.map(lambda number: format(Decimal(number) / scale, "f"))


@st.composite
def _dose_rows(draw: st.DrawFn, per_kg: bool, kind: str, measure: str) -> list[Row]:
    if measure == "mL/min":
        edge = decimals("2", "140", draw(st.sampled_from((0, 0, 1))))
    else:
        edge = decimals("0.1", "3", draw(st.sampled_from((1, 2))))
    edges = draw(st.lists(edge, min_size=1, max_size=5, unique_by=Decimal))
    edges.sort(key=Decimal, reverse=True)
    amounts = {
        "vial": st.one_of(decimals("0.05", "0.5", 2), decimals("0.5", "10", 3)),
        "bottle": decimals("20", "120", 1),
        "tablet": st.sampled_from(("450", "900", "900", "1350", "225")),
    }[kind]
    if kind == "vial" and not per_kg:
        amounts = decimals("5", "900", 0)
    frequencies = st.sampled_from(sorted(set(DOSES_PER_DAY) - {"once", "5/week"}))
    doses = [draw(st.tuples(amounts, frequencies)) for _ in range(len(edges) + 1)]
    doses.sort(key=lambda dose: Fraction(dose[0]) * DOSES_PER_DAY[dose[1]], reverse=True)
    rows: list[tuple[str, str] | None] = [*doses]
    if draw(st.booleans()):
        rows[-1] = None
    owns = draw(st.lists(st.booleans(), min_size=len(edges), max_size=len(edges)))
    found = bands(edges, rows, owns)
    for dialysis in DIALYSES:
        if kept := draw(st.sampled_from(("", "dose", "dose", "none"))):
            row: Row = {"dialysis": dialysis, "sources": PRINT}
            dose = {"amount": draw(amounts), "frequency": "3/week-after-haemodialysis"}
            found.append(row | (dose if kept == "dose" else {"advice": "Ask."}))
    return found


@st.composite
def _formula(draw: st.DrawFn) -> Row:
    k = decimals("0.2", "1", 2)
    rows = [
        {"from_months": 0, "below_months": 12, "low_birth_weight": True, "k": draw(k)},
        {"from_months": 0, "below_months": 24, "k": draw(k)},
        {"from_months": 24, "sex": "male", "k": draw(k)},
        {"from_months": 24, "sex": "female", "k": draw(k)},
    ]
    return {
        "factor": draw(decimals("3", "9", 1)),
        "clearance_cap": draw(decimals("80", "200", 0)),
        "dose_cap_mg": draw(st.sampled_from(("450", "465", "915", "900"))),
        "k_rows": [row | {"sources": PRINT} for row in rows],
        "sources": PRINT,
    }


@st.composite
def _rhythms(draw: st.DrawFn) -> list[Row]:
    """Movable rhythms never name a Saturday and, next, a Sunday: that is for readiness to hold."""
    found = [RHYTHMS[0]]
    for place in range(draw(st.integers(1, 3))):
        movable = draw(st.booleans())
        weeks = draw(st.integers(1, 4))
        apart = [7 * week + day for week in range(weeks) for day in (0, 2, 4)]
        cycle = weeks * 7 if movable else draw(st.integers(1, 30))
        offsets = st.sampled_from([day for day in apart if day < cycle])
        days = st.sampled_from([1 + day for day in apart])
        row = rhythm(f"rhythm-{place}", movable=movable)
        shape = draw(st.sampled_from(("cycle", "cycle", "fixed", "both")))
        if shape != "fixed":
            row |= {"cycle_days": cycle, "offsets": sorted(draw(st.sets(offsets, min_size=1)))}
        if shape != "cycle":
            row["fixed_days"] = sorted(draw(st.sets(days, min_size=1)))
        if shape == "both":
            row["from_day"] = 1 + 7 * draw(st.integers(0, 12))
        found.append(row)
    return found


@st.composite
def _drugs(draw: st.DrawFn, slug: str, rhythms: Sequence[str]) -> Row:
    kind = draw(st.sampled_from(("vial", "vial", "bottle", "tablet")))
    child = kind == "tablet" and draw(st.booleans())
    tables = []
    for number in range(draw(st.integers(1, 2))):
        course = draw(st.sampled_from(("induction", "maintenance", "prevention")))
        if child:
            ages = [{"from_months": 0, "below_months": 204, "sources": PRINT}]
            tables.append(table(f"table-{number}", [], ages=ages, formula=draw(_formula())))
            tables[-1] |= {"per_kg": False, "course": course}
            del tables[-1]["rows"]
            continue
        measure = draw(st.sampled_from(("mL/min", "mL/min", "mL/min/kg")))
        per_kg = kind == "bottle" or (kind == "vial" and draw(st.integers(0, 3)) > 0)
        rows = draw(_dose_rows(per_kg, kind, measure))
        tables.append(table(f"table-{number}", rows, course=course, measure=measure))
        tables[-1]["per_kg"] = per_kg
    slugs = st.sampled_from(rhythms)
    rules = [
        watch(course, test, draw(slugs))
        for course in ("induction", "maintenance", "prevention")
        for test in draw(st.sets(st.sampled_from(TESTS[:6]), max_size=3))
    ]
    make = {"vial": vial_drug, "bottle": bottle_drug, "tablet": tablet_drug}[kind]
    more: Row = dict(draw(st.sampled_from(({}, {"near_edge_caution_percent": "3"}))))
    more["thresholds"] = draw(st.sampled_from(([], COUNTS)))
    if kind != "tablet" and draw(st.booleans()):
        steps = draw(st.lists(st.sampled_from(("1", "5", "10", "25")), min_size=1, max_size=2))
        more["roundings"] = [rounding(*steps, most=draw(decimals("0.1", "5", 1)))]
    if kind == "vial":
        more["vial"] = VIAL | {"minutes": draw(st.sampled_from((60, 45, 70)))}
    return make(slug, tables, monitoring=rules, **more)


@st.composite
def _regimens(draw: st.DrawFn, slug: str, drugs: Sequence[Row]) -> Row:
    phases = []
    # A regimen is for children or for adults.
    child = draw(st.sampled_from(drugs))["tables"][0].get("formula") is not None
    drugs = [drug for drug in drugs if (drug["tables"][0].get("formula") is not None) is child]
    wanted = draw(st.integers(1, 3))
    for number in range(wanted):
        drug = draw(st.sampled_from(drugs))
        slugs = st.sampled_from([one["slug"] for one in drug["tables"]])
        endings = ("days", "days", "course") if number + 1 < wanted else ("days", "course", "open")
        ending = draw(st.sampled_from((*endings, "transplant")))
        least = draw(st.integers(1, 12)) + (14 * number if ending == "course" else 0)
        lengths = [least, least + draw(st.integers(0, 9)), least + draw(st.integers(9, 20))]
        more: Row = {"monitoring": draw(st.sampled_from(("induction", "maintenance")))}
        if number and draw(st.booleans()):
            more["with_previous"] = True
        known = lengths if ending in ("days", "course") else []
        phases.append(phase(drug["slug"], draw(slugs), ending, *known, **more))
    row = regimen(slug, phases, purpose=draw(st.sampled_from(("treatment", "prevention"))))
    if any(one["ending"] == "transplant" for one in phases):
        row["transplant_ends"] = [
            {"shortest": 50, "usual": 100, "longest": 200, "sources": PRINT},
        ]
    if draw(st.booleans()):
        row["stop_criteria"] = "Stop only if resolved."
    return row


@st.composite
def child_formularies(draw: st.DrawFn) -> Formulary:
    """One drug by mouth, dosed by the child formula alone."""
    ages = [{"from_months": 0, "below_months": 216, "sources": PRINT}]
    row = table("t", [], per_kg=False, ages=ages, formula=draw(_formula()))
    del row["rows"]
    open_ended = regimen(CHILD_REGIMEN, [phase("drug", "t", "open")])
    return formulary([tablet_drug("drug", [row])], [open_ended])


@st.composite
def formularies(draw: st.DrawFn) -> Formulary:
    """A small decodable formulary: two drugs of any kind and two regimens made of them."""
    rhythms = draw(_rhythms())
    slugs = [row["slug"] for row in rhythms]
    drugs = [draw(_drugs(f"drug-{number}", slugs)) for number in range(2)]
    regimens = [draw(_regimens(f"regimen-{number}", drugs)) for number in range(2)]
    policy = POLICY | {"rules": [], "follow_up_weeks": draw(st.integers(1, 4))}
    return formulary(drugs, regimens, rhythms=rhythms, policies=[policy])
