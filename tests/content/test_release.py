"""What the database itself refuses of releases and rows, whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from dosing.engine.formulary import Formulary
from dosing.models import (
    AgeRange,
    ContentRelease,
    DoseRow,
    DoseTable,
    Drug,
    Edition,
    Phase,
    Regimen,
    Rhythm,
    Rounding,
    Source,
    Threshold,
    TransplantEnd,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def release(name: str, **values: Any) -> ContentRelease:
    return ContentRelease.objects.create(
        edition=name, digest=f"sha256:{name}", document="{}", frozen_at=NOW, **values
    )


@pytest.mark.django_db
def test_at_most_one_release_is_live() -> None:
    release("one", use="live", live_from=NOW, is_shipped=True)
    release("two", is_shipped=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        release("three", use="live", live_from=NOW, is_shipped=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContentRelease.objects.filter(edition="two").update(use="live", live_from=NOW)
    live = ContentRelease.objects.live()
    assert live is not None
    assert live.edition == "one"


@pytest.mark.django_db
def test_only_the_shipped_edition_may_be_live_unapproved() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        release("ours", use="live", live_from=NOW)
    assert release("shipped", use="live", live_from=NOW, is_shipped=True).state == "live"


@pytest.mark.django_db
@pytest.mark.parametrize("same", ["edition", "digest"])
def test_name_and_digest_stand_once(same: str) -> None:
    first = release("one")
    second = release("two")
    with pytest.raises(IntegrityError), transaction.atomic():
        ContentRelease.objects.filter(pk=second.pk).update(**{same: getattr(first, same)})


def vial_table() -> DoseTable:
    return DoseTable.objects.get(drug__slug="vialvir", slug="induction")


REFUSED: dict[str, Callable[[], object]] = {
    "a second source of one name": lambda: Source.objects.create(slug="label", title="x"),
    "a second drug of one name": lambda: Drug.objects.create(
        slug="tabvir", route="oral", near_edge_percent=1
    ),
    "a second table of one name": lambda: DoseTable.objects.filter(slug="maintenance").update(
        slug="induction"
    ),
    "a second row for one dialysis": lambda: DoseRow.objects.create(
        table=vial_table(), dialysis="haemodialysis", advice="x"
    ),
    "a row that is band and dialysis": lambda: DoseRow.objects.filter(low="70").update(
        dialysis="continuous"
    ),
    "a row with an upper edge only": lambda: DoseRow.objects.filter(low="50").update(low=None),
    "a row of dialysis and of a medicine": lambda: DoseRow.objects.filter(
        dialysis="peritoneal"
    ).update(taking="nsaid"),
    "a region without a medicine": lambda: DoseRow.objects.filter(low="70").update(region="us"),
    "an unknown medicine": lambda: DoseRow.objects.filter(taking="phenytoin").update(
        taking="aspirin"
    ),
    "a dialysis row with an edge": lambda: DoseRow.objects.filter(dialysis="peritoneal").update(
        high="10"
    ),
    "an amount without frequency": lambda: DoseRow.objects.filter(low="70").update(frequency=""),
    "a frequency without amount": lambda: DoseRow.objects.filter(low="70").update(amount=None),
    "neither dose nor advice": lambda: DoseRow.objects.filter(dialysis="peritoneal").update(
        advice=""
    ),
    "an unknown frequency": lambda: DoseRow.objects.filter(low="70").update(frequency="daily"),
    "an unknown route": lambda: Drug.objects.update(route="by ear"),
    "an unknown level": lambda: Drug.objects.get(slug="vialvir").rules.update(level="alarm"),
    "two limits for one count": lambda: Threshold.objects.update(lab="anc"),
    "two roundings of one kind": lambda: Rounding.objects.update(dialysis=True),
    "ages that fall": lambda: AgeRange.objects.filter(organ="kidney").update(below_months=3),
    "lengths that fall": lambda: Phase.objects.filter(ending="days").update(usual=2),
    "lengths of an open end": lambda: Phase.objects.filter(ending="open").update(usual=2),
    "a phase without lengths": lambda: Phase.objects.filter(ending="open").update(ending="days"),
    "two ends for one organ": lambda: TransplantEnd.objects.update(organ="heart"),
    "transplant days that fall": lambda: TransplantEnd.objects.update(shortest=300),
    "a cycle of no days": lambda: Rhythm.objects.filter(slug="weekly").update(cycle_days=0),
    "an unknown purpose": lambda: Regimen.objects.update(purpose="hope"),
    "a second edition": lambda: Edition.objects.create(
        id=2, edition="x", review_by=date(2030, 1, 1), contact="x"
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses(rows: Formulary, what: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        REFUSED[what]()


@pytest.mark.django_db(transaction=True)
def test_a_reference_to_nothing_is_refused(small: Formulary) -> None:
    """Foreign keys are checked at the end of a transaction, hence a real one."""
    from dosing.content.rows import store

    store(small)
    for spoil in (
        lambda: Phase.objects.filter(table="child").update(drug_id="aspirin"),
        lambda: Regimen.objects.filter(slug="step-down").update(fallback_regimen_id="nothing"),
        lambda: Rhythm.objects.filter(slug="weekly").update(slug="every-week"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            spoil()
