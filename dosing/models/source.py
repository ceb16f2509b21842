"""Sources: where a figure stands in print."""

from __future__ import annotations

from django.db import models

from .row import Ordered


class Source(Ordered):
    """A label, guideline or article; or the words "this content's default"."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    section = models.CharField(max_length=500, blank=True, default="")
    edition = models.CharField(max_length=500, blank=True, default="")
    address = models.CharField(max_length=1000, blank=True, default="")
    note = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.slug}: {self.title}"
