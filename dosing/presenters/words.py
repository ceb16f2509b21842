"""Words of the ward for the codes of the engine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dosing.engine.formulary import DoseRow, Drug
from dosing.engine.phases import words as date_words

FREQUENCIES = {
    "q8h": "every 8 hours",
    "q12h": "every 12 hours",
    "q24h": "once a day",
    "q48h": "every 48 hours (every other day)",
    "2/week": "twice a week",
    "3/week-after-haemodialysis": "3 times a week, after haemodialysis",
    "5/week": "once a day, Monday to Friday",
    "once": "once",
    "weekly": "once a week",
    "every-2-weeks": "every 2 weeks",
}
TESTS = {
    "cbc": "blood count with differential and platelets",
    "cmv-pcr": "CMV PCR",
    "crcl-24h": "24-hour creatinine clearance, if possible",
    "drug-levels": "drug levels",
    "ecg": "ECG",
    "electrolytes": "sodium, potassium, calcium, magnesium, phosphate",
    "eye-examination": "eye examination",
    "liver": "liver tests",
    "pregnancy-test": "pregnancy test",
    "renal": "creatinine and clearance",
    "urinalysis": "urinalysis",
    "urine-protein": "urine protein",
}
LABS = {"anc": "ANC", "platelets": "platelets", "haemoglobin": "haemoglobin"}
LAB_UNITS = {"anc": "×10⁹/L", "platelets": "×10⁹/L", "haemoglobin": "g/L"}
ROUTES = {"intravenous": "IV", "oral": "by mouth"}
DIALYSES = {
    "none": "no dialysis",
    "haemodialysis": "haemodialysis",
    "peritoneal": "peritoneal dialysis",
    "continuous": "continuous dialysis",
}
LEVELS = {"stop": "Stop", "caution": "Caution", "note": "Note"}
BASES = {"actual": "actual weight", "ideal": "ideal weight", "adjusted": "adjusted weight"}
ANSWERS = {
    "pregnant": "pregnant",
    "pregnancy_possible": "pregnancy possible",
    "breastfeeding": "breastfeeding",
    "previous_drug_leucopenia": "earlier leucopenia from a drug",
    "kidney_function_changing": "kidney function changing",
    "heart_failure": "heart failure or overload",
    "seizures": "seizures",
    "gut_gvhd": "gut GVHD",
    "before_engraftment": "before engraftment",
    "disseminated": "disseminated disease",
    "low_birth_weight": "low birth weight",
    "organ": "transplanted organ",
    "formulation": "tablet or oral solution",
    "venous_access": "peripheral line",
    "follow_up_pcr": "CMV PCR after the end",
    "prevention_pcr": "CMV PCR during prevention",
    "region": "region",
    "baseline_creatinine": "creatinine before the first dose",
    "urine_protein": "urine protein",
    "urine_protein_mg_dl": "urine protein",
    "last_doses": "dates of last doses",
    "immunoglobulin": "immunoglobulin",
    "surveillance_to": "how long to watch",
    "probenecid": "allergy to probenecid",
    "sulfa": "allergy to sulfa drugs",
    "aciclovir": "allergy to aciclovir",
}
#: Medicines a patient may take beside the plan's own.
CO_MEDICATIONS = {
    "imipenem": "imipenem",
    "zidovudine": "zidovudine",
    "mycophenolate": "mycophenolate",
    "co-trimoxazole": "co-trimoxazole",
    "myelosuppressant": "another drug that harms the marrow",
    "probenecid": "probenecid",
    "didanosine": "didanosine",
    "ciclosporin": "ciclosporin",
    "tacrolimus": "tacrolimus",
    "sirolimus": "sirolimus",
    "amphotericin-b": "amphotericin B",
    "aminoglycoside": "an aminoglycoside",
    "vancomycin": "vancomycin",
    "nsaid": "an NSAID",
    "pentamidine-iv": "IV pentamidine",
    "qt-drug": "a drug that lengthens QT",
    "carbamazepine": "carbamazepine",
    "phenytoin": "phenytoin",
    "phenobarbital": "phenobarbital",
    "efavirenz": "efavirenz",
    "rifampicin": "rifampicin",
    "rifabutin": "rifabutin",
    "st-johns-wort": "St John’s wort",
    "pimozide": "pimozide",
    "ergot": "an ergot alkaloid",
    "simvastatin": "simvastatin",
    "pitavastatin": "pitavastatin",
    "ganciclovir": "ganciclovir IV",
    "valganciclovir": "valGANciclovir",
    "maribavir": "maribavir",
    "foscarnet": "foscarnet",
}
INSTRUCTIONS = {"prepare": "Prepare", "give": "Give", "handle": "Handle", "advise": "Advise"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
GROUPS = {
    "ibd": "inflammatory bowel disease",
    "solid-organ": "solid organ transplant",
    "hsct": "stem cell transplant (HSCT)",
    "hiv": "HIV",
    "child": "child",
    "other": "another reason, or none known",
}
SITUATIONS = {
    "gut": "gut: colitis, oesophagitis",
    "lung": "lung: pneumonitis",
    "eye": "eye: retinitis",
    "brain": "brain or nerves",
    "disease": "other organ, or CMV syndrome",
    "viraemia": "CMV in blood, no disease yet",
    "prevention": "prevention",
    "resistance": "no response, or resistance",
    "surveillance": "watching only",
}


REGIONS = {"us": "US label", "eu": "European label"}
SURVEILLANCE_ENDS = {"day-100": "to day 100", "one-year": "to one year"}


def company(row: DoseRow) -> str:
    """For whom a row of a table holds that the kidneys do not decide."""
    if not row.taking:
        return "without such a medicine"
    label = f", {REGIONS[row.region]}" if row.region else ""
    return f"with {CO_MEDICATIONS[row.taking]}{label}"


def joined(parts: Iterable[str]) -> str:
    """a, b and c."""
    items = list(parts)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def day(value: date) -> str:
    """Mon 23 Nov 2026."""
    return date_words(value)


def full_name(drug: Drug) -> str:
    """The drug with its route or form: ganciclovir IV, valGANciclovir tablets."""
    return f"{drug.name} {ROUTES[drug.route]}"


def plural(count: int, one: str, many: str = "") -> str:
    """1 vial, 2 vials."""
    return f"{count}\u00a0{one if count == 1 else many or one + 's'}"
