"""From working rows to a frozen, digested release."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from dosing.engine.codec import canonical, encode
from dosing.models import ContentRelease

from .digest import digest_of
from .readiness import Finding, check
from .rows import UnbuiltRows, working_formulary

TAKEN = (
    "{} is frozen already with other content. Give the edition another name on its page; a release "
    "that is still in review can be returned instead, which frees its name."
)


class EditionTaken(ValueError):
    """Another content was already frozen under this name."""


@transaction.atomic
def freeze(edition: str, *, is_shipped: bool = False) -> ContentRelease:
    """The working rows as a release of this name; freezing the same content again gives the same.

    Raises UnbuiltRows where a row cannot become content, EditionTaken where the name is in use.
    """
    document = canonical(encode(replace(working_formulary(), edition=edition)))
    digest = digest_of(document)
    if known := ContentRelease.objects.filter(digest=digest).first():
        return known
    if _of_this_name(edition).exists():
        raise EditionTaken(TAKEN.format(edition))
    return ContentRelease.objects.create(
        edition=edition,
        digest=digest,
        document=document,
        frozen_at=timezone.now(),
        is_shipped=is_shipped,
    )


def _of_this_name(edition: str) -> QuerySet[ContentRelease]:
    # A returned one that was never used never will be: its name is free for the mended rows.
    named = ContentRelease.objects.filter(edition=edition)
    return named.exclude(review="returned", use="unused")


def findings_before_sending(today: date) -> list[Finding]:
    """What keeps the working rows from being sent: findings_of_rows, and a name in use."""
    found = findings_of_rows(today)
    if any(one.code == "row-cannot-be-built" for one in found):
        return found
    formulary = working_formulary()
    digest = digest_of(canonical(encode(formulary)))
    if _of_this_name(formulary.edition).exclude(digest=digest).exists():
        place = f"edition {formulary.edition}"
        found.insert(0, Finding("edition-taken", place, TAKEN.format(formulary.edition)))
    return found


def findings_of_rows(today: date) -> list[Finding]:
    """What keeps the working rows from being released, rows that cannot be built included."""
    try:
        return check(working_formulary(), today)
    except UnbuiltRows as unbuilt:
        return [
            Finding("row-cannot-be-built", place, f"{sentence[:1].upper()}{sentence[1:]}.")
            for place, sentence in unbuilt.problems
        ]
