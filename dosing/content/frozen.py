"""Any release, decoded: to be read and compared, never to calculate a dose for a patient."""

from __future__ import annotations

import json
from functools import lru_cache

from django.db.models import Q, QuerySet

from dosing.engine.codec import CodecError, decode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease

from .digest import digest_of

#: Decoded releases kept in a process: two sides of a comparison, and a few before.
KEPT = 4
#: Characters of a digest that pages print (presenters/sheet.py); fewer name no release.
LEAST_DIGEST = 12


class Unreadable(Exception):
    """A release that cannot be read; the message says why, for the reader of a page."""


def find_release(name: str, among: QuerySet[ContentRelease]) -> ContentRelease | None:
    """The one release among these of this edition, digest or beginning of a digest, if any."""
    if "\0" in name:
        return None
    wanted = Q(edition=name) | Q(digest=name)
    bare = name.removeprefix("sha256:")
    if len(bare) >= LEAST_DIGEST:
        wanted |= Q(digest__startswith=f"sha256:{bare}")
    found = list(among.filter(wanted)[:2])
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=KEPT)
def formulary_of(digest: str) -> Formulary:
    """The content of a release; its text is checked against the digest.

    Raises Unreadable where there is none, it was altered, or this version cannot read it.
    """
    documents = ContentRelease.objects.filter(digest=digest).values_list("document", flat=True)
    document = documents.first()
    if document is None:
        raise Unreadable("There is no release with this digest.")
    if digest_of(document) != digest:
        raise Unreadable("This release was altered: its text does not fit its digest.")
    try:
        return decode(Formulary, json.loads(document))
    except CodecError as problem:
        raise Unreadable("This release does not fit this version of the program.") from problem
