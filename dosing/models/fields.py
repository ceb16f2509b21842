"""Columns that keep a value exactly as it was written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_WHOLE = re.compile(r"[0-9]{1,6}")


class WrittenFormField(forms.CharField):
    """A text input whose value is read and compared through the column's own spelling."""

    def __init__(
        self, *, read: Callable[[str], Any], write: Callable[[Any], str], **options: Any
    ) -> None:
        super().__init__(**options)
        self.read, self.write = read, write

    def to_python(self, value: Any) -> Any:
        return self.read(super().to_python(value) or "")

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else self.write(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "").strip()


class WrittenField(models.Field):
    """A value stored as the text `write` makes of it and read back by `read`.

    A numeric column would not do: SQLite keeps a DecimalField as binary floating point and
    PostgreSQL pads or cuts it to the column's places, so that "1.0" comes back as "1" or "1.0000".
    A band prints its edge as the content writes it, and the digest covers those very digits.
    """

    empty_strings_allowed = False

    def get_internal_type(self) -> str:
        return "TextField"

    def read(self, text: str) -> Any:
        """The value behind a text; ValidationError says what may be written."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The one text of a value."""
        raise NotImplementedError

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else self.read(value)

    def to_python(self, value: Any) -> Any:
        return self.read(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        value = self.to_python(value)
        # What is written must be readable again, whoever wrote it.
        return None if value is None else self.write(self.read(self.write(value)))

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else self.write(value)

    def formfield(self, **options: Any) -> Any:
        options.pop("form_class", None)
        options.pop("choices_form_class", None)
        return super().formfield(
            form_class=WrittenFormField, read=self.read, write=self.write, **options
        )


class ExactDecimalField(WrittenField):
    """A number from 0 up with the digits it was written with: "1.0" stays "1.0"."""

    description = "Exact number"

    def read(self, text: str) -> Decimal | None:
        text = text.strip()
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise ValidationError(
                f"“{text}” is no number here. Write digits, with a point where needed: 2.5"
            )
        return Decimal(text)

    def write(self, value: Decimal | int) -> str:
        return format(Decimal(value), "f")


class ExactDecimalsField(WrittenField):
    """Numbers from 0 up, in their order, separated by commas: "50, 10"."""

    description = "Exact numbers"

    def read(self, text: str) -> tuple[Decimal, ...]:
        parts = [part.strip() for part in text.split(",")] if text.strip() else []
        for part in parts:
            if not _NUMBER.fullmatch(part):
                raise ValidationError(
                    f"“{part}” is no number here. Write numbers with commas between: 50, 10"
                )
        return tuple(Decimal(part) for part in parts)

    def write(self, value: tuple[Decimal, ...]) -> str:
        return ", ".join(format(Decimal(number), "f") for number in value)


class WordsField(WrittenField):
    """Words in their order, separated by commas: "ibd, child"; of a closed vocabulary if given."""

    description = "Words"

    def __init__(self, *args: Any, words: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.words = tuple(words)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "words": self.words}

    def read(self, text: str) -> tuple[str, ...]:
        found = tuple(part.strip() for part in text.split(",")) if text.strip() else ()
        for part in found:
            if self.words and part not in self.words:
                raise ValidationError(
                    f"“{part}” is not known here. Write, with commas between, any of: "
                    f"{', '.join(self.words)}"
                )
        return found

    def write(self, value: tuple[str, ...]) -> str:
        return ", ".join(value)


class WholeNumbersField(WrittenField):
    """Whole numbers from 0 up, in their order, separated by commas: "1, 8, 15"."""

    description = "Whole numbers"

    def read(self, text: str) -> tuple[int, ...]:
        parts = [part.strip() for part in text.split(",")] if text.strip() else []
        for part in parts:
            if not _WHOLE.fullmatch(part):
                raise ValidationError(
                    f"“{part}” is no whole number. Write them with commas between: 1, 8, 15"
                )
        return tuple(int(part) for part in parts)

    def write(self, value: tuple[int, ...]) -> str:
        return ", ".join(str(number) for number in value)
