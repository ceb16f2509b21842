"""The closed vocabularies of the content, and the one way a row refuses to be built."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

#: The layout of an encoded formulary.
FORMAT = 1

#: Doses a day by frequency code; the ward-facing words live with the presenters.
DOSES_PER_DAY: Mapping[str, Fraction] = {
    "q8h": Fraction(3),
    "q12h": Fraction(2),
    "q24h": Fraction(1),
    "q48h": Fraction(1, 2),
    "2/week": Fraction(2, 7),
    "3/week-after-haemodialysis": Fraction(3, 7),
    "5/week": Fraction(5, 7),
    "once": Fraction(1),
    "weekly": Fraction(1, 7),
    "every-2-weeks": Fraction(1, 14),
}
LEVELS = ("stop", "caution", "note")
ROUTES = ("intravenous", "oral")
#: "": the kidneys decide nothing in this table.
MEASURES = ("mL/min", "mL/min/kg", "")
COURSES = ("induction", "maintenance", "prevention")
PURPOSES = ("treatment", "maintenance", "prevention", "surveillance")
ENDINGS = ("days", "course", "open", "transplant")
GROUPS = ("ibd", "solid-organ", "hsct", "hiv", "child", "other")
SITUATIONS = (
    "gut",
    "lung",
    "eye",
    "brain",
    "disease",
    "viraemia",
    "prevention",
    "resistance",
    "surveillance",
)
TESTS = (
    "cbc",
    "cmv-pcr",
    "crcl-24h",
    "drug-levels",
    "ecg",
    "electrolytes",
    "eye-examination",
    "liver",
    "pregnancy-test",
    "renal",
    "urinalysis",
    "urine-protein",
)
LABS = ("anc", "platelets", "haemoglobin")
INSTRUCTIONS = ("prepare", "give", "handle", "advise")
SEXES = ("female", "male")
#: Whose label decides where labels differ by region.
REGIONS = ("us", "eu")


def require(fact: bool, sentence: str) -> None:
    """Raise ValueError with the sentence unless the fact holds."""
    if not fact:
        raise ValueError(sentence)
