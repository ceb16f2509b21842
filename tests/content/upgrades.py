"""A newer shipped edition over the small one, and deciding on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dosing.content import upgrade as upgrades
from dosing.content.shape import all_shapes
from dosing.content.upgrade import Standing, seen, standing
from dosing.engine.formulary import Formulary
from dosing.models import (
    Edition,
    Upgrade,
)

from .releases import WHY, People

Ships = Callable[[Formulary], Any]


def decide(upgrade: Upgrade, they: People, decision: str, *keys: str, **more: Any) -> Standing:
    stand = standing(upgrade)
    chosen = keys or [change.key for change in stand.changes]
    usual: dict[str, Any] = {"by": they.editor, "reason": WHY, "shown": seen(stand.pick(chosen))}
    return upgrades.decide(upgrade=upgrade, decision=decision, keys=chosen, **(usual | more))


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every working row, with its key."""
    models: list[Any] = [Edition, *(one.model for one in all_shapes())]
    return {
        model.__name__: sorted(model._default_manager.values_list(), key=repr) for model in models
    }
