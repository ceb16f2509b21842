"""The only door through which content reaches a calculation."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from time import monotonic
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import CharField, Value
from django.utils import timezone

from dosing.engine.codec import CodecError, decode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease, Withdrawal

from .digest import digest_of
from .overdue import Stopped, stopped

log = logging.getLogger(__name__)

#: Decoded releases kept in a process: the live one, and a few before it.
KEPT = 4
#: Seconds after which a process reads the text again and holds it against its digest.
CHECKED_EVERY = 60
_checked: dict[str, float] = {}
#: Where the present moment goes among the parameters of a query.
_CLOCK: Any = object()


@dataclass(frozen=True, slots=True)
class Live:
    """The live release, decoded; its formulary knows the drugs that are withdrawn at present."""

    formulary: Formulary
    edition: str
    digest: str
    approved: bool


class ContentUnavailable(Exception):
    """There is no content to calculate with; the message says why, for the reader of a page."""


def live_formulary() -> Live:
    """The live release at this moment: one small query, nothing remembered but decoded text.

    Raises ContentUnavailable where none is live, or its text does not fit its digest.
    """
    now = timezone.now()
    try:
        found = _read(now)
        if found is None:
            raise ContentUnavailable(_why_none(now))
        formulary = _decoded(found.digest)
        if monotonic() - _checked[found.digest] >= CHECKED_EVERY:
            _document(found.digest)
        overdue = stopped(formulary, timezone.localdate(now))
        if overdue.edition:
            raise ContentUnavailable(overdue.edition)
        if found.withdrawn or overdue.drugs or overdue.regimens:
            formulary = _without(found.digest, found.withdrawn, overdue)
    except DatabaseError as problem:
        raise _refused("The clinical content cannot be read from the database.") from problem
    return Live(formulary, formulary.edition, found.digest, found.approved)


@dataclass(frozen=True, slots=True)
class _Found:
    digest: str
    approved: bool
    withdrawn: tuple[tuple[str, str], ...]


def _read(now: datetime) -> _Found | None:
    """What is live by the clock, and the drugs withdrawn in it or everywhere, in one query."""
    sql, parameters = _statement()
    clock = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(sql, [clock if one is _CLOCK else one for one in parameters])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[3], row[4]))
    candidates = [row for row in rows if row[4] != "drug"]
    if not candidates:
        return None
    # The last one: a release whose set time has come stands after the one it takes over from.
    _, digest, review, _, _ = candidates[-1]
    # A stop in the release it takes over from holds on, until a person ends it.
    concerned = {None, *(row[0] for row in candidates)}
    withdrawn = {
        drug: reason
        for where, drug, reason, _, kind in rows
        if kind == "drug" and where in concerned
    }
    return _Found(digest, review == "approved", tuple(sorted(withdrawn.items())))


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """The query and its parameters, put together once: that takes longer than to run it."""
    some_time = datetime(2000, 1, 1, tzinfo=UTC)
    releases = (
        ContentRelease.objects.readable(some_time)
        .order_by()
        .values_list("pk", "digest", "review", "live_from", "use")
    )
    drugs = (
        Withdrawal.objects.in_force()
        .exclude(drug="")
        .annotate(kind=Value("drug", output_field=CharField()))
        .order_by()
        .values_list("release_id", "drug", "reason", "withdrawn_at", "kind")
    )
    sql, parameters = releases.union(drugs, all=True).query.sql_with_params()
    written = connection.ops.adapt_datetimefield_value(some_time)
    return sql, tuple(_CLOCK if one == written else one for one in parameters)


def _why_none(now: datetime) -> str:
    """The reason given when the last live release was withdrawn; plainly none before the first."""
    used = ContentRelease.objects.filter(live_from__lte=now).only("pk")
    last = used.order_by("-live_from").first()
    withdrawal = last and last.withdrawals.filter(drug="").first()
    if not withdrawal:
        return "No release of the clinical content is live."
    return f"The clinical content was withdrawn: {withdrawal.reason}"


@lru_cache(maxsize=KEPT)
def _decoded(digest: str) -> Formulary:
    document = _document(digest)
    try:
        return decode(Formulary, json.loads(document))
    except CodecError as problem:
        # The digest holds: the release was frozen by a version that reads content differently.
        raise _refused("The live clinical content does not fit this version.") from problem


def _document(digest: str) -> str:
    """The text of a release, held against its digest; until it holds, each call asks again."""
    found = ContentRelease.objects.filter(digest=digest).values_list("document", flat=True)
    document = found.first()
    if document is None or digest_of(document) != digest:
        raise _refused(
            "The live clinical content was altered: its text does not fit its digest. "
            "No dose is shown until an unaltered release is live."
        )
    _checked[digest] = monotonic()
    return document


@lru_cache(maxsize=KEPT)
def _without(digest: str, withdrawn: tuple[tuple[str, str], ...], overdue: Stopped) -> Formulary:
    """The edition with what is stopped in it: the same object each time, as presenters expect."""
    drugs = dict(overdue.drugs) | dict(withdrawn)
    return replace(_decoded(digest), withdrawn=drugs, closed=dict(overdue.regimens))


def _refused(reason: str) -> ContentUnavailable:
    log.error("%s", reason)
    return ContentUnavailable(reason)
