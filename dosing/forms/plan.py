"""The one form of the page: who, kidneys, regimen, and what bears on the first dose."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.http import QueryDict

from dosing.engine.formulary import Formulary
from dosing.engine.patient import URINE_PROTEINS, WEEKDAYS
from dosing.presenters import words

from .asking import LAST_DOSES, PHASES, Asked
from .inputs import Answer, Choice, Day, Quantity, Suggestions, Tick, Ticks
from .layout import Group
from .offers import Offers, offers

KG, CM = (("kg", "kg"), ("lb", "lb")), (("cm", "cm"), ("in", "inches"))
CELLS = (("10^9/L", "×10⁹/L"), ("/uL", "per µL"))
USUAL = "Blank: the usual length"
BASES = (("", "actual"), ("ideal", "ideal"), ("adjusted", "adjusted"))


class PlanForm(forms.Form):
    """Fields are named by the contract's keys. What was typed comes back as it was typed."""

    age = Quantity("Age", "Under 2 years: in months", units="age_unit")
    age_unit = Choice(
        "Unit of age",
        choices=(("years", "years"), ("months", "months")),
        initial="years",
        shows={"months": ["low_birth_weight"]},
    )
    low_birth_weight = Answer("Birth weight low for gestational age?", "Under 1 year: answer it")
    sex = Choice(
        "Sex",
        choices=(("female", "female"), ("male", "male")),
        kind="radio",
        shows={
            "": ["pregnant", "pregnancy_possible", "breastfeeding"],
            "female": ["pregnant", "pregnancy_possible", "breastfeeding"],
        },
    )
    weight_kg = Quantity("Weight", units="weight_kg_unit")
    weight_kg_unit = Choice("Unit of weight", choices=KG, initial="kg")
    height_cm = Quantity("Height", "Children; ideal, adjusted weight", units="height_cm_unit")
    height_cm_unit = Choice("Unit of height", choices=CM, initial="cm")

    dialysis = Choice(
        "Dialysis",
        choices=(
            ("none", "no dialysis"),
            ("haemodialysis", "haemodialysis"),
            ("peritoneal", "peritoneal dialysis"),
            ("continuous", "continuous dialysis"),
        ),
        initial="none",
        shows={
            "none": [
                "kidney_input",
                "serum_creatinine",
                "serum_creatinine_date",
                "crcl_ml_min",
                "renal_weight",
            ]
        },
    )
    kidney_input = Choice(
        "Kidney function from",
        "Measured: from 24-hour urine",
        choices=(
            ("creatinine", "creatinine"),
            ("measured", "measured clearance"),
            ("calculated", "calculated clearance"),
        ),
        initial="creatinine",
        kind="radio",
        shows={
            "creatinine": ["serum_creatinine", "serum_creatinine_date", "renal_weight"],
            "measured": ["crcl_ml_min"],
            "calculated": ["crcl_ml_min"],
        },
    )
    serum_creatinine = Quantity("Creatinine", units="serum_creatinine_unit")
    serum_creatinine_unit = Choice(
        "Unit of creatinine",
        choices=(("", "unit?"), ("mg/dL", "mg/dL"), ("umol/L", "µmol/L")),
    )
    crcl_ml_min = Quantity(
        "Clearance",
        "Not eGFR: that is per 1.73 m² of body surface, and the dose tables are not",
        unit="mL/min",
    )
    kidney_function_changing = Tick("Kidney function is changing", "Rising or falling creatinine")
    urine_protein = Choice(
        "Urine protein",
        "Dipstick, within 48 hours",
        choices=(("", "not measured"), *((one, one) for one in URINE_PROTEINS)),
    )
    urine_protein_mg_dl = Quantity("Urine protein", "Instead of the dipstick", unit="mg/dL")
    baseline_creatinine = Quantity(
        "Creatinine before the first dose",
        "Once treatment is under way; in the unit chosen above",
    )

    group = Choice("Who", choices=(("", "choose"), *words.GROUPS.items()))
    situation = Choice("What for", choices=(("", "choose"), *words.SITUATIONS.items()))
    suggested = Suggestions("Regimens for this")
    regimen = Choice("Regimen", "All regimens of this edition", shows={})
    phase_days_1 = Quantity("Days of phase 1", USUAL, unit="days")
    phase_days_2 = Quantity("Days of phase 2", USUAL, unit="days")
    phase_days_3 = Quantity("Days of phase 3", USUAL, unit="days")
    organ = Choice(
        "Transplanted organ", choices=(("", "not stated"), ("kidney", "kidney"), ("heart", "heart"))
    )
    transplant_date = Day("Transplant date", "Day 0")
    until_day = Quantity("Last day after transplantation", "Blank: the usual day", unit="day")
    formulation = Choice(
        "Tablets or solution",
        choices=(("", "usual"), ("tablet", "tablets"), ("oral_solution", "oral solution")),
    )
    venous_access = Choice(
        "Line",
        "A peripheral line needs a diluted infusion",
        choices=(("central", "central line"), ("peripheral", "peripheral line")),
        initial="central",
        kind="radio",
    )

    region = Choice(
        "Region",
        "With some medicines the label of the region decides the dose",
        choices=(("", "not stated"), *words.REGIONS.items()),
    )
    surveillance_to = Choice("Watch", choices=(("", "usual"), *words.SURVEILLANCE_ENDS.items()))

    anc = Quantity("Neutrophils (ANC)", units="anc_unit")
    anc_unit = Choice("Unit of neutrophils", choices=CELLS, initial="10^9/L")
    platelets = Quantity("Platelets", units="platelets_unit")
    platelets_unit = Choice("Unit of platelets", choices=CELLS, initial="10^9/L")
    haemoglobin = Quantity("Haemoglobin", units="haemoglobin_unit")
    haemoglobin_unit = Choice(
        "Unit of haemoglobin", choices=(("g/L", "g/L"), ("g/dL", "g/dL")), initial="g/L"
    )

    pregnant = Answer("Pregnant")
    pregnancy_possible = Answer("Pregnancy possible")
    breastfeeding = Answer("Breastfeeding")
    previous_drug_leucopenia = Tick("Earlier leucopenia from a drug")
    heart_failure = Tick("Heart failure or fluid overload")
    seizures = Tick("Seizures, now or earlier")
    gut_gvhd = Tick("Gut graft-versus-host disease, or not absorbing")
    before_engraftment = Tick("Before engraftment")
    disseminated = Tick("Disseminated disease")
    allergies = Ticks("Severe allergy to")
    taking = Ticks("Takes", "Only these are checked", choices=words.CO_MEDICATIONS.items())

    start_date = Day("First dose on", "Blank: today")
    weight_date = Day("Weight measured on", "If known")
    serum_creatinine_date = Day("Creatinine measured on", "If known")
    renal_weight = Choice("Weight in the kidney estimate", choices=BASES)
    dosing_weight = Choice(
        "Weight the dose is worked out with", "Little evidence for other than actual", choices=BASES
    )
    monitoring_policy = Choice("Monitoring policy")
    draw_weekdays = Ticks(
        "Draws only on",
        "Blank: on the counted days",
        choices=[(day, name[:3]) for day, name in zip(WEEKDAYS, words.WEEKDAYS, strict=True)],
    )
    no_weekend_draws = Tick("No blood draws at weekends")
    prevention_pcr = Tick("CMV PCR during prevention")
    follow_up_pcr = Tick("CMV PCR for 4 weeks after the end")
    immunoglobulin = Tick("Immunoglobulin", "Shows what is published; no dose is established")
    guidance_on_sheet = Tick("Guidance on the plan sheet")

    helper = FormHelper()
    helper.template_pack = "ward"
    helper.form_tag = False
    helper.layout = Layout(
        Group("patient", "Patient", "age", "low_birth_weight", "sex", "weight_kg", "height_cm"),
        Group(
            "kidneys",
            "Kidneys",
            "dialysis",
            "kidney_input",
            "serum_creatinine",
            "crcl_ml_min",
            "kidney_function_changing",
            "urine_protein",
            "urine_protein_mg_dl",
            "baseline_creatinine",
        ),
        Group(
            "regimen",
            "Regimen",
            "group",
            "situation",
            "suggested",
            "regimen",
            "organ",
            "transplant_date",
            "until_day",
            *PHASES,
            "formulation",
            "venous_access",
            "region",
            "surveillance_to",
        ),
        Group("counts", "Today’s counts", "anc", "platelets", "haemoglobin", closed=True),
        Group(
            "before",
            "Pregnancy, conditions, allergies",
            "pregnant",
            "pregnancy_possible",
            "breastfeeding",
            "previous_drug_leucopenia",
            "heart_failure",
            "seizures",
            "gut_gvhd",
            "before_engraftment",
            "disseminated",
            "allergies",
            closed=True,
        ),
        Group("medicines", "Other medicines", "taking", *LAST_DOSES, closed=True),
        Group(
            "options",
            "Start and options",
            "start_date",
            "renal_weight",
            "dosing_weight",
            "weight_date",
            "serum_creatinine_date",
            "monitoring_policy",
            "draw_weekdays",
            "no_weekend_draws",
            "prevention_pcr",
            "follow_up_pcr",
            "immunoglobulin",
            "guidance_on_sheet",
            closed=True,
        ),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        formulary: Formulary,
        asked: Asked | None = None,
    ) -> None:
        super().__init__(data)
        self.asked = asked
        self.offers: Offers = offers(formulary)
        self._fill()

    def _fill(self) -> None:
        """Put in what the live content offers."""
        regimen, policy = self.fields["regimen"], self.fields["monitoring_policy"]
        allergies = self.fields["allergies"]
        assert isinstance(regimen, Choice)
        assert isinstance(policy, Choice)
        assert isinstance(allergies, Ticks)
        regimen.choices, regimen.shows = self.offers.regimens, self.offers.shows
        suggested = self.fields["suggested"]
        assert isinstance(suggested, Suggestions)
        suggested.found = self.offers.found
        allergies.choices = self.offers.allergens
        for name, medicine in self.offers.last_doses.items():
            self.fields[name] = Day(f"Last dose of {medicine}", "If it has ended")
        policy.choices = self.offers.policies
        policy.initial = self.offers.policies[0][0]
        if len(self.offers.policies) < 2 or settings.MONITORING_POLICY:
            del self.fields["monitoring_policy"]

    def clean(self) -> dict[str, Any]:
        """Every refusal of the intake beside the field it is about."""
        if self.asked is not None:
            for name, messages in self.asked.errors.items():
                self.add_error(name if name in self.fields else None, messages)
        return self.cleaned_data

    def typed(self, name: str) -> Any:
        """What stands in a field: as typed, or as it starts."""
        field = self.fields[name]
        if isinstance(field, Ticks):
            return self.data.getlist(name) if isinstance(self.data, QueryDict) else []
        start = str(field.initial or "")
        return str(self.data.get(name, start)) if self.is_bound else start

    def said(self, name: str) -> bool:
        """Whether a field holds anything but what it starts with."""
        value = self.typed(name)
        return bool(value) and value != self.fields[name].initial

    def governed(self, name: str) -> str:
        """The rows that come and go with a choice."""
        if name == "regimen":
            return " ".join(self.offers.governed)
        field = self.fields[name]
        assert isinstance(field, Choice)
        rows = {row for shown in (field.shows or {}).values() for row in shown}
        return " ".join(sorted(rows))

    def phase_hints(self) -> list[str]:
        """What each phase of the chosen regimen is."""
        return self.offers.phases.get(str(self.typed("regimen")), [])
