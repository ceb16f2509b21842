"""One list of good payloads and one of refusals, sent through every door."""

from typing import Any

from tests.intake.asking import ADULT, CHILD, ENTERED, INFANT

Payload = dict[str, Any]

FOSCARNET: Payload = ADULT | {
    "regimen": "foscarnet-induction-90",
    "age_years": "40",
    "weight_kg": "70",
    "serum_creatinine": "1.0",
    "venous_access": "peripheral",
}
DIALYSIS: Payload = {
    "regimen": "ganciclovir-maintenance",
    "sex": "female",
    "age_years": "55",
    "weight_kg": "62",
    "dialysis": "haemodialysis",
}
COLITIS: Payload = {
    "regimen": "ibd-colitis",
    "sex": "female",
    "age_years": "44",
    "weight_kg": "66",
    "serum_creatinine": "84",
    "serum_creatinine_unit": "umol/L",
    "start_date": "2026-11-25",
    "no_weekend_draws": True,
}
CIDOFOVIR: Payload = {
    "regimen": "cidofovir",
    "sex": "male",
    "age_years": "50",
    "weight_kg": "70",
    "serum_creatinine": "1.0",
    "serum_creatinine_unit": "mg/dL",
    "urine_protein": "negative",
}
SHORT = {"renal_weight": "ideal", "height_cm": "150"}


def _on(regimen: str, **more: Any) -> Payload:
    return ENTERED | {"regimen": regimen} | more


AFTER_TRANSPLANT = {"transplant_date": "2026-11-18", "start_date": "2026-11-23"}

#: Name → payload; each is answered with ok or stopped.
GOOD: dict[str, Payload] = {
    "exactly 70": ADULT,
    "printed 70": ENTERED,
    "foscarnet, peripheral": FOSCARNET,
    "haemodialysis": DIALYSIS,
    "colitis from a Wednesday": COLITIS,
    "colitis, ANC 0.9": COLITIS | {"labs": {"anc": "0.9", "platelets": "140"}},
    "child": CHILD,
    "infant": INFANT | {"low_birth_weight": False, "organ": "heart"},
    "child, one tablet": CHILD | {"formulation": "tablet", "serum_creatinine": "0.7"},
    "child after kidney": CHILD | {"transplant_date": "2026-11-13", "until_day": "200"},
    "121 minutes": _on("foscarnet-maintenance-120", weight_kg="42.3", crcl_ml_min="110"),
    "60 minutes": _on("foscarnet-induction-60", weight_kg="70", crcl_ml_min="110"),
    "every 48 hours": _on("foscarnet-maintenance-90", weight_kg="70", crcl_ml_min="45"),
    "Monday to Friday": _on("ganciclovir-maintenance-5-days", crcl_ml_min="70"),
    "twice a week": _on("valganciclovir-maintenance", crcl_ml_min="12", weight_kg=None),
    "combination": _on("neurological-combination", crcl_ml_min="80"),
    "combination, ANC 0.4": _on(
        "neurological-combination", crcl_ml_min="80", labs={"anc": "0.4", "haemoglobin": "101"}
    ),
    "no step-down": COLITIS | {"dialysis": "haemodialysis"},
    "ANC 0": ADULT | {"labs": {"anc": "0"}},
    "flat dose": _on("valganciclovir-induction", weight_kg=None),
    "below the range": _on("valganciclovir-induction", crcl_ml_min="9.9"),
    "17 years": ADULT | {"age_years": "17"},
    "pregnant, allergic": ADULT | {"sex": "female", "pregnant": True, "allergies": ["ganciclovir"]},
    "changing kidneys": ADULT | {"kidney_function_changing": True, "crcl_source": None},
    "measured, comma": ENTERED | {"crcl_ml_min": "69,6", "crcl_source": "measured"},
    "adjusted weight": ADULT | {"height_cm": "165", "renal_weight": "adjusted"},
    "three weeks and a follow-up": COLITIS | {"phase_days": ["7", None], "follow_up_pcr": True},
    "disseminated": _on("immunocompromised-disease", disseminated=True, phase_days=[None, "20"]),
    "step down to once a day": _on("ibd-colitis-daily-step-down"),
    "120 mg/kg a day": _on("foscarnet-maintenance-120", weight_kg="60", crcl_ml_min="55"),
    "open end": _on("ganciclovir-maintenance", phase_days=["30"]),
    "transplant, by mouth": _on("sot-disease-oral", taking=["mycophenolate", "tacrolimus"]),
    "transplant, IV first": _on("sot-disease-iv", phase_days=["7", None]),
    "transplant, viraemia": _on("sot-preemptive", monitoring_policy="uk-smpc"),
    "HSCT, viraemia, IV": _on("hsct-preemptive-ganciclovir", before_engraftment=True),
    "HSCT, viraemia, by mouth": _on("hsct-preemptive-valganciclovir", phase_days=["7", "14"]),
    "eye, by mouth": _on("hiv-retinitis-oral", draw_weekdays=["mon", "thu"]),
    "eye, IV first": _on("hiv-retinitis-iv", no_weekend_draws=True),
    "gut in HIV": _on("hiv-gastrointestinal", taking=["zidovudine"]),
    "lung": _on("pneumonitis", taking=["imipenem"]),
    "resistance": _on("ganciclovir-resistant", taking=["pentamidine-iv"]),
    "prevention, IV": _on("transplant-prevention-ganciclovir", **AFTER_TRANSPLANT),
    "prevention, kidney": _on("prophylaxis-kidney", **AFTER_TRANSPLANT, prevention_pcr=True),
    "prevention, heart": _on("prophylaxis-heart", **AFTER_TRANSPLANT, until_day="120"),
    "weekly, then every 2 weeks": CIDOFOVIR,
    "reduced on treatment": CIDOFOVIR
    | {
        "baseline_creatinine": "0.7",
        "urine_protein": None,
        "urine_protein_mg_dl": "40",
        "last_doses": {"vancomycin": "2026-11-10"},
    },
    "urine protein not entered": CIDOFOVIR | {"urine_protein": None},
    "inducer, by region": {
        "regimen": "maribavir",
        "age_years": "50",
        "taking": ["carbamazepine"],
        "region": "eu",
    },
    "stem cells, prevention": {
        "regimen": "letermovir-hsct",
        "age_years": "50",
        "taking": ["ciclosporin"],
        **AFTER_TRANSPLANT,
    },
    "kidney, prevention without ganciclovir": {
        "regimen": "letermovir-kidney",
        "age_years": "50",
        "dialysis": "haemodialysis",
    },
    "watching": {"regimen": "hsct-surveillance", "surveillance_to": "one-year"},
    "lung, immunoglobulin": _on("pneumonitis", immunoglobulin=True),
    "maribavir as well": _on("ganciclovir-induction", taking=["maribavir"]),
}

#: Name → payload; each is refused, and a page can send it too.
REFUSED: dict[str, Payload] = {
    "no regimen": {key: item for key, item in ADULT.items() if key != "regimen"},
    "unknown regimen": ADULT | {"regimen": "ganciclovir"},
    **{f"no {key}": ADULT | {key: None} for key in ("age_years", "weight_kg", "sex")},
    "no kidney input": ENTERED | {"crcl_ml_min": None},
    "no region": {"regimen": "maribavir", "age_years": "50", "taking": ["phenytoin"]},
    "both forms of urine protein": CIDOFOVIR | {"urine_protein_mg_dl": "10"},
    "a last dose that is no date": CIDOFOVIR | {"last_doses": {"nsaid": "yesterday"}},
    "baseline in the other unit": CIDOFOVIR | {"baseline_creatinine": "88"},
    "no unit": ADULT | {"serum_creatinine_unit": None},
    "no height": CHILD | {"height_cm": None},
    "nothing but a child's regimen": {"regimen": CHILD["regimen"]},
    **{
        f"weight {value[:12]!a}": ADULT | {"weight_kg": value}
        for value in (
            "-70",
            "NaN",
            "Infinity",
            "7e1",
            "70 kg",
            "12,500",
            ".5",
            "70.",
            "1.2.3",
            "\uff17\uff10",
            "0",
            "9" * 21,
            "9" * 5_000,
            "15",
            "945",
            "350.0001",
        )
    },
    "height in metres": ADULT | {"height_cm": "1.78"},
    "creatinine in the other unit": ADULT | {"serum_creatinine": "88"},
    "creatinine in the other unit, low": COLITIS | {"serum_creatinine": "2.1"},
    "clearance per kg": ENTERED | {"crcl_ml_min": "0.7"},
    "ANC per microlitre": ADULT | {"labs": {"anc": "900"}},
    "haemoglobin in g/dL": ADULT | {"labs": {"haemoglobin": "8.1", "platelets": "x"}},
    "too old": ADULT | {"age_years": "121"},
    "under 2 in years": CHILD | {"age_years": "1.5"},
    "newborn in years": CHILD | {"age_years": "0"},
    "two years in months": INFANT | {"age_months": "24"},
    "half a month": INFANT | {"age_months": "1.5"},
    "no date": ADULT | {"start_date": "23.11.2026"},
    "no day": ADULT | {"start_date": "2026-02-30"},
    "too far": ADULT | {"start_date": "2028-11-23"},
    "weighed tomorrow": ADULT | {"weight_date": "2026-11-24"},
    "measured tomorrow": ADULT | {"serum_creatinine_date": "2026-11-24"},
    "sex": ADULT | {"sex": "m"},
    "dialysis": DIALYSIS | {"dialysis": "yes"},
    "line": FOSCARNET | {"venous_access": "port"},
    "organ": CHILD | {"organ": "liver"},
    "policy": ADULT | {"monitoring_policy": "strict"},
    "weekday": ADULT | {"draw_weekdays": ["Monday"]},
    "too short in all": _on("hsct-preemptive-ganciclovir", phase_days=["7", "7"]),
    "started after its end": _on(
        "prophylaxis-kidney", transplant_date="2026-01-01", start_date="2026-11-23"
    ),
    "creatinine and clearance": ADULT | {"crcl_ml_min": "70"},
    "ideal without height": ADULT | {"dosing_weight": "ideal"},
    "ideal, too short": ADULT | SHORT,
    "ideal for a child": CHILD | {"dosing_weight": "ideal"},
    "clearance for a child": CHILD | {"crcl_ml_min": "90"},
    "tablets for a child": CHILD | {"formulation": "tablet"},
    "too short a course": ADULT | {"phase_days": ["13"]},
    "too long a course": ADULT | {"phase_days": ["85"]},
    "no day left": COLITIS | {"phase_days": ["21", None]},
    "half a day": COLITIS | {"phase_days": [None, "7.5"]},
    "day 0": ADULT | {"phase_days": ["0"]},
    "transplanted tomorrow": CHILD | {"transplant_date": "2026-11-24"},
    "transplanted too long ago": CHILD | {"transplant_date": "2020-01-01"},
    "too early an end": CHILD | {"until_day": "20"},
    "an end that does not belong": ADULT | {"until_day": "100"},
    "two ends": CHILD | {"until_day": "200", "phase_days": ["200"]},
    "unknown allergy": ADULT | {"allergies": ["latex"]},
    "much at once": {"regimen": "x", "weight_kg": "x", "sex": "x", "labs": {"anc": "x"}},
}

#: What only a program can send: name → JSON text.
PROGRAM_ONLY: dict[str, str] = {
    "unknown key": '{"regimen": "ganciclovir-induction", "egfr": 60}',
    "repeated key": '{"regimen": "a", "regimen": "ganciclovir-induction"}',
    "repeated inner key": '{"regimen": "a", "labs": {"anc": 1, "anc": 2}}',
    "empty text": '{"regimen": "ganciclovir-induction", "weight_kg": ""}',
    "boolean as a number": '{"regimen": "ganciclovir-induction", "weight_kg": true}',
    "number as a boolean": '{"regimen": "ganciclovir-induction", "pregnant": 1}',
    "lists and objects": '{"regimen": [], "weight_kg": {}, "labs": [], "allergies": {}}',
    "not a number": '{"regimen": "ganciclovir-induction", "weight_kg": NaN}',
    "exponent": '{"regimen": "ganciclovir-induction", "weight_kg": 7e1}',
    "5,000 digits": f'{{"regimen": "ganciclovir-induction", "weight_kg": {"7" * 5_000}}}',
    "half a surrogate pair": '{"regimen": "\\ud800", "\\udfff": "\\ud800", "sex": "\\ud800"}',
    "deep": f'{{"regimen": "x", "weight_kg": {"[" * 500}{"]" * 500}}}',
    "co-medication": '{"regimen": "ganciclovir-induction", "taking": ["aspirin"]}',
    "empty": "{}",
}
