"""`manage.py calculate` as a whole process over 20,000 lines, and its memory along the way."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LINES = 20_000
ROOT = Path(__file__).parent.parent
REGIMENS = (
    "ganciclovir-induction",
    "ganciclovir-maintenance",
    "valganciclovir-induction",
    "foscarnet-induction-90",
    "foscarnet-maintenance-120",
    "ibd-colitis",
    "immunocompromised-disease",
    "neurological-combination",
)
#: What any line-by-line JSON tool pays: start Python, read, parse, write.
REFERENCE = (
    "import json, sys\n"
    "for line in sys.stdin:\n"
    "    sys.stdout.write(json.dumps(json.loads(line)) + '\\n')\n"
)


def cohort(path: Path, lines: int) -> None:
    """Write that many different patients, the same ones at every run."""
    pick = random.Random(2026)
    with path.open("w") as target:
        for _ in range(lines):
            patient = {
                "regimen": pick.choice(REGIMENS),
                "sex": pick.choice(("female", "male")),
                "age_years": pick.randint(18, 90),
                "weight_kg": f"{pick.uniform(40, 120):.1f}",
                "serum_creatinine": f"{pick.uniform(0.5, 3):.2f}",
                "serum_creatinine_unit": "mg/dL",
                "start_date": "2026-11-23",
                "no_weekend_draws": pick.random() < 0.5,
                "labs": {"anc": "2.1", "platelets": "140", "haemoglobin": "101"},
            }
            target.write(json.dumps(patient) + "\n")


def run(command: list[str], source: Path) -> tuple[float, int]:
    """Seconds and peak resident kilobytes of a whole process that reads source."""
    begin = time.perf_counter()
    with source.open("rb") as lines:
        child = subprocess.Popen(command, stdin=lines, stdout=subprocess.DEVNULL, cwd=ROOT)
        _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return seconds, usage.ru_maxrss


def report() -> None:
    """Print plans a second and the peak memory at a tenth of the lines and at all of them."""
    command = [sys.executable, "manage.py", "calculate"]
    with tempfile.TemporaryDirectory() as folder:
        short, whole = Path(folder) / "short", Path(folder) / "whole"
        cohort(short, LINES // 10)
        cohort(whole, LINES)
        _, peak_short = run(command, short)
        seconds, peak = run(command, whole)
        beside, _ = run([sys.executable, "-c", REFERENCE], whole)
    print(
        f"calculate, {LINES:,} lines: {LINES / seconds:,.0f} plans/s as a whole process "
        "(aim: 1,500 or more)"
    )
    print(
        f"  reference, parse and write the same lines: {LINES / beside:,.0f} lines/s; "
        f"ratio {seconds / beside:.1f}"
    )
    print(
        f"  peak memory: {peak_short / 1024:.1f} MB at {LINES // 10:,} lines, "
        f"{peak / 1024:.1f} MB at {LINES:,}"
    )
