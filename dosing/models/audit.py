"""What was done to releases: who, when, what and why. Rows are added, never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from .row import one_of

#: What can be done, and how the history says it.
ACTIONS = {
    "ship": "loaded with the product",
    "load": "loaded from a file",
    "send": "sent for review",
    "return": "returned",
    "approve": "approved",
    "schedule": "set for a time",
    "cancel-schedule": "set time cancelled",
    "go-live": "set live",
    "supersede": "superseded",
    "withdraw": "withdrawn",
    "withdraw-drug": "drug withdrawn",
    "lift": "withdrawal ended",
    "lift-drug": "withdrawal of a drug ended",
    "bring-back": "brought back",
}
#: Done by a command of whoever runs the server: nobody is signed in there.
BY_COMMAND = ("ship", "load")


class AuditEntry(models.Model):
    """One change. `digest` is the release's as it was then, `drug` a withdrawn drug's slug."""

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    action = models.CharField(max_length=20, choices=list(ACTIONS.items()))
    release = models.ForeignKey(
        "dosing.ContentRelease",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="history",
    )
    digest = models.CharField(max_length=71, blank=True, default="")
    drug = models.SlugField(max_length=80, blank=True, default="")
    reason = models.TextField()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "audit entries"
        constraints = [
            one_of("action", ACTIONS),
            models.CheckConstraint(condition=~Q(reason=""), name="audit_gives_a_reason"),
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(action__in=BY_COMMAND), name="audit_names_who"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.release or self.drug}"
