"""What every working row has: sources, and where it hangs from a parent, its place there.

The columns of a row carry the names of the engine's dataclass, and its children hang on it by the
name of the dataclass field, so that content/rows.py can go both ways without a table of names.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

#: A new row goes to the end of its list; loaded rows stand at 10, 20, 30 …
LAST = 9999


class Ordered(models.Model):
    """A row with a place in a list."""

    position = models.PositiveSmallIntegerField(
        default=LAST, help_text="Place in the list; equal numbers stand in the order of entry."
    )

    class Meta:
        abstract = True
        ordering = ["position", "id"]


class Cited(Ordered):
    """A row that says where its figures stand in print.

    A row's sources have no order of their own: they are read in the order of the source list.
    """

    sources = models.ManyToManyField("dosing.Source")

    class Meta(Ordered.Meta):
        abstract = True


def review_date() -> models.DateField:
    """A row's own review date; most have none."""
    return models.DateField(
        null=True,
        blank=True,
        help_text="Where it is to be reviewed apart from the edition: its last valid day.",
    )


def choices(words: Iterable[str]) -> list[tuple[str, str]]:
    """A closed vocabulary as a select box."""
    return [(word, word) for word in words]


def one_of(field: str, words: Iterable[str], *, empty: bool = False) -> models.CheckConstraint:
    """The database's own refusal of a word outside the vocabulary."""
    allowed = [*words, ""] if empty else [*words]
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": allowed}),
        name=f"%(class)s_{field}_is_known",
        violation_error_message=f"{field} must be one of: {', '.join(filter(None, allowed))}.",
    )


def once(*fields: str, sentence: str) -> models.UniqueConstraint:
    """These columns together stand once."""
    return models.UniqueConstraint(
        fields=fields, name=f"%(class)s_{'_'.join(fields)}_once", violation_error_message=sentence
    )
