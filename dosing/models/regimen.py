"""Regimens: phases of one drug by one table, and how they end."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from dosing.engine.formulary import COURSES, ENDINGS, GROUPS, PURPOSES, SITUATIONS
from dosing.engine.patient import ORGANS

from .drug import Drug, Published, Rule
from .fields import WordsField
from .monitoring import MonitoringRule
from .row import Cited, choices, once, one_of, review_date


class Regimen(Cited):
    """Who it is for, its phases, how it ends."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    audience = models.TextField()
    purpose = models.CharField(max_length=20, choices=choices(PURPOSES))
    description = models.TextField(blank=True, default="")
    stop_criteria = models.TextField(blank=True, default="")
    start_late_after_day = models.PositiveSmallIntegerField(null=True, blank=True)
    fallback_regimen = models.ForeignKey(
        "self",
        models.PROTECT,
        to_field="slug",
        related_name="+",
        null=True,
        blank=True,
        help_text="Offered when a later phase is stopped for this patient.",
    )

    groups = WordsField(
        words=GROUPS, default=tuple, blank=True, help_text="Whose regimen it is: finds it."
    )
    situations = WordsField(
        words=SITUATIONS, default=tuple, blank=True, help_text="What is wrong: finds it."
    )
    full_first_phase_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="A first phase below this needs the course below."
    )
    course_days_after_short_phase = models.PositiveSmallIntegerField(null=True, blank=True)
    review_by = review_date()

    class Meta(Cited.Meta):
        constraints = [one_of("purpose", PURPOSES)]

    def __str__(self) -> str:
        return self.title


class Phase(Cited):
    """One drug and table for a length of time."""

    regimen = models.ForeignKey(Regimen, models.CASCADE, related_name="phases")
    drug = models.ForeignKey(Drug, models.PROTECT, to_field="slug", related_name="+")
    table = models.SlugField(max_length=80, help_text="The name of one of this drug's tables.")
    monitoring = models.CharField(max_length=20, choices=choices(COURSES))
    ending = models.CharField(max_length=20, choices=choices(ENDINGS))
    with_previous = models.BooleanField(
        default=False, help_text="Begins together with the phase before."
    )
    days_after = models.PositiveSmallIntegerField(
        default=1, help_text="Days from the last day of the phase before to the first of this one."
    )
    fixed = models.BooleanField(default=False, help_text="No other length can be asked for.")
    shortest = models.PositiveSmallIntegerField(null=True, blank=True)
    usual = models.PositiveSmallIntegerField(null=True, blank=True)
    longest = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Cited.Meta):
        constraints = [
            one_of("monitoring", COURSES),
            one_of("ending", ENDINGS),
            models.CheckConstraint(
                condition=Q(days_after__gte=1),
                name="phase_begins_after_the_one_before",
                violation_error_message="A phase begins a day or more after the one before.",
            ),
            models.CheckConstraint(
                # A comparison with NULL would pass, hence the three isnull.
                condition=Q(
                    ending__in=["days", "course"],
                    shortest__isnull=False,
                    usual__isnull=False,
                    longest__isnull=False,
                    shortest__gte=1,
                    usual__gte=F("shortest"),
                    longest__gte=F("usual"),
                )
                | Q(ending__in=["open", "transplant"], shortest=None, usual=None, longest=None),
                name="phase_lengths_fit_its_ending",
                violation_error_message="Phases by days or course need shortest ≤ usual ≤ longest; "
                "others have no lengths.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.drug_id} {self.table}"


class TransplantEnd(Cited):
    """The last day after transplantation, by organ."""

    regimen = models.ForeignKey(Regimen, models.CASCADE, related_name="transplant_ends")
    organ = models.CharField(max_length=20, choices=choices(ORGANS), blank=True, default="")
    shortest = models.PositiveSmallIntegerField()
    usual = models.PositiveSmallIntegerField()
    longest = models.PositiveSmallIntegerField()

    class Meta(Cited.Meta):
        constraints = [
            one_of("organ", ORGANS, empty=True),
            once("regimen", "organ", sentence="This regimen already has an end for this organ."),
            models.CheckConstraint(
                condition=Q(shortest__lte=F("usual"), usual__lte=F("longest")),
                name="transplantend_days_rise",
                violation_error_message="shortest ≤ usual ≤ longest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organ or 'any organ'}: day {self.usual}"


class RegimenMonitoring(MonitoringRule):
    regimen = models.ForeignKey(Regimen, models.CASCADE, related_name="monitoring")


class RegimenRule(Rule):
    regimen = models.ForeignKey(Regimen, models.CASCADE, related_name="rules")


class Immunoglobulin(Published):
    """What is published on adding immunoglobulin: shown where asked for, never used."""

    regimen = models.ForeignKey(Regimen, models.CASCADE, related_name="immunoglobulin")
