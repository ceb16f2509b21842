"""What turns a dose into something to give: rounding, vials, bags, bottles, tablets."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from dosing.engine.formulary import COURSES
from dosing.engine.patient import CO_MEDICATIONS, URINE_PROTEINS

from .drug import Drug
from .fields import ExactDecimalField, ExactDecimalsField, WordsField
from .row import Cited, choices, once, one_of


class Rounding(Cited):
    """Steps tried in turn until the change is small enough."""

    drug = models.ForeignKey(Drug, models.CASCADE, related_name="roundings")
    dialysis = models.BooleanField(default=False, help_text="For the dialysis rows only.")
    steps_mg = ExactDecimalsField(help_text="Largest first, commas between: 50, 10")
    max_change_percent = ExactDecimalField()
    downward = models.BooleanField(default=False, help_text="Round down instead of half up.")

    class Meta(Cited.Meta):
        constraints = [once("drug", "dialysis", sentence="This drug already has this rounding.")]

    def __str__(self) -> str:
        return f"to {', '.join(str(step) for step in self.steps_mg)} mg"


class VialPreparation(Cited):
    """A vial made up, or of ready solution, and added to a bag."""

    drug = models.OneToOneField(Drug, models.CASCADE, related_name="vial")
    vial_mg = ExactDecimalField()
    diluent_ml = ExactDecimalField(help_text="Of a ready solution: the mL in the vial.")
    diluent = models.CharField(
        max_length=500, blank=True, default="", help_text="Empty: a ready solution."
    )
    max_concentration_mg_ml = ExactDecimalField(
        null=True, blank=True, help_text="Empty: no limit is printed."
    )
    minutes = models.PositiveSmallIntegerField()
    premixed_mg = ExactDecimalField(null=True, blank=True)
    premixed_ml = ExactDecimalField(null=True, blank=True)
    fluids = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.drug}: vial of {self.vial_mg} mg"


class Bag(Cited):
    """An infusion bag for doses up to up_to_mg."""

    vial = models.ForeignKey(VialPreparation, models.CASCADE, related_name="bags")
    ml = ExactDecimalField()
    up_to_mg = ExactDecimalField(null=True, blank=True, help_text="Empty: any dose.")
    alternative = models.BooleanField(default=False, help_text="Offered, not chosen.")

    def __str__(self) -> str:
        return f"{self.ml} mL"


class BottlePreparation(Cited):
    """A ready solution given from the bottle by pump."""

    drug = models.OneToOneField(Drug, models.CASCADE, related_name="bottle")
    concentration_mg_ml = ExactDecimalField()
    bottles_ml = ExactDecimalsField(help_text="Bottles stocked, commas between: 250, 500")
    peripheral_mg_ml = ExactDecimalField(help_text="Diluted to this for a peripheral line.")
    max_mg_kg_min = ExactDecimalField()
    sodium_mmol_per_ml = ExactDecimalField()
    saline_mmol_per_litre = ExactDecimalField()
    first_hydration_ml_min = ExactDecimalField()
    first_hydration_ml_max = ExactDecimalField()
    diluents = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.drug}: bottle of {self.concentration_mg_ml} mg/mL"


class InfusionTime(Cited):
    """Least minutes for the table's mg/kg in one course."""

    bottle = models.ForeignKey(BottlePreparation, models.CASCADE, related_name="times")
    course = models.CharField(max_length=20, choices=choices(COURSES))
    up_to_per_kg = ExactDecimalField(null=True, blank=True, help_text="mg/kg. Empty: any.")
    minutes = models.PositiveSmallIntegerField()

    class Meta(Cited.Meta):
        constraints = [one_of("course", COURSES)]

    def __str__(self) -> str:
        return f"{self.course}: {self.minutes} minutes"


class Hydration(Cited):
    """Fluid with an infusion, by the table's mg/kg."""

    bottle = models.ForeignKey(BottlePreparation, models.CASCADE, related_name="hydration")
    from_per_kg = ExactDecimalField()
    to_per_kg = ExactDecimalField()
    ml_min = ExactDecimalField()
    ml_max = ExactDecimalField()
    label_silent = models.BooleanField(
        default=False, help_text="The label has no figure here, and the sheet says so."
    )

    def __str__(self) -> str:
        return f"{self.from_per_kg}–{self.to_per_kg} mg/kg"


class OralPreparation(Cited):
    """Tablets, and oral solution where there is one: then all its figures are needed."""

    drug = models.OneToOneField(Drug, models.CASCADE, related_name="oral")
    tablet_mg = ExactDecimalField()
    solution_mg_ml = ExactDecimalField(null=True, blank=True, help_text="Empty: no solution.")
    solution_step_mg = ExactDecimalField(null=True, blank=True)
    caution_change_percent = ExactDecimalField(null=True, blank=True)
    one_tablet_from_mg = ExactDecimalField(null=True, blank=True)
    one_tablet_to_mg = ExactDecimalField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.drug}: tablet of {self.tablet_mg} mg"


class StartConditions(Cited):
    """What must hold of kidneys and urine before each dose."""

    drug = models.OneToOneField(Drug, models.CASCADE, related_name="start_conditions")
    creatinine_above_mg_dl = ExactDecimalField(help_text="Above this: no dose.")
    protein_from_mg_dl = ExactDecimalField(help_text="Urine protein from here on: no dose.")
    protein_from = models.CharField(
        max_length=10,
        choices=choices(URINE_PROTEINS),
        help_text="The same by dipstick, before the first dose.",
    )
    protein_stop_on_treatment = models.CharField(max_length=10, choices=choices(URINE_PROTEINS))
    reduce_from_rise_mg_dl = ExactDecimalField(
        help_text="Creatinine above its baseline by this or more: the reduced dose."
    )
    reduced_per_kg = ExactDecimalField(help_text="mg/kg")
    stop_from_rise_mg_dl = ExactDecimalField(help_text="By this or more: no dose.")
    results_within_days = models.PositiveSmallIntegerField(
        help_text="Creatinine and urine may be this old at the dose."
    )
    free_days = models.PositiveSmallIntegerField(
        help_text="Days since the last dose of each medicine below."
    )
    free_of = WordsField(words=CO_MEDICATIONS, default=tuple, blank=True)
    advice = models.TextField()

    class Meta(Cited.Meta):
        verbose_name_plural = "start conditions"
        constraints = [
            one_of("protein_from", URINE_PROTEINS),
            one_of("protein_stop_on_treatment", URINE_PROTEINS),
        ]

    def __str__(self) -> str:
        return f"{self.drug}: before each dose"


class ClockStep(Cited):
    """Something done around each dose, by the clock."""

    drug = models.ForeignKey(Drug, models.CASCADE, related_name="clock")
    from_minutes = models.SmallIntegerField(
        help_text="From the start of the dose; before it with a minus sign."
    )
    until_minutes = models.SmallIntegerField(null=True, blank=True)
    text = models.TextField()

    class Meta(Cited.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(until_minutes=None) | Q(until_minutes__gt=F("from_minutes")),
                name="clockstep_ends_after_it_begins",
                violation_error_message="A step ends after it begins.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_minutes} min: {self.text[:60]}"
