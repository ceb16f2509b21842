"""`manage.py calculate [FILE]`: JSON Lines in, JSON Lines out, in the same order."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from time import monotonic
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dosing.content.live import ContentUnavailable, live_formulary
from dosing.exports.answering import Answerer
from dosing.exports.contract import Answer, invalid, unavailable
from dosing.intake import MAX_BYTES

TOO_LONG = invalid({"line": [f"This line is longer than {MAX_BYTES} bytes. Send a shorter one."]})
#: Seconds after which a long stream asks again what is live: a withdrawal ends it, too.
ASKED_EVERY = 1
NOT_UTF8 = invalid({"line": ["This line is not UTF-8 text. Send UTF-8."]})


class Command(BaseCommand):
    """Stream answers in constant memory; a bad line is answered and never ends the stream."""

    help = "Answer one JSON object a line, from FILE or standard input, by the live content."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="JSON Lines; standard input when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with _source(options["file"]) as source:
                self._stream(source)
        except OSError as problem:
            if isinstance(problem, BrokenPipeError):
                _leave_quietly()
                return
            raise CommandError(f"The input cannot be read: {problem.strerror}.") from None

    def _stream(self, source: IO[bytes]) -> None:
        write = sys.stdout.write
        encode = json.JSONEncoder(separators=(", ", ": ")).encode
        asked_at = monotonic()
        answerer = _answerer()
        refused = isinstance(answerer, dict)
        for line in _lines(source):
            now = monotonic()
            if now - asked_at >= ASKED_EVERY:
                asked_at, answerer = now, _answerer()
                refused = refused or isinstance(answerer, dict)
            write(f"{encode(_answer(answerer, line))}\n")
        sys.stdout.flush()
        if refused:
            raise SystemExit(1)


def _answerer() -> Answerer | Answer:
    """By what is live now; where nothing is, the answer to every line."""
    try:
        return Answerer(live_formulary(), timezone.localdate())
    except ContentUnavailable as problem:
        return unavailable(str(problem))


def _answer(answerer: Answerer | Answer, line: bytes | None) -> Answer:
    if not isinstance(answerer, Answerer):
        return answerer
    if line is None:
        return TOO_LONG
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return NOT_UTF8
    return answerer.line(text)


def _source(name: str | None) -> IO[bytes]:
    if name is None:
        return os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    return open(name, "rb")


def _lines(source: IO[bytes]) -> Iterator[bytes | None]:
    """Lines without their ends; None for a line that is too long, read past in pieces."""
    first = True
    limit = MAX_BYTES + 2
    while line := source.readline(limit):
        whole = line.endswith(b"\n") or len(line) < limit
        too_long = not whole
        while not whole:
            rest = source.readline(limit)
            whole = not rest or rest.endswith(b"\n")
        if first:
            line, first = line.removeprefix(b"\xef\xbb\xbf"), False
        bare = line.rstrip(b"\r\n")
        yield None if too_long or len(bare) > MAX_BYTES else bare


def _leave_quietly() -> None:
    """The reader went away: give the interpreter somewhere to flush to at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
