"""Seeded random payloads in the contract's form, with the edges of the tables over-sampled.

The choices stay inside what the documents decide: where two readings are possible (a stop for age
together with one for the kidneys, an option on a regimen it is not for) no patient is made.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from tests.oracle.doses import EDGES
from tests.oracle.faults import spoil
from tests.oracle.figures import exact
from tests.oracle.inputs import CHILD, REGIMENS, TAKEN

ALL = sorted(REGIMENS)
TABLETS_ONLY = {"valganciclovir-induction", "valganciclovir-maintenance"}
STEP_DOWN = {
    "immunocompromised-disease": (3, 5),
    "ibd-colitis": (3, 10),
    "ibd-colitis-daily-step-down": (5, 10),
}
OPEN_ENDED = {slug for slug in ALL if "-maintenance" in slug}
TREATMENT = set(ALL) - OPEN_ENDED - {CHILD}
# (140 − age) that leave Cockcroft-Gault with a weight that ends
EASY = (50, 60, 64, 72, 80, 90, 96, 100, 120)
UMOL = Fraction("88.4")


def patient(random: Random, today: date) -> dict[str, Any]:
    """One payload; about one in twelve carries a single fault."""
    regimen = random.choice(ALL)
    payload: dict[str, Any] = {"regimen": regimen}
    if regimen == CHILD:
        _child(random, payload)
    else:
        _adult(random, payload, regimen)
    _dates(random, payload, today)
    _labs(random, payload)
    _history(random, payload)
    if regimen == CHILD:
        _child_options(random, payload, today)
    else:
        _phase_days(random, payload, regimen, today)
    if random.random() < 0.08:
        spoil(random, payload, today)
    items = list(payload.items())
    random.shuffle(items)
    return dict(items)


def _places(random: Random, low: float, high: float, places: int) -> str:
    scale = 10**places
    value = Decimal(random.randint(round(low * scale), round(high * scale)))
    return str(value / scale)


def _adult(random: Random, payload: dict[str, Any], regimen: str) -> None:
    payload["sex"] = random.choice(("female", "male"))
    payload["age_years"] = _years(random)
    payload["weight_kg"] = _weight(random)
    drugs = _drugs(regimen)
    draw = random.random()
    if draw < 0.10:
        _dialysis(random, payload)
    elif draw < 0.14:
        _young(random, payload)
        return
    elif draw < 0.32:
        _edge_by_creatinine(random, payload, regimen)
    elif draw < 0.56:
        _edge_entered(random, payload, regimen)
    elif draw < 0.86:
        _creatinine(random, payload)
    else:
        _entered(random, payload, _places(random, 1, 200, random.choice((0, 1, 2))))
    entered = "crcl_ml_min" in payload
    if entered and random.random() < 0.2:
        payload.pop("sex", None)
    used = entered and "dialysis" not in payload
    if used and regimen in TABLETS_ONLY and random.random() < 0.4:
        del payload["weight_kg"]
    if "foscarnet" in drugs and random.random() < 0.5:
        payload["venous_access"] = random.choice(("central", "peripheral"))
    _weights(random, payload, drugs)


def _drugs(regimen: str) -> set[str]:
    if regimen in STEP_DOWN:
        return {"ganciclovir", "valganciclovir"}
    if regimen == "neurological-combination":
        return {"ganciclovir", "foscarnet"}
    return {regimen.split("-")[0]}


def _years(random: Random) -> Any:
    draw = random.random()
    if draw < 0.1:
        return random.choice((18, 19, 89, 99, 110, 120))
    if draw < 0.2:
        return _places(random, 18, 95, 1)
    return random.randint(18, 95)


def _weight(random: Random) -> str:
    draw = random.random()
    if draw < 0.08:
        return random.choice(("20", "34.9", "35", "200", "200.1", "350", "20.5", "28"))
    if draw < 0.16:
        return _places(random, 20, 350, 1)
    return _places(random, 40, 130, random.choice((0, 1, 1, 2)))


def _creatinine_value(random: Random) -> Fraction:
    draw = random.random()
    if draw < 0.06:
        return Fraction(random.choice(("0.1", "0.39", "0.4", "2.8", "2.81", "10", "10.01", "20")))
    if draw < 0.7:
        return Fraction(_places(random, 0.4, 2, 2))
    return Fraction(_places(random, 0.2, 7, 2))


def _creatinine(random: Random, payload: dict[str, Any]) -> None:
    _set_creatinine(random, payload, _creatinine_value(random))


def _set_creatinine(random: Random, payload: dict[str, Any], value: Fraction) -> None:
    """The same creatinine in either unit; 88.4 turns it into µmol/L without a rest."""
    if random.random() < 0.5:
        payload["serum_creatinine_unit"] = "umol/L"
        value *= UMOL
        if random.random() < 0.3 and 9 < value < 1767:
            value = Fraction(round(value))
    else:
        payload["serum_creatinine_unit"] = "mg/dL"
    payload["serum_creatinine"] = exact(value)


def _entered(random: Random, payload: dict[str, Any], value: str) -> None:
    payload["crcl_ml_min"] = value
    if random.random() < 0.7:
        payload["crcl_source"] = random.choice(("measured", "calculated"))


def _dialysis(random: Random, payload: dict[str, Any]) -> None:
    payload["dialysis"] = random.choice(("haemodialysis",) * 4 + ("peritoneal", "continuous"))
    if random.random() < (0.8 if payload["regimen"] == "ganciclovir-maintenance" else 0.2):
        # where even whole milligrams change the dose by more than the limit
        payload["weight_kg"] = _places(random, 20, 34, 2)
    draw = random.random()
    if draw < 0.3:
        _creatinine(random, payload)
    elif draw < 0.5:
        _entered(random, payload, _places(random, 2, 90, 1))
    if random.random() < 0.3:
        del payload["sex"]


def _young(random: Random, payload: dict[str, Any]) -> None:
    """Under 18 on an adult regimen, with kidneys that no table would refuse."""
    payload["age_years"] = random.choice((2, 12, 16, 17, "17.9"))
    payload["weight_kg"] = str(random.randint(21, 60))
    if random.random() < 0.5:
        payload["serum_creatinine"] = "0.7"
        payload["serum_creatinine_unit"] = "mg/dL"
    else:
        payload["crcl_ml_min"] = str(random.randint(85, 130))
    if random.random() < 0.2:
        del payload["age_years"]
        payload["age_months"] = random.choice((0, 1, 11, 12, 23))
        payload["weight_kg"] = str(random.randint(3, 12))


def _edge(random: Random, regimen: str) -> tuple[str, Fraction]:
    drug = random.choice(sorted(_drugs(regimen)))
    tables = [edges for (name, table), edges in EDGES.items() if name == drug]
    if regimen == "ganciclovir-maintenance-5-days":
        return drug, Fraction(70)
    return drug, Fraction(random.choice(max(tables, key=len)))


def _edge_entered(random: Random, payload: dict[str, Any], regimen: str) -> None:
    """An edge, one step either side of it, or the ends of its windows, as an entered value."""
    drug, edge = _edge(random, regimen)
    if drug == "foscarnet":
        edge *= Fraction(payload["weight_kg"])
    draw = random.random()
    if draw < 0.4:
        value = edge
    elif draw < 0.7:
        value = edge + random.choice((-1, 1)) * Fraction(1, 100)
    else:
        share = random.choice(("0.03", "0.1", "0.0301", "0.1001", "0.0299", "0.0999"))
        value = edge * (1 + random.choice((-1, 1)) * Fraction(share))
    _entered(random, payload, exact(min(max(value, Fraction(1)), Fraction(250))))


def _edge_by_creatinine(random: Random, payload: dict[str, Any], regimen: str) -> None:
    """An edge that Cockcroft-Gault meets exactly, or one hundredth of a creatinine beside it."""
    drug, edge = _edge(random, regimen)
    female = payload["sex"] == "female"
    for _ in range(40):
        value = Fraction(random.randint(20, 600), 100)
        creatinine = value * Fraction("0.85") if female else value
        if not Fraction("0.1") <= creatinine - Fraction(1, 100) <= 19:
            continue
        if drug == "foscarnet":
            left = 72 * edge * value
            if not 20 <= left <= 122:
                continue
            payload["age_years"] = exact(140 - left)
        else:
            left = Fraction(random.choice(EASY))
            weight = edge * 72 * value / left
            if not 20 <= weight <= 350:
                continue
            payload["age_years"] = int(140 - left)
            payload["weight_kg"] = exact(weight)
        beside = random.choice((0, 0, -1, 1))
        _set_exact(random, payload, creatinine + Fraction(beside, 100))
        return
    _creatinine(random, payload)


def _set_exact(random: Random, payload: dict[str, Any], value: Fraction) -> None:
    if random.random() < 0.5:
        payload |= {"serum_creatinine": exact(value * UMOL), "serum_creatinine_unit": "umol/L"}
    else:
        payload |= {"serum_creatinine": exact(value), "serum_creatinine_unit": "mg/dL"}


def _weights(random: Random, payload: dict[str, Any], drugs: set[str]) -> None:
    """A height often, a chosen weight sometimes, and only where a weight is used."""
    if "weight_kg" not in payload or random.random() < 0.55:
        return
    payload["height_cm"] = _places(random, 153, 200, random.choice((0, 1)))
    if random.random() < 0.1:
        payload["height_cm"] = random.choice(("152.4", "152.5", "250"))
    if "sex" not in payload or random.random() < 0.4:
        return
    if "serum_creatinine" in payload and "dialysis" not in payload and drugs != {"foscarnet"}:
        payload["renal_weight"] = random.choice(("actual", "ideal", "adjusted"))
    if drugs != {"valganciclovir"}:
        payload["dosing_weight"] = random.choice(("actual", "ideal", "adjusted"))


def _child(random: Random, payload: dict[str, Any]) -> None:
    payload["sex"] = random.choice(("female", "male"))
    if random.random() < 0.45:
        months = random.choice((0, 1, 3, 4, 11, 12, 23, random.randint(4, 23)))
        payload["age_months"] = months
        payload["height_cm"] = _places(random, 48, 92, 1)
        payload["weight_kg"] = _places(random, 2.5, 15, 2)
        creatinine = Fraction(_places(random, 0.1, 1.2, 2))
    else:
        years = random.choice((2, 12, 13, 16, "12.9", "16.9", 17, random.randint(2, 16)))
        payload["age_years"] = years
        payload["height_cm"] = _places(random, 82, 185, 1)
        payload["weight_kg"] = _places(random, 10, 75, 1)
        creatinine = Fraction(_places(random, 0.2, 2.5, 2))
    if random.random() < 0.04:
        creatinine = Fraction(random.choice(("8", "12", "20")))
    if random.random() < 0.1:
        # BSA of exactly 0.5, so that half steps of 25 mg are met exactly
        payload |= {"height_cm": "90", "weight_kg": "10"}
    _set_creatinine(random, payload, creatinine)
    if random.random() < 0.7:
        payload["organ"] = random.choice(("kidney", "heart"))
    if payload.get("age_months", 99) < 12 and random.random() < 0.7:
        payload["low_birth_weight"] = random.random() < 0.5
    covered = Fraction(payload.get("age_years", 1)) < 17 and payload.get("age_months", 9) >= 4
    if covered and random.random() < 0.05:
        payload["dialysis"] = random.choice(("haemodialysis", "peritoneal", "continuous"))


def _child_options(random: Random, payload: dict[str, Any], today: date) -> None:
    start = date.fromisoformat(payload.get("start_date", today.isoformat()))
    if random.random() < 0.75:
        back = random.choice((0, 1, 9, 10, 11, 40, 98, 100))
        payload["transplant_date"] = (start - timedelta(days=back)).isoformat()
    if random.random() < 0.4:
        payload["prevention_pcr"] = random.random() < 0.7
    sound = not {"dialysis", "labs", "allergies", "pregnant"} & set(payload)
    years = Fraction(payload.get("age_years", 0))
    creatinine = Fraction(payload["serum_creatinine"])
    low = creatinine < 3 if payload["serum_creatinine_unit"] == "mg/dL" else creatinine < 200
    if sound and low and 6 <= years < 17 and random.random() < 0.3:
        payload["formulation"] = "tablet"
    elif random.random() < 0.1:
        payload["formulation"] = "oral_solution"


def _dates(random: Random, payload: dict[str, Any], today: date) -> None:
    draw = random.random()
    if draw < 0.1:
        away = random.choice((-400, -15, -14, 14, 15, 400))
        payload["start_date"] = (today + timedelta(days=away)).isoformat()
    elif draw < 0.8:
        payload["start_date"] = (today + timedelta(days=random.randint(-7, 14))).isoformat()
    if random.random() < 0.15 and "weight_kg" in payload:
        back = random.choice((0, 5, 28, 29, 60))
        payload["weight_date"] = (today - timedelta(days=back)).isoformat()
    if random.random() < 0.15 and "serum_creatinine" in payload:
        back = random.choice((0, 3, 7, 8, 30))
        payload["serum_creatinine_date"] = (today - timedelta(days=back)).isoformat()
    if random.random() < 0.4:
        payload["no_weekend_draws"] = random.random() < 0.8


def _labs(random: Random, payload: dict[str, Any]) -> None:
    draw = random.random()
    if draw < 0.25:
        return
    labs: dict[str, Any] = {"anc": "3.2", "platelets": 180, "haemoglobin": "118"}
    if draw < 0.6:
        edges = {
            "anc": ("0", "0.49", "0.5", "0.51", "0.99", "1", "1.0", "20", "20.1", "60"),
            "platelets": ("0", "24.9", "25", "26", "3000"),
            "haemoglobin": ("20", "24.9", "25", "79", "79.9", "80", "250"),
        }
        name = random.choice(("anc", "anc", "platelets", "haemoglobin"))
        labs[name] = random.choice(edges[name])
    if draw > 0.85:
        del labs[random.choice(("anc", "platelets", "haemoglobin"))]
    payload["labs"] = labs


def _history(random: Random, payload: dict[str, Any]) -> None:
    def tick(flag: str, often: float) -> None:
        if random.random() < often:
            payload[flag] = random.random() < 0.75

    tick("previous_drug_leucopenia", 0.12)
    tick("kidney_function_changing", 0.18)
    tick("heart_failure", 0.12)
    tick("seizures", 0.05)
    tick("breastfeeding", 0.03)
    adult_woman = payload.get("sex") != "male" and payload["regimen"] != CHILD
    if adult_woman and random.random() < 0.35:
        payload["pregnancy_possible"] = random.random() < 0.5
    if adult_woman and "sex" in payload and random.random() < 0.08:
        payload["pregnant"] = random.random() < 0.4
    if random.random() < 0.08:
        slugs = ("ganciclovir", "valganciclovir", "foscarnet", "aciclovir", "sulfa")
        payload["allergies"] = random.sample(slugs, random.choice((0, 1, 1, 2)))
    if random.random() < 0.1:
        payload["taking"] = random.sample(sorted(TAKEN), random.choice((0, 1, 2)))
    if random.random() < 0.2:
        payload["monitoring_policy"] = random.choice(("uk-smpc", "uk-smpc", "label-default"))


def _phase_days(random: Random, payload: dict[str, Any], regimen: str, today: date) -> None:
    """Lengths that stand and lengths that do not, and the options that belong to a course."""
    if regimen in TREATMENT and random.random() < 0.3:
        payload["disseminated"] = random.random() < 0.7
    if regimen in TREATMENT and "dialysis" not in payload and random.random() < 0.3:
        payload["follow_up_pcr"] = random.random() < 0.8
    if random.random() < 0.6:
        return
    if regimen in STEP_DOWN:
        payload["phase_days"] = _two_lengths(random, *STEP_DOWN[regimen])
    elif regimen == "neurological-combination":
        shared = random.choice((None, 14, 21, random.randint(14, 84), 85, 13))
        # a ganciclovir that ends first does so where every rhythm has a row the day after
        payload["phase_days"] = random.choice(
            ([shared, shared], [14, random.randint(15, 40)], [None, random.randint(22, 84)])
        )
    elif regimen in TREATMENT:
        payload["phase_days"] = [random.choice((None, 13, 14, 17, 21, 22, 28, 84, 85))]
    else:
        start = date.fromisoformat(payload.get("start_date", today.isoformat()))
        if regimen != "ganciclovir-maintenance-5-days" or start.weekday() < 5:
            payload["phase_days"] = [random.choice((None, 1, 2, 7, 30, 83, 84, 85))]


def _two_lengths(random: Random, shortest: int, longest: int) -> list[int | None]:
    first = random.choice(
        (None, shortest, longest, longest + 1, random.randint(shortest, longest), 20, 21)
    )
    if random.random() < 0.05:
        first = shortest - 1
    last = random.choice((None, 1, 4, 9, 11, 14, 16, 30, 70, 79, 80))
    return [first, last]
