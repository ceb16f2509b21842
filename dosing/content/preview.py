"""Content that is not live, for those who work on it to calculate with: never for a patient.

A draft is worked with as it would be if it went live: by the text it has as a release, or would
have, and without what is withdrawn, or stopped because its review date is over.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q
from django.utils import timezone

from dosing.engine.codec import CodecError, canonical, decode, encode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease, Withdrawal

from .digest import digest_of
from .overdue import Stopped, stopped
from .roles import roles_with
from .rows import UnbuiltRows, working_formulary
from .transitions import STATES, NotAllowed

PERMISSION = "preview_contentrelease"
#: Decoded drafts kept in a process: apart from the live ones, which they never push out.
KEPT = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """A release that is not live, with its state; without digest and state, the working rows."""

    formulary: Formulary
    digest: str = ""
    state: str = ""


class Unusable(Exception):
    """A draft nothing can be worked out with: why, and each row that is in the way."""

    def __init__(self, reason: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.problems = problems


def check_can_try(*, by: User | AnonymousUser, release: ContentRelease | None = None) -> None:
    """Raise NotAllowed with what keeps somebody from trying a release; without one, the rows."""
    if not (by.is_staff and by.has_perm(f"dosing.{PERMISSION}")):
        roles = " and ".join(f"{role}s" for role in roles_with(PERMISSION))
        raise NotAllowed(f"This is for {roles}.")
    if release is None:
        return
    due = release.live_from is not None and release.live_from <= timezone.now()
    if release.use not in ("unused", "scheduled") or due:
        raise NotAllowed(f"It is {STATES['live' if due else release.use]}: no draft any more.")


def why_not_try(*, by: User | AnonymousUser, release: ContentRelease | None = None) -> str:
    """The reason of check_can_try; "" where nothing is against it."""
    try:
        check_can_try(by=by, release=release)
    except NotAllowed as problem:
        return problem.reason
    return ""


def release_draft(release: ContentRelease) -> Draft:
    """A frozen draft; raises Unusable where its text was altered or does not fit this version."""
    if digest_of(release.document) != release.digest:
        raise Unusable("This release was altered: its text does not fit its digest.")
    formulary = _as_of_today(release.document, release)
    return Draft(formulary, release.digest, STATES[release.state])


def rows_draft() -> Draft:
    """The working rows at this moment; raises Unusable with every row that cannot be built."""
    try:
        document = canonical(encode(working_formulary()))
    except UnbuiltRows as unbuilt:
        raise Unusable(
            "The working rows cannot be put together.",
            tuple(f"{place}: {sentence}" for place, sentence in unbuilt.problems),
        ) from unbuilt
    return Draft(_as_of_today(document, None))


def _as_of_today(document: str, release: ContentRelease | None) -> Formulary:
    overdue = stopped(_decoded(document), timezone.localdate())
    if overdue.edition:
        raise Unusable(overdue.edition)
    return _laid_over(document, _withdrawn(release), overdue)


def _withdrawn(release: ContentRelease | None) -> tuple[tuple[str, str], ...]:
    """Drugs that are withdrawn in it or everywhere, each with its last reason."""
    everywhere = Q(release=None) if release is None else Q(release=None) | Q(release=release)
    found = Withdrawal.objects.in_force().filter(everywhere).exclude(drug="")
    reasons = dict(found.order_by("withdrawn_at").values_list("drug", "reason"))
    return tuple(sorted(reasons.items()))


@lru_cache(maxsize=KEPT)
def _decoded(document: str) -> Formulary:
    try:
        return decode(Formulary, json.loads(document))
    except CodecError as problem:
        raise Unusable("This release does not fit this version of the program.") from problem


@lru_cache(maxsize=KEPT)
def _laid_over(
    document: str, withdrawn: tuple[tuple[str, str], ...], overdue: Stopped
) -> Formulary:
    """The same object each time, as presenters expect."""
    drugs = dict(overdue.drugs) | dict(withdrawn)
    return replace(_decoded(document), withdrawn=drugs, closed=dict(overdue.regimens))
