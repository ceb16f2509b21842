"""Patients and their whole plan sheets as text, so that a change is read before it is taken.

After a change that is meant: `.venv/bin/python -m tests.archetypes.sheets`, then read the diff.
"""

import html
import os
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
TODAY = date(2026, 11, 23)
COUNTS = {"labs": {"anc": "2.1", "platelets": "150", "haemoglobin": "110"}}


def adult(regimen: str, sex: str, age: str, weight: str, creatinine: str, **more: Any) -> Any:
    """An adult by creatinine in µmol/L."""
    return {
        "regimen": regimen,
        "sex": sex,
        "age_years": age,
        "weight_kg": weight,
        "serum_creatinine": creatinine,
        "serum_creatinine_unit": "umol/L",
        "start_date": "2026-11-25",
        **more,
    }


PATIENTS: Mapping[str, dict[str, Any]] = {
    "colitis": adult("ibd-colitis", "female", "44", "66", "84", no_weekend_draws=True, **COUNTS),
    "colitis-kidneys": adult("ibd-colitis", "female", "71", "58", "180"),
    "colitis-haemodialysis": adult(
        "ibd-colitis", "male", "62", "80", "600", dialysis="haemodialysis", **COUNTS
    ),
    "kidney-transplant": adult(
        "sot-disease-oral", "male", "51", "82", "140", taking=["mycophenolate", "tacrolimus"]
    ),
    "stem-cells": adult(
        "hsct-preemptive-ganciclovir", "female", "38", "61", "70", before_engraftment=True, **COUNTS
    ),
    "retina": adult("hiv-retinitis-oral", "male", "34", "68", "75", **COUNTS),
    "lung-low-counts": adult(
        "pneumonitis", "male", "45", "70", "88", labs={"anc": "0.8", "platelets": "60"}
    ),
    "brain": adult("neurological-combination", "female", "40", "55", "60", **COUNTS),
    "resistance": adult(
        "ganciclovir-resistant", "male", "57", "90", "110", venous_access="peripheral"
    ),
    "child": {
        "regimen": "valganciclovir-paediatric-prophylaxis",
        "sex": "male",
        "age_years": "5",
        "weight_kg": "18",
        "height_cm": "110",
        "serum_creatinine": "0.4",
        "serum_creatinine_unit": "mg/dL",
        "organ": "kidney",
        "transplant_date": "2026-11-20",
        "start_date": "2026-11-25",
        **COUNTS,
    },
    "third-line": adult(
        "cidofovir",
        "male",
        "47",
        "70",
        "97.3",
        baseline_creatinine="70.7",
        urine_protein="1+",
        last_doses={"foscarnet": "2026-11-10"},
    ),
    "refractory": {
        "regimen": "maribavir",
        "age_years": "58",
        "taking": ["carbamazepine", "tacrolimus"],
        "region": "us",
        "start_date": "2026-11-25",
    },
    "watching": {"regimen": "hsct-surveillance", "start_date": "2026-11-25"},
}


def text_of(payload: Mapping[str, Any]) -> str:
    """The sheet without its tags, one block a line."""
    from dosing.content.load import shipped_formulary
    from dosing.exports.paper import html as page
    from dosing.intake import plan_for
    from dosing.presenters.sheet import release_of, sheet_view

    formulary = shipped_formulary()
    printed = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    release = release_of(formulary, "", approved=False, printed_at=printed, time_zone="UTC")
    plan = plan_for(payload, formulary, today=TODAY)
    body = page("dosing/sheet.html", sheet=sheet_view(plan, formulary, release))
    body = re.sub(r"(?s)<head>.*?</head>", "", body)
    body = re.sub(r"</(p|li|h1|h2|h3|tr|caption|section|div)>|<br>", "\n", body)
    body = re.sub(r"</t[dh]>", " | ", body)
    plain = html.unescape(re.sub(r"<[^>]+>", "", body)).replace("\u2060", "")
    lines = (re.sub(r"[ \u00a0\t]+", " ", line).strip() for line in plain.splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def main() -> None:
    """Write all sheets anew."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for name, payload in PATIENTS.items():
        (FOLDER / f"{name}.txt").write_text(text_of(payload), encoding="utf-8")


if __name__ == "__main__":
    main()
