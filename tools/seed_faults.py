"""Break the product on purpose, one fault at a time, in a copy: each must turn the suite red.

Run by hand: .venv/bin/python tools/seed_faults.py [NAME ...]. Exit status 1 if a fault survives.
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "*cache*", ".hypothesis", "__pycache__")


@dataclass(frozen=True)
class Fault:
    """A slip somebody could make: the file, the right text and the wrong one."""

    name: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...] = ("tests/engine", "tests/intake")


FAULTS = (
    Fault(
        "volume to draw up divided by ten",
        "dosing/engine/preparation.py",
        "volume = dose_mg * as_fraction(vial.diluent_ml) / as_fraction(vial.vial_mg)",
        "volume = dose_mg * as_fraction(vial.diluent_ml) / as_fraction(vial.vial_mg) / 10",
    ),
    Fault(
        "six-minute infusion",
        "dosing/content/shipped/ganciclovir.toml",
        "minutes = 60",
        "minutes = 6",
    ),
    Fault(
        "weekends ignored",
        "dosing/engine/monitoring.py",
        "if no_weekends and day != 1:",
        "if False and day != 1:",
    ),
    Fault(
        "dates off by one",
        "dosing/engine/phases.py",
        "return start + timedelta(days=day - 1)",
        "return start + timedelta(days=day)",
    ),
    Fault(
        "once a day printed for every 12 hours",
        "dosing/presenters/words.py",
        '"q12h": "every 12 hours"',
        '"q12h": "once a day"',
        ("tests/presenters",),
    ),
    Fault(
        "an edge below where it should be at or below",
        "dosing/engine/tables.py",
        "clearance >= self.low if self.low_closed",
        "clearance > self.low if self.low_closed",
    ),
    Fault(
        "clearance rounded before the band is chosen",
        "dosing/engine/dose.py",
        "return None if clearance is None else table.row_for(clearance)",
        "return None if clearance is None else table.row_for(Fraction(round(clearance)))",
    ),
    Fault(
        "half to even instead of half up",
        "dosing/engine/units.py",
        "return (2 * top + bottom) // (2 * bottom) * step",
        "return round(Fraction(top, bottom)) * step",
    ),
    Fault(
        "female factor forgotten",
        "dosing/engine/renal.py",
        'return value * _FEMALE if sex == "female" else value',
        "return value",
    ),
    Fault(
        "foscarnet banded by mL/min",
        "dosing/engine/renal.py",
        'return self.crcl_ml_min if measure == "mL/min" else self.crcl_ml_min_kg',
        "return self.crcl_ml_min",
    ),
    Fault(
        "blood count threshold at or below",
        "dosing/engine/stops.py",
        "value < threshold.stop_below",
        "value <= threshold.stop_below",
    ),
    Fault(
        "cap on the child clearance after multiplying",
        "dosing/engine/dose.py",
        "* kidneys.bsa_m2 * kidneys.capped",
        "* kidneys.bsa_m2 * (kidneys.uncapped or kidneys.capped)",
    ),
    Fault(
        "pump rate rounded up",
        "dosing/engine/preparation.py",
        "return down(Fraction(total_ml.numerator * 60",
        "return up(Fraction(total_ml.numerator * 60",
    ),
    Fault(
        "a stopped drug keeps its dose",
        "dosing/engine/plan.py",
        "    if not found:\n        first = not any(",
        "    if True:\n        first = not any(",
    ),
    Fault(
        "decimal comma of thousands read as a point",
        "dosing/intake/numbers.py",
        "if thousands := _THOUSANDS.fullmatch(text):",
        "if (thousands := _THOUSANDS.fullmatch(text)) and False:",
    ),
    Fault(
        "a typing slip in a dose table: 25 for 2.5",
        "dosing/content/shipped/ganciclovir.toml",
        'amount = "2.5"',
        'amount = "25"',
    ),
    Fault(
        "daily counts with a low ANC left out",
        "dosing/engine/monitoring.py",
        "low = facts.anc is not None and facts.anc < policy.intensive_anc_below",
        "low = False",
    ),
    Fault(
        "an edge that changes hands is not said to the reviewer",
        "dosing/content/segments.py",
        "yield _Stretch(edge, edge, _row(before, at), _row(after, at))",
        "pass",
        ("tests/content/test_diff.py", "tests/presenters/test_difference.py"),
    ),
    Fault(
        "a changed dose counts as a changed text",
        "dosing/content/diff.py",
        'return _OF_CLASS.get(kind, "dose")',
        'return _OF_CLASS.get(kind, "text")',
        ("tests/content/test_diff.py", "tests/presenters/test_difference.py"),
    ),
    Fault(
        "before and after swapped in the difference",
        "dosing/presenters/difference.py",
        "for side, value in ((left, one.before), (right, one.after))",
        "for side, value in ((left, one.after), (right, one.before))",
        ("tests/content/test_diff.py", "tests/presenters/test_difference.py"),
    ),
    Fault(
        "the impact leaves out every second patient",
        "dosing/content/impact.py",
        "mine = everyone[place::workers]",
        "mine = everyone[place :: 2 * workers]",
        ("tests/content/test_impact.py",),
    ),
    Fault(
        "a stop that is new is not counted as dosed differently",
        "dosing/content/outcomes.py",
        'DOSED_DIFFERENTLY = ("newly-stopped", "newly-dosed", "dose")',
        'DOSED_DIFFERENTLY = ("newly-dosed", "dose")',
        ("tests/presenters/test_impact.py",),
    ),
    Fault(
        "a child that was given up writes its result",
        "dosing/content/impact_run.py",
        "mine = ImpactRun.objects.filter(pk=pk, attempt=attempt, finished_at=None)\n    run",
        "mine = ImpactRun.objects.filter(pk=pk, finished_at=None)\n    run",
        ("tests/content/test_impact_run.py",),
    ),
)


#: Nothing broken: without this run, a test that fails anyway would pass for a fault that is found.
NOTHING = Fault(
    "nothing", "README.md", "#", "#", ("tests/engine", "tests/intake", "tests/presenters")
)


def survives(fault: Fault) -> bool:
    """Whether the suite stays green with this fault."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "product"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        target = copy / fault.file
        text = target.read_text()
        if fault.right not in text:
            raise SystemExit(f"{fault.file} no longer holds: {fault.right}")
        target.write_text(text.replace(fault.right, fault.wrong, 1))
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *fault.tests],
            cwd=copy,
            capture_output=True,
            text=True,
            check=False,
        )
    print(f"{'green' if run.returncode == 0 else 'red':8} {fault.name}")
    print(f"         {_first_failure(run.stdout)}")
    return run.returncode != 1


def _first_failure(output: str) -> str:
    failures = [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failures[0][:150] if failures else output.strip().splitlines()[-1][:150]


def main() -> None:
    wanted = [fault for fault in FAULTS if not sys.argv[1:] or fault.name in sys.argv[1:]]
    if not survives(NOTHING):
        sys.exit("The suite is red without any fault.")
    left = [fault.name for fault in wanted if survives(fault)]
    print(f"{len(wanted) - len(left)} of {len(wanted)} faults turn the suite red.")
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main()
