"""The only door through which content reaches a calculation."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from functools import lru_cache

from django.db import DatabaseError

from dosing.engine.codec import CodecError, decode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease

from .digest import digest_of

log = logging.getLogger(__name__)

#: Decoded releases kept in a process: the live one, and a few before it.
KEPT = 4


@dataclass(frozen=True, slots=True)
class Live:
    """The live release, decoded."""

    formulary: Formulary
    edition: str
    digest: str
    approved: bool


class ContentUnavailable(Exception):
    """There is no content to calculate with; the message says why, for the reader of a page."""


def live_formulary() -> Live:
    """The live release: one small query; the document is fetched and checked once per digest.

    Raises ContentUnavailable where none is live, or its text does not fit its digest.
    """
    try:
        row = (
            ContentRelease.objects.filter(is_live=True).values_list("digest", "approved_at").first()
        )
        if row is None:
            raise ContentUnavailable("No release of the clinical content is live.")
        digest, approved_at = row
        formulary = _decoded(digest)
    except DatabaseError as problem:
        raise _refused("The clinical content cannot be read from the database.") from problem
    return Live(formulary, formulary.edition, digest, approved_at is not None)


@lru_cache(maxsize=KEPT)
def _decoded(digest: str) -> Formulary:
    found = ContentRelease.objects.filter(digest=digest).values_list("document", flat=True)
    document = found.first()
    if document is None or digest_of(document) != digest:
        raise _refused(
            "The live clinical content was altered: its text does not fit its digest. "
            "No dose is shown until an unaltered release is live."
        )
    try:
        return decode(Formulary, json.loads(document))
    except CodecError as problem:
        # The digest holds: the release was frozen by a version that reads content differently.
        raise _refused("The live clinical content does not fit this version.") from problem


def _refused(reason: str) -> ContentUnavailable:
    log.error("%s", reason)
    return ContentUnavailable(reason)
