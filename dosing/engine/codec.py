"""Frozen dataclass ⇄ plain JSON data, exactly: decimals and dates as text, no key lost or added.

A mapping of rows travels as a list, in its order, keyed again by each row's slug. Fields that
equal their default are left out, so that a new optional field leaves old digests as they were.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

T = TypeVar("T")


class CodecError(ValueError):
    """Data that does not fit the dataclass; the message names the place."""


def canonical(data: object) -> str:
    """The one text of some JSON data: UTF-8, keys sorted, no spaces."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(data: object) -> str:
    """SHA-256 over the canonical text, as "sha256:…"."""
    return "sha256:" + sha256(canonical(data).encode()).hexdigest()


def encode(value: Any) -> Any:
    """A dataclass (or a value inside one) as JSON data."""
    if is_dataclass(value) and not isinstance(value, type):
        data = {}
        for spec in fields(value):
            item = getattr(value, spec.name)
            if _travels(spec) and not _is_default(spec, item):
                data[spec.name] = encode(item)
        return data
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        if all(is_dataclass(item) for item in value.values()):
            return [encode(item) for item in value.values()]
        return dict(value)
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    return value


def decode(kind: type[T], data: object, where: str = "content") -> T:
    """Build a dataclass from JSON or TOML data; CodecError names what does not fit and where."""
    return typing.cast(T, _decode(kind, data, where))


def _decode(kind: Any, data: Any, where: str) -> Any:
    if is_dataclass(kind):
        return _dataclass(typing.cast(type, kind), data, where)
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        if data is None:
            return None
        (inner,) = (arg for arg in typing.get_args(kind) if arg is not type(None))
        return _decode(inner, data, where)
    if origin is tuple:
        if not isinstance(data, list | tuple):
            raise CodecError(f"{where}: expected a list")
        inner = typing.get_args(kind)[0]
        return tuple(_decode(inner, item, f"{where}[{n}]") for n, item in enumerate(data))
    if origin is Mapping:
        return _mapping(typing.get_args(kind)[1], data, where)
    return _scalar(kind, data, where)


def _dataclass(kind: type, data: Any, where: str) -> Any:
    if not isinstance(data, Mapping):
        raise CodecError(f"{where}: expected a table for {kind.__name__}")
    hints, specs = _shape(kind)
    if unknown := sorted(set(data) - set(hints)):
        raise CodecError(f"{where}: {kind.__name__} has no {', '.join(unknown)}")
    place = f"{where}.{data['slug']}" if isinstance(data.get("slug"), str) else where
    values = {name: _decode(hints[name], item, f"{place}.{name}") for name, item in data.items()}
    if missing := sorted(name for name in specs if name not in values):
        raise CodecError(f"{place}: {kind.__name__} needs {', '.join(missing)}")
    try:
        return kind(**values)
    except ValueError as problem:
        raise CodecError(f"{place}: {problem}") from problem


def _mapping(inner: Any, data: Any, where: str) -> Mapping[str, Any]:
    if not is_dataclass(inner):
        if not isinstance(data, Mapping):
            raise CodecError(f"{where}: expected a table")
        return {str(key): _scalar(inner, item, f"{where}.{key}") for key, item in data.items()}
    rows: dict[str, Any] = {}
    if not isinstance(data, list | tuple):
        raise CodecError(f"{where}: expected a list")
    for item in data:
        row: Any = _decode(inner, item, where)
        if row.slug in rows:
            raise CodecError(f"{where}: {row.slug} stands there twice")
        rows[row.slug] = row
    return rows


def _scalar(kind: Any, data: Any, where: str) -> Any:
    if kind is Decimal and isinstance(data, str | int | Decimal) and not isinstance(data, bool):
        try:
            value = Decimal(data)
        except InvalidOperation:
            raise CodecError(f"{where}: {data!r} is no number") from None
        if value.is_finite():
            return value
    if kind is date:
        if type(data) is date:
            return data
        if isinstance(data, str):
            try:
                return date.fromisoformat(data)
            except ValueError:
                raise CodecError(f"{where}: {data!r} is no date") from None
    if kind in (str, int, bool) and type(data) is kind:
        return data
    raise CodecError(f"{where}: {data!r} is no {getattr(kind, '__name__', kind)}")


@cache
def _shape(kind: type) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Type hints of a dataclass, and the names that have no default."""
    hints = typing.get_type_hints(kind)
    needed = tuple(
        spec.name
        for spec in fields(kind)
        if spec.default is MISSING and spec.default_factory is MISSING
    )
    return {spec.name: hints[spec.name] for spec in fields(kind) if _travels(spec)}, needed


def _travels(spec: Field[Any]) -> bool:
    """Whether the field is part of the data; one marked travels=False is set by the program."""
    return bool(spec.metadata.get("travels", True))


def _is_default(spec: Field[Any], value: object) -> bool:
    if spec.default is not MISSING:
        return bool(value == spec.default and type(value) is type(spec.default))
    return spec.default_factory is not MISSING and bool(value == spec.default_factory())
