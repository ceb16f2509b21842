"""A request in the contract's keys → PatientFacts, or every refusal at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dosing.engine.dose import TabletsCannot
from dosing.engine.formulary import LABS, REGIONS, SEXES, Formulary, Regimen
from dosing.engine.patient import (
    ADULT_MONTHS,
    CO_MEDICATIONS,
    CONDITIONS,
    CRCL_SOURCES,
    CREATININE_UNITS,
    DIALYSES,
    FORMULATIONS,
    LIMITS,
    ORGANS,
    OTHER_ALLERGENS,
    START_WITHIN_DAYS,
    SURVEILLANCE_ENDS,
    URINE_PROTEINS,
    VENOUS_ACCESSES,
    WEEKDAYS,
    WEIGHT_BASES,
    Creatinine,
    PatientFacts,
)
from dosing.engine.phases import UNTIL_DAY_MAX, PhaseError
from dosing.engine.plan import Plan, make_plan
from dosing.presenters.numbers import amount

from . import fields, needs
from .fields import Errors
from .lines import Payload
from .numbers import Unreadable, exact

CHOICES: Mapping[str, tuple[str, ...]] = {
    "sex": SEXES,
    "serum_creatinine_unit": CREATININE_UNITS,
    "crcl_source": CRCL_SOURCES,
    "dialysis": DIALYSES,
    "renal_weight": WEIGHT_BASES,
    "dosing_weight": WEIGHT_BASES,
    "formulation": FORMULATIONS,
    "venous_access": VENOUS_ACCESSES,
    "organ": ORGANS,
    "region": REGIONS,
    "urine_protein": URINE_PROTEINS,
    "surveillance_to": SURVEILLANCE_ENDS,
}
DATES = ("weight_date", "serum_creatinine_date", "start_date", "transplant_date")
OPTIONS = ("no_weekend_draws", "prevention_pcr", "follow_up_pcr", "immunoglobulin")
NUMBERS = (
    "age_years",
    "age_months",
    "weight_kg",
    "height_cm",
    "serum_creatinine",
    "baseline_creatinine",
    "crcl_ml_min",
    "urine_protein_mg_dl",
)
KEYS = frozenset(
    (
        "regimen",
        "until_day",
        "phase_days",
        "monitoring_policy",
        "allergies",
        "labs",
        "taking",
        "draw_weekdays",
        "last_doses",
        *NUMBERS,
        *DATES,
        *OPTIONS,
        *CONDITIONS,
        *CHOICES,
    )
)


class Refused(Exception):
    """The request cannot be answered; `errors` holds the messages by field."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("; ".join(errors))
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Request:
    """Facts that passed every limit, the regimen, and the start date."""

    facts: PatientFacts
    regimen: Regimen
    start: date


def plan_for(
    payload: Mapping[str, object],
    formulary: Formulary,
    *,
    today: date,
    units: Mapping[str, str] | None = None,
) -> Plan:
    """The plan for a request; raises Refused with every message by field."""
    request = read(payload, formulary, today=today, units=units)
    try:
        return make_plan(request.facts, request.regimen, formulary, start=request.start)
    except PhaseError as problem:
        raise Refused({problem.field: [problem.sentence]}) from None
    except TabletsCannot as problem:
        oral = problem.oral
        most = amount(oral.one_tablet_to_mg or oral.tablet_mg, "mg")
        raise Refused(
            {
                "formulation": [
                    f"The exact dose is {amount(problem.exact_mg, 'mg', 1)}: tablets of "
                    f"{amount(oral.tablet_mg, 'mg')} cannot make it (only "
                    f"{oral.one_tablet_from_mg} to {most}, or the "
                    "highest dose). Choose the oral solution."
                ]
            }
        ) from None


def read(
    payload: Mapping[str, object],
    formulary: Formulary,
    *,
    today: date,
    units: Mapping[str, str] | None = None,
) -> Request:
    """Every key read, every limit checked; raises Refused with all messages at once.

    `units` holds units chosen on a page, by field; without it the contract's units hold.
    """
    return _Reader(payload, formulary, today, units or {}).request()


class _Reader:
    """The running state of one reading: the keys that were sent and what was wrong with them."""

    def __init__(
        self,
        payload: Mapping[str, object],
        formulary: Formulary,
        today: date,
        units: Mapping[str, str],
    ) -> None:
        self.errors = Errors()
        self.formulary, self.today, self.units = formulary, today, units
        for key in payload:
            if key not in KEYS:
                self.errors.add(str(key), "This key is not known. Leave it out.")
        if isinstance(payload, Payload):
            for key in payload.repeated:
                self.errors.add(key, "This key stands there twice. Send it once.")
        self.sent = {key: item for key, item in payload.items() if item is not None}

    def request(self) -> Request:
        regimen = self._regimen()
        chosen = {key: self._choice(key, allowed) for key, allowed in CHOICES.items()}
        dates = {
            key: fields.day(self.errors, key, self.sent[key]) for key in DATES if key in self.sent
        }
        age_years, age_months = self._age()
        numbers = self._numbers(_is_adult(age_years, age_months), chosen["serum_creatinine_unit"])
        labs = self._labs()
        start = self._dates(dates)
        conditions = self._answers(CONDITIONS)
        options = self._answers(OPTIONS)
        phase_days = self._phase_days()
        until_day = self._until_day(regimen)
        known = {
            "allergies": (*self.formulary.drugs, *OTHER_ALLERGENS),
            "taking": CO_MEDICATIONS,
            "draw_weekdays": WEEKDAYS,
        }
        named = {
            key: fields.listed(self.errors, key, self.sent.get(key, []), names)
            for key, names in known.items()
        }
        last_doses = fields.days_by_name(
            self.errors,
            "last_doses",
            self.sent.get("last_doses", {}),
            CO_MEDICATIONS,
            since=self.today - timedelta(days=START_WITHIN_DAYS),
        )
        policy = self._policy()
        if regimen is not None:
            no_age = age_years is None and age_months is None
            needs.check(
                self.errors, self.sent, self.formulary, regimen, chosen, self.units, no_age=no_age
            )
            needs.second_line(self.errors, self.sent, self.formulary, regimen, named["taking"])
        if self.errors or regimen is None:
            raise Refused(self.errors.by_field)
        unit = chosen["serum_creatinine_unit"]
        facts = PatientFacts(
            assessed_on=self.today,
            sex=chosen["sex"],
            age_years=age_years,
            age_months=age_months,
            weight_kg=numbers["weight_kg"],
            height_cm=numbers["height_cm"],
            creatinine=_creatinine(numbers["serum_creatinine"], unit),
            crcl_ml_min=numbers["crcl_ml_min"],
            crcl_source=chosen["crcl_source"] or "calculated",
            weight_date=dates.get("weight_date"),
            serum_creatinine_date=dates.get("serum_creatinine_date"),
            dialysis=chosen["dialysis"] or "none",
            renal_weight=chosen["renal_weight"] or "actual",
            dosing_weight=chosen["dosing_weight"] or "actual",
            formulation=chosen["formulation"],
            venous_access=chosen["venous_access"] or "central",
            organ=chosen["organ"],
            transplant_date=dates.get("transplant_date"),
            until_day=until_day,
            phase_days=phase_days,
            conditions=conditions,
            allergies=named["allergies"],
            no_weekend_draws=options.get("no_weekend_draws", False),
            prevention_pcr=options.get("prevention_pcr", False),
            follow_up_pcr=options.get("follow_up_pcr", False),
            monitoring_policy=policy,
            draw_weekdays=tuple(sorted(map(WEEKDAYS.index, named["draw_weekdays"]))),
            taking=named["taking"],
            last_doses=last_doses,
            region=chosen["region"],
            baseline_creatinine=_creatinine(numbers["baseline_creatinine"], unit),
            urine_protein=chosen["urine_protein"],
            urine_protein_mg_dl=numbers["urine_protein_mg_dl"],
            immunoglobulin=options.get("immunoglobulin", False),
            surveillance_to=chosen["surveillance_to"],
            anc=labs.get("anc"),
            platelets=labs.get("platelets"),
            haemoglobin=labs.get("haemoglobin"),
        )
        return Request(facts, regimen, start)

    def _regimen(self) -> Regimen | None:
        if "regimen" not in self.sent:
            self.errors.add("regimen", "Choose a regimen.")
            return None
        slug = self.sent["regimen"]
        regimen = self.formulary.regimens.get(slug) if isinstance(slug, str) else None
        if regimen is None:
            self.errors.add("regimen", "This content has no regimen of that name. Choose another.")
        return regimen

    def _choice(self, key: str, allowed: tuple[str, ...]) -> str | None:
        if key not in self.sent:
            return None
        return fields.choice(self.errors, key, self.sent[key], allowed)

    def _age(self) -> tuple[Decimal | None, int | None]:
        years: Decimal | None = None
        months: int | None = None
        if "age_years" in self.sent and "age_months" in self.sent:
            for key in ("age_years", "age_months"):
                self.errors.add(key, "Give the age in years or in months, not both.")
            return None, None
        if "age_years" in self.sent:
            value = self.sent["age_years"]
            years = self._years(value)
        if "age_months" in self.sent:
            months = fields.whole_number(
                self.errors, "age_months", self.sent["age_months"], *fields.WHOLE_MONTHS
            )
        return years, months

    def _years(self, value: object) -> Decimal | None:
        years = fields.quantity(Errors(), "age_years", value)
        if years is not None:
            return years
        try:
            too_young = 0 <= exact(value) < LIMITS["age_years"].low
        except Unreadable:
            too_young = False
        if too_young:
            low, high = fields.WHOLE_MONTHS
            self.errors.add(
                "age_years",
                f"Under {LIMITS['age_years'].low} years give the age in whole months "
                f"({low} to {high}).",
            )
        else:
            fields.quantity(self.errors, "age_years", value)
        return None

    def _numbers(self, adult: bool, unit: str | None) -> dict[str, Decimal | None]:
        found: dict[str, Decimal | None] = dict.fromkeys(NUMBERS)
        for key in ("weight_kg", "height_cm", "crcl_ml_min", "urine_protein_mg_dl"):
            if key in self.sent:
                limit = f"adult_{key}" if adult and f"adult_{key}" in LIMITS else key
                found[key] = fields.quantity(
                    self.errors, key, self.sent[key], limit=limit, unit=self.units.get(key, "")
                )
        for key in ("serum_creatinine", "baseline_creatinine"):
            if key in self.sent:
                found[key] = fields.creatinine(self.errors, self.sent[key], unit, field=key)
        if "serum_creatinine" in self.sent:
            if "serum_creatinine_unit" not in self.sent:
                self.errors.add("serum_creatinine_unit", "Choose the unit: mg/dL or µmol/L.")
        elif "serum_creatinine_unit" in self.sent:
            self.errors.add("serum_creatinine", "A unit was sent without a creatinine. Enter it.")
        if "crcl_source" in self.sent and "crcl_ml_min" not in self.sent:
            self.errors.add("crcl_ml_min", "How it was obtained was sent without a clearance.")
        return found

    def _labs(self) -> dict[str, Decimal | None]:
        labs = self.sent.get("labs", {})
        if not isinstance(labs, Mapping):
            self.errors.add("labs", "Send the counts as an object.")
            return {}
        for key in labs:
            if key not in LABS:
                self.errors.add(f"labs.{key}", "This key is not known. Leave it out.")
        for key in getattr(labs, "repeated", ()):
            self.errors.add(f"labs.{key}", "This key stands there twice. Send it once.")
        return {
            lab: fields.quantity(
                self.errors, lab, labs[lab], unit=self.units.get(lab, ""), field=f"labs.{lab}"
            )
            for lab in LABS
            if labs.get(lab) is not None
        }

    def _dates(self, dates: Mapping[str, date | None]) -> date:
        start = dates.get("start_date") or self.today
        if abs((start - self.today).days) > START_WITHIN_DAYS:
            self.errors.add(
                "start_date",
                f"The start date is more than {START_WITHIN_DAYS} days from today. Check the year.",
            )
        for key in ("weight_date", "serum_creatinine_date"):
            day = dates.get(key)
            if day is not None and day > self.today:
                self.errors.add(key, "This date is in the future. Enter the day it was measured.")
        return start

    def _answers(self, keys: tuple[str, ...]) -> dict[str, bool]:
        found = {}
        for key in keys:
            if key in self.sent:
                value = fields.answer(self.errors, key, self.sent[key])
                if value is not None:
                    found[key] = value
        return found

    def _phase_days(self) -> tuple[int | None, ...]:
        entries = self.sent.get("phase_days")
        if entries is None:
            return ()
        if not isinstance(entries, list | tuple) or not entries or len(entries) > 20:
            self.errors.add("phase_days", "Send a list with one entry for each phase.")
            return ()
        return tuple(
            None
            if entry is None
            else fields.whole_number(self.errors, "phase_days", entry, 1, UNTIL_DAY_MAX)
            for entry in entries
        )

    def _until_day(self, regimen: Regimen | None) -> int | None:
        if "until_day" not in self.sent:
            return None
        if regimen is not None and not regimen.transplant_ends:
            self.errors.add(
                "until_day",
                "This regimen does not end on a day after transplantation. Leave it out.",
            )
        return fields.whole_number(
            self.errors, "until_day", self.sent["until_day"], 1, UNTIL_DAY_MAX
        )

    def _policy(self) -> str:
        if "monitoring_policy" not in self.sent:
            return ""
        allowed = [policy.slug for policy in self.formulary.policies]
        return (
            fields.choice(self.errors, "monitoring_policy", self.sent["monitoring_policy"], allowed)
            or ""
        )


def _is_adult(years: Decimal | None, months: int | None) -> bool:
    return months is None and years is not None and years * 12 >= ADULT_MONTHS


def _creatinine(value: Decimal | None, unit: str | None) -> Creatinine | None:
    return None if value is None or unit is None else Creatinine(value, unit)
