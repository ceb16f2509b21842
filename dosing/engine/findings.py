"""What a finding can be called, the order in which findings are read, and a fact said once."""

from __future__ import annotations

from collections.abc import Iterable

from .formulary import LEVELS
from .orders import Finding
from .patient import CO_MEDICATIONS

#: Findings are read in this order within each level; the first stop of an order is its reason.
CODES = (
    "withdrawn",
    "first-doses-again",
    "baseline-not-entered",
    "anc-below-start-threshold",
    "platelets-below-start-threshold",
    "haemoglobin-below-start-threshold",
    "anc-below-1",
    "counts-not-entered",
    "renal-function-below-range",
    "dialysis-not-covered",
    "age-not-covered",
    "near-band-edge",
    "display-and-band-differ",
    "weight-basis-changes-band",
    "ideal-weight-undefined",
    "weight-basis-not-used",
    "chosen-weight-above-actual",
    "kidney-function-unstable",
    "weight-unusual",
    "creatinine-unusual",
    "clearance-unusual",
    "count-unusual",
    "start-date-far",
    "creatinine-old",
    "weight-old",
    "clearance-not-used-on-dialysis",
    "calculated-clearance-for-foscarnet",
    "clearance-capped",
    "dose-capped",
    "rounding-over-limit",
    "rounding-over-10-percent",
    "birth-weight-not-stated",
    "organ-assumed-kidney",
    "age-16-sources-differ",
    "dose-too-low-now",
    "daily-step-down-is-maintenance-dose",
    "maribavir-antagonises-ganciclovir",
    "foscarnet-limited-data",
    "foscarnet-electrolytes-first",
    "seizure-history",
    "salt-and-water",
    "combined-fluid-and-salt",
    "harm-to-the-kidney-adds-up",
    "oral-absorption",
    "hypersensitivity",
    "pregnancy-not-covered",
    "breastfeeding",
    "before-engraftment",
    "sight-threatening",
    "cidofovir-creatinine",
    "cidofovir-clearance",
    "cidofovir-proteinuria",
    "cidofovir-nephrotoxic-drug",
    "cidofovir-allergy",
    "cidofovir-creatinine-rise",
    "no-dose-with-both",
    "dialysis-not-studied",
    "not-brain-or-eye",
    "genotype-first",
    "harm-to-the-kidney",
    "hsv-vzv-cover",
    "same-drug-twice",
    *(f"interaction-{slug}" for slug in CO_MEDICATIONS),
    "longer-than-source",
    "transplant-date-missing",
    "start-late",
    "transplant-date-not-used",
    "first-dose-on-monday",
    "not-used-here",
    "no-interaction-listed",
    "optimise-antiretrovirals",
    "other-choices",
    "late-cmv",
    "threshold",
    "blood-is-not-the-gut",
    "evidence",
    "severe-liver-disease",
    "low-clearance-not-studied",
    "consult-early",
    "boxed-warning",
    "label-status",
    "dose-not-measurable",
)
_PLACE = {code: place for place, code in enumerate(CODES)}
_LEVEL = {level: place for place, level in enumerate(LEVELS)}


def in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Stops, cautions, notes; within a level in the order of CODES, the content's own last."""
    return tuple(
        sorted(found, key=lambda one: (_LEVEL[one.level], _PLACE.get(one.code, len(CODES))))
    )


def merge(found: Iterable[Finding]) -> list[Finding]:
    """The same fact said once: findings that differ only in the drug become one."""
    merged: list[Finding] = []
    for one in found:
        for place, known in enumerate(merged):
            if (known.code, known.level, known.text) != (one.code, one.level, one.text):
                continue
            if known.figures != one.figures:
                continue
            drugs = known.drugs + tuple(drug for drug in one.drugs if drug not in known.drugs)
            merged[place] = Finding(
                known.code,
                known.level,
                known.text,
                drugs,
                known.figures,
                tuple(dict.fromkeys(known.sources + one.sources)),
            )
            break
        else:
            merged.append(one)
    return merged
