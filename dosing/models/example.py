"""Worked examples: a patient with the label's answer."""

from __future__ import annotations

from django.db import models

from .drug import Drug
from .fields import ExactDecimalField
from .regimen import Regimen
from .row import Cited, Ordered, choices, one_of

STATUSES = ("dose", "do-not-give")


class WorkedExample(Cited):
    """Inputs and the expected answer; it travels inside the release and must hold."""

    slug = models.SlugField(max_length=80, unique=True)
    regimen = models.ForeignKey(Regimen, models.PROTECT, to_field="slug", related_name="+")
    start = models.DateField()
    facts = models.JSONField(
        default=dict,
        help_text='The patient: {"weight_kg": "70", …}. Numbers with a unit stand in quotes.',
    )

    def __str__(self) -> str:
        return self.slug


class ExpectedOrder(Ordered):
    """What the example demands of one order; empty fields are not compared."""

    example = models.ForeignKey(WorkedExample, models.CASCADE, related_name="expected")
    drug = models.ForeignKey(Drug, models.PROTECT, to_field="slug", related_name="+")
    status = models.CharField(max_length=20, choices=choices(STATUSES))
    reason = models.CharField(max_length=80, blank=True, default="")
    band = models.CharField(max_length=80, blank=True, default="")
    dose_mg = ExactDecimalField(null=True, blank=True)
    frequency = models.CharField(max_length=40, blank=True, default="")
    volume_ml = ExactDecimalField(
        null=True, blank=True, help_text="Of the drug: drawn up, from bottles, or oral solution."
    )
    total_ml = ExactDecimalField(null=True, blank=True, help_text="What runs, with bag or diluent.")
    infusion_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    tablets = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Ordered.Meta):
        constraints = [one_of("status", STATUSES)]

    def __str__(self) -> str:
        return f"{self.drug_id}: {self.status}"
