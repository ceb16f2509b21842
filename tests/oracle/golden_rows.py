"""Reads the typed rows of tests/golden and holds an answer against one of them."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.oracle.compare import same
from tests.oracle.inputs import FLAGS

GOLDEN = Path(__file__).parent.parent / "golden"
TODAY = date(2026, 11, 23)
OUTPUTS = ("order.", "preparation.", "renal.", "status")
#: A cell the documents leave open: not compared.
OPEN = "?"
WHOLE_NUMBERS = {
    "start_day",
    "end_day",
    "vials",
    "bottles",
    "tablets",
    "infusion_minutes",
}
TESTS = (
    "cbc",
    "cmv-pcr",
    "crcl-24h",
    "drug-levels",
    "ecg",
    "electrolytes",
    "eye-examination",
    "liver",
    "pregnancy-test",
    "renal",
    "urinalysis",
    "urine-protein",
)


@dataclass(frozen=True)
class Row:
    """One line of a file: what goes in and what must come out."""

    file: str
    line: int
    case: str
    payload: dict[str, Any]
    cells: dict[str, str]
    place: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.case}"


def _lines(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    with (GOLDEN / name).open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file, strict=True)
        for cells in reader:
            if None in cells or None in cells.values():
                raise ValueError(f"{name}:{reader.line_num} has not as many cells as its header")
            yield reader.line_num, cells


def _payload(cells: Mapping[str, str], skip: tuple[str, ...]) -> dict[str, Any]:
    """The inputs of a line in the contract's form; an empty cell is an absent key."""
    payload: dict[str, Any] = {}
    for key, text in cells.items():
        if text == "" or key.startswith(skip):
            continue
        if key.startswith("labs."):
            payload.setdefault("labs", {})[key.removeprefix("labs.")] = text
        elif key in FLAGS:
            payload[key] = {"true": True, "false": False}[text]
        elif key == "phase_days":
            payload[key] = json.loads(text)
        elif key in ("allergies", "taking", "draw_weekdays"):
            payload[key] = text.split()
        else:
            payload[key] = text
    return payload


def table_files() -> list[str]:
    """Every CSV whose lines are patients and orders."""
    others = {
        "schedules.csv",
        "limits.csv",
        "near_edges.csv",
        "regimen_orders.csv",
        "second_line_orders.csv",
        "regimen_schedules.csv",
    }
    return sorted(path.name for path in GOLDEN.glob("*.csv") if path.name not in others)


def table_rows() -> list[Row]:
    return order_rows(*table_files())


def order_rows(*names: str) -> list[Row]:
    """Patients and one of their orders each."""
    rows = []
    for name in names:
        for line, cells in _lines(name):
            wanted = {key: text for key, text in cells.items() if key.startswith(OUTPUTS)}
            place = int(cells.get("number") or 1) - 1
            payload = _payload(cells, (*OUTPUTS, "case", "number"))
            rows.append(Row(name, line, cells["case"], payload, wanted, place))
    return rows


def schedule_rows(name: str = "schedules.csv") -> list[Row]:
    skip = (*TESTS, "reviews", "case", "status")
    return [
        Row(name, line, cells["case"], _payload(cells, skip), cells) for line, cells in _lines(name)
    ]


def _lines_of(name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    text = (GOLDEN / name).read_text(encoding="utf-8")
    for line, record in enumerate(text.splitlines(), start=1):
        yield line, json.loads(record)


def refusal_rows(name: str = "refusals.jsonl") -> list[Row]:
    """A payload and the fields of which one must carry an error."""
    return [
        Row(name, line, record["case"], record["payload"], {"fields": record["fields"]})
        for line, record in _lines_of(name)
    ]


def finding_rows() -> list[Row]:
    """A payload, the findings it must have and the codes it must not have."""
    return [
        Row("findings.jsonl", line, record["case"], record["payload"], record)
        for line, record in _lines_of("findings.jsonl")
    ]


def expectation_rows(name: str) -> list[Row]:
    """A payload with paths into its answer, findings, and the days of tests."""
    return [
        Row(name, line, record["case"], record["payload"], record)
        for line, record in _lines_of(name)
    ]


def near_edge_rows() -> list[Row]:
    """One row for each clearance of a line's three lists."""
    rows = []
    for line, cells in _lines("near_edges.csv"):
        payload = _payload(cells, ("case", "none", "note", "caution"))
        for level in ("none", "note", "caution"):
            for text in cells[level].split():
                case = f"{cells['case']} at {text}: {level}"
                sent = {**payload, "crcl_ml_min": text}
                rows.append(Row("near_edges.csv", line, case, sent, {"level": level}))
    return rows


BASES: dict[str, dict[str, Any]] = {
    "adult": {
        "regimen": "ganciclovir-induction",
        "sex": "male",
        "age_years": "50",
        "weight_kg": "70",
        "serum_creatinine": "1.0",
        "serum_creatinine_unit": "mg/dL",
    },
    "entered": {
        "regimen": "ganciclovir-induction",
        "age_years": "50",
        "weight_kg": "70",
        "crcl_ml_min": "90",
    },
    "foscarnet": {
        "regimen": "foscarnet-induction-90",
        "age_years": "50",
        "weight_kg": "70",
        "crcl_ml_min": "90",
        "crcl_source": "measured",
    },
    "child": {
        "regimen": "valganciclovir-paediatric-prophylaxis",
        "sex": "female",
        "age_years": "8",
        "weight_kg": "25",
        "height_cm": "125",
        "serum_creatinine": "0.5",
        "serum_creatinine_unit": "mg/dL",
        "organ": "kidney",
    },
    "infant": {
        "regimen": "valganciclovir-paediatric-prophylaxis",
        "sex": "female",
        "age_months": "10",
        "weight_kg": "8",
        "height_cm": "70",
        "serum_creatinine": "0.3",
        "serum_creatinine_unit": "mg/dL",
        "organ": "kidney",
        "low_birth_weight": False,
    },
}
"""Sound patients into which limits.csv puts one value."""


def limit_rows() -> list[Row]:
    rows = []
    for line, cells in _lines("limits.csv"):
        payload = {**BASES[cells["base"]]}
        if cells["serum_creatinine_unit"]:
            payload["serum_creatinine_unit"] = cells["serum_creatinine_unit"]
        field, value = cells["field"], cells["value"]
        if field.startswith("labs."):
            payload["labs"] = {field.removeprefix("labs."): value}
        else:
            payload[field] = value
        rows.append(Row("limits.csv", line, f"{field} {value}", payload, cells))
    return rows


def _found(answer: Mapping[str, Any], key: str, place: int) -> Any:
    """The answer's value under a column's name, None where it has none."""
    if key == "status":
        return answer["status"]
    first, _, rest = key.partition(".")
    if first == "renal":
        at: Any = answer.get("renal")
    else:
        order = answer["orders"][place] if place < len(answer["orders"]) else {}
        at = order if first == "order" else order.get("preparation")
    for part in rest.split("."):
        at = (at or {}).get(part)
    return at


def table_differences(row: Row, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Column → (typed, answered), for the columns that differ."""
    found = {}
    for key, text in row.cells.items():
        if text == OPEN:
            continue
        actual = _found(answer, key, row.place)
        name = key.rpartition(".")[2]
        typed: Any = None if text == "" else text
        if typed is not None and name in WHOLE_NUMBERS:
            typed = int(text)
        if not same(name, typed, actual):
            found[key] = (typed, actual)
    return found


def schedule_differences(row: Row, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Test → (typed days, answered days)."""
    found: dict[str, Any] = {}
    for test in TESTS:
        cell = row.cells.get(test, "")
        if cell == OPEN:
            continue
        typed = [int(day) for day in cell.split()]
        actual = [line["day"] for line in answer["monitoring"] if test in line["tests"]]
        if typed != actual:
            found[test] = (typed, actual)
    reviews = row.cells["reviews"]
    typed = [] if reviews == OPEN else [int(day) for day in reviews.split()]
    # the product's review rows are objects, the second implementation's are days
    actual = [one if isinstance(one, int) else one["day"] for one in answer.get("reviews") or []]
    if row.cells["status"] == "ok" and reviews != OPEN and typed != actual:
        found["reviews"] = (typed, actual)
    if row.cells["status"] != answer["status"]:
        found["status"] = (row.cells["status"], answer["status"])
    start = date.fromisoformat(row.payload["start_date"])
    dates = [(start + timedelta(days=one["day"] - 1)).isoformat() for one in answer["monitoring"]]
    if dates != [one["date"] for one in answer["monitoring"]]:
        found["dates"] = (dates, answer["monitoring"])
    return found


def levels(answer: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(code, level) of every finding, from either implementation's answer."""
    return {
        one if isinstance(one, tuple) else (one["code"], one["level"])
        for one in answer.get("findings") or ()
    }


def near_edge_differences(row: Row, answer: Mapping[str, Any]) -> dict[str, Any]:
    said = {level for code, level in levels(answer) if code == "near-band-edge"}
    wanted = {row.cells["level"]} - {"none"}
    return {} if wanted == said else {"near-band-edge": (wanted, said)}


def limit_differences(row: Row, answer: Mapping[str, Any]) -> dict[str, Any]:
    expected, code = row.cells["expected"], row.cells["code"]
    if (expected == "invalid") != (answer["status"] == "invalid"):
        return {"status": (expected, answer["status"])}
    if expected == "invalid":
        fields = set(answer.get("fields") or answer["errors"])
        return {} if row.cells["field"] in fields else {"fields": (row.cells["field"], fields)}
    if code and ((code, "caution") in levels(answer)) != (expected == "caution"):
        return {code: (expected, sorted(levels(answer)))}
    return {}


def refusal_differences(row: Row, answer: Mapping[str, Any]) -> dict[str, Any]:
    if answer["status"] != "invalid":
        return {"status": ("invalid", answer["status"])}
    fields = set(answer.get("fields") or answer["errors"])
    wanted = set(row.cells["fields"])
    return {} if wanted & fields else {"fields": (wanted, fields)}


def finding_differences(row: Row, answer: Mapping[str, Any]) -> dict[str, Any]:
    if answer["status"] == "invalid":
        return {"status": ("not invalid", answer)}
    said = levels(answer)
    missing = {tuple(one) for one in row.cells["present"]} - said
    unexpected = {one for one in said if one[0] in row.cells["absent"]}
    if missing or unexpected:
        return {"missing": missing, "unexpected": unexpected, "said": sorted(said)}
    return {}


def expectation_differences(row: Row, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Path → (typed, answered); findings and days of tests likewise."""
    found: dict[str, Any] = {}
    cells: dict[str, Any] = dict(row.cells)
    for path, typed in cells.get("expect", {}).items():
        at: Any = answer
        for part in path.split("."):
            if isinstance(at, list):
                at = at[int(part)] if int(part) < len(at) else None
            else:
                at = (at or {}).get(part)
        if at != typed:
            found[path] = (typed, at)
    if answer["status"] == "invalid":
        wanted = set(cells.get("fields") or ())
        if wanted and not wanted & set(answer["errors"]):
            found["fields"] = (wanted, answer["errors"])
        return found if wanted or found else {"status": ("not invalid", answer)}
    said = levels(answer)
    for code, level in cells["present"]:
        if not any(_named(code, one) and level == its for one, its in said):
            found[code] = (level, sorted(said))
    for code in cells["absent"]:
        if any(_named(code, one) for one, _ in said):
            found[code] = ("absent", sorted(said))
    for test, typed in cells.get("days", {}).items():
        days = [line["day"] for line in answer["monitoring"] if test in line["tests"]]
        if days != typed:
            found[test] = (typed, days)
    return found


def _named(pattern: str, code: str) -> bool:
    return code.startswith(pattern[:-1]) if pattern.endswith("*") else code == pattern
