"""States and transitions of a release, and who may make which: asked, nothing is changed here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Max, Q

from dosing.models import ContentRelease, RowEdit, UpgradeDecision

from .digest import digest_of
from .readiness import Finding
from .roles import roles_with


class NotAllowed(Exception):
    """What keeps somebody from doing this now, in a sentence for the reader of a page.

    `field` is the form's field it is about; "" where it is about the whole.
    """

    def __init__(self, reason: str, *, field: str = "", findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Transition:
    """One change: in words, by whose permission, on which column, from which states, to which."""

    doing: str
    permission: str
    column: str
    of: tuple[str, ...]
    to: str


TRANSITIONS: Mapping[str, Transition] = {
    "send": Transition(
        "be sent for review", "send_contentrelease", "review", ("draft", "returned"), "in-review"
    ),
    "approve": Transition(
        "be approved", "review_contentrelease", "review", ("in-review",), "approved"
    ),
    "return": Transition(
        "be returned", "review_contentrelease", "review", ("in-review",), "returned"
    ),
    "go-live": Transition(
        "go live", "publish_contentrelease", "use", ("unused", "scheduled"), "live"
    ),
    "schedule": Transition(
        "be given a time", "publish_contentrelease", "use", ("unused",), "scheduled"
    ),
    "cancel-schedule": Transition(
        "lose a set time", "publish_contentrelease", "use", ("scheduled",), "unused"
    ),
    "withdraw": Transition(
        "be withdrawn",
        "withdraw_contentrelease",
        "use",
        ("unused", "scheduled", "live", "superseded"),
        "withdrawn",
    ),
    "lift": Transition(
        "have a withdrawal ended", "publish_contentrelease", "use", ("withdrawn",), "superseded"
    ),
    "bring-back": Transition(
        "be brought back", "publish_contentrelease", "use", ("superseded",), "live"
    ),
}
#: Changes of a drug's withdrawal, which have no state of a release.
DRUG_PERMISSIONS = {
    "withdraw-drug": "withdraw_contentrelease",
    "lift-drug": "publish_contentrelease",
}
STATES = {
    "draft": "a draft",
    "in-review": "in review",
    "returned": "returned",
    "approved": "approved",
    "unused": "not used",
    "scheduled": "set for a time",
    "live": "live",
    "superseded": "superseded",
    "withdrawn": "withdrawn",
}


def check_can(action: str, *, by: User, release: ContentRelease | None = None) -> None:
    """Raise NotAllowed with the first reason against it; sending without a release: the rows."""
    for reason in _reasons(action, by, release):
        raise NotAllowed(reason)


def can(action: str, *, by: User, release: ContentRelease | None = None) -> bool:
    """Whether check_can has nothing against it."""
    return next(_reasons(action, by, release), None) is None


def _reasons(action: str, by: User, release: ContentRelease | None) -> Iterator[str]:
    change = TRANSITIONS.get(action)
    permission = change.permission if change else DRUG_PERMISSIONS[action]
    if not by.has_perm(f"dosing.{permission}"):
        yield f"This is for {' and '.join(f'{role}s' for role in roles_with(permission))}."
    if change is None or release is None:
        return
    if getattr(release, change.column) not in change.of:
        state = release.review if change.column == "review" else release.state
        shown = STATES[state]
        already = f"It is {shown} already."
        yield already if state == change.to else f"It is {shown}: it cannot {change.doing}."
    for further in _FURTHER.get(action, ()):
        yield from further(release, by)


def _another_person(release: ContentRelease, by: User) -> Iterator[str]:
    if release.sent_by_id == by.pk or release.history.filter(action="send", by=by).exists():
        yield "You sent this for review yourself: another person decides."
    since = (
        ContentRelease.objects.filter(Q(review="approved") | Q(is_shipped=True))
        .filter(frozen_at__lt=release.frozen_at)
        .aggregate(last=Max("frozen_at"))["last"]
    )
    own = Q(by=by, at__lte=release.frozen_at) & (Q(at__gt=since) if since else Q())
    if RowEdit.objects.filter(own).exists() or UpgradeDecision.objects.filter(own).exists():
        yield "You changed rows of it yourself: another person decides."


def _may_be_live(release: ContentRelease, by: User) -> Iterator[str]:
    if release.review == "approved":
        return
    if not release.is_shipped:
        yield "It is not approved."
    elif ContentRelease.objects.filter(
        review="approved", use__in=("live", "superseded", "withdrawn"), live_from__isnull=False
    ).exists():
        yield "It is not approved, and an approved release has been set live since."


def _approved(release: ContentRelease, by: User) -> Iterator[str]:
    if release.review != "approved":
        yield "It is not approved."


def _one_time_only(release: ContentRelease, by: User) -> Iterator[str]:
    other = ContentRelease.objects.filter(use="scheduled").only("edition").first()
    if other:
        yield f"{other.edition} is set for a time already: cancel that first."


def _used_or_approved(release: ContentRelease, by: User) -> Iterator[str]:
    if release.use == "unused":
        yield from _approved(release, by)


def _unaltered(release: ContentRelease, by: User) -> Iterator[str]:
    if digest_of(release.document) != release.digest:
        yield "It was altered: its text does not fit its digest."


_FURTHER: Mapping[str, tuple[Callable[[ContentRelease, User], Iterator[str]], ...]] = {
    "send": (_unaltered,),
    "approve": (_another_person, _unaltered),
    "return": (_another_person,),
    "go-live": (_approved, _unaltered),
    "schedule": (_approved, _one_time_only, _unaltered),
    "withdraw": (_used_or_approved,),
    "bring-back": (_may_be_live, _unaltered),
}
