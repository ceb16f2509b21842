"""From what the page sent to a plan, or to messages beside the fields they are about.

No number is read here: the page's fields become the contract's keys, and the intake reads those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.http import QueryDict

from dosing.engine.formulary import GROUPS, Formulary
from dosing.engine.patient import CO_MEDICATIONS, LIMITS
from dosing.engine.plan import Plan
from dosing.intake import Refused, plan_for
from dosing.intake.fields import UNITS, printed_unit
from dosing.intake.numbers import MAX_CHARACTERS, exact
from dosing.presenters.numbers import amount

PHASES = ("phase_days_1", "phase_days_2", "phase_days_3")
#: The page's field for the date of a last dose → the medicine.
LAST_DOSES = {f"last_dose_{slug}": slug for slug in CO_MEDICATIONS}
_AS_TYPED = (
    "regimen",
    "sex",
    "weight_kg",
    "height_cm",
    "serum_creatinine",
    "crcl_ml_min",
    "weight_date",
    "serum_creatinine_date",
    "dialysis",
    "renal_weight",
    "dosing_weight",
    "formulation",
    "venous_access",
    "organ",
    "start_date",
    "transplant_date",
    "until_day",
    "monitoring_policy",
    "region",
    "surveillance_to",
    "urine_protein",
    "urine_protein_mg_dl",
    "baseline_creatinine",
)
_LABS = ("anc", "platelets", "haemoglobin")
ANSWERS = ("pregnant", "pregnancy_possible", "breastfeeding", "low_birth_weight")
TICKS = (
    "previous_drug_leucopenia",
    "kidney_function_changing",
    "heart_failure",
    "seizures",
    "gut_gvhd",
    "before_engraftment",
    "disseminated",
    "no_weekend_draws",
    "prevention_pcr",
    "follow_up_pcr",
    "immunoglobulin",
)
_LISTS = ("allergies", "taking", "draw_weekdays")
_YES_NO = {"yes": True, "no": False}
#: Where a message about one of the contract's keys stands on the page.
_FIELD_OF = {
    "age_years": "age",
    "age_months": "age",
    "labs": "anc",
    "crcl_source": "kidney_input",
    **{f"labs.{lab}": lab for lab in _LABS},
    **{f"last_doses.{slug}": name for name, slug in LAST_DOSES.items()},
}
_PHASE = re.compile(r"Phase ([1-9])\b")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One message beside a field; `blank` where the field was left empty."""

    field: str
    message: str
    blank: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a request: a plan, or messages by field; `blank` are fields left empty.

    `group` is who the patient is, where that was said; `guidance_on_sheet` a wish for the sheet.
    `entered` holds figures in the page's own units, as "80 lb", by field.
    """

    plan: Plan | None = None
    group: str = ""
    guidance_on_sheet: bool = False
    entered: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()

    @property
    def refusals(self) -> list[Refusal]:
        """Every message with its field, in the order of the page."""
        return [
            Refusal(name, message, name in self.blank)
            for name, messages in self.errors.items()
            for message in messages
        ]


def ask(data: QueryDict, formulary: Formulary, *, today: date) -> Asked:
    """The plan for what was sent, or every refusal at once."""
    if not _text(data, "regimen") and (suggested := _text(data, "suggested")):
        # A suggestion counts while the whole list is left alone.
        data = data.copy()
        data["regimen"] = suggested
    errors: dict[str, list[str]] = {}
    units = dict(_units(data, errors))
    plan = None
    try:
        plan = plan_for(payload(data, formulary), formulary, today=today, units=units)
    except Refused as refused:
        for key, messages in refused.errors.items():
            for message in messages:
                _put(errors, _place(key, message, data, formulary), message)
    _only_on_the_page(data, plan, errors)
    if errors:
        blank = frozenset(name for name in errors if not _text(data, name))
        return Asked(errors=_in_form_order(errors), blank=blank)
    group = _text(data, "group")
    return Asked(
        plan,
        group if group in GROUPS else "",
        bool(_text(data, "guidance_on_sheet")),
        _entered(data, units),
    )


def _entered(data: QueryDict, units: Mapping[str, str]) -> dict[str, str]:
    """Figures that were entered in another unit than the plan is worked out in."""
    return {
        name: amount(exact(_text(data, name)), printed_unit(unit), MAX_CHARACTERS)
        for name, unit in units.items()
        if unit != LIMITS[name].unit
    }


def take_offer(data: QueryDict) -> QueryDict:
    """The same inputs with the regimen that was offered instead, where its button was pressed."""
    slug, _, days = data.get("offer", "").partition(":")
    if not slug:
        return data
    taken = data.copy()
    taken["regimen"] = slug
    lengths = days.split(",")
    for place, name in enumerate(PHASES):
        taken[name] = lengths[place] if place < len(lengths) else ""
    return taken


def payload(data: QueryDict, formulary: Formulary) -> dict[str, object]:
    """The page's fields in the contract's keys; what was left blank is absent."""
    found: dict[str, object] = {key: text for key in _AS_TYPED if (text := _text(data, key))}
    age = _text(data, "age")
    if age:
        found["age_months" if _text(data, "age_unit") == "months" else "age_years"] = age
    creatinine = {"serum_creatinine", "baseline_creatinine"} & set(found)
    if creatinine and _text(data, "serum_creatinine_unit"):
        found["serum_creatinine_unit"] = _text(data, "serum_creatinine_unit")
    if "crcl_ml_min" in found and _text(data, "kidney_input") in ("measured", "calculated"):
        found["crcl_source"] = _text(data, "kidney_input")
    labs = {lab: text for lab in _LABS if (text := _text(data, lab))}
    if labs:
        found["labs"] = labs
    lasts = {slug: text for name, slug in LAST_DOSES.items() if (text := _text(data, name))}
    if lasts:
        found["last_doses"] = lasts
    found |= {key: _YES_NO.get(text, text) for key in ANSWERS if (text := _text(data, key))}
    found |= {key: True for key in TICKS if _text(data, key)}
    found |= {key: names for key in _LISTS if (names := data.getlist(key))}
    if settings.MONITORING_POLICY:
        found["monitoring_policy"] = settings.MONITORING_POLICY
    days = _phase_days(data, formulary)
    if days:
        found["phase_days"] = days
    return found


def _text(data: QueryDict, name: str) -> str:
    return data.get(name, "").strip()


def _phase_days(data: QueryDict, formulary: Formulary) -> list[str | None]:
    """One entry per phase of the regimen, more where more was filled in; [] where none was."""
    days = [_text(data, name) or None for name in PHASES]
    filled = [place for place, entry in enumerate(days, start=1) if entry]
    if not filled:
        return []
    regimen = formulary.regimens.get(_text(data, "regimen"))
    phases = 1 if regimen is None else len(regimen.phases)
    return days[: max(phases, *filled)]


def _units(data: QueryDict, errors: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Units chosen beside a figure; a figure without one is refused, never guessed at."""
    for name, allowed in UNITS.items():
        if not _text(data, name):
            continue
        unit = _text(data, f"{name}_unit")
        if unit in allowed:
            yield name, unit
        else:
            choices = " or ".join(printed_unit(one) for one in allowed)
            _put(errors, f"{name}_unit", f"Choose the unit: {choices}.")


def _place(key: str, message: str, data: QueryDict, formulary: Formulary) -> str:
    """The page's field for a message about one of the contract's keys."""
    if key == "phase_days":
        return _phase_place(message, data)
    if key == "serum_creatinine" and not _text(data, key):
        return "crcl_ml_min" if _wants_clearance(data) else key
    return _FIELD_OF.get(key, key)


def _phase_place(message: str, data: QueryDict) -> str:
    named = _PHASE.search(message)
    if named and int(named[1]) <= len(PHASES):
        return PHASES[int(named[1]) - 1]
    filled = [name for name in PHASES if _text(data, name)]
    quoted = [name for name in filled if f" {_text(data, name)} " in message]
    return (quoted or filled[-1:] or [PHASES[0]])[0]


def _wants_clearance(data: QueryDict) -> bool:
    return _text(data, "kidney_input") in ("measured", "calculated")


def _only_on_the_page(data: QueryDict, plan: Plan | None, errors: dict[str, list[str]]) -> None:
    """Answers the page asks for where the contract takes silence."""
    clearance = _text(data, "crcl_ml_min")
    if clearance and not _wants_clearance(data) and not _text(data, "serum_creatinine"):
        _put(
            errors,
            "kidney_input",
            "A clearance is entered: choose measured (24-hour urine) or calculated here.",
        )
    if _text(data, "serum_creatinine") and _wants_clearance(data) and not clearance:
        _put(
            errors,
            "kidney_input",
            "A creatinine is entered: choose creatinine here, or enter the clearance instead.",
        )
    if plan is not None and any(one.code == "birth-weight-not-stated" for one in plan.findings):
        _put(
            errors,
            "low_birth_weight",
            "Under 1 year the formula needs this: was the birth weight low for gestational age? "
            "Answer yes or no.",
        )


def _put(errors: dict[str, list[str]], name: str, message: str) -> None:
    messages = errors.setdefault(name, [])
    if message not in messages:
        messages.append(message)


#: The order in which the page asks, and so in which its messages are listed.
ORDER = (
    "age",
    "low_birth_weight",
    "sex",
    "weight_kg",
    "weight_kg_unit",
    "height_cm",
    "height_cm_unit",
    "dialysis",
    "kidney_input",
    "serum_creatinine",
    "serum_creatinine_unit",
    "crcl_ml_min",
    "regimen",
)


def _in_form_order(errors: dict[str, list[str]]) -> dict[str, list[str]]:
    place = {name: number for number, name in enumerate(ORDER)}
    return dict(sorted(errors.items(), key=lambda one: place.get(one[0], len(ORDER))))
