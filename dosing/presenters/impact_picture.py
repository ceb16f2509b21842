"""The change of a day's dose over the population as columns; the figures stand beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dosing.content.impact import Impact
from dosing.content.outcomes import SHARES

from .numbers import grouped

_LEFT, _WIDTH = 8, 52
_TOP, _BASE = 28, 150
#: Two short lines under each column.
_HEADS: Mapping[str, tuple[str, str]] = {
    "newly-stopped": ("no longer", "given"),
    "-50": ("−50%", "and more"),
    "-25": ("−25%", "to −50%"),
    "-10": ("−10%", "to −25%"),
    "-0": ("less than", "−10%"),
    "0": ("the same", "in a day"),
    "+0": ("less than", "+10%"),
    "+10": ("+10%", "to +25%"),
    "+25": ("+25%", "to +50%"),
    "+50": ("+50%", "to +100%"),
    "+100": ("+100%", "and more"),
    "newly-dosed": ("given,", "was not"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: place and size in the drawing, its count, the two lines under it."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    above: str
    count: str
    lines: tuple[str, str]
    look: str


@dataclass(frozen=True, slots=True)
class ImpactPicture:
    """The drawing; `description` says the same in words."""

    title: str
    description: str
    columns: tuple[Column, ...]


def impact_picture(
    found: Impact, kinds: Mapping[str, str], shares: Mapping[str, str]
) -> ImpactPicture | None:
    """Lower to the left, higher to the right; None where no dose changes."""
    counts = {name: found.shares.get(name, 0) for name in SHARES}
    counts = {
        "newly-stopped": found.changes.get("newly-stopped", 0),
        **counts,
        "newly-dosed": found.changes.get("newly-dosed", 0),
    }
    highest = max(counts.values())
    if not highest:
        return None
    said = "; ".join(
        f"{shares.get(name) or kinds[name]}: {grouped(str(count))}"
        for name, count in counts.items()
        if count
    )
    return ImpactPicture(
        title="Change of the dose in a day, synthetic patients",
        description=f"Number of synthetic patients. {said}.",
        columns=tuple(
            _column(name, count, place, highest)
            for place, (name, count) in enumerate(counts.items())
        ),
    )


def _column(name: str, count: int, place: int, highest: int) -> Column:
    # Some are never drawn as none.
    height = max(2, (_BASE - _TOP) * count // highest) if count else 0
    x, y = _LEFT + _WIDTH * place, _BASE - height
    lower = name.startswith("-") or name == "newly-stopped"
    return Column(
        x=str(x + 4),
        y=str(y),
        width=str(_WIDTH - 8),
        height=str(height),
        middle=str(x + _WIDTH // 2),
        above=str(y - 6),
        count=grouped(str(count)) if count else "",
        lines=_HEADS[name],
        look="lower" if lower else "even" if name == "0" else "higher",
    )
