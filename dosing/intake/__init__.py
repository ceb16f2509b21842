"""The only place where text becomes quantities, for the page, the API and the command."""

from .lines import MAX_BYTES, NotAnObject, Payload, parse
from .request import KEYS, Refused, Request, plan_for, read

__all__ = [
    "KEYS",
    "MAX_BYTES",
    "NotAnObject",
    "Payload",
    "Refused",
    "Request",
    "parse",
    "plan_for",
    "read",
]
