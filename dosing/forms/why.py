"""Why rows are changed: asked once for each save and each deletion."""

from __future__ import annotations

from typing import Any

from django import forms

MOST = 300
NO_REASON = "Say why this change is made."


def why_field(*, required: bool = True) -> forms.CharField:
    """A sentence or two; required, and kept with what was changed."""
    return forms.CharField(
        label="Why this change?",
        required=required,
        max_length=MOST,
        help_text=(
            "One or two sentences, kept in the history for everyone who reads it. Nothing about a "
            "patient: no name, number or date of birth."
        ),
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        error_messages={"required": NO_REASON},
    )


class WhyForm(forms.Form):
    """Before a row is deleted."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["why"] = why_field()
