"""Who may do what: three groups, each with the permissions of its part of the way."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

#: Group → its permissions over releases and upgrades. Everyone in a group may read everything.
ROLES: Mapping[str, tuple[str, ...]] = {
    "editor": ("send_contentrelease", "preview_contentrelease", "decide_upgrade"),
    "reviewer": ("review_contentrelease", "withdraw_contentrelease", "preview_contentrelease"),
    "publisher": ("publish_contentrelease", "withdraw_contentrelease"),
}
#: Frozen content and its history: nobody edits them as rows.
_FROZEN = ("contentrelease", "withdrawal", "auditentry", "rowedit", "upgrade", "upgradedecision")


@transaction.atomic
def set_up_roles() -> None:
    """Make the groups, or give them back their permissions; their members stay."""
    ours = Permission.objects.filter(content_type__app_label=apps.get_app_config("dosing").label)
    reading = Q(codename__startswith="view_")
    editing = ~Q(content_type__model__in=_FROZEN) & ~reading
    for name, codenames in ROLES.items():
        wanted = reading | Q(codename__in=codenames)
        if name == "editor":
            wanted |= editing
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(ours.filter(wanted))


def roles_with(permission: str) -> tuple[str, ...]:
    """The groups that carry a permission."""
    return tuple(name for name, codenames in ROLES.items() if permission in codenames)
