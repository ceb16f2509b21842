"""Content that must not be used: the stop button."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from .release import both_or_none, person


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    def in_force(self) -> WithdrawalQuerySet:
        """Those nobody has lifted."""
        return self.filter(lifted_at__isnull=True)


class Withdrawal(models.Model):
    """A whole release, one drug of a release, or a drug in every release: not to be used."""

    release = models.ForeignKey(
        "dosing.ContentRelease",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="withdrawals",
        help_text="Empty: every release.",
    )
    drug = models.SlugField(
        max_length=80, blank=True, default="", help_text="Empty: the whole release."
    )
    reason = models.TextField(help_text="Every user reads it from the next answer on.")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField()
    lifted_by = person()
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        ordering = ["-withdrawn_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(release__isnull=False) | ~Q(drug=""), name="withdrawal_names_something"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_gives_a_reason"),
            both_or_none("lifted_by", "lifted_at"),
            models.UniqueConstraint(
                fields=["release", "drug"],
                condition=Q(lifted_at__isnull=True, release__isnull=False),
                name="one_withdrawal_in_a_release",
            ),
            models.UniqueConstraint(
                fields=["drug"],
                condition=Q(lifted_at__isnull=True, release__isnull=True),
                name="one_withdrawal_everywhere",
            ),
        ]

    def __str__(self) -> str:
        where = f"of {self.release}" if self.release else "in every release"
        return f"{self.drug} {where}" if self.drug else f"{self.release}"
