"""Beside the plan: guidance, and what the sources say where they contradict each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dosing.engine.formulary import Disagreement, Formulary, Guidance, Regimen

from .edition import Edition
from .orders import Advice
from .sources import Citations, Cited


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic with its sentences."""

    title: str
    points: tuple[Advice, ...]
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One question: what each source says, what this content does, and why."""

    question: str
    sides: tuple[Advice, ...]
    default: Advice
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """Everything that stands beside a plan of one regimen; its sources are numbered apart.

    One object for each edition, regimen and group, so that it is drawn once.
    """

    regimen: str
    topics: tuple[Topic, ...]
    conflicts: tuple[Conflict, ...]
    sources: tuple[Cited, ...]


def beside(
    formulary: Formulary, regimen: Regimen, group: str = "", *, topics_only: bool = False
) -> Beside:
    """Texts for a regimen; `group` is who the patient is, where that was said.

    `topics_only` for a stopped plan: some conflicts print amounts of a drug.
    """
    return _beside(Edition(formulary), regimen.slug, group, topics_only)


@lru_cache(maxsize=256)
def _beside(edition: Edition, slug: str, group: str, topics_only: bool) -> Beside:
    formulary = edition.formulary
    regimen = formulary.regimens[slug]
    cite = Citations(formulary.sources)
    groups = {group} if group else set(regimen.groups)
    topics = tuple(
        _topic(one, cite)
        for one in formulary.guidance.values()
        if _fits(one, regimen.purpose, groups)
    )
    conflicts = tuple(
        _conflict(one, cite)
        for one in formulary.disagreements.values()
        if regimen.slug in one.regimens and not topics_only
    )
    return Beside(regimen.slug, topics, conflicts, cite.listed())


def conflicts_of(
    formulary: Formulary, found: Iterable[Disagreement]
) -> tuple[tuple[Conflict, ...], tuple[Cited, ...]]:
    """Some questions in words, with the sources they cite."""
    cite = Citations(formulary.sources)
    return tuple(_conflict(one, cite) for one in found), cite.listed()


def _fits(topic: Guidance, purpose: str, groups: set[str]) -> bool:
    return purpose in topic.purposes and (not topic.groups or bool(groups & set(topic.groups)))


def _topic(topic: Guidance, cite: Citations) -> Topic:
    points = tuple(Advice(point.text, cite(point.sources)) for point in topic.points)
    return Topic(topic.title, points, topic.review_by)


def _conflict(one: Disagreement, cite: Citations) -> Conflict:
    return Conflict(
        one.question,
        tuple(Advice(side.says, cite(side.sources)) for side in one.sides),
        Advice(one.default, cite(one.sources)),
        one.reason,
    )
