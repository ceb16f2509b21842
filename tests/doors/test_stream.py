"""The command as a program: streams, exit statuses, and input of every shape."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from dosing.intake import MAX_BYTES
from dosing.models import ContentRelease

from .cases import GOOD
from .conftest import Answer, make_live

Command = Callable[[bytes], list[Answer]]
ROOT = Path(__file__).parents[2]
FIRST = json.dumps(GOOD["exactly 70"]).encode()
NOT_JSON = ["This is not JSON. Send one JSON object."]
NO_OBJECT = ["This is JSON, but no object. Send one JSON object."]
TOO_LONG = [f"This line is longer than {MAX_BYTES} bytes. Send a shorter one."]
NOT_UTF8 = ["This line is not UTF-8 text. Send UTF-8."]


def said(answer: Answer) -> Any:
    """The message about a line, or the status of an answer that has none."""
    return answer.get("errors", {}).get("line") or answer["status"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"", NOT_JSON),
        (b"   ", NOT_JSON),
        (b"\t", NOT_JSON),
        (b"garbage", NOT_JSON),
        (b"{", NOT_JSON),
        (b"[" * 2_000, NOT_JSON),
        (b'{"a":' * 2_000, NOT_JSON),
        (b'{"a": "\x00"}', NOT_JSON),
        (b"\xef\xbb\xbf{}", NOT_JSON),  # a byte-order mark in the middle
        (b"[]", NO_OBJECT),
        (b"null", NO_OBJECT),
        (b"9" * 5_000, NO_OBJECT),
        (b"9" * MAX_BYTES, NO_OBJECT),
        (b"9" * (MAX_BYTES + 1), TOO_LONG),
        (b"9" * (MAX_BYTES + 2), TOO_LONG),
        (b"9" * (MAX_BYTES + 3), TOO_LONG),
        (b"9" * (2 * MAX_BYTES + 4), TOO_LONG),
        (b"x" * 1_000_000, TOO_LONG),
        (FIRST + b" " * (MAX_BYTES - len(FIRST)), "ok"),
        (FIRST + b" " * (MAX_BYTES - len(FIRST) + 1), TOO_LONG),
        (b"\xff", NOT_UTF8),
        (b'{"a": "\xed\xa0\x80"}', NOT_UTF8),
        (b'{"regimen": "\xc3"}', NOT_UTF8),
        (b'{"regimen": "\\ud800"}', "invalid"),
        (b'{"\\udfff": 1}', "invalid"),
        (b'{"regimen": "x", "weight_kg": ' + b"9" * 5_000 + b"}", "invalid"),
        (b"{}", "invalid"),
        (FIRST, "ok"),
        (b"  " + FIRST + b"  ", "ok"),
    ],
    ids=lambda value: ascii(value)[:16],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""], ids=["LF", "CRLF", "none"])
def test_one_bad_line_among_good_ones(
    content: ContentRelease, command: Command, line: bytes, expected: object, end: bytes
) -> None:
    between = end or b"\n"
    answers = command(between.join([FIRST, line, FIRST, line]) + (end if line else b"\n"))
    assert [said(one) for one in answers] == ["ok", expected, "ok", expected]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\n", [NOT_JSON]),
        (b"\n\n\r\n", [NOT_JSON] * 3),
        (FIRST, ["ok"]),
        (FIRST + b"\n", ["ok"]),
        (FIRST + b"\r", ["ok"]),
        (b"\xef\xbb\xbf" + FIRST, ["ok"]),
        (b"\xef\xbb\xbf\n" + FIRST, [NOT_JSON, "ok"]),
        (b"\xef\xbb\xbf\r\n" + FIRST + b"\r\n", [NOT_JSON, "ok"]),
        (b"x" * 70_000 + b"\n" + FIRST, [TOO_LONG, "ok"]),
        (FIRST + b"\n" + b"x" * 70_000, ["ok", TOO_LONG]),
        (FIRST + b"\n\n" + FIRST, ["ok", NOT_JSON, "ok"]),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_whole_files(
    content: ContentRelease, command: Command, data: bytes, expected: list[object]
) -> None:
    assert [said(one) for one in command(data)] == expected


def test_the_order_is_kept(content: ContentRelease, command: Command) -> None:
    weights = [40 + number % 60 for number in range(300)]
    cohort = [json.dumps(GOOD["printed 70"] | {"weight_kg": weight}) for weight in weights]
    doses = [one["orders"][0]["exact_mg"] for one in command("\n".join(cohort).encode())]
    assert doses == [
        f"{weight * 5 / 2:g}" for weight in weights
    ]  # 2.5 mg/kg: clearance 69.6 is under 70


def test_an_answer_is_one_line_of_ascii(
    content: ContentRelease, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "one"
    file.write_bytes(b'{"\\ud800\\n": 1}\n')
    call_command("calculate", str(file))
    out = capsys.readouterr().out
    assert out.isascii()
    assert out.count("\n") == 1


@pytest.mark.parametrize("name", ["no-such-file", "."])
@pytest.mark.django_db
def test_a_file_that_cannot_be_read(
    content: ContentRelease, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=r"^The input cannot be read: .+\.$"):
        call_command("calculate", name)


# As a process of its own: real pipes, a real end

RUN = """
import json, sys
from config import settings
settings.DATABASES["default"].update(json.loads(sys.argv.pop(1)))
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""


@contextmanager
def process(
    *args: str, stdin: Any = subprocess.PIPE, stdout: Any = subprocess.PIPE, then: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """manage.py calculate on the test's own database."""
    names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
    database = json.dumps({name: str(connection.settings_dict[name]) for name in names})
    command = [sys.executable, "-W", "error", "-c", RUN + then, database, "calculate", *args]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE
    ) as running:
        yield running


def run(data: bytes, *args: str) -> tuple[int, list[Answer], bytes]:
    with process(*args) as running:
        out, err = running.communicate(data)
    return running.returncode, [json.loads(line) for line in out.splitlines()], err


@pytest.mark.django_db(transaction=True)
def test_standard_input_to_standard_output_and_every_exit_status(tmp_path: Path) -> None:
    code, answers, err = run(FIRST + b"\n\n")
    assert (code, {one["status"] for one in answers}) == (1, {"unavailable"})
    assert len(answers) == 2
    assert err == b""
    make_live()
    code, answers, err = run(b"\xef\xbb\xbf" + FIRST + b"\r\ngarbage\n" + FIRST)
    assert (code, [said(one) for one in answers], err) == (0, ["ok", NOT_JSON, "ok"], b"")
    code, answers, err = run(b"", str(tmp_path / "missing"))
    assert (code, answers) == (1, [])
    assert err == b"CommandError: The input cannot be read: No such file or directory.\n"
    file = tmp_path / "cohort"
    file.write_bytes(FIRST)
    assert run(b"ignored", str(file))[1][0]["status"] == "ok"


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    make_live()
    with process() as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdin.write(FIRST + b"\n" + b"{}\n" * 15_000)
        running.stdin.close()
        assert running.stdout.readline().startswith(b'{"status": "ok"')
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_went_away_before_the_first_answer() -> None:
    make_live()
    with process() as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        running.stdin.write(FIRST + b"\n")
        running.stdin.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0


PEAK = """
with open("/proc/self/status") as status:
    sys.exit(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


def peak_kib(source: IO[bytes]) -> int:
    """The most memory the command held for this input."""
    with process(stdin=source, stdout=subprocess.DEVNULL, then=PEAK) as running:
        _, err = running.communicate()
    return int(err)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's own figures")
@pytest.mark.django_db(transaction=True)
def test_memory_does_not_grow_with_the_stream_or_with_a_line() -> None:
    make_live()
    with tempfile.TemporaryFile() as few, tempfile.TemporaryFile() as many:
        few.write((FIRST + b"\n") * 50)
        for _ in range(400):
            many.write(FIRST + b"\n" + b"x" * (2 * MAX_BYTES) + b"\n" + b"x" * 60_000 + b"\n")
        many.write(b"9" * (48 * 1024 * 1024))  # one line without an end
        for file in (few, many):
            file.seek(0)
        little, much = peak_kib(few), peak_kib(many)
    assert much - little < 8 * 1024
