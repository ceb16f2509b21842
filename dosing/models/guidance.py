"""Texts beside a plan: guidance, and where the sources contradict each other."""

from __future__ import annotations

from django.db import models

from dosing.engine.formulary import GROUPS, PURPOSES

from .fields import WordsField
from .row import Cited, Ordered, review_date


class Guidance(Ordered):
    """A topic beside the plan; its points carry the sources."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    groups = WordsField(
        words=GROUPS, default=tuple, blank=True, help_text="Whose topic it is. Empty: everyone's."
    )
    purposes = WordsField(words=PURPOSES, help_text="Beside which regimens it stands.")
    review_by = review_date()

    class Meta(Ordered.Meta):
        verbose_name_plural = "guidance"

    def __str__(self) -> str:
        return self.title


class Point(Cited):
    """One or two sentences of a topic."""

    guidance = models.ForeignKey(Guidance, models.CASCADE, related_name="points")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:80]


class Disagreement(Cited):
    """A question sources answer differently."""

    slug = models.SlugField(max_length=80, unique=True)
    question = models.TextField()
    regimens = WordsField(help_text="Names of the regimens it concerns, with commas between.")
    default = models.TextField(help_text="What this content does.")
    reason = models.TextField()

    def __str__(self) -> str:
        return self.question


class Side(Cited):
    """What one source, or some that agree, says."""

    disagreement = models.ForeignKey(Disagreement, models.CASCADE, related_name="sides")
    says = models.TextField()

    def __str__(self) -> str:
        return self.says[:80]
