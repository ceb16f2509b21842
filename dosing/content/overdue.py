"""Content past its review date, where an installation chose to stop at it (REVIEW_OVERDUE)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from dosing.engine.formulary import Drug, Formulary, Regimen
from dosing.engine.phases import words

#: Slug → reason, as pairs: what an edition is laid over with must be hashable.
Reasons = tuple[tuple[str, str], ...]


def is_overdue(review_by: date | None, today: date) -> bool:
    """Whether the review date is over; it is itself the last valid day."""
    return review_by is not None and review_by < today


@dataclass(frozen=True, slots=True)
class Stopped:
    """What must not be used any more: the whole edition, for a reason, or some of its rows."""

    edition: str = ""
    drugs: Reasons = ()
    regimens: Reasons = ()


_NOTHING = Stopped()


def stopped(formulary: Formulary, today: date) -> Stopped:
    """What is overdue on this day; nothing where the installation only says so."""
    if settings.REVIEW_OVERDUE != "stop":
        return _NOTHING
    whole = is_overdue(formulary.review_by, today)
    return Stopped(
        f"The clinical content is not used: {_why(formulary.review_by, formulary)}"
        if whole
        else "",
        tuple(_late(formulary.drugs.values(), formulary, today)),
        tuple(_late(formulary.regimens.values(), formulary, today)),
    )


def _late(
    rows: Iterable[Drug | Regimen], formulary: Formulary, today: date
) -> Iterator[tuple[str, str]]:
    for row in rows:
        if row.review_by is not None and is_overdue(row.review_by, today):
            why = _why(row.review_by, formulary)
            yield row.slug, f"{why[:1].upper()}{why[1:]}"


def _why(review_by: date, formulary: Formulary) -> str:
    return (
        f"its review was due on {words(review_by)}, and what is overdue is stopped here. "
        f"Contact: {formulary.contact}"
    )
