"""Frozen releases: the whole content as one text with its digest, how far it was reviewed, and
whether the calculator reads it. Every rule that can stand in the database stands there."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .row import choices, one_of

#: How far the review is.
REVIEWS = ("draft", "in-review", "returned", "approved")
#: What the calculator has to do with it. "scheduled" is live from its set time on: whoever asks
#: for the live release reads the clock.
USES = ("unused", "scheduled", "live", "superseded", "withdrawn")


def both_or_none(who: str, when: str) -> models.CheckConstraint:
    """A who without a when, or a when without a who, is no record."""
    return models.CheckConstraint(
        condition=Q(**{f"{who}__isnull": True, f"{when}__isnull": True})
        | Q(**{f"{who}__isnull": False, f"{when}__isnull": False}),
        name=f"%(class)s_{who}_and_{when}",
    )


def only_if(name: str, *, condition: Q, then: Q) -> models.CheckConstraint:
    """Where the condition holds, so must the other."""
    return models.CheckConstraint(condition=~condition | then, name=name)


def person(help_text: str = "") -> models.ForeignKey:
    """Who did it; an account with a history is made inactive, never deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=help_text,
    )


class ReleaseQuerySet(models.QuerySet["ContentRelease"]):
    def readable(self, now: datetime) -> ReleaseQuerySet:
        """The live release, before it one whose set time has come: the first of these is read."""
        due = Q(use="scheduled", live_from__lte=now)
        return self.filter(Q(use="live") | due).order_by("-live_from", "-use")

    def live(self, now: datetime | None = None) -> ContentRelease | None:
        """The release the calculator reads at this moment, if any is live."""
        return self.readable(now or timezone.now()).first()


class ContentRelease(models.Model):
    """One frozen edition. `document` is exactly the text the digest was made of."""

    edition = models.CharField(max_length=80)
    digest = models.CharField(max_length=71, unique=True)
    document = models.TextField()
    frozen_at = models.DateTimeField()
    is_shipped = models.BooleanField(
        default=False,
        help_text="The edition the product came with: it alone may be live unapproved.",
    )

    review = models.CharField(max_length=20, choices=choices(REVIEWS), default="draft")
    sent_by = person("The author: who froze these rows for review.")
    sent_at = models.DateTimeField(null=True, blank=True)
    returned_by = person()
    returned_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True, default="", help_text="Why it was returned.")
    approved_by = person()
    approved_at = models.DateTimeField(null=True, blank=True)

    use = models.CharField(max_length=20, choices=choices(USES), default="unused")
    live_by = person("Who set it live, or set its time.")
    live_from = models.DateTimeField(null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-frozen_at", "-id"]
        permissions = [
            ("send_contentrelease", "Can send content for review"),
            ("review_contentrelease", "Can approve and return releases"),
            ("publish_contentrelease", "Can set releases live and bring them back"),
            ("withdraw_contentrelease", "Can withdraw releases and drugs"),
            ("preview_contentrelease", "Can calculate with drafts"),
        ]
        constraints = [
            one_of("review", REVIEWS),
            one_of("use", USES),
            # A returned edition may be mended and sent again under its name.
            models.UniqueConstraint(
                fields=["edition"],
                condition=~Q(review="returned", use="unused"),
                name="one_release_of_a_name",
            ),
            models.UniqueConstraint(
                fields=["use"], condition=Q(use="live"), name="one_live_release"
            ),
            models.UniqueConstraint(
                fields=["use"], condition=Q(use="scheduled"), name="one_scheduled_release"
            ),
            only_if(
                "live_release_is_approved_or_shipped",
                condition=~Q(use__in=["unused", "scheduled"]),
                then=Q(is_shipped=True) | Q(review="approved"),
            ),
            only_if(
                "scheduled_release_is_approved",
                condition=Q(use="scheduled"),
                then=Q(review="approved"),
            ),
            both_or_none("sent_by", "sent_at"),
            both_or_none("returned_by", "returned_at"),
            both_or_none("approved_by", "approved_at"),
            # The shipped edition went live when it was loaded, before anyone could sign in.
            models.CheckConstraint(
                condition=Q(live_by__isnull=True, live_from__isnull=True)
                | Q(live_by__isnull=False, live_from__isnull=False)
                | Q(is_shipped=True, live_by__isnull=True),
                name="contentrelease_live_by_and_live_from",
            ),
            models.CheckConstraint(
                condition=Q(review="draft", sent_at__isnull=True)
                | (~Q(review="draft") & Q(sent_at__isnull=False)),
                name="reviewed_release_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(review="approved", approved_at__isnull=False)
                | (~Q(review="approved") & Q(approved_at__isnull=True)),
                name="approved_release_says_who",
            ),
            models.CheckConstraint(
                condition=(Q(review="returned", returned_at__isnull=False) & ~Q(comment=""))
                | (~Q(review="returned") & Q(returned_at__isnull=True, comment="")),
                name="returned_release_says_why",
            ),
            models.CheckConstraint(
                condition=Q(use__in=["scheduled", "live", "superseded"], live_from__isnull=False)
                | Q(use="unused", live_from__isnull=True)
                | Q(use="withdrawn"),
                name="used_release_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("sent_by")),
                name="author_does_not_approve",
            ),
            models.CheckConstraint(
                condition=Q(returned_by__isnull=True) | ~Q(returned_by=F("sent_by")),
                name="author_does_not_return",
            ),
        ]

    def __str__(self) -> str:
        return self.edition

    @property
    def state(self) -> str:
        """Its use once it has one, before that its review."""
        return self.review if self.use == "unused" else self.use
