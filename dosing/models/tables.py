"""Dose tables: bands, dialysis rows, ages and the child formula."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from dosing.engine.formulary import COURSES, DOSES_PER_DAY, MEASURES, REGIONS, SEXES
from dosing.engine.patient import CO_MEDICATIONS, DIALYSES, ORGANS

from .drug import Drug
from .fields import ExactDecimalField, WholeNumbersField
from .row import Cited, choices, once, one_of

DIALYSIS_KINDS = DIALYSES[1:]


def age_order() -> models.CheckConstraint:
    """from_months is under below_months, where there is an upper age."""
    return models.CheckConstraint(
        condition=Q(below_months=None) | Q(below_months__gt=F("from_months")),
        name="%(class)s_ages_rise",
        violation_error_message="The upper age must be above the lower one.",
    )


def days_of_the_week(days: tuple[int, ...]) -> None:
    """ValidationError unless every day is 0 (Monday) to 6 (Sunday)."""
    if max(days) > 6:
        raise ValidationError("Dosing days are 0 (Monday) to 6 (Sunday).")


class DoseTable(Cited):
    """Doses of one drug for one use, by clearance band."""

    drug = models.ForeignKey(Drug, models.CASCADE, related_name="tables")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=500)
    course = models.CharField(max_length=20, choices=choices(COURSES))
    measure = models.CharField(
        max_length=20,
        choices=choices(filter(None, MEASURES)),
        blank=True,
        default="",
        help_text="Empty: the kidneys decide nothing in this table.",
    )
    per_kg = models.BooleanField(help_text="Amounts are mg/kg; otherwise mg.")
    weekdays = WholeNumbersField(
        default=tuple,
        blank=True,
        validators=[days_of_the_week],
        help_text="Dosing days, Monday = 0. Empty: every day.",
    )

    class Meta(Cited.Meta):
        constraints = [
            one_of("course", COURSES),
            one_of("measure", MEASURES),
            once("drug", "slug", sentence="This drug already has a table of this name."),
        ]

    def __str__(self) -> str:
        return f"{self.drug} {self.slug}"


class AgeRange(Cited):
    """Ages a table covers: from_months ≤ age < below_months."""

    table = models.ForeignKey(DoseTable, models.CASCADE, related_name="ages")
    organ = models.CharField(max_length=20, choices=choices(ORGANS), blank=True, default="")
    from_months = models.PositiveSmallIntegerField()
    below_months = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Cited.Meta):
        constraints = [one_of("organ", ORGANS, empty=True), age_order()]

    def __str__(self) -> str:
        return f"from {self.from_months} months"


class DoseRow(Cited):
    """One clearance band or one kind of dialysis, with a dose or with advice instead."""

    table = models.ForeignKey(DoseTable, models.CASCADE, related_name="rows")
    low = ExactDecimalField(null=True, blank=True)
    low_closed = models.BooleanField(
        "low included", default=True, help_text="The band begins on its lower edge (≥), not after."
    )
    high = ExactDecimalField(null=True, blank=True)
    high_closed = models.BooleanField(
        "high included", default=False, help_text="The band holds its upper edge (≤)."
    )
    dialysis = models.CharField(
        max_length=20, choices=choices(DIALYSIS_KINDS), blank=True, default=""
    )
    taking = models.CharField(
        max_length=40,
        choices=choices(CO_MEDICATIONS),
        blank=True,
        default="",
        help_text="In a table without measure: the dose with this medicine taken as well.",
    )
    region = models.CharField(
        max_length=10,
        choices=choices(REGIONS),
        blank=True,
        default="",
        help_text="Only where the label of this region holds. Empty: everywhere.",
    )
    amount = ExactDecimalField(null=True, blank=True, help_text="mg/kg or mg. Empty: no dose.")
    frequency = models.CharField(
        max_length=40, choices=choices(DOSES_PER_DAY), blank=True, default=""
    )
    advice = models.TextField(blank=True, default="")

    class Meta(Cited.Meta):
        constraints = [
            one_of("dialysis", DIALYSIS_KINDS, empty=True),
            one_of("frequency", DOSES_PER_DAY, empty=True),
            one_of("taking", CO_MEDICATIONS, empty=True),
            one_of("region", REGIONS, empty=True),
            models.CheckConstraint(
                condition=Q(dialysis="", taking="")
                | Q(low=None, dialysis="")
                | Q(low=None, taking=""),
                name="doserow_is_of_one_kind",
                violation_error_message="A row is a band (with a low edge), a kind of dialysis or "
                "one of a medicine taken.",
            ),
            models.CheckConstraint(
                condition=Q(high=None) | Q(low__isnull=False),
                name="doserow_only_bands_have_edges",
                violation_error_message="A row without a low edge has no high edge.",
            ),
            models.CheckConstraint(
                condition=Q(region="") | ~Q(taking=""),
                name="doserow_region_needs_a_medicine",
                violation_error_message="A region belongs to a medicine taken as well.",
            ),
            models.CheckConstraint(
                condition=Q(amount=None, frequency="") & ~Q(advice="")
                | Q(amount__isnull=False) & ~Q(frequency=""),
                name="doserow_is_a_dose_or_advice",
                violation_error_message="Give amount and frequency, or neither and advice.",
            ),
            models.UniqueConstraint(
                fields=["table", "dialysis"],
                condition=~Q(dialysis=""),
                name="doserow_each_dialysis_once",
                violation_error_message="This table already has a row for this dialysis.",
            ),
        ]

    def __str__(self) -> str:
        if self.low is None:
            return self.dialysis or " ".join((self.taking, self.region)).strip() or "everyone"
        return f"{self.low}–{self.high or '∞'}"


class ChildFormula(Cited):
    """once-daily mg = factor × BSA × min(clearance, cap), never above the dose cap."""

    table = models.OneToOneField(DoseTable, models.CASCADE, related_name="formula")
    factor = ExactDecimalField()
    clearance_cap = ExactDecimalField(help_text="mL/min/1.73 m²")
    dose_cap_mg = ExactDecimalField()
    note_from_months = models.PositiveSmallIntegerField(null=True, blank=True)
    note_text = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"formula of {self.table}"


class SchwartzRow(Cited):
    """One k of the child clearance, by age, sex and birth weight."""

    formula = models.ForeignKey(ChildFormula, models.CASCADE, related_name="k_rows")
    from_months = models.PositiveSmallIntegerField()
    below_months = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=10, choices=choices(SEXES), blank=True, default="")
    low_birth_weight = models.BooleanField(default=False)
    k = ExactDecimalField()

    class Meta(Cited.Meta):
        constraints = [one_of("sex", SEXES, empty=True), age_order()]

    def __str__(self) -> str:
        return f"k {self.k} from {self.from_months} months"
