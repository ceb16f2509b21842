"""The machine is asked whether it can make PDF, and says plainly what it lacks."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.checks.registry import registry

from dosing.exports import checks

ROOT = Path(__file__).parents[2]


def found() -> list[tuple[str | None, str]]:
    return [(one.id, f"{one.msg} {one.hint}") for one in checks.paper_can_be_made()]


def test_it_is_among_the_system_checks() -> None:
    assert checks.paper_can_be_made in registry.get_checks()


def test_nothing_is_lacking_here() -> None:
    assert found() == []


def test_missing_pango_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setitem(checks.LIBRARIES, "libpangoft2-1.0-0", "libno-such-thing.so.0")
    [(code, text)] = found()
    assert code == "dosing.W001"
    assert "No PDF on this machine: libpangoft2-1.0-0 cannot be opened." in text
    assert "sudo apt-get install libpangoft2-1.0-0" in text


def test_the_library_that_makes_it_faster_is_optional(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setitem(checks.FASTER, "libharfbuzz-subset0", "libno-such-thing.so.0")
    [(code, text)] = found()
    assert code == "dosing.W002"
    assert "libharfbuzz-subset0" in text


def test_missing_and_altered_fonts_are_errors(tmp_path: Path, settings: Any) -> None:
    shutil.copytree(ROOT / "static" / "fonts", tmp_path / "fonts")
    settings.STATICFILES_DIRS = [tmp_path]
    assert found() == []
    bold = tmp_path / "fonts" / "DejaVuSans-Bold.ttf"
    bold.write_bytes(bold.read_bytes() + b" ")
    assert [text.partition(".ttf")[2][:35] for _, text in found()] == [
        " is not the one that was shipped. A"
    ]
    bold.unlink()
    [(code, text)] = found()
    assert code == "dosing.E001"
    assert "The font DejaVuSans-Bold.ttf is missing." in text
    (tmp_path / "fonts" / "SHA256SUMS").unlink()
    assert [code for code, _ in found()] == ["dosing.E001"]
