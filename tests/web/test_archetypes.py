"""The whole sheet of ten patients: every changed word is seen in a diff before it is taken."""

import pytest

from tests.archetypes.sheets import FOLDER, PATIENTS, text_of


@pytest.mark.parametrize("name", PATIENTS)
def test_sheet(name: str) -> None:
    assert text_of(PATIENTS[name]) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_every_file_is_a_patients() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(PATIENTS)
