"""The page's forms: crispy layouts that hand what was typed to the intake, unread."""

from .plan import PlanForm

__all__ = ["PlanForm"]
