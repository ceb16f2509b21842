"""A newer shipped edition that waits beside the working rows, and what was decided on each
difference. Decisions are added, never changed: the last one of a difference counts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .row import one_of

#: What can be decided of a difference, and how the page says that it was.
DECISIONS = {"take": "taken", "leave": "left"}


class Upgrade(models.Model):
    """What was shipped before, and what is shipped now.

    `rows_then` are the working rows as they were when it arrived, kept only where this version
    could not read what was shipped before: they stand in its place.
    """

    before = models.ForeignKey(
        "dosing.ContentRelease", on_delete=models.PROTECT, related_name="followed_by"
    )
    now = models.OneToOneField(
        "dosing.ContentRelease", on_delete=models.PROTECT, related_name="upgrade"
    )
    rows_then = models.TextField(blank=True, default="")
    arrived_at = models.DateTimeField()

    class Meta:
        ordering = ["-arrived_at", "-id"]
        verbose_name = "newer edition"
        permissions = [("decide_upgrade", "Can take or leave what a newer edition brings")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(before=F("now")), name="upgrade_is_from_another_edition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.now}"


class UpgradeDecision(models.Model):
    """Who took or left which difference, when and why; `ours` is what our rows said until then."""

    upgrade = models.ForeignKey(Upgrade, on_delete=models.PROTECT, related_name="decisions")
    change = models.TextField(help_text="The key of the difference.")
    decision = models.CharField(max_length=10, choices=list(DECISIONS.items()))
    ours = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            one_of("decision", DECISIONS),
            models.CheckConstraint(condition=~Q(reason=""), name="upgradedecision_gives_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.change}: {self.decision}"
