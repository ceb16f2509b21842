"""Runs of the impact of one release after another: how far they are, and what they found."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q


class ImpactRun(models.Model):
    """Two releases by their digests, compared over the synthetic population in a child process.

    A child that is alive is heard of at least every second. `attempt` counts the starts: a child
    that was given up, and goes on all the same, finds its number gone.
    """

    #: Without a word for so long, the child is taken to be gone, and the run may be started again.
    SILENT = timedelta(seconds=15)

    before = models.CharField(max_length=71)
    after = models.CharField(max_length=71)
    attempt = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    heard_at = models.DateTimeField(help_text="The last word of the child process.")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    failed = models.TextField(blank=True, help_text="Why there is no result.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="one_impact_run_for_a_pair"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, result__isnull=True)
                | Q(finished_at__isnull=False, result__isnull=False, failed=""),
                name="impact_result_when_finished",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="impact_done_is_part_of_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"

    def is_running(self, now: datetime) -> bool:
        """Whether a child is at work: not finished, not failed, and heard of lately."""
        waiting = self.finished_at is None and not self.failed
        return waiting and now - self.heard_at <= self.SILENT

    def is_lost(self, now: datetime) -> bool:
        """Whether a child was at work, and has gone without a word."""
        waiting = self.finished_at is None and not self.failed
        return waiting and now - self.heard_at > self.SILENT
