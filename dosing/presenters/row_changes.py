"""What a save changed, in plain words: where, what, before, after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dosing.content.row_edits import RowState, Snapshot

from .field_words import NOTHING, as_written, label, tall, written


def row_changes(before: Snapshot, after: Snapshot) -> list[dict[str, str]]:
    """Every value that differs between two states of a page, rows that came or went as one."""
    return [
        {"row": tall(row), "field": field, "before": old, "after": new}
        for row, field, old, new in _differing(before, after)
    ]


def change_words(change: Mapping[str, str]) -> str:
    """One change as a sentence: dose row 50–70, amount: 2.5 → 25."""
    where = ", ".join(part for part in (change["row"], change["field"]) if part)
    sides = [side for side in (change["before"], change["after"]) if side]
    return f"{where}: {' → '.join(sides)}" if where else " → ".join(sides)


def _differing(before: Snapshot, after: Snapshot) -> Iterator[tuple[str, str, str, str]]:
    for key, old in before.items():
        if key not in after:
            yield old.words, "removed", _summary(old), ""
            continue
        new = after[key]
        for field, value in old.values.items():
            now = new.values.get(field)
            if value == now and str(value) == str(now):
                continue
            yield (old.words, label(field), *_both(field, value, now))
    for key, new in after.items():
        if key not in before:
            yield new.words, "added", "", _summary(new)


def _both(field: str, old: Any, new: Any) -> tuple[str, str]:
    said = written(field, old), written(field, new)
    # 1.0 and 1.00: the same figure, other digits.
    return said if said[0] != said[1] else (as_written(old), as_written(new))


def _summary(state: RowState) -> str:
    said = (
        f"{label(field)} {written(field, value)}"
        for field, value in state.values.items()
        if field != "position" and value not in (None, "", (), {}, False)
    )
    return "; ".join(said) or NOTHING
