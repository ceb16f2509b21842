"""The ward's words for the contract's codes, typed from the display rules."""

import pytest

from dosing.engine.formulary import DOSES_PER_DAY, TESTS
from dosing.presenters import words
from tests.medication_text import problems

SAID = {
    "q8h": "every 8 hours",
    "q12h": "every 12 hours",
    "q24h": "once a day",
    "q48h": "every 48 hours (every other day)",
    "2/week": "twice a week",
    "3/week-after-haemodialysis": "3 times a week, after haemodialysis",
    "5/week": "once a day, Monday to Friday",
    "once": "once",
    "weekly": "once a week",
    "every-2-weeks": "every 2 weeks",
}


@pytest.mark.parametrize(("code", "said"), SAID.items())
def test_a_frequency_is_said_in_full(code: str, said: str) -> None:
    assert words.FREQUENCIES[code] == said


def test_every_code_has_its_words_and_none_is_an_abbreviation() -> None:
    assert set(words.FREQUENCIES) == set(DOSES_PER_DAY) == set(SAID)
    assert set(words.TESTS) == set(TESTS)
    for said in (*words.FREQUENCIES.values(), *words.TESTS.values()):
        assert problems(said, paper=True) == []


def test_a_list_of_names() -> None:
    assert words.joined([]) == ""
    assert words.joined(["a"]) == "a"
    assert words.joined(["a", "b", "c"]) == "a, b and c"
