"""What was done to working rows: who, when, why, and each value before and after."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from .row import one_of

EDITS = {"add": "added", "change": "changed", "delete": "deleted"}


class RowEdit(models.Model):
    """One save or deletion of one page of rows. Rows are added here, never changed.

    `kind` and `row` name the page's own row; `label` and `drug` stay readable when it is gone.
    `changes`: for each value the row it stands in, the field, before and after, all in words.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    action = models.CharField(max_length=10, choices=list(EDITS.items()))
    kind = models.CharField(max_length=40)
    row = models.PositiveBigIntegerField()
    label = models.CharField(max_length=500)
    drug = models.SlugField(max_length=80, blank=True, default="")
    changes = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "edit of rows"
        verbose_name_plural = "edits of rows"
        indexes = [models.Index(fields=["kind", "row"], name="rowedit_of_a_row")]
        constraints = [
            one_of("action", EDITS),
            models.CheckConstraint(condition=~Q(reason=""), name="rowedit_gives_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {EDITS[self.action]}"
