from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from dosing.models import ContentRelease


@admin.register(ContentRelease)
class ReleasePage(admin.ModelAdmin):
    """To be read only: a frozen release is never edited, not even by an administrator."""

    list_display = ("edition", "state", "frozen_at", "approved_at", "digest")
    list_filter = ("use", "review")
    search_fields = ("edition", "digest")
    fields = ("edition", "digest", "use", "is_shipped", "frozen_at", "approved_at", "document")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
