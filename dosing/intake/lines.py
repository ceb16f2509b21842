"""JSON text to a mapping with numbers as they were written; repeated keys are kept in sight."""

from __future__ import annotations

import json
from typing import Any

from .numbers import NumberText

#: A line or body longer than this is refused.
MAX_BYTES = 64 * 1024


class Payload(dict[str, Any]):
    """A JSON object that remembers the keys that stood in it twice."""

    repeated: tuple[str, ...] = ()


class NotAnObject(ValueError):
    """The text is no JSON object; the message says why, `is_json` whether it is JSON at all."""

    def __init__(self, message: str, *, is_json: bool) -> None:
        super().__init__(message)
        self.is_json = is_json


def _pairs(pairs: list[tuple[str, Any]]) -> Payload:
    found = Payload(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        found.repeated = tuple(sorted({key for key in keys if keys.count(key) > 1}))
    return found


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_float=NumberText,
    parse_int=NumberText,
    parse_constant=NumberText,
)


def parse(text: str) -> Payload:
    """One JSON object; raises NotAnObject for anything else, however deep or long it is."""
    try:
        data = _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise NotAnObject("This is not JSON. Send one JSON object.", is_json=False) from None
    if not isinstance(data, Payload):
        raise NotAnObject("This is JSON, but no object. Send one JSON object.", is_json=True)
    return data
