"""What holds for the repository as a whole, whichever room a file is in."""

import ast
import os
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines

ROOT = Path(__file__).parent.parent
LOCK_FILES = ["requirements.txt", "requirements-dev.txt"]
# Made by tools, not by us; git ignores them.
NOT_OURS = {".git", ".venv", "var", "node_modules", "htmlcov", "test-results", "__pycache__"}


def our_files(*patterns: str, under: str = ".") -> list[Path]:
    """Files of the repository, also where git is not at hand."""
    return sorted(
        path
        for pattern in patterns
        for path in (ROOT / under).rglob(pattern)
        if path.is_file()
        and not any(
            part in NOT_OURS or part.endswith("cache") or part == ".hypothesis"
            for part in path.relative_to(ROOT).parts
        )
    )


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


# The lock


def requirements(lock_file: str) -> dict[str, str]:
    """Each pinned line of a lock, with its continuation lines, by package and version."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / lock_file).read_text(), flags=re.MULTILINE)
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    return {entry.split(" ")[0].strip(): entry for entry in entries if entry.strip()}


@pytest.mark.parametrize("lock_file", LOCK_FILES)
def test_every_requirement_is_pinned_and_hashed(lock_file: str) -> None:
    entries = requirements(lock_file)
    assert entries
    for pin, entry in entries.items():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+", pin)
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), f"{pin} has no hash"


def test_the_development_lock_contains_the_runtime_lock() -> None:
    """tools/install.py relies on it: after `make test`, `make run` has nothing to install."""
    assert requirements("requirements.txt").keys() <= requirements("requirements-dev.txt").keys()


def test_no_file_names_a_package_index() -> None:
    # Put together here, so that this file does not name one either.
    hosts = ["pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "deb." + "debian"]
    options = ["--index" + "-url", "--extra-index" + "-url", "--find" + "-links"]
    for path in our_files("*"):
        text = path.read_bytes().decode(errors="replace")
        assert not [word for word in hosts + options if word in text], path


# What is run


def test_ci_runs_the_checks_and_the_test_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    blocks = re.findall(r"^```\w*\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL)
    shown = {line.split("#")[0].strip() for block in blocks for line in block.splitlines()}
    assert {"make run", "make test"} <= shown
    ci = ROOT / ".ci" / "run"
    assert os.access(ci, os.X_OK)
    assert [line for line in ci.read_text().splitlines() if line.startswith("run make ")] == [
        "run make check",
        "run make test",
    ]


def test_no_other_host_can_be_reached_from_a_test() -> None:
    with pytest.raises(UserWarning, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


# How files are cut


def test_no_room_is_named_by_shape() -> None:
    vague = {"util", "utils", "helper", "helpers", "common", "misc", "service", "services"}
    vague |= {"manager", "managers"}
    files = our_files("*.py", under="dosing")
    assert files
    found = [path for path in files if vague & {*path.relative_to(ROOT).parts, path.stem}]
    assert names(found) == []


def test_no_file_is_longer_than_400_lines() -> None:
    files = [path for path in our_files("*.py") if "migrations" not in path.parts]
    assert files
    assert names([path for path in files if len(path.read_text().splitlines()) > 400]) == []


# Templates and static files


def foreign_addresses(text: str) -> list[str]:
    """Addresses a browser would load. A link for the reader loads nothing until followed."""
    text = re.sub(r"https?://www\.w3\.org/", "", text)  # names of formats, never fetched
    text = re.sub(r"(<a\s[^>]*?\bhref=[\"'])https?://", r"\1", text)
    return re.findall(
        r"https?://[^\s\"'<>)]*|(?:(?:src|href|action)=[\"']|url\([\"']?)//[^\s\"')]+", text
    )


@pytest.mark.parametrize(
    "line",
    [
        '<script src="https://cdn.example/htmx.js"></script>',
        '<link rel="stylesheet" href="https://cdn.example/a.css">',
        '<img src="//cdn.example/a.png">',
        "@import url('//cdn.example/a.css');",
        "fetch('http://api.example/')",
        '<form action="http://elsewhere.example/">',
    ],
)
def test_an_address_that_would_be_loaded_is_noticed(line: str) -> None:
    assert foreign_addresses(line)


def test_links_and_namespaces_are_allowed() -> None:
    assert not foreign_addresses('<a class="x" href="https://label.example/foscarnet">')
    assert not foreign_addresses('<svg xmlns="http://www.w3.org/2000/svg">')


def test_pages_load_nothing_from_another_host() -> None:
    files = [*our_files("*", under="templates"), *our_files("*", under="static")]
    files += our_files("*.html", under="dosing")
    assert files
    for path in files:
        assert foreign_addresses(path.read_bytes().decode(errors="replace")) == [], path


def test_every_template_compiles() -> None:
    templates = our_files("*.html", "*.txt", "*.svg", under="templates")
    assert templates
    for path in templates:
        engines["django"].get_template(str(path.relative_to(ROOT / "templates")))


# The engine is pure: standard library only, no clock, no outside world, no binary fractions

OUTSIDE_WORLD = {
    "asyncio", "getpass", "glob", "http", "io", "locale", "logging", "multiprocessing", "os",
    "pathlib", "platform", "random", "secrets", "shutil", "socket", "sqlite3", "subprocess", "sys",
    "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip
CLOCKS = {"now", "today", "utcnow", "fromtimestamp", "utcfromtimestamp"}
IMPURE_CALLS = {"float", "open", "print", "input", "eval", "exec", "__import__"}


def impurities(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=aliases):
                modules = [alias.name for alias in aliases]
            case ast.ImportFrom(level=0, module=str(module)):
                modules = [module]
            case ast.ImportFrom(level=level) if level > 1:
                modules = ["a package above"]
            case ast.Call(func=ast.Name(id=name)) if name in IMPURE_CALLS:
                yield f"line {node.lineno}: {name}("
                continue
            case ast.Attribute(attr=name) if name in CLOCKS:
                yield f"line {node.lineno}: .{name} reads a clock"
                continue
            case ast.Constant(value=float(number)):
                yield f"line {node.lineno}: {number} is a binary fraction, write Decimal"
                continue
            case _:
                continue
        for module in modules:
            root = module.split(".")[0]
            ours = module == "dosing.engine" or module.startswith("dosing.engine.")
            if not ours and (root not in sys.stdlib_module_names or root in OUTSIDE_WORLD):
                yield f"line {node.lineno}: imports {module}"


@pytest.mark.parametrize(
    "line",
    [
        "import django.utils",
        "from django.utils import timezone",
        "from dosing.models import Drug",
        "from dosing import content",
        "from ..content import live",
        "import time",
        "from time import time",
        "import os.path",
        "start = datetime.now()",
        "start = datetime.date.today()",
        "start = dt.datetime.now",
        "dose = float(weight)",
        "dose = weight * 0.85",
        "text = open('content.toml').read()",
    ],
)
def test_an_impure_line_is_noticed(line: str) -> None:
    assert list(impurities(line))


@pytest.mark.parametrize(
    "line",
    [
        "from fractions import Fraction",
        "import datetime as dt",
        "from dosing.engine.units import Kilogram",
        "from .units import Kilogram",
        "assert not isinstance(value, float)",
        "dose = weight * Decimal('0.85')",
    ],
)
def test_a_pure_line_passes(line: str) -> None:
    assert list(impurities(line)) == []


@pytest.mark.parametrize("path", our_files("*.py", under="dosing/engine"), ids=lambda p: p.name)
def test_the_engine_is_pure(path: Path) -> None:
    assert list(impurities(path.read_text())) == []
