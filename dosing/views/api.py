"""POST /api/v1/calculate: the contract over HTTP. No cookie is read or set."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from dosing.content.live import ContentUnavailable, live_formulary
from dosing.exports.answering import Answerer
from dosing.exports.contract import Answer, invalid, unavailable
from dosing.intake import MAX_BYTES, NotAnObject

OPENAPI = Path(__file__).parent.parent / "exports" / "openapi.json"
CODES = {"ok": 200, "stopped": 200, "invalid": 422, "unavailable": 503}


@csrf_exempt
@cache_control(no_store=True)
def calculate(request: HttpRequest) -> HttpResponse:
    """One payload in, one answer out: 200, 422, 503; 400 no JSON, 413 too long, 405 no POST."""
    if request.method != "POST":
        response = _answer(invalid({"method": ["Send the payload with POST."]}), 405)
        response["Allow"] = "POST"
        return response
    if _declared(request) > MAX_BYTES or len(request.body) > MAX_BYTES:
        return _answer(invalid({"body": [f"Longer than {MAX_BYTES} bytes. Send less."]}), 413)
    try:
        answerer = Answerer(live_formulary(), timezone.localdate())
        found = answerer.object(request.body.decode("utf-8-sig"))
    except ContentUnavailable as problem:
        found = unavailable(str(problem))
    except (NotAnObject, UnicodeDecodeError) as problem:
        return _not_an_object(problem)
    return _answer(found, CODES[found["status"]])


def openapi(request: HttpRequest) -> HttpResponse:
    """The written description of the API."""
    return HttpResponse(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    return OPENAPI.read_bytes()


def _declared(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        return 0
    # A length of thousands of digits is too long already; int() refuses to read it.
    return int(length) if len(length) < 10 else MAX_BYTES + 1


def _not_an_object(problem: Exception) -> HttpResponse:
    if isinstance(problem, NotAnObject):
        return _answer(invalid({"body": [str(problem)]}), 422 if problem.is_json else 400)
    return _answer(invalid({"body": ["This is not UTF-8 text. Send UTF-8."]}), 400)


def _answer(found: Answer, status: int) -> JsonResponse:
    # ASCII output keeps any text a client sent, even half a surrogate pair, encodable.
    return JsonResponse(found, status=status, json_dumps_params={"ensure_ascii": True})
