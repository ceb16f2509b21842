"""What is said when a review date is near or over. The day is the reader's, never read here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from dosing.content.overdue import is_overdue
from dosing.engine.formulary import Drug, Formulary, Guidance, Regimen
from dosing.engine.orders import drugs_of
from dosing.engine.plan import Plan

from . import words
from .guidance import Topic

#: From so many days before a review date on, page and paper speak of it.
AHEAD = 30


@dataclass(frozen=True, slots=True)
class Due:
    """A review date that is near, or over, in words."""

    text: str
    overdue: bool

    @property
    def level(self) -> str:
        """How loud it is said: as a finding of this level."""
        return "caution" if self.overdue else "note"

    @property
    def word(self) -> str:
        """The level's word."""
        return words.LEVELS[self.level]


def due(what: str, review_by: date | None, today: date, contact: str) -> Due | None:
    """What to say on this day; None where there is no date, or it is far ahead."""
    if review_by is None or (left := (review_by - today).days) > AHEAD:
        return None
    if is_overdue(review_by, today):
        return Due(
            f"The review of {what} was due on {words.day(review_by)}: check before relying on it. "
            f"Contact: {contact}",
            True,
        )
    when = f"in {words.plural(left, 'day')}" if left else "today"
    return Due(f"The review date of {what} is {words.day(review_by)}, {when}.", False)


def dues(plan: Plan, topics: Iterable[Topic], today: date, contact: str) -> tuple[Due, ...]:
    """Of the drugs and the regimen of a plan, and of the guidance that stands beside it."""
    found = (due(what, day, today, contact) for what, day in _used(plan, topics))
    return tuple(one for one in found if one is not None)


def _used(plan: Plan, topics: Iterable[Topic]) -> Iterator[tuple[str, date | None]]:
    for drug in drugs_of(plan.orders):
        yield _of_drug(drug), drug.review_by
    yield _of_regimen(plan.regimen), plan.regimen.review_by
    for topic in topics:
        yield _of_topic(topic), topic.review_by


def dates_of_rows(formulary: Formulary, today: date) -> Iterator[str]:
    """For what is kept or read through: every date apart from the edition's, near or far ahead."""
    rows: dict[str, date | None] = {
        **{_of_drug(one): one.review_by for one in formulary.drugs.values()},
        **{_of_regimen(one): one.review_by for one in formulary.regimens.values()},
        **{_of_topic(one): one.review_by for one in formulary.guidance.values()},
    }
    for what, review_by in rows.items():
        if near := due(what, review_by, today, formulary.contact):
            yield near.text
        elif review_by is not None:
            yield f"{what[:1].upper()}{what[1:]}: to be reviewed by {words.day(review_by)}."
    for slug, why in formulary.closed.items():
        yield f"Do not use {_of_regimen(formulary.regimens[slug])}. {why}"


def _of_drug(drug: Drug) -> str:
    return f"the content on {words.full_name(drug)}"


def _of_regimen(regimen: Regimen) -> str:
    return f"the regimen “{regimen.title}”"


def _of_topic(topic: Guidance | Topic) -> str:
    return f"the guidance “{topic.title}”"
