"""Twenty thousand random patients: the product and the naive second calculator must agree."""

import json
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from dosing.content.load import shipped_formulary
from dosing.exports.contract import calculate_payload
from tests.oracle import answer
from tests.oracle.compare import differences
from tests.oracle.patients import patient

CONTENT = {"release": "random", "approved": False, "digest": "sha256:0"}
CHUNKS = 40
PATIENTS = 500
SHOWN = 5
"""Differing patients printed by one failing chunk: enough to see a pattern."""


@pytest.fixture(scope="module")
def formulary() -> Any:
    return shipped_formulary()


@pytest.mark.parametrize("seed", range(CHUNKS))
def test_agrees(seed: int, formulary: Any) -> None:
    random = Random(seed)
    # a leap day, a year's end and every weekday come up as "today"
    today = date(2026, 11, 23) + timedelta(days=17 * seed)
    found = []
    for _ in range(PATIENTS):
        payload = patient(random, today)
        expected = answer(payload, today)
        actual = calculate_payload(payload, formulary=formulary, content=CONTENT, today=today)
        differing = differences(expected, actual)
        if differing:
            found.append(_shown(payload, differing))
    assert not found, f"{len(found)} of {PATIENTS} on {today}:\n" + "\n".join(found[:SHOWN])


def _shown(payload: dict[str, Any], differing: dict[str, Any]) -> str:
    """The payload as it can be sent again, then each part: expected, answered."""
    lines = [json.dumps(payload, ensure_ascii=False)]
    lines += [f"    {name}: {pair}" for name, pair in differing.items()]
    return "\n".join(lines)
