"""Tests, their rhythms, and how closely counts are watched."""

from __future__ import annotations

from django.db import models

from dosing.engine.formulary import COURSES, TESTS

from .drug import Drug
from .fields import ExactDecimalField, WholeNumbersField
from .row import Cited, choices, one_of

#: When a rule asks for its test; empty = always.
OCCASIONS = ("pregnancy-possible", "prevention-pcr", "disseminated")


class Rhythm(Cited):
    """Days of a test, counted from the rhythm's own first day, which is 1."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    fixed_days = WholeNumbersField(default=tuple, blank=True)
    from_day = models.PositiveSmallIntegerField(
        default=1, help_text="The cycle begins on this day."
    )
    cycle_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Length of the cycle in days. Empty: fixed days only."
    )
    offsets = WholeNumbersField(
        default=tuple, blank=True, help_text="Days after each begin of the cycle; 0 = the day."
    )
    movable = models.BooleanField(default=True, help_text="May be moved off a weekend.")
    each_dose = models.BooleanField(
        default=False, help_text="On every day of a dose instead; never moved."
    )

    class Meta(Cited.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cycle_days=None) | models.Q(cycle_days__gte=1),
                name="rhythm_cycle_is_a_day_or_more",
                violation_error_message="A cycle lasts a day or more.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class MonitoringPolicy(Cited):
    """How closely counts are watched when they start low. The first one is the default."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    intensive_test = models.CharField(max_length=40, choices=choices(TESTS))
    intensive_rhythm = models.ForeignKey(Rhythm, models.PROTECT, to_field="slug", related_name="+")
    intensive_to_day = models.PositiveSmallIntegerField()
    intensive_anc_below = ExactDecimalField()
    intensive_below_top_band = models.BooleanField(default=False)
    intensive_on_dialysis = models.BooleanField(default=False)
    opening_rhythm = models.ForeignKey(
        Rhythm,
        models.PROTECT,
        to_field="slug",
        related_name="+",
        null=True,
        blank=True,
        help_text="The first days where nothing asks for the intensive rhythm.",
    )
    unstable_kidney_days = WholeNumbersField(default=tuple, blank=True)
    follow_up_weeks = models.PositiveSmallIntegerField()

    class Meta(Cited.Meta):
        verbose_name_plural = "monitoring policies"
        constraints = [one_of("intensive_test", TESTS)]

    def __str__(self) -> str:
        return self.title


class MonitoringRule(Cited):
    """A test and its rhythm."""

    course = models.CharField(max_length=20, choices=choices(COURSES), blank=True, default="")
    test = models.CharField(max_length=40, choices=choices(TESTS))
    rhythm = models.ForeignKey(Rhythm, models.PROTECT, to_field="slug", related_name="+")
    rhythm_below_top_band = models.ForeignKey(
        Rhythm, models.PROTECT, to_field="slug", related_name="+", null=True, blank=True
    )
    when = models.CharField(max_length=40, choices=choices(OCCASIONS), blank=True, default="")
    weeks_after = models.PositiveSmallIntegerField(
        default=0, help_text="Weeks it goes on for after a course that ends."
    )

    class Meta(Cited.Meta):
        abstract = True
        constraints = [
            one_of("course", COURSES, empty=True),
            one_of("test", TESTS),
            one_of("when", OCCASIONS, empty=True),
        ]

    def __str__(self) -> str:
        return f"{self.test} {self.rhythm_id}"


class DrugMonitoring(MonitoringRule):
    drug = models.ForeignKey(Drug, models.CASCADE, related_name="monitoring")


class PolicyMonitoring(MonitoringRule):
    policy = models.ForeignKey(MonitoringPolicy, models.CASCADE, related_name="rules")


class ActionLimit(Cited):
    """What to act on when a test comes back."""

    drug = models.ForeignKey(Drug, models.CASCADE, related_name="action_limits")
    course = models.CharField(max_length=20, choices=choices(COURSES), blank=True, default="")
    test = models.CharField(max_length=40, choices=choices(TESTS))
    text = models.TextField()

    class Meta(Cited.Meta):
        constraints = [one_of("course", COURSES, empty=True), one_of("test", TESTS)]

    def __str__(self) -> str:
        return f"{self.test}: {self.text[:60]}"
