"""A stream that holds nothing but its byte-order mark is a blank line, not a long one."""

import io
import json
from typing import Any

import pytest

from dosing.intake import MAX_BYTES
from dosing.management.commands import calculate


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b"\xef\xbb\xbf", [b""]),
        (b"\xef\xbb\xbf{}\r\n\r\n{}", [b"{}", b"", b"{}"]),
        (b"", []),
    ],
)
def test_lines(sent: bytes, read: list[Any]) -> None:
    assert list(calculate._lines(io.BytesIO(sent))) == read


def test_a_line_that_is_too_long_is_read_past() -> None:
    long = b"x" * (MAX_BYTES * 3)
    found = list(calculate._lines(io.BytesIO(long + b"\n{}\n")))
    assert found == [None, b"{}"]
    assert "longer" in json.dumps(calculate.TOO_LONG)
