"""Texts beside a plan: what to think of, and where the sources contradict each other. No doses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .terms import GROUPS, PURPOSES, require


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One or two sentences of a topic."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """A topic, for some groups of patients (none named: everyone) and purposes of a regimen."""

    slug: str
    title: str
    groups: tuple[str, ...] = ()
    purposes: tuple[str, ...]
    points: tuple[Point, ...]
    review_by: date | None = None

    def __post_init__(self) -> None:
        require(set(self.groups) <= set(GROUPS), f"groups must be of {GROUPS}")
        require(set(self.purposes) <= set(PURPOSES), f"purposes must be of {PURPOSES}")
        require(bool(self.points), f"{self.slug} has no point")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one source, or some that agree, says on a question."""

    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A question sources answer differently: all sides, what this content does, and why."""

    slug: str
    question: str
    regimens: tuple[str, ...]
    default: str
    reason: str
    sides: tuple[Side, ...]
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        require(len(self.sides) >= 2, f"{self.slug} needs two sides")
