"""Patients the web tests know by name, in the contract's keys."""

from typing import Any

Payload = dict[str, Any]

FIRST: Payload = {
    "regimen": "ganciclovir-induction",
    "sex": "male",
    "age_years": "28",
    "weight_kg": "94.5",
    "serum_creatinine": "2.1",
    "serum_creatinine_unit": "mg/dL",
}
FOSCARNET: Payload = {
    "regimen": "foscarnet-induction-90",
    "sex": "male",
    "age_years": "40",
    "weight_kg": "70",
    "serum_creatinine": "1.0",
    "serum_creatinine_unit": "mg/dL",
    "venous_access": "peripheral",
}
CHILD: Payload = {
    "regimen": "valganciclovir-paediatric-prophylaxis",
    "organ": "kidney",
    "sex": "male",
    "age_years": "5",
    "height_cm": "110",
    "weight_kg": "18",
    "serum_creatinine": "0.4",
    "serum_creatinine_unit": "mg/dL",
}
INFANT: Payload = CHILD | {"age_months": "9", "height_cm": "70", "weight_kg": "8"}
del INFANT["age_years"]
HAEMODIALYSIS: Payload = {
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
#: No dose by mouth on haemodialysis: another regimen is offered.
COLITIS_ON_DIALYSIS: Payload = COLITIS | {"dialysis": "haemodialysis"}
del COLITIS_ON_DIALYSIS["serum_creatinine"], COLITIS_ON_DIALYSIS["serum_creatinine_unit"]
COMBINATION: Payload = FOSCARNET | {"regimen": "neurological-combination"}

#: Plans whose only drug is stopped, each for another reason.
STOPPED: dict[str, Payload] = {
    "no neutrophils": FIRST | {"labs": {"anc": "0"}},
    "few platelets": FIRST | {"labs": {"platelets": "24"}},
    "low haemoglobin": FIRST | {"labs": {"haemoglobin": "79"}},
    "kidneys below the range": FIRST | {"serum_creatinine": "19"},
    "foscarnet below the range": FOSCARNET | {"serum_creatinine": "19"},
    "foscarnet on haemodialysis": FOSCARNET | {"dialysis": "haemodialysis"},
    "peritoneal dialysis": HAEMODIALYSIS | {"dialysis": "peritoneal"},
    "continuous dialysis": HAEMODIALYSIS | {"dialysis": "continuous"},
    "tablets on haemodialysis": HAEMODIALYSIS | {"regimen": "valganciclovir-maintenance"},
    "seventeen years": FIRST | {"age_years": "17"},
    "pregnant": FIRST | {"pregnant": True, "sex": "female"},
    "allergy": FIRST | {"allergies": ["ganciclovir"]},
    "child on dialysis": CHILD | {"dialysis": "haemodialysis"},
}
