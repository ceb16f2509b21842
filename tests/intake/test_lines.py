"""JSON text to one object: what is no JSON, what is no object, and numbers as written."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.intake import NotAnObject, Payload, parse
from tests.engine.formularies import laws

NOT_JSON = "This is not JSON. Send one JSON object."
NO_OBJECT = "This is JSON, but no object. Send one JSON object."


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "{'a': 1}",
        '{"a": 1,}',
        '{"a": 1} {"b": 2}',
        '{"a": 1}x',
        "nul",
        "[" * 2_000,
        "[" * 100_000,
        '{"a":' * 2_000,
        '{"a": 01}',
        '{"a": .5}',
        '{"a": 5.}',
        '{"a": +5}',
        '{"a": "\x00"}',
        "{a: 1}",
        "\ufeff{}",
    ],
    ids=lambda text: ascii(text)[:20],
)
def test_what_is_no_json(text: str) -> None:
    with pytest.raises(NotAnObject) as caught:
        parse(text)
    assert str(caught.value) == NOT_JSON
    assert not caught.value.is_json


@pytest.mark.parametrize(
    "text", ["[]", "[{}]", "1", "9" * 5_000, "NaN", "-Infinity", '"{}"', "true", "null", " 1e999 "]
)
def test_what_is_no_object(text: str) -> None:
    with pytest.raises(NotAnObject) as caught:
        parse(text)
    assert str(caught.value) == NO_OBJECT
    assert caught.value.is_json


def test_an_object() -> None:
    found = parse(' {"a": 1.50, "b": {"c": 9, "c": 9}, "d": [true, null, "x"], "e": 1, "a": 2} ')
    assert found == {"a": "2", "b": {"c": "9"}, "d": [True, None, "x"], "e": "1"}
    assert found.repeated == ("a",)
    inner: Any = found["b"]
    assert isinstance(inner, Payload)
    assert inner.repeated == ("c",)
    assert parse("{}").repeated == ()


def test_half_a_surrogate_pair_is_text_like_any_other() -> None:
    assert parse('{"a": "\\ud800"}') == {"a": "\ud800"}


@laws(150)
@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text() | st.none() | st.booleans()))
def test_numbers_keep_their_text(data: dict[str, Any]) -> None:
    found = parse(json.dumps(data))
    for key, item in data.items():
        number = isinstance(item, int) and not isinstance(item, bool)
        assert found[key] == (str(item) if number else item)


@laws(150)
@given(st.text())
def test_any_text_is_an_object_or_a_sentence(text: str) -> None:
    try:
        found: object = parse(text)
    except NotAnObject as problem:
        found = problem
    assert isinstance(found, Payload | NotAnObject)
