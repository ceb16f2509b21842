"""The engine: exact, pure, without Django, clock, files or floating point.

`make_plan(facts, regimen, formulary, start=date)` is the only place where a dose is decided.
"""

from .codec import CodecError, canonical, decode, digest, encode
from .formulary import Formulary
from .patient import PatientFacts
from .phases import PhaseError
from .plan import Plan, make_plan

__all__ = [
    "CodecError",
    "Formulary",
    "PatientFacts",
    "PhaseError",
    "Plan",
    "canonical",
    "decode",
    "digest",
    "encode",
    "make_plan",
]
