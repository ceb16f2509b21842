"""The clinical content as pages: rows to edit, releases to read."""

from django.contrib import admin

from . import (
    drug,
    edition,
    example,
    guidance,
    handling,
    monitoring,
    regimen,
    release,
    row_edits,
    source,
    tables,
    upgrade,
)

__all__ = [
    "drug",
    "edition",
    "example",
    "guidance",
    "handling",
    "monitoring",
    "regimen",
    "release",
    "row_edits",
    "source",
    "tables",
    "upgrade",
]

admin.site.site_header = "CMV dosing – clinical content"
admin.site.site_title = "CMV dosing"
admin.site.index_title = "Edits do not reach the calculator until they are released"
