"""With a stop, no figure of the stopped drug exists anywhere: not on the page, not on paper."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse

from .patients import COMBINATION, FIRST, STOPPED
from .posting import DRUG_FIGURE

Asking = Callable[..., HttpResponse]


def figures(html: str) -> list[str]:
    html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)  # random letters
    return [html[max(0, one.start() - 40) : one.end() + 20] for one in DRUG_FIGURE.finditer(html)]


@pytest.mark.parametrize("payload", STOPPED.values(), ids=STOPPED.keys())
@pytest.mark.parametrize("to", ["/", "/sheet/"])
def test_a_stopped_plan_has_no_figure_of_a_drug(
    posted: Asking, payload: dict[str, Any], to: str
) -> None:
    answer = posted(payload, to=to)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "No dose:" in html
    assert figures(html) == []
    for drawing in ('class="picture', 'class="strip', 'class="ladder', 'class="grid'):
        assert drawing not in html


@pytest.mark.parametrize("to", ["/", "/sheet/"])
def test_maribavir_beside_ganciclovir(posted: Asking, to: str) -> None:
    """Each blocks the other: no figure of ganciclovir, and what the mechanism is."""
    html = posted(FIRST | {"taking": ["maribavir", "simvastatin"]}, to=to).content.decode()
    assert "Maribavir blocks the enzyme that activates ganciclovir" in html
    assert figures(html) == []


@pytest.mark.parametrize("to", ["/", "/sheet/"])
def test_the_other_drug_of_a_combination_stays(posted: Asking, to: str) -> None:
    html = posted(COMBINATION | {"labs": {"anc": "0.4"}}, to=to).content.decode()
    assert "NOT the combination: ganciclovir IV is not given." in html
    assert "4,900\u00a0mg" in html
    assert "350\u00a0mg" not in html
    assert "5\u00a0mg/kg every 12 hours" not in html


def test_a_stop_on_dialysis_leads_to_what_is_published(posted: Asking) -> None:
    html = posted(STOPPED["peritoneal dialysis"]).content.decode()
    assert 'href="/reference/dialysis/"' in html
