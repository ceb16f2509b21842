"""The linter itself: it finds what it must find, and lets good text pass."""

import pytest

from tests.medication_text import NBSP, page_problems, problems

BAD = {
    f"5.0{NBSP}mg": "trailing zero in a dose",
    f"0.50{NBSP}mg/kg": "trailing zero in a dose",
    f".5{NBSP}mg": "no zero before the point",
    f"1350{NBSP}mg": "no comma from 1,000",
    "475 mg": "ordinary space before a unit",
    "70 mL/min": "ordinary space before a unit",
    "475mg": "no space before a unit",
    f"5{NBSP}ml": "wrong way of writing mL",
    f"5{NBSP}mcg": "micrograms abbreviated",
    f"5{NBSP}IU": "units abbreviated",
    "every 12 hours (q12h)": "frequency abbreviated",
    "twice daily BD": "frequency abbreviated",
    "valganciclovir tablets": "drug name without tall letters",
}
GOOD = [
    f"ganciclovir IV – 475{NBSP}mg – over 60 minutes – every 12 hours",
    f"valGANciclovir 900{NBSP}mg",
    f"0.625{NBSP}mg/kg, 1,350{NBSP}mg, 109.5{NBSP}mL/h",
    f"clearance 1.40{NBSP}mL/min/kg",
    f"creatinine 2.10{NBSP}mg/dL",
    "Mon 23 Nov 2026",
    "digest 01cc018ae79889d6",
]


@pytest.mark.parametrize(("text", "rule"), BAD.items())
def test_a_bad_text_is_found(text: str, rule: str) -> None:
    assert any(problem.startswith(rule) for problem in problems(text)), problems(text)


@pytest.mark.parametrize("text", GOOD)
def test_a_good_text_passes(text: str) -> None:
    assert problems(text, paper=True) == []


@pytest.mark.parametrize("text", ["CrCl >= 70", "ANC < 0.5", "70 ≥", "and/or", "nausea/vomiting"])
def test_signs_that_are_misread_on_paper(text: str) -> None:
    assert problems(text, paper=True)


def test_units_with_a_slash_are_no_words() -> None:
    assert problems("mg/kg, mL/min/kg, mL/min/1.73 m², ×10⁹/L, mmol/L", paper=True) == []


def test_a_page_is_read_as_a_reader_sees_it() -> None:
    page = "<p><strong>475</strong> mg</p><script>var q12h = '5.0 mg'</script>"
    assert [problem.split(":")[0] for problem in page_problems(page)] == [
        "ordinary space before a unit"
    ]
    assert page_problems('<input placeholder="5.0 mg">')
