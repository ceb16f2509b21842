"""A newer shipped edition: it waits, and an editor takes or leaves each of its differences.

It is frozen as a draft that has no right to be live: as any other content it needs review and
approval. The working rows change only by what somebody takes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError
from django.utils import timezone

from dosing.engine.codec import CodecError, canonical, decode, digest, encode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease, Upgrade, UpgradeDecision

from .digest import digest_of
from .frozen import Unreadable, formulary_of
from .lifecycle import in_turn, note_arrival
from .merge import Change, Incomplete, changes, merged, value_of
from .naming import lacking
from .pairing import text_of
from .rewrite import RowsMoved, rewrite
from .roles import roles_with
from .rows import UnbuiltRows, working_formulary
from .transitions import NotAllowed

PERMISSION = "decide_upgrade"
#: How a difference stands.
STATES = ("taken", "left", "same", "open")


class NotAlone(NotAllowed):
    """What was chosen does not stand by itself; `first` are the changes it needs."""

    def __init__(self, reason: str, first: tuple[Change, ...] = ()) -> None:
        super().__init__(reason)
        self.first = first


# Arriving: when the product is set up


def arrive(formulary: Formulary) -> Upgrade | None:
    """Let this shipped edition wait as an upgrade; None where it is known, or nothing was shipped.

    Raises UnbuiltRows where neither the edition before nor the working rows can be read.
    """
    shipped = ContentRelease.objects.filter(is_shipped=True).order_by("pk").last()
    document = canonical(encode(formulary))
    # Files that changed while their name did not: named by their digest, too.
    name = f"{formulary.edition[:60]} {digest_of(document)[7:19]}"
    renamed = canonical(encode(replace(formulary, edition=name)))
    both = {digest_of(text) for text in (document, renamed)}
    known = Upgrade.objects.filter(now__digest__in=both)
    if shipped is None or shipped.digest in both or known.exists():
        return None
    others = ContentRelease.objects.exclude(review="returned").exclude(digest__in=both)
    if others.filter(edition=formulary.edition).exists():
        document, edition = renamed, name
    else:
        edition = formulary.edition
    before = _base(shipped)
    then = "" if _readable(before) else canonical(encode(working_formulary()))
    release, is_new = ContentRelease.objects.get_or_create(
        digest=digest_of(document),
        defaults={"document": document, "edition": edition, "frozen_at": timezone.now()},
    )
    if is_new:
        note_arrival("ship", release, "It came with a newer version of the product, and waits.")
    return Upgrade.objects.create(
        before=before, now=release, rows_then=then, arrived_at=timezone.now()
    )


def _base(shipped: ContentRelease) -> ContentRelease:
    """The edition our rows were last held against: an unfinished upgrade gives way."""
    last = current()
    if last is None:
        return shipped
    try:
        return last.now if standing(last).is_finished else last.before
    except (Unreadable, UnbuiltRows):
        return last.before


def _readable(release: ContentRelease) -> bool:
    try:
        formulary_of(release.digest)
    except Unreadable:
        return False
    return True


def current() -> Upgrade | None:
    """The last upgrade that arrived: the only one in which something can be decided."""
    return Upgrade.objects.select_related("before", "now").order_by("pk").last()


# Where it stands


@dataclass(frozen=True, slots=True)
class Standing:
    """An upgrade with its three sides, every difference and the last decision on each."""

    upgrade: Upgrade
    before: Formulary
    now: Formulary
    ours: Formulary
    changes: tuple[Change, ...]
    decisions: Mapping[str, UpgradeDecision]

    def state(self, change: Change) -> str:
        """taken, left, same (ours says it already) or open."""
        if decided := self.decisions.get(change.key):
            return "taken" if decided.decision == "take" else "left"
        return "same" if change.is_same else "open"

    @property
    def counts(self) -> Mapping[str, int]:
        """How many differences stand how."""
        found = [self.state(change) for change in self.changes]
        return {state: found.count(state) for state in STATES}

    @property
    def is_finished(self) -> bool:
        """Whether nothing is open."""
        return not self.counts["open"]

    def pick(self, keys: Sequence[str]) -> tuple[Change, ...]:
        """The changes of these keys, in the order of the content."""
        return tuple(change for change in self.changes if change.key in keys)


def standing(upgrade: Upgrade) -> Standing:
    """Everything about an upgrade now; Unreadable or UnbuiltRows where a side cannot be read."""
    now = formulary_of(upgrade.now.digest)
    before = _rows_then(upgrade) if upgrade.rows_then else formulary_of(upgrade.before.digest)
    ours = working_formulary()
    decisions = {one.change: one for one in upgrade.decisions.select_related("by")}
    return Standing(upgrade, before, now, ours, changes(before, now, ours), decisions)


def _rows_then(upgrade: Upgrade) -> Formulary:
    try:
        return decode(Formulary, json.loads(upgrade.rows_then))
    except CodecError as problem:
        raise Unreadable("The rows of then do not fit this version of the program.") from problem


# Deciding


def check_can_decide(*, upgrade: Upgrade, by: User) -> None:
    """Raise NotAllowed with the first reason against it."""
    for reason in _reasons(upgrade, by):
        raise NotAllowed(reason)


def _reasons(upgrade: Upgrade, by: User) -> Iterator[str]:
    if not by.has_perm(f"dosing.{PERMISSION}"):
        yield f"This is for {' and '.join(f'{role}s' for role in roles_with(PERMISSION))}."
    last = current()
    if last is not None and last.pk != upgrade.pk:
        yield f"A newer edition has come since: decide on {last.now.edition}."


def check_can_take(stand: Standing, chosen: Sequence[Change]) -> None:
    """Raise NotAllowed, or NotAlone with what it needs, where our rows could not hold this."""
    _outcome(stand, {change.key: change.now for change in chosen if not change.is_same})


def seen(chosen: Sequence[Change]) -> str:
    """What a page showed of our rows, in short: only that may be overwritten."""
    return digest([[change.key, text_of(change.ours)] for change in chosen])


@in_turn
def decide(
    *, upgrade: Upgrade, by: User, reason: str, decision: str, keys: Sequence[str], shown: str
) -> Standing:
    """Take these differences into the working rows, or leave them; `shown` is what seen() gave.

    Leaving what was taken puts back what ours said, unless it was edited since.
    """
    why = reason.strip()
    if not why:
        raise NotAllowed("Say why.", field="reason")
    check_can_decide(upgrade=upgrade, by=by)
    stand = _whole(upgrade)
    chosen = stand.pick(keys)
    if not chosen:
        raise NotAllowed("Tick at least one difference.")
    if len(chosen) != len(set(keys)) or seen(chosen) != shown:
        raise NotAllowed("Our rows were changed since this page was made. Look again.")
    _TO_PUT[decision](stand, chosen)
    now = timezone.now()
    for change in chosen:
        UpgradeDecision.objects.create(
            upgrade=upgrade,
            change=change.key,
            decision=decision,
            ours=text_of(change.ours),
            by=by,
            at=now,
            reason=why,
        )
    return standing(upgrade)


def _take(stand: Standing, chosen: Sequence[Change]) -> None:
    _put(stand, {change.key: change.now for change in chosen if not change.is_same})


def _leave(stand: Standing, chosen: Sequence[Change]) -> None:
    back: dict[str, Any] = {}
    for change in chosen:
        if stand.state(change) == "taken" and change.is_same:
            back[change.key] = value_of(change, json.loads(stand.decisions[change.key].ours))
    _put(stand, back)


_TO_PUT: Mapping[str, Callable[[Standing, Sequence[Change]], None]] = {
    "take": _take,
    "leave": _leave,
}


def _put(stand: Standing, values: Mapping[str, Any]) -> None:
    after = _outcome(stand, values)
    try:
        rewrite(stand.ours, after)
        if text_of(working_formulary()) != text_of(after):
            raise RowsMoved
    except RowsMoved as problem:
        raise NotAllowed("Somebody else changed these rows in the same moment.") from problem
    except IntegrityError as problem:
        raise NotAllowed(
            f"The rows cannot be stored so: {problem}. Edit them by hand."
        ) from problem


def _outcome(stand: Standing, values: Mapping[str, Any]) -> Formulary:
    """Ours with these values; NotAllowed where that is no content."""
    others = [one for one in stand.changes if one.key not in values and not one.is_same]
    for change in stand.pick([*values]):
        if change.blocked:
            raise NotAllowed(change.blocked)
    try:
        after = merged(stand.before, stand.now, stand.ours, values)
    except Incomplete as problem:
        with_it = tuple(one for one in others if problem.key and one.key.startswith(problem.key))
        raise NotAlone(f"This cannot be taken alone: {problem}.", with_it) from problem
    missing = sorted(lacking(after) - lacking(stand.ours), key=lambda name: name.key)
    if missing:
        needs = tuple(
            one
            for one in others
            if one.kind == "added"
            and any(f"{name.key}/".startswith(f"{one.key}/") for name in missing)
        )
        named = ", ".join(name.words for name in missing)
        if any(name.key in values for name in missing):
            raise NotAlone(f"Other rows still name {named}: change these first.", needs)
        raise NotAlone(f"It names {named}, not among our rows: take that first, or with it.", needs)
    return after


def _whole(upgrade: Upgrade) -> Standing:
    try:
        return standing(upgrade)
    except Unreadable as problem:
        raise NotAllowed(str(problem)) from problem
    except UnbuiltRows as problem:
        raise NotAllowed(f"Our rows cannot be read; mend them first: {problem}") from problem
