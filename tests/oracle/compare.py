"""Where a contract answer differs from what the second implementation says."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.oracle.findings import NAMED

DOSE_KEYS = (
    "band",
    "per_kg",
    "exact_mg",
    "dose_mg",
    "rounding_percent",
    "frequency",
    "preparation",
)
ORDER_KEYS = ("drug", "table", "status", "route", "start_day", "end_day", "reason")
CLEARANCES = (
    "method",
    "crcl_ml_min",
    "crcl_ml_min_kg",
    "crcl_ml_min_1_73m2",
    "crcl_capped_ml_min_1_73m2",
    "bsa_m2",
)
# Either name may carry the error where the fault lies between the two.
SAME_FAULT = (
    {"age_years", "age_months"},
    {"serum_creatinine", "crcl_ml_min"},
    {"height_cm", "renal_weight", "dosing_weight"},
    {"transplant_date", "start_date"},
)


def differences(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> dict[str, Any]:
    """Name of each differing part → (expected, actual); empty where they agree."""
    if expected["status"] != actual.get("status"):
        shown = actual.get("errors", actual.get("reason"))
        return {"status": (expected["status"], (actual.get("status"), shown))}
    if expected["status"] == "invalid":
        return _fields(expected["fields"], set(actual["errors"]))
    unsaid = expected["open"]
    found: dict[str, Any] = {}
    if "renal" not in unsaid:
        found |= _renal(expected["renal"], actual.get("renal"))
    found |= _orders(expected["orders"], actual["orders"])
    rows = [{key: row[key] for key in ("day", "date", "tests")} for row in actual["monitoring"]]
    if expected["monitoring"] != rows:
        found["monitoring"] = _rows(expected["monitoring"], rows)
    days = [row["day"] for row in actual.get("reviews") or []]
    if "reviews" not in unsaid and expected["reviews"] != days:
        found["reviews"] = (expected["reviews"], days)
    held = NAMED - unsaid
    wanted = {item for item in expected["findings"] if item[0] in held}
    said = {(item["code"], item["level"]) for item in actual["findings"] if item["code"] in held}
    # the note for "possibly pregnant" has no code of its own in the documents
    said.discard(("pregnancy-not-covered", "note"))
    if wanted != said:
        found["findings"] = {"missing": wanted - said, "unexpected": said - wanted}
    return found


def same(key: str, expected: Any, actual: Any) -> bool:
    """Equal as written; a concentration's needless zeros are left open by the contract."""
    if key == "concentration_mg_ml" and actual is not None:
        try:
            return Decimal(expected) == Decimal(actual)
        except InvalidOperation:
            return False
    return type(expected) is type(actual) and expected == actual


def _fields(expected: set[str], actual: set[str]) -> dict[str, Any]:
    allowed = set(expected)
    for group in SAME_FAULT:
        if expected & group:
            allowed |= group
    for field in expected:
        group = next((group for group in SAME_FAULT if field in group), {field})
        if not group & actual:
            return {"errors": (expected, actual)}
    return {} if actual <= allowed else {"errors": (expected, actual)}


def _renal(expected: Mapping[str, Any] | None, actual: Any) -> dict[str, Any]:
    if expected is None or not actual:
        return {} if expected is None and not actual else {"renal": (expected, actual)}
    keys = [*CLEARANCES, *(key for key in ("weight_kg", "by_weight") if key in expected)]
    return {
        f"renal.{key}": (expected.get(key), actual.get(key))
        for key in keys
        if expected.get(key) != actual.get(key)
    }


def _orders(expected: list[Any], actual: list[Any]) -> dict[str, Any]:
    if len(expected) != len(actual):
        return {"orders": (len(expected), len(actual))}
    found: dict[str, Any] = {}
    for place, (wanted, said) in enumerate(zip(expected, actual, strict=True)):
        for key in (*ORDER_KEYS, *DOSE_KEYS[:-1]):
            if not same(key, wanted.get(key), said.get(key)):
                found[f"orders[{place}].{key}"] = (wanted.get(key), said.get(key))
        made, shown = wanted.get("preparation"), said.get("preparation")
        if (made is None) != (shown is None):
            found[f"orders[{place}].preparation"] = (made, shown)
        for key in made or ():
            if shown and not same(key, made[key], shown.get(key)):
                found[f"orders[{place}].preparation.{key}"] = (made[key], shown.get(key))
    return found


def _rows(expected: list[Any], actual: list[Any]) -> dict[str, Any]:
    """Only the rows that differ: a schedule of two hundred days is no message."""
    return {
        "missing": [row for row in expected if row not in actual],
        "unexpected": [row for row in actual if row not in expected],
    }
