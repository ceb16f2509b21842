"""The edition being worked on, and what it says it does not consider."""

from __future__ import annotations

from django.db import models

from .row import Cited


class Edition(models.Model):
    """Name, review date, contact and owner of the working content: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    edition = models.CharField(max_length=80)
    review_by = models.DateField()
    contact = models.TextField()
    owner = models.TextField(
        blank=True, default="", help_text="Who answers for this content; on every page and sheet."
    )

    class Meta:
        verbose_name_plural = "edition"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="edition_is_one_row")]

    def __str__(self) -> str:
        return self.edition


class Consideration(Cited):
    """Something this content does not consider."""

    text = models.TextField()
    on_sheet = models.BooleanField(
        default=True, help_text="Also on paper: it bears on a plan that exists."
    )

    def __str__(self) -> str:
        return self.text[:80]
