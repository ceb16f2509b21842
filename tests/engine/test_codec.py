"""Frozen dataclass ⇄ JSON: what is kept to the letter, and each sentence that refuses."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

import pytest

from dosing.engine import CodecError, Formulary, canonical, decode, digest, encode
from dosing.engine.formulary import DoseRow, Source
from dosing.engine.patient import ExpectedOrder, PatientFacts
from tests.engine.formularies import (
    COUNTS,
    PRINT,
    TODAY,
    Row,
    bands,
    content,
    phase,
    regimen,
    table,
    vial_drug,
    watch,
)


def data() -> Row:
    rows = bands(["70.0", "1.0"], [("5", "q12h"), ("2.50", "q12h"), None])
    rules = [watch("induction", "cbc", "weekly")]
    drug = vial_drug("drug", [table("t", rows)], thresholds=COUNTS, monitoring=rules)
    whole = content([drug], [regimen("r", [phase("drug", "t", "course", 14, 21, 21)])])
    return copy.deepcopy(whole)


def test_there_and_back() -> None:
    made = decode(Formulary, data())
    text = json.dumps(encode(made))
    assert decode(Formulary, json.loads(text)) == made
    assert json.dumps(encode(decode(Formulary, json.loads(text)))) == text


def test_decimals_keep_their_digits() -> None:
    made = decode(Formulary, data())
    rows = made.drugs["drug"].tables["t"].rows
    assert [row.interval for row in rows] == ["[70.0, ∞)", "[1.0, 70.0)", "[0, 1.0)"]
    assert encode(made)["drugs"][0]["tables"][0]["rows"][1]["amount"] == "2.50"


@pytest.mark.parametrize(
    ("written", "kept"),
    [("1E+2", "100"), ("2.50", "2.50"), ("0.625", "0.625"), ("1E-7", "0.0000001")],
)
def test_no_exponent_reaches_the_text(written: str, kept: str) -> None:
    row = DoseRow(low=Decimal(written), advice="a", sources=("s",))
    assert encode(row)["low"] == kept
    assert decode(DoseRow, encode(row)) == row


def test_a_mapping_of_rows_travels_as_a_list_in_its_order() -> None:
    made = decode(Formulary, data())
    assert [row["slug"] for row in encode(made)["rhythms"]][:3] == [
        "daily",
        "every-2-days",
        "weekly",
    ]
    assert list(made.rhythms)[:3] == ["daily", "every-2-days", "weekly"]


def test_fields_at_their_default_are_left_out() -> None:
    """So that a new optional field leaves old digests as they were."""
    row = DoseRow(low=Decimal(0), amount=Decimal(5), frequency="q8h", sources=("s",))
    assert encode(row) == {"low": "0", "amount": "5", "frequency": "q8h", "sources": ["s"]}
    assert encode(Source(slug="s", title="t")) == {"slug": "s", "title": "t"}
    explicit = data() | {"considerations": [], "format": 1}
    assert digest(encode(decode(Formulary, explicit))) == digest(encode(decode(Formulary, data())))


def test_an_expected_order_frozen_before_its_preparation_was_stated_stays_as_it_was() -> None:
    frozen = {"drug": "drug", "status": "dose", "band": "[70, ∞)", "dose_mg": "475"}
    order = decode(ExpectedOrder, frozen)
    assert (order.volume_ml, order.total_ml, order.infusion_minutes, order.tablets) == (None,) * 4
    assert encode(order) == frozen
    stated = {**frozen, "volume_ml": "9.50", "total_ml": "109.5", "infusion_minutes": 60}
    assert encode(decode(ExpectedOrder, stated)) == stated


def test_dates_booleans_and_answers() -> None:
    facts = PatientFacts(
        assessed_on=TODAY,
        no_weekend_draws=True,
        conditions={"pregnant": False},
        phase_days=(None, 3),
    )
    encoded = encode(facts)
    assert encoded == {
        "assessed_on": "2026-11-23",
        "phase_days": [None, 3],
        "no_weekend_draws": True,
        "conditions": {"pregnant": False},
    }
    assert decode(PatientFacts, encoded) == facts
    assert decode(PatientFacts, {"assessed_on": TODAY}) == PatientFacts(assessed_on=TODAY)


def test_the_canonical_text_and_its_digest() -> None:
    assert canonical({"b": [1, None, True], "a": "µ"}) == '{"a":"µ","b":[1,null,true]}'
    expected = sha256(b'{"a":"\xc2\xb5"}').hexdigest()
    assert digest({"a": "µ"}) == f"sha256:{expected}"
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(edition="another"),
        lambda d: d["drugs"][0]["tables"][0]["rows"][0].update(amount="5.0"),
        lambda d: d["drugs"][0]["tables"][0]["rows"][0].update(low_closed=False),
        lambda d: d["drugs"][0]["monitoring"].reverse() or d["rhythms"].reverse(),
        lambda d: d["sources"][0].update(note="seen"),
    ],
)
def test_any_change_changes_the_digest(change: Callable[[Row], object]) -> None:
    changed = data()
    change(changed)
    before = digest(encode(decode(Formulary, data())))
    assert digest(encode(decode(Formulary, changed))) != before


def first_row(d: Row) -> Row:
    row: Row = d["drugs"][0]["tables"][0]["rows"][0]
    return row


PLACE = "content.drugs.drug.tables.t.rows[0]"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d.update(colour="red"), "content: Formulary has no colour"),
        (lambda d: d.pop("edition"), "content: Formulary needs edition"),
        (lambda d: d.update(format=2), "content: format 2 is not 1"),
        (lambda d: d.update(policies=[]), "content: no monitoring policy"),
        (lambda d: d.update(review_by="2026-02-30"), "content.review_by: '2026-02-30' is no date"),
        (lambda d: d.update(review_by=20261123), "content.review_by: 20261123 is no date"),
        (lambda d: d.update(drugs={}), "content.drugs: expected a list"),
        (lambda d: d.update(policies="x"), "content.policies: expected a list"),
        (lambda d: d.update(drugs=["x"]), "content.drugs: expected a table for Drug"),
        (lambda d: d["drugs"].append(d["drugs"][0]), "content.drugs: drug stands there twice"),
        (lambda d: first_row(d).update(low="seventy"), f"{PLACE}.low: 'seventy' is no number"),
        (lambda d: first_row(d).update(low="NaN"), f"{PLACE}.low: 'NaN' is no Decimal"),
        (lambda d: first_row(d).update(low="Infinity"), f"{PLACE}.low: 'Infinity' is no Decimal"),
        (lambda d: first_row(d).update(low=70.5), f"{PLACE}.low: 70.5 is no Decimal"),
        (lambda d: first_row(d).update(low=True), f"{PLACE}.low: True is no Decimal"),
        (lambda d: first_row(d).update(low_closed=1), f"{PLACE}.low_closed: 1 is no bool"),
        (lambda d: first_row(d).update(advice=5), f"{PLACE}.advice: 5 is no str"),
        (lambda d: first_row(d).update(sources="s"), f"{PLACE}.sources: expected a list"),
        (lambda d: first_row(d).update(frequency="bd"), f"{PLACE}: unknown frequency 'bd'"),
        (
            lambda d: d["drugs"][0].update(oral=None, vial=None),
            "content.drugs.drug: drug is given IV and has no preparation",
        ),
        (
            lambda d: d["regimens"][0]["phases"][0].update(shortest=30),
            "content.regimens.r.phases[0]: bad lengths",
        ),
        (
            lambda d: d["drugs"][0]["monitoring"][0].update(test="mri"),
            "content.drugs.drug.monitoring[0]: unknown test 'mri'",
        ),
        (
            lambda d: d["drugs"][0]["thresholds"][0].update(lab="crp"),
            "content.drugs.drug.thresholds[0]: lab must be one of "
            "('anc', 'platelets', 'haemoglobin'), not 'crp'",
        ),
        (
            lambda d: d["regimens"][0].update(
                transplant_ends=[{"shortest": 1, "usual": 2, "longest": 3, "sources": PRINT}]
            ),
            "content.regimens.r: transplant phases and ends belong together",
        ),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(
    change: Callable[[Row], object], sentence: str
) -> None:
    broken = data()
    change(broken)
    with pytest.raises(CodecError) as caught:
        decode(Formulary, broken)
    assert str(caught.value) == sentence


def test_toml_dates_are_taken_as_they_are() -> None:
    made = decode(Formulary, data() | {"review_by": date(2027, 1, 1)})
    assert encode(made)["review_by"] == "2027-01-01"
    assert made == decode(Formulary, data())
    with pytest.raises(CodecError, match="is no date"):
        decode(Formulary, data() | {"review_by": datetime(2027, 1, 1, tzinfo=UTC)})
