"""The ibd-colitis sheet as PDF: time when warm, beside a bare page, and memory over many sheets."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django

from dosing.content.load import shipped_formulary
from dosing.engine import make_plan
from dosing.intake import read

from .engine import PAYLOAD, TODAY

WARM = 5
ROUNDS = 20
SHEETS = 300
ROWS = 28
BARE = (
    '<!doctype html><html lang="en-GB"><title>Reference</title><body class="pdf"><table>'
    "<thead><tr><th>Day</th><th>Date</th><th>Tests</th></tr></thead><tbody>"
    + "<tr><td>1</td><th>Mon 23 Nov 2026</th><td>blood count, creatinine</td></tr>" * ROWS
    + "</tbody></table>"
)


def median_ms(work: Callable[[], object]) -> tuple[float, float]:
    """Median and least of single runs in ms, after a warm-up."""
    for _ in range(WARM):
        work()
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times), min(times)


def resident_mb() -> float:
    """Memory of this process, where the system tells it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def report() -> None:
    """Print time and memory."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from weasyprint.text.ffi import harfbuzz_subset

    from dosing.exports.paper import sheet_pdf
    from dosing.exports.pdf import pdf
    from dosing.presenters.sheet import release_of, sheet_view

    formulary = shipped_formulary()
    # Ordinary counts: low ones add a blood count every day, and 11 rows.
    plain = {key: value for key, value in PAYLOAD.items() if key != "labs"}
    request = read(plain, formulary, today=TODAY)
    plan = make_plan(request.facts, request.regimen, formulary, start=request.start)

    def sheet() -> bytes:
        now = datetime.now(UTC)
        release = release_of(formulary, "", approved=False, printed_at=now, time_zone="UTC")
        return sheet_pdf(sheet_view(plan, formulary, release))

    found = "found" if harfbuzz_subset else "missing"
    median, least = median_ms(sheet)
    print(
        f"PDF of the ibd-colitis sheet, warm, libharfbuzz-subset0 {found}: median {median:.0f} ms, "
        f"least {least:.0f} ms (aim: 250 ms or less)"
    )
    bare, _ = median_ms(lambda: pdf(BARE, "sheet.css"))
    print(f"  reference, a bare table of {ROWS} rows: {bare:.0f} ms; ratio {median / bare:.1f}")
    sizes = []
    for number in range(1, SHEETS + 1):
        sheet()
        if number in (1, SHEETS // 3, 2 * SHEETS // 3, SHEETS):
            sizes.append(f"{resident_mb():.1f} MB after {number}")
    print(f"  memory: {', '.join(sizes)}")
