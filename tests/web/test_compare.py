"""Two regimens side by side: doses, days, tests, sources, and the differences named."""

import re
from collections.abc import Callable

from django.http import HttpResponse
from django.test import Client

from dosing.models import ContentRelease

from .patients import COLITIS, COLITIS_ON_DIALYSIS
from .posting import DRUG_FIGURE

Asking = Callable[..., HttpResponse]
OTHER = {"other": "ibd-colitis-daily-step-down"}


def row(html: str, about: str) -> list[str]:
    """Both sides of one line."""
    line = html.partition(f'<th scope="row">{about}')[2].partition("</tr>")[0]
    assert line, about
    return re.findall(r"<td>(.*?)</td>", line)


def test_twice_a_day_against_once_a_day(posted: Asking) -> None:
    answer = posted(COLITIS | OTHER, to="/compare/")
    html = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    left, right = row(html, "Order 2")
    assert "900\u00a0mg by mouth every 12 hours" in left
    assert "Treatment exposure" in left
    assert "900\u00a0mg by mouth once a day" in right
    assert "Maintenance exposure: keeps down or prevents" in right
    first, second = row(html, "Blood count")
    assert "10, 15, 17, 22" in first
    assert "17" not in second
    sources, others = row(html, "Sources of doses and lengths")
    assert "Kotton" in sources
    assert "vedolizumab in inflammatory bowel disease" in others
    assert "Colitis: tablets at the treatment dose or at the maintenance dose?" in html
    assert "Twice a day gives about the exposure of IV treatment" in html
    assert html.count("<strong>differs</strong>") >= 4


def test_a_drug_that_is_stopped_has_no_figure_here_either(posted: Asking) -> None:
    html = posted(COLITIS_ON_DIALYSIS | OTHER, to="/compare/").content.decode()
    for side in row(html, "Order 2"):
        assert "Not given" in side
        assert not DRUG_FIGURE.search(side)


def test_without_a_second_regimen_it_says_what_is_missing(posted: Asking) -> None:
    answer = posted(COLITIS, to="/compare/")
    assert answer.status_code == 422
    assert "Choose a regimen." in answer.content.decode()


def test_nothing_is_compared_without_inputs(client: Client, content: ContentRelease) -> None:
    assert client.get("/compare/").status_code == 302


def test_the_page_offers_it(posted: Asking) -> None:
    html = posted(COLITIS).content.decode()
    assert 'name="other" value="ibd-colitis-daily-step-down"' in html
