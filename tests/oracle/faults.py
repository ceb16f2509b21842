"""Single faults put into a sound payload: each must come back on its own field."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.oracle.inputs import CHILD

MALFORMED: tuple[Any, ...] = (
    "",
    " ",
    "abc",
    "-5",
    "1e2",
    "NaN",
    "Infinity",
    "12,500",
    "70 kg",
    "\uff17\uff10",
    "1.2.3",
    True,
    ["70"],
    {},
)
UNKNOWN = (
    "drawweekdays",
    "Weight_kg",
    "egfr",
    "patient_name",
)
OUTSIDE = {
    "weight_kg": ("0", "0.9", "350.01", "1000"),
    "height_cm": ("0", "29.9", "250.1", "1.75"),
    "age_years": ("0", "1.9", "120.1", "130"),
    "age_months": (24, "6.5", 100),
    "crcl_ml_min": ("0", "0.99", "250.01"),
}
CREATININE_OUTSIDE = {
    "mg/dL": ("0", "0.09", "20.01", "88"),
    "umol/L": ("0", "8.83", "1768.01", "1.1"),
}
NOT_A_DAY = ("", "23.11.2026", "2026-02-30", "20261123", "tomorrow", 20261123, "2026-11-23T00:00")


def spoil(random: Random, payload: dict[str, Any], today: date) -> None:
    """One fault, after taking out what might be a second one."""
    payload.pop("phase_days", None)
    payload.pop("formulation", None)
    random.choice(FAULTS)(random, payload, today)


def _malformed(random: Random, payload: dict[str, Any], today: date) -> None:
    names = ("weight_kg", "serum_creatinine", "crcl_ml_min", "height_cm", "age_years")
    present = [name for name in names if name in payload]
    if present:
        payload[random.choice(present)] = random.choice(MALFORMED)


def _outside(random: Random, payload: dict[str, Any], today: date) -> None:
    name = random.choice([name for name in OUTSIDE if name in payload])
    payload[name] = random.choice(OUTSIDE[name])


def _creatinine_outside(random: Random, payload: dict[str, Any], today: date) -> None:
    if "serum_creatinine" in payload and "dialysis" not in payload:
        unit = payload["serum_creatinine_unit"]
        payload["serum_creatinine"] = random.choice(CREATININE_OUTSIDE[unit])


def _unknown(random: Random, payload: dict[str, Any], today: date) -> None:
    payload[random.choice(UNKNOWN)] = random.choice(("1", True, [], "us"))


def _choice(random: Random, payload: dict[str, Any], today: date) -> None:
    name, raw = random.choice(
        (
            ("regimen", "ganciclovir"),
            ("sex", "f"),
            ("dialysis", "hemodialysis"),
            ("renal_weight", "lean"),
            ("dosing_weight", ""),
            ("monitoring_policy", "strict"),
            ("kidney_function_changing", "yes"),
            ("no_weekend_draws", 1),
            ("pregnancy_possible", "false"),
            ("taking", ["aspirin"]),
            ("taking", ["imipenem", "ziduvodine"]),
            ("allergies", ["penicillin"]),
            ("allergies", "ganciclovir"),
        )
    )
    payload[name] = raw


def _missing(random: Random, payload: dict[str, Any], today: date) -> None:
    draw = random.choice(("regimen", "weight", "age", "kidneys", "unit"))
    if draw == "regimen":
        del payload["regimen"]
    elif draw == "weight" and not {"crcl_ml_min", "dialysis"} & set(payload):
        payload["weight_kg"] = None
        payload.pop("weight_date", None)
    elif draw == "age":
        payload.pop("age_years", None)
        payload.pop("age_months", None)
    elif draw == "kidneys" and "dialysis" not in payload:
        for name in ("serum_creatinine", "serum_creatinine_unit", "serum_creatinine_date"):
            payload.pop(name, None)
        payload.pop("crcl_ml_min", None)
        payload.pop("crcl_source", None)
    elif draw == "unit" and "serum_creatinine" in payload and "dialysis" not in payload:
        del payload["serum_creatinine_unit"]


def _both(random: Random, payload: dict[str, Any], today: date) -> None:
    if "dialysis" in payload:
        return
    if payload["regimen"] == CHILD:
        payload["crcl_ml_min"] = "60"
    else:
        payload.setdefault("crcl_ml_min", "60")
        payload.setdefault("serum_creatinine_unit", "mg/dL")
        payload.setdefault("sex", "male")
        payload.setdefault("weight_kg", "70")
        if "serum_creatinine" not in payload:
            payload["serum_creatinine_unit"] = "mg/dL"
            payload["serum_creatinine"] = "1.2"


def _day(random: Random, payload: dict[str, Any], today: date) -> None:
    name = random.choice(("start_date", "start_date", "weight_date", "serum_creatinine_date"))
    if name == "serum_creatinine_date" and "serum_creatinine" not in payload:
        name = "start_date"
    if name == "weight_date" and "weight_kg" not in payload:
        name = "start_date"
    payload.pop("transplant_date", None)
    payload[name] = random.choice(NOT_A_DAY)
    if random.random() < 0.5:
        away = random.choice((-401, 401, 900)) if name == "start_date" else 1
        payload[name] = (today + timedelta(days=away)).isoformat()


def _lab(random: Random, payload: dict[str, Any], today: date) -> None:
    name, raw = random.choice(
        (
            ("anc", "60.1"),
            ("anc", "-1"),
            ("anc", ""),
            ("platelets", "3000.5"),
            ("platelets", "150 "),
            ("platelets", "1,500"),
            ("haemoglobin", "0"),
            ("haemoglobin", "19.9"),
            ("haemoglobin", "250.1"),
            ("haemoglobin", "12,345"),
        )
    )
    payload["labs"] = {"anc": "2", "platelets": "100", "haemoglobin": "110", name: raw}


def _phases(random: Random, payload: dict[str, Any], today: date) -> None:
    if payload["regimen"] != CHILD:
        payload["phase_days"] = random.choice(
            ([0], "21", [14, 14, 14], [-3], ["x"], [1.5], [True], [85], [21, 85])
        )


def _transplant(random: Random, payload: dict[str, Any], today: date) -> None:
    if payload["regimen"] == CHILD:
        start = date.fromisoformat(payload.get("start_date", today.isoformat()))
        away = random.choice((1, 30, -201, -300))
        payload["transplant_date"] = (start + timedelta(days=away)).isoformat()


def _short_for_ideal(random: Random, payload: dict[str, Any], today: date) -> None:
    if "sex" in payload and payload["regimen"] != CHILD and "serum_creatinine" in payload:
        payload["dosing_weight"] = random.choice(("ideal", "adjusted"))
        payload["height_cm"] = random.choice((None, "152.3", "140"))


FAULTS: tuple[Callable[[Random, dict[str, Any], date], None], ...] = (
    _malformed,
    _malformed,
    _outside,
    _outside,
    _creatinine_outside,
    _unknown,
    _choice,
    _missing,
    _both,
    _day,
    _lab,
    _phases,
    _transplant,
    _short_for_ideal,
)
