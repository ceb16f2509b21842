"""What is known about one patient, the limits of each figure, and worked examples.

Facts are plain and exact; an answer that was not given is None or absent, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from .units import UMOL_L_PER_MG_DL, as_fraction

MONTHS_A_YEAR = 12
ADULT_MONTHS = 18 * MONTHS_A_YEAR

DIALYSES = ("none", "haemodialysis", "peritoneal", "continuous")
WEIGHT_BASES = ("actual", "ideal", "adjusted")
FORMULATIONS = ("tablet", "oral_solution")
VENOUS_ACCESSES = ("central", "peripheral")
ORGANS = ("kidney", "heart")
CRCL_SOURCES = ("measured", "calculated")
CREATININE_UNITS = ("mg/dL", "umol/L")
#: Dipstick results, lightest first.
URINE_PROTEINS = ("negative", "1+", "2+", "3+")
SURVEILLANCE_ENDS = ("day-100", "one-year")
CONDITIONS = (
    "pregnant",
    "pregnancy_possible",
    "breastfeeding",
    "previous_drug_leucopenia",
    "kidney_function_changing",
    "heart_failure",
    "seizures",
    "gut_gvhd",
    "before_engraftment",
    "disseminated",
    "low_birth_weight",
)
#: Allergies that are no drug of the content but bear on one.
OTHER_ALLERGENS = ("probenecid", "sulfa", "aciclovir")
#: Content file §4: medicines the content may have an interaction with.
CO_MEDICATIONS = (
    "imipenem",
    "zidovudine",
    "mycophenolate",
    "co-trimoxazole",
    "myelosuppressant",
    "probenecid",
    "didanosine",
    "ciclosporin",
    "tacrolimus",
    "sirolimus",
    "amphotericin-b",
    "aminoglycoside",
    "vancomycin",
    "nsaid",
    "pentamidine-iv",
    "qt-drug",
    "carbamazepine",
    "phenytoin",
    "phenobarbital",
    "efavirenz",
    "rifampicin",
    "rifabutin",
    "st-johns-wort",
    "pimozide",
    "ergot",
    "simvastatin",
    "pitavastatin",
    "ganciclovir",
    "valganciclovir",
    "maribavir",
    "foscarnet",
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Limit:
    """Inclusive hard limits of a figure in its own unit, and the second look (exclusive)."""

    low: Decimal
    high: Decimal
    unit: str
    look_below: Decimal | None = None
    look_above: Decimal | None = None

    def holds(self, value: Decimal | Fraction) -> bool:
        """Whether the value is inside the hard limits."""
        return self.low <= value <= self.high

    def unusual(self, value: Decimal | Fraction) -> bool:
        """Whether the value is accepted but deserves a second look."""
        return (self.look_below is not None and value < self.look_below) or (
            self.look_above is not None and value > self.look_above
        )


#: Content file §1 "Limits". The adult rows replace the general ones from 18 years on.
LIMITS: Mapping[str, Limit] = {
    "weight_kg": Limit(Decimal(1), Decimal(350), "kg"),
    "adult_weight_kg": Limit(Decimal(20), Decimal(350), "kg", Decimal(35), Decimal(200)),
    "height_cm": Limit(Decimal(30), Decimal(250), "cm"),
    "adult_height_cm": Limit(Decimal(100), Decimal(250), "cm"),
    "age_years": Limit(Decimal(2), Decimal(120), "years"),
    "age_months": Limit(Decimal(0), Decimal(23), "months"),
    "serum_creatinine": Limit(Decimal("0.1"), Decimal(20), "mg/dL", None, Decimal(10)),
    "adult_serum_creatinine": Limit(
        Decimal("0.1"), Decimal(20), "mg/dL", Decimal("0.4"), Decimal(10)
    ),
    "crcl_ml_min": Limit(Decimal(1), Decimal(250), "mL/min", None, Decimal(180)),
    "anc": Limit(Decimal(0), Decimal(60), "10^9/L", None, Decimal(20)),
    "platelets": Limit(Decimal(0), Decimal(3000), "10^9/L"),
    "haemoglobin": Limit(Decimal(20), Decimal(250), "g/L", Decimal(25), None),
    # No source gives a range: room for what a laboratory can report.
    "urine_protein_mg_dl": Limit(Decimal(0), Decimal(9999), "mg/dL"),
}
#: An entered clearance under this, with foscarnet, looks like mL/min/kg.
FOSCARNET_CRCL_LOOK_BELOW = Decimal(5)
START_WITHIN_DAYS = 400
START_FAR_DAYS = 14
CREATININE_OLD_DAYS = 7
WEIGHT_OLD_DAYS = 28


@lru_cache(maxsize=1024)
def _months(years: Decimal) -> Fraction:
    return Fraction(years) * MONTHS_A_YEAR


@dataclass(frozen=True, slots=True)
class Creatinine:
    """Serum creatinine as the laboratory reported it."""

    value: Decimal
    unit: str

    @property
    def mg_dl(self) -> Fraction:
        """The exact value in mg/dL."""
        value = as_fraction(self.value)
        return value if self.unit == "mg/dL" else value / as_fraction(UMOL_L_PER_MG_DL)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFacts:
    """One patient as the engine sees it; `assessed_on` is the day the plan was first calculated.

    Weight in kg, height in cm, clearance in mL/min, anc and platelets in 10⁹/L, haemoglobin in
    g/L. `conditions` holds answered questions only: an absent key was not answered.
    `phase_days` has one entry per phase (None = usual) or is empty. `taking` holds slugs of
    CO_MEDICATIONS, `draw_weekdays` places in WEEKDAYS; an empty policy is the content's first.
    `baseline_creatinine` is the one before the first dose: with it, treatment is under way.
    """

    assessed_on: date
    sex: str | None = None
    age_years: Decimal | None = None
    age_months: int | None = None
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    creatinine: Creatinine | None = None
    crcl_ml_min: Decimal | None = None
    crcl_source: str = "calculated"
    weight_date: date | None = None
    serum_creatinine_date: date | None = None
    dialysis: str = "none"
    renal_weight: str = "actual"
    dosing_weight: str = "actual"
    formulation: str | None = None
    venous_access: str = "central"
    organ: str | None = None
    transplant_date: date | None = None
    until_day: int | None = None
    phase_days: tuple[int | None, ...] = ()
    no_weekend_draws: bool = False
    prevention_pcr: bool = False
    follow_up_pcr: bool = False
    monitoring_policy: str = ""
    draw_weekdays: tuple[int, ...] = ()
    taking: tuple[str, ...] = ()
    last_doses: Mapping[str, date] = field(default_factory=dict)
    region: str | None = None
    baseline_creatinine: Creatinine | None = None
    urine_protein: str | None = None
    urine_protein_mg_dl: Decimal | None = None
    immunoglobulin: bool = False
    surveillance_to: str | None = None
    conditions: Mapping[str, bool] = field(default_factory=dict)
    allergies: tuple[str, ...] = ()
    anc: Decimal | None = None
    platelets: Decimal | None = None
    haemoglobin: Decimal | None = None

    @property
    def months(self) -> Fraction | None:
        """Age in months, exact; None where no age was needed or given."""
        if self.age_months is not None:
            return Fraction(self.age_months)
        return None if self.age_years is None else _months(self.age_years)

    @property
    def is_adult(self) -> bool:
        """18 years or more, or no age given."""
        months = self.months
        return months is None or months >= ADULT_MONTHS

    @property
    def on_dialysis(self) -> bool:
        """Any dialysis: then no clearance bands a dose."""
        return self.dialysis != "none"

    def has(self, condition: str) -> bool:
        """Whether this condition was answered with yes."""
        return self.conditions.get(condition) is True


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedOrder:
    """What a worked example demands of one order; empty fields are not compared.

    What the ward measures: `volume_ml` of the drug (drawn up, from bottles, or of oral solution),
    `total_ml` that runs, each exactly as worked out.
    """

    drug: str
    status: str
    reason: str = ""
    band: str = ""
    dose_mg: Decimal | None = None
    frequency: str = ""
    volume_ml: Decimal | None = None
    total_ml: Decimal | None = None
    infusion_minutes: int | None = None
    tablets: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedExample:
    """A patient with the label's answer; it travels inside the content and must hold."""

    slug: str
    regimen: str
    start: date
    facts: PatientFacts
    expected: tuple[ExpectedOrder, ...]
    sources: tuple[str, ...]
