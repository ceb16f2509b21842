"""make_plan for the longest usual regimen, beside a loop of plain exact arithmetic."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from dosing.content.load import shipped_formulary
from dosing.engine import make_plan
from dosing.intake import read

ROUNDS = 2000
TODAY = date(2026, 11, 23)
PAYLOAD = {
    "regimen": "ibd-colitis",
    "sex": "female",
    "age_years": "44",
    "weight_kg": "66",
    "serum_creatinine": "84",
    "serum_creatinine_unit": "umol/L",
    "start_date": "2026-11-23",
    "no_weekend_draws": True,
    "labs": {"anc": "0.9", "platelets": "140", "haemoglobin": "101"},
}


def median_ms(work: Callable[[], object]) -> float:
    """Median of single runs in ms, after a warm-up."""
    for _ in range(100):
        work()
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter_ns()
        work()
        times.append(time.perf_counter_ns() - begin)
    return statistics.median(times) / 1e6


def reference() -> Fraction:
    """100 additions and multiplications of fractions: what exactness alone costs."""
    value = Fraction(1, 3)
    for step in range(1, 51):
        value = (value + Fraction(step, 7)) * Fraction(3, 5)
        value = Fraction(value.numerator % 1009, 77)
    return value


def report() -> None:
    """Print the median of make_plan and of the reference."""
    formulary = shipped_formulary()
    request = read(PAYLOAD, formulary, today=TODAY)
    plan = median_ms(
        lambda: make_plan(request.facts, request.regimen, formulary, start=request.start)
    )
    beside = median_ms(reference)
    print(f"make_plan, ibd-colitis: median {plan:.3f} ms (aim: 0.5 ms or less)")
    print(f"  reference, 100 exact operations: {beside:.3f} ms; ratio {plan / beside:.2f}")
