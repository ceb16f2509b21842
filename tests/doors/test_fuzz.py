"""Anything at all through the three doors: an answer, never a 500 and never a traceback."""

import json
from collections.abc import Callable
from typing import Any

from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dosing.intake import KEYS
from dosing.models import ContentRelease
from tests.engine.formularies import laws
from tests.web.posting import fields_of

from .cases import GOOD
from .conftest import ADDRESS, Answer

Command = Callable[[bytes], list[Answer]]

#: Texts that have broken programs like this one.
ODD = (
    "", " ", "0", "-0", "-1", "00", "1e9", "1E400", "NaN", "Infinity", "1,5", "1,500", "5.", ".5",
    "9" * 20, "9" * 400, "true", "null", "none", "\x00", "\ud800", "\udfff", "\uff15", "\u0665",
    "\u2028", "\ufeff", "½", "0001-01-01", "9999-12-31", "2026-02-30", "2026-11-23", "%s", "../..",
    "haemodialysis", "ideal", "female", "umol/L", "tablet", "heart", "<b>", "{{ x }}", "' OR 1=1",
)  # fmt: skip
words = st.sampled_from(ODD) | st.text(max_size=20)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-5, 500)
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | words
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=8,
)
keys = st.sampled_from(sorted(KEYS)) | words


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A payload that was good, with keys dropped, added or spoiled."""
    payload = dict(draw(st.sampled_from(list(GOOD.values()))))
    for _ in range(draw(st.integers(0, 3))):
        key = draw((st.sampled_from(sorted(payload)) | keys) if payload else keys)
        if draw(st.booleans()):
            payload[key] = draw(anything)
        else:
            payload.pop(key, None)
    if draw(st.integers(0, 3)) == 0:
        payload["labs"] = draw(st.dictionaries(st.sampled_from(("anc", "platelets")), anything))
    if draw(st.integers(0, 3)) == 0:
        payload["phase_days"] = draw(st.lists(st.none() | st.integers(-1, 410), max_size=4))
    return payload


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """JSON text of a good payload with a few bytes cut out or put in."""
    text = json.dumps(draw(mutated())).encode()
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 5))
        text = text[:place] + draw(st.binary(max_size=4)) + text[place + length :]
    return text


bodies = st.one_of(
    anything.map(lambda value: json.dumps(value).encode()),
    mutated().map(lambda value: json.dumps(value).encode()),
    broken(),
    st.binary(max_size=200),
)
CODES = {"ok": {200}, "stopped": {200}, "invalid": {400, 422}}


def check(said: Answer) -> None:
    """One of the shapes of the contract, whatever came in."""
    if said["status"] == "invalid":
        assert said.keys() == {"status", "errors"}
        assert said["errors"]
        for messages in said["errors"].values():
            assert messages
            assert all(message.endswith(".") for message in messages)
    else:
        assert said["status"] in ("ok", "stopped")
        # Watching is the one plan without a drug.
        assert bool(said["orders"]) is (said["regimen"] != "hsct-surveillance")
        stopped = any(order["status"] == "do-not-give" for order in said["orders"])
        assert stopped is (said["status"] == "stopped")


def test_the_api_answers_anything(client: Client, content: ContentRelease) -> None:
    @laws(250)
    @given(bodies)
    def ask(body: bytes) -> None:
        response = client.post(ADDRESS, body, content_type="application/json")
        said = response.json()
        check(said)
        assert response.status_code in CODES[said["status"]]

    ask()


def test_the_command_answers_anything_a_line_at_a_time(
    content: ContentRelease, command: Command
) -> None:
    @laws(40)
    @given(st.lists(bodies, max_size=12), st.sampled_from([b"\n", b"\r\n"]))
    def ask(wanted: list[bytes], end: bytes) -> None:
        data = end.join(wanted)
        answers = command(data)
        # A body may hold line ends of its own.
        assert len(answers) == data.count(b"\n") + (data != b"" and not data.endswith(b"\n"))
        for said in answers:
            check(said)

    ask()


def test_the_api_and_the_command_agree_on_anything(
    client: Client, content: ContentRelease, command: Command
) -> None:
    @laws(60)
    @given(st.lists(mutated(), min_size=1, max_size=6))
    def ask(payloads: list[dict[str, Any]]) -> None:
        texts = [json.dumps(payload) for payload in payloads]
        for text, said in zip(texts, command("\n".join(texts).encode()), strict=True):
            assert client.post(ADDRESS, text, content_type="application/json").json() == said

    ask()


def test_the_page_answers_anything(client: Client, content: ContentRelease) -> None:
    plain = st.sampled_from([word for word in ODD if word.isascii()]) | st.text(max_size=20)
    start = fields_of(GOOD["exactly 70"])
    names = [*start, "age", "anc", "crcl_ml_min", "regimen", "phase_days_1", "phase_days_3"]
    names += ["allergies", "until_day", "transplant_date", "pregnant", "low_birth_weight", "offer"]
    names += ["monitoring_policy", "height_cm", "organ", "formulation", "renal_weight", "x", ""]

    @laws(80)
    @given(
        st.sampled_from(list(GOOD.values())),
        st.dictionaries(st.sampled_from(names), plain | st.lists(plain, max_size=3), max_size=4),
        st.booleans(),
    )
    def ask(payload: dict[str, Any], spoiled: dict[str, Any], htmx: bool) -> None:
        headers = {"HX-Request": "true"} if htmx else {}
        response = client.post("/", fields_of(payload) | spoiled, headers=headers)
        assert response.status_code in (200, 422)

    ask()
