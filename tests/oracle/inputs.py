"""From a payload to facts, or to the names of the fields that are refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

CHILD = "valganciclovir-paediatric-prophylaxis"

REGIMENS = {
    "ganciclovir-induction",
    "ganciclovir-maintenance",
    "ganciclovir-maintenance-5-days",
    "valganciclovir-induction",
    "valganciclovir-maintenance",
    "foscarnet-induction-90",
    "foscarnet-induction-60",
    "foscarnet-maintenance-90",
    "foscarnet-maintenance-120",
    "immunocompromised-disease",
    "ibd-colitis",
    "ibd-colitis-daily-step-down",
    "neurological-combination",
    CHILD,
}

CHOICES = {
    "regimen": REGIMENS,
    "sex": {"female", "male"},
    "serum_creatinine_unit": {"mg/dL", "umol/L"},
    "crcl_source": {"measured", "calculated"},
    "dialysis": {"none", "haemodialysis", "peritoneal", "continuous"},
    "renal_weight": {"actual", "ideal", "adjusted"},
    "dosing_weight": {"actual", "ideal", "adjusted"},
    "formulation": {"tablet", "oral_solution"},
    "venous_access": {"central", "peripheral"},
    "organ": {"kidney", "heart"},
    "monitoring_policy": {"label-default", "uk-smpc"},
}

FLAGS = {
    "no_weekend_draws",
    "prevention_pcr",
    "follow_up_pcr",
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
}

NUMBERS = {"age_months", "age_years", "weight_kg", "height_cm", "serum_creatinine", "crcl_ml_min"}
DATES = {"start_date", "transplant_date", "weight_date", "serum_creatinine_date"}
ALLERGIES = {"ganciclovir", "valganciclovir", "foscarnet", "probenecid", "sulfa", "aciclovir"}
# Of the documents' list, those the random patients take.
TAKEN = {"maribavir", "imipenem", "didanosine", "pentamidine-iv", "simvastatin"}
OTHERS = {"allergies", "labs", "taking", "phase_days", "until_day"}
KNOWN = set(CHOICES) | FLAGS | NUMBERS | DATES | OTHERS

LAB_LIMITS = {"anc": (0, 60), "platelets": (0, 3000), "haemoglobin": (20, 250)}
UMOL = Fraction("88.4")


@dataclass
class Facts:
    """What was sent, as numbers; a field nobody sent is None.

    The numbers are typed Any because which of them a regimen needs is checked once, in `read`.
    """

    today: date
    regimen: str = ""
    sex: str | None = None
    age_months: Any = None
    age_years: Any = None
    weight_kg: Any = None
    height_cm: Any = None
    serum_creatinine: Any = None
    serum_creatinine_unit: str | None = None
    crcl_ml_min: Any = None
    crcl_source: str = "calculated"
    dialysis: str = "none"
    renal_weight: str = "actual"
    dosing_weight: str = "actual"
    formulation: str | None = None
    venous_access: str = "central"
    organ: str | None = None
    monitoring_policy: str | None = None
    start_date: date | None = None
    transplant_date: date | None = None
    weight_date: date | None = None
    serum_creatinine_date: date | None = None
    phase_days: list[int | None] | None = None
    allergies: list[str] = field(default_factory=list)
    taking: list[str] = field(default_factory=list)
    labs: dict[str, Fraction] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)

    @property
    def start(self) -> date:
        return self.start_date or self.today

    @property
    def is_child_regimen(self) -> bool:
        return self.regimen == CHILD

    @property
    def on_dialysis(self) -> bool:
        return self.dialysis != "none"

    @property
    def adult(self) -> bool:
        return bool(self.age_years is not None and self.age_years >= 18)

    @property
    def creatinine_mg_dl(self) -> Any:
        if self.serum_creatinine is None:
            return None
        if self.serum_creatinine_unit == "umol/L":
            return self.serum_creatinine / UMOL
        return self.serum_creatinine

    def ticked(self, flag: str) -> bool:
        return self.flags.get(flag) is True


def number(raw: Any) -> Fraction | None:
    """The number as written, or None for anything the contract does not take."""
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal | str):
        return None
    text = str(raw).strip(" ")
    if not re.fullmatch(r"[0-9]+([.,][0-9]+)?", text) or re.search(r",[0-9]{3}$", text):
        return None
    return Fraction(text.replace(",", "."))


def read(payload: Mapping[str, Any], today: date) -> tuple[Facts, set[str]]:
    """The facts and the fields in error; facts mean something only without errors."""
    facts, wrong = Facts(today=today), set()
    for key, raw in payload.items():
        if raw is None:
            continue
        if key not in KNOWN:
            wrong.add(key)
        elif key in CHOICES:
            if isinstance(raw, str) and raw in CHOICES[key]:
                setattr(facts, key, raw)
            else:
                wrong.add(key)
        elif key in FLAGS:
            if isinstance(raw, bool):
                facts.flags[key] = raw
            else:
                wrong.add(key)
        elif key in NUMBERS:
            setattr(facts, key, number(raw))
            if number(raw) is None:
                wrong.add(key)
        elif key in DATES:
            _read_date(facts, key, raw, wrong)
        elif key == "labs":
            _read_labs(facts, raw, wrong)
        elif key == "allergies":
            if isinstance(raw, list) and all(item in ALLERGIES for item in raw):
                facts.allergies = raw
            else:
                wrong.add(key)
        elif key == "taking":
            if isinstance(raw, list) and all(item in TAKEN for item in raw):
                facts.taking = raw
            else:
                wrong.add(key)
        elif key == "phase_days":
            _read_phase_days(facts, raw, wrong)
    _check_limits(facts, wrong)
    _check_needed(facts, payload, wrong)
    return facts, wrong


def _read_date(facts: Facts, key: str, raw: Any, wrong: set[str]) -> None:
    if not isinstance(raw, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
        wrong.add(key)
        return
    try:
        setattr(facts, key, date.fromisoformat(raw))
    except ValueError:
        wrong.add(key)


def _read_labs(facts: Facts, raw: Any, wrong: set[str]) -> None:
    if not isinstance(raw, dict):
        wrong.add("labs")
        return
    for name, value in raw.items():
        if value is None:
            continue
        amount = number(value)
        if name not in LAB_LIMITS or amount is None:
            wrong.add(f"labs.{name}")
            continue
        low, high = LAB_LIMITS[name]
        if not low <= amount <= high:
            wrong.add(f"labs.{name}")
        facts.labs[name] = amount


def _read_phase_days(facts: Facts, raw: Any, wrong: set[str]) -> None:
    if not isinstance(raw, list):
        wrong.add("phase_days")
        return
    days: list[int | None] = []
    for item in raw:
        amount = None if item is None else number(item)
        if item is not None and (amount is None or amount.denominator != 1 or amount < 1):
            wrong.add("phase_days")
            return
        days.append(None if amount is None else int(amount))
    facts.phase_days = days


def _check_limits(facts: Facts, wrong: set[str]) -> None:
    def outside(key: str, low: Any, high: Any) -> None:
        value = getattr(facts, key)
        if value is not None and not Fraction(low) <= value <= Fraction(high):
            wrong.add(key)

    months = facts.age_months
    if months is not None and (months.denominator != 1 or months > 23):
        wrong.add("age_months")
    outside("age_years", 2, 120)
    adult = facts.adult and "age_years" not in wrong
    outside("weight_kg", 20 if adult else 1, 350)
    outside("height_cm", 100 if adult else 30, 250)
    if facts.serum_creatinine_unit == "umol/L":
        outside("serum_creatinine", "8.84", 1768)
    elif facts.serum_creatinine_unit == "mg/dL":
        outside("serum_creatinine", "0.1", 20)
    outside("crcl_ml_min", 1, 250)
    if facts.start_date is not None and abs((facts.start_date - facts.today).days) > 400:
        wrong.add("start_date")
    for key in ("weight_date", "serum_creatinine_date"):
        when = getattr(facts, key)
        if when is not None and when > facts.today:
            wrong.add(key)


def _check_needed(facts: Facts, payload: Mapping[str, Any], wrong: set[str]) -> None:
    def sent(key: str) -> bool:
        return payload.get(key) is not None

    if not sent("regimen"):
        wrong.add("regimen")
    if not facts.regimen:
        return
    if sent("age_months") == sent("age_years"):
        wrong.add("age_years")
    tablets_only = facts.regimen in ("valganciclovir-induction", "valganciclovir-maintenance")
    if not sent("weight_kg") and not (tablets_only and sent("crcl_ml_min")):
        wrong.add("weight_kg")
    if facts.is_child_regimen:
        _check_child(facts, sent, wrong)
    elif not facts.on_dialysis and sent("serum_creatinine") == sent("crcl_ml_min"):
        wrong.add("serum_creatinine")
    if sent("serum_creatinine") and not sent("serum_creatinine_unit"):
        wrong.add("serum_creatinine_unit")
    chosen = facts.renal_weight != "actual" or facts.dosing_weight != "actual"
    formula = sent("serum_creatinine") and not facts.on_dialysis
    if not sent("sex") and (formula or chosen or facts.is_child_regimen):
        wrong.add("sex")
    if chosen and (facts.height_cm is None or facts.height_cm < Fraction("152.4")):
        wrong.add("height_cm")


def _check_child(facts: Facts, sent: Any, wrong: set[str]) -> None:
    if sent("crcl_ml_min"):
        wrong.add("crcl_ml_min")
    elif not sent("serum_creatinine") and not facts.on_dialysis:
        wrong.add("serum_creatinine")
    if not sent("height_cm"):
        wrong.add("height_cm")
