"""What is asked before a release is moved: always a reason, for some steps a time or a drug."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.conf import settings

#: The choice of a drug's withdrawal that is wider than the release on the page.
EVERYWHERE = "every"


class ReasonForm(forms.Form):
    """Why; it stays in the history."""

    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        error_messages={"required": "Say why."},
    )


class WardReasonForm(ReasonForm):
    """A reason that wards read instead of a dose."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["reason"].help_text = "Every user reads it. No amounts in mg or mL."


class ScheduleForm(ReasonForm):
    """From when."""

    at = forms.DateTimeField(
        label=f"Live from ({settings.TIME_ZONE})",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": "Choose date and time.",
            "invalid": "Write date and time as 2026-11-23 14:05.",
        },
    )
    field_order = ["at", "reason"]


class DrugForm(WardReasonForm):
    """Which drug, and where."""

    drug = forms.ChoiceField(
        label="Drug",
        error_messages={"required": "Choose a drug.", "invalid_choice": "Choose a drug."},
    )
    where = forms.ChoiceField(
        label="Where",
        choices=[(EVERYWHERE, "in every release"), ("this", "in this release only")],
    )
    field_order = ["drug", "where", "reason"]

    def __init__(self, *args: object, drugs: Mapping[str, str], **options: object) -> None:
        super().__init__(*args, **options)
        drug = self.fields["drug"]
        assert isinstance(drug, forms.ChoiceField)
        drug.choices = [("", "Choose"), *drugs.items()]
