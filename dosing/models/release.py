"""Frozen releases: the whole content as one text with its digest."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ReleaseQuerySet(models.QuerySet["ContentRelease"]):
    def live(self) -> ContentRelease | None:
        """The release the calculator reads, if any is live."""
        return self.filter(is_live=True).first()


class ContentRelease(models.Model):
    """One frozen edition. `document` is exactly the text the digest was made of."""

    edition = models.CharField(max_length=80, unique=True)
    digest = models.CharField(max_length=71, unique=True)
    document = models.TextField()
    frozen_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    is_shipped = models.BooleanField(
        default=False,
        help_text="The edition the product came with: it alone may be live unapproved.",
    )
    is_live = models.BooleanField(default=False, help_text="The calculator reads this release.")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-frozen_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_live"], condition=Q(is_live=True), name="one_live_release"
            ),
            models.CheckConstraint(
                condition=Q(is_live=False) | Q(is_shipped=True) | Q(approved_at__isnull=False),
                name="live_release_is_approved_or_shipped",
            ),
        ]

    def __str__(self) -> str:
        return self.edition
