"""The digest of a frozen document, over its very text."""

from __future__ import annotations

from hashlib import sha256


def digest_of(document: str) -> str:
    """SHA-256 of the text in UTF-8, as "sha256:…"; equals engine.digest of the encoded content."""
    return "sha256:" + sha256(document.encode()).hexdigest()
