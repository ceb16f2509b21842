"""A release as one file: written, held against its digest, and brought in as a draft."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from dosing.engine.codec import CodecError, canonical, decode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease

from .digest import digest_of
from .lifecycle import note_arrival


class ReleaseFileError(ValueError):
    """Not a release, or not an unaltered one; the message says which."""


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """What a file holds once its digest was found to hold."""

    edition: str
    digest: str
    document: str


def written(release: ContentRelease) -> str:
    """The release as the text of a file; ReleaseFileError where it was altered.

    Only `formulary` is under the digest. What stands beside it is for the reader: an approval
    elsewhere is none here.
    """
    if digest_of(release.document) != release.digest:
        raise ReleaseFileError(f"{release.edition} was altered: its text does not fit its digest.")
    data = {
        "release": release.edition,
        "digest": release.digest,
        "frozen_at": release.frozen_at.isoformat(),
        "approved_at": release.approved_at.isoformat() if release.approved_at else None,
        "formulary": json.loads(release.document),
    }
    return json.dumps(data, indent=1)


def read(file: Path) -> ReleaseFile:
    """A file's release; ReleaseFileError where it is none, or its digest does not hold."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        data = json.loads(
            text,
            object_pairs_hook=_without_repeats,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except OSError as problem:
        raise ReleaseFileError(f"{file} cannot be read: {problem.strerror}.") from problem
    except (ValueError, RecursionError) as problem:
        detail = problem if isinstance(problem, _NotExactError) else "it is no JSON"
        raise ReleaseFileError(f"{file} is no release: {detail}.") from problem
    return _checked(file, data)


def _checked(file: Path, data: Any) -> ReleaseFile:
    formulary = data.get("formulary") if isinstance(data, dict) else None
    if not isinstance(formulary, dict):
        raise ReleaseFileError(f"{file} is no release: it has no formulary.")
    try:
        document = canonical(formulary)
        digest = digest_of(document)
    except UnicodeEncodeError as problem:
        raise ReleaseFileError(f"{file} is no release: its text is no Unicode.") from problem
    if digest != data.get("digest"):
        raise ReleaseFileError(
            f"{file} was altered: its digest is {digest}, and it says {data.get('digest')}."
        )
    edition = formulary.get("edition")
    if not isinstance(edition, str) or data.get("release", edition) != edition:
        raise ReleaseFileError(f"{file} names two releases: {data.get('release')} and {edition}.")
    return ReleaseFile(edition, digest, document)


@transaction.atomic
def load_draft(*, file: ReleaseFile, reason: str) -> tuple[ContentRelease, bool]:
    """A draft that somebody sends for review here, and whether it is new.

    ReleaseFileError where this version cannot read it, or its name stands for other content.
    """
    if known := ContentRelease.objects.filter(digest=file.digest).first():
        return known, False
    try:
        decode(Formulary, json.loads(file.document))
    except CodecError as problem:
        raise ReleaseFileError(f"This version cannot read {file.edition}: {problem}.") from problem
    if (
        ContentRelease.objects.filter(edition=file.edition)
        .exclude(review="returned", use="unused")
        .exists()
    ):
        raise ReleaseFileError(
            f"{file.edition} is the name of other content here. Give one of them another name "
            "where it is edited, and freeze it again."
        )
    release = ContentRelease.objects.create(
        edition=file.edition,
        digest=file.digest,
        document=file.document,
        frozen_at=timezone.now(),
    )
    note_arrival("load", release, reason)
    return release, True


class _NotExactError(ValueError):
    """JSON that could be read in two ways."""


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotExactError("a key stands there twice")
    return found


def _no_float(text: str) -> Any:
    raise _NotExactError(f"{text} must stand in quotes")
