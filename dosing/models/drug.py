"""Drugs and the sentences and limits that belong to a drug."""

from __future__ import annotations

from django.db import models

from dosing.engine.formulary import INSTRUCTIONS, LABS, LEVELS, ROUTES

from .fields import ExactDecimalField
from .row import Cited, choices, once, one_of, review_date


class Drug(Cited):
    """One drug; its tables, preparation, limits and sentences hang on it."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    brands = models.CharField(max_length=500)
    form = models.CharField(max_length=500)
    drug_class = models.CharField(
        max_length=200,
        blank=True,
        default="",
        help_text="Tells drugs with alike names apart, as: CMV antiviral, prodrug of ganciclovir.",
    )
    route = models.CharField(max_length=20, choices=choices(ROUTES))
    near_edge_percent = ExactDecimalField(
        help_text="Clearances this near to a band's edge, in percent of the edge, get a note."
    )
    near_edge_caution_percent = ExactDecimalField(
        null=True, blank=True, help_text="This near, the note becomes a caution. Empty: never."
    )
    limited_data_creatinine_mg_dl = ExactDecimalField(null=True, blank=True)
    limited_data_crcl_ml_min = ExactDecimalField(null=True, blank=True)
    hard_max_mg_per_day = ExactDecimalField(
        null=True, blank=True, help_text="No dose of this drug may pass this many mg a day."
    )
    review_by = review_date()

    class Meta(Cited.Meta):
        constraints = [one_of("route", ROUTES)]

    def __str__(self) -> str:
        return self.name


class Rule(Cited):
    """A finding with the content's own sentence."""

    code = models.SlugField(max_length=80)
    level = models.CharField(max_length=10, choices=choices(LEVELS))
    text = models.TextField()
    when = models.CharField(
        max_length=80,
        blank=True,
        default="",
        help_text="Empty: always. Or a question of the form (pregnant), allergy:SLUG, taking:SLUG.",
    )

    class Meta(Cited.Meta):
        abstract = True
        constraints = [one_of("level", LEVELS)]

    def __str__(self) -> str:
        return self.code


class DrugRule(Rule):
    drug = models.ForeignKey(Drug, models.CASCADE, related_name="rules")


class Instruction(Cited):
    """One sentence on preparing, giving, handling or advising."""

    drug = models.ForeignKey(Drug, models.CASCADE, related_name="instructions")
    kind = models.CharField(max_length=10, choices=choices(INSTRUCTIONS))
    text = models.TextField()

    class Meta(Cited.Meta):
        constraints = [one_of("kind", INSTRUCTIONS)]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text[:60]}"


class Published(Cited):
    """What is published where this content has no dose: shown as printed, never used."""

    situation = models.CharField(max_length=500)
    text = models.TextField()

    class Meta(Cited.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.situation


class PublishedDose(Published):
    drug = models.ForeignKey(Drug, models.CASCADE, related_name="published_doses")


class Threshold(Cited):
    """A count below which the drug is not started."""

    drug = models.ForeignKey(Drug, models.CASCADE, related_name="thresholds")
    lab = models.CharField(max_length=20, choices=choices(LABS))
    stop_below = ExactDecimalField(help_text="ANC, platelets in 10⁹/L; haemoglobin in g/L.")
    caution_below = ExactDecimalField(null=True, blank=True)
    advice = models.TextField(blank=True, default="")

    class Meta(Cited.Meta):
        constraints = [
            one_of("lab", LABS),
            once("drug", "lab", sentence="This drug already has a limit for this count."),
        ]

    def __str__(self) -> str:
        return f"{self.lab} below {self.stop_below}"
