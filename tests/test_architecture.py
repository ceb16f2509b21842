"""Imports run one way: config → the rooms of dosing → engine. Contracts: pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(LINT_IMPORTS), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_imports_run_down_the_rooms_and_never_up() -> None:
    answer = contracts(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("file", "line", "named_in_the_answer"),
    [
        ("dosing/engine/stray.py", "import django", "knows no framework BROKEN"),
        ("dosing/engine/stray.py", "import dosing.models", "never up BROKEN"),
        ("dosing/models/stray.py", "import dosing.content", "never up BROKEN"),
        ("dosing/content/stray.py", "import dosing.views", "never up BROKEN"),
        ("dosing/presenters/stray.py", "import dosing.exports", "never up BROKEN"),
        ("dosing/views/stray.py", "import dosing.admin", "never up BROKEN"),
        ("dosing/views/stray.py", "import config.settings", "never from config BROKEN"),
        ("dosing/stray.py", "", "dosing.stray"),  # a room nobody declared
    ],
)
def test_the_contracts_notice(
    tmp_path: Path, file: str, line: str, named_in_the_answer: str
) -> None:
    """Seeded into a copy, one fault at a time."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("config", "dosing"):
        shutil.copytree(ROOT / package, tmp_path / package)
    (tmp_path / file).write_text(f"{line}\n")

    answer = contracts(tmp_path)

    assert answer.returncode == 1
    assert named_in_the_answer in answer.stdout
