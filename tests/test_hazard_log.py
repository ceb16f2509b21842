"""The hazard log names tests that exist: a control without its test is a hope."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOG = (ROOT / "docs" / "hazard-log.md").read_text()


def test_every_hazard_names_a_test_that_exists() -> None:
    rows = [line for line in LOG.splitlines() if re.match(r"\| H\d+ ", line)]
    assert len(rows) >= 28
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row)
        assert named, row
        for file, name in named:
            tree = ast.parse((ROOT / file).read_text())
            known = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            assert name in known, f"{file}::{name}"


def test_hazards_are_numbered_once() -> None:
    ids = re.findall(r"^\| (H\d+) ", LOG, flags=re.MULTILINE)
    assert ids == [f"H{number}" for number in range(1, len(ids) + 1)]
