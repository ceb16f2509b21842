"""From what was typed to an exact number, or the sentence that says what is wrong with it."""

from __future__ import annotations

import re
from decimal import Decimal

#: Longer numbers are slips; the bound also keeps exact arithmetic small.
MAX_CHARACTERS = 20
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?", re.ASCII)
_WHOLE = re.compile(r"[0-9]+", re.ASCII)
_THOUSANDS = re.compile(r"([0-9]+),([0-9]{3})", re.ASCII)


class NumberText(str):
    """The text of a JSON number, exactly as it was written."""

    __slots__ = ()


class Unreadable(ValueError):
    """Not a number this product reads; the message says why and what to do."""


def text_of(value: object) -> str:
    """The text of a number or a string; raises Unreadable for anything else."""
    if isinstance(value, str):
        text = value.strip()
    elif isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Unreadable("is not a number. Send a number or its text.")
    else:
        text = str(value)
    if not text:
        raise Unreadable("is blank. Enter a number, or leave the key out.")
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(
            f"has more than {MAX_CHARACTERS} characters. Enter the number as it was measured."
        )
    return text


def exact(value: object) -> Decimal:
    """A plain decimal number, a decimal comma read as a point; raises Unreadable."""
    text = text_of(value)
    if _NUMBER.fullmatch(text):
        if thousands := _THOUSANDS.fullmatch(text):
            left, right = thousands.groups()
            raise Unreadable(
                f"{text} can be read in two ways: write {int(left + right)} or "
                f"{left}.{right.rstrip('0') or '0'}."
            )
        return Decimal(text.replace(",", "."))
    raise Unreadable(_why(text))


def whole(value: object) -> int:
    """A whole number without sign; raises Unreadable."""
    text = text_of(value)
    if _WHOLE.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        raise Unreadable(f"{text} is not a whole number. Enter a whole number.")
    raise Unreadable(_why(text))


def _why(text: str) -> str:
    shown = text if text.isascii() and text.isprintable() else "This entry"
    if shown != text:
        return "has characters other than the digits 0 to 9. Type the number in plain digits."
    if re.fullmatch(r"[-+].*", text):
        return f"{text} has a sign in front. Enter the number without a sign."
    if text.lower() in ("nan", "inf", "infinity"):
        return f"{text} is not a number. Enter the number as it was measured."
    if re.fullmatch(r"[0-9.,]+[eE][-+0-9]+", text):
        return f"{text} is written with an exponent. Write it out in plain digits."
    if re.search(r"[A-Za-z%/]", text):
        return f"{text} has letters or a unit in it. Enter the number alone and choose the unit."
    if re.fullmatch(r"[.,][0-9]+|[0-9]+[.,]", text):
        return (
            f"{text} has no digit on one side of the point. Write a digit on both sides, or "
            "leave the point out."
        )
    return f"{text} is not a number this page can read. Use digits and one decimal point."
