"""Numbers of sources beside a sentence, each a link to its entry in the list, and the entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dosing.presenters.guidance import Beside
from dosing.presenters.sources import Cited

register = template.Library()


@register.filter
def refs(numbers: Sequence[int]) -> SafeString | str:
    """[1, 3] as small links; nothing where nothing is cited."""
    return _refs(tuple(numbers), "source") if numbers else ""


@register.filter
def beside_refs(numbers: Sequence[int]) -> SafeString | str:
    """The same into the list of sources that guidance has for itself."""
    return _refs(tuple(numbers), "beside") if numbers else ""


@lru_cache(maxsize=2048)
def _refs(numbers: tuple[int, ...], kind: str) -> SafeString:
    links = format_html_join(
        " ", '<a href="#{}-{}">{}</a>', ((kind, number, number) for number in numbers)
    )
    return format_html('<span class="refs">[<span class="sr">source </span>{}]</span>', links)


@register.filter
@lru_cache(maxsize=256)
def drawn(found: Beside) -> SafeString:
    """Guidance and what the sources say: the same for every patient of a regimen."""
    return SafeString(get_template("dosing/_beside.html").render({"beside": found}))


@register.filter
def entries(sources: Iterable[Cited], list_name: str = "source") -> SafeString:
    """A list of sources, each entry drawn once: dozens of long texts stand on every answer."""
    return SafeString("".join(_entry(source, list_name) for source in sources))


@lru_cache(maxsize=2048)
def _entry(source: Cited, list_name: str) -> SafeString:
    shown = {"source": source, "list": list_name}
    return SafeString(get_template("dosing/_source.html").render(shown))
