"""Real Chromium against a real server; a console error or a foreign request fails a test."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from dosing.content.digest import digest_of
from dosing.content.load import shipped_formulary
from dosing.engine.codec import canonical, encode
from dosing.forms import asking
from dosing.models import ContentRelease
from dosing.views import calculator as calculator_view
from tests.web.posting import UNTOUCHED, fields_of

#: What Chromium writes by itself where the server refuses what the Calculate button sent.
REFUSED = "the server responded with a status of 422"


@dataclass
class Delay:
    """Seconds each question waits at the server, in turn; the last holds for all that follow."""

    seconds: list[float] = field(default_factory=lambda: [0.0])
    asked: int = 0

    def wait(self) -> None:
        place = min(self.asked, len(self.seconds) - 1)
        self.asked += 1
        time.sleep(self.seconds[place])


@dataclass
class Watch:
    """What a page must not do."""

    host: str
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=lambda: [REFUSED])

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(one in message.text for one in self.allowed):
            self.errors.append(message.text)

    def on_request(self, request: Request) -> None:
        if not request.url.startswith((self.host, "data:")):
            self.foreign.append(request.url)

    def follow(self, page: Page) -> None:
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self.on_request)


@pytest.fixture
def content(live_server: Any) -> None:
    """The shipped edition, live."""
    document = canonical(encode(shipped_formulary()))
    ContentRelease.objects.create(
        edition=shipped_formulary().edition,
        digest=digest_of(document),
        document=document,
        frozen_at=timezone.now(),
        is_shipped=True,
        use="live",
        live_from=timezone.now(),
    )


@pytest.fixture
def delay(monkeypatch: pytest.MonkeyPatch) -> Delay:
    """A server that takes its time."""
    slow, ask = Delay(), asking.ask

    def waiting(*args: Any, **kwargs: Any) -> Any:
        slow.wait()
        return ask(*args, **kwargs)

    monkeypatch.setattr(calculator_view, "ask", waiting)
    return slow


@pytest.fixture
def watch(live_server: Any, context: BrowserContext) -> Iterator[Watch]:
    watching = Watch(live_server.url)
    context.on("page", watching.follow)
    yield watching
    assert watching.errors == []
    assert watching.foreign == []


@pytest.fixture
def desk(content: None, watch: Watch, live_server: Any, page: Page) -> Page:
    """The calculator, open and empty."""
    page.set_viewport_size({"width": 1280, "height": 720})
    page.set_default_timeout(5000)
    page.goto(live_server.url)
    return page


@pytest.fixture
def plain_desk(content: None, live_server: Any, browser: Browser) -> Iterator[Page]:
    """The calculator in a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(5000)
    page.goto(live_server.url)
    yield page
    context.close()


def fill(page: Page, payload: dict[str, Any]) -> None:
    """Enter a payload as a person would; the regimen first, since it brings in its rows."""
    fields = fields_of(payload)
    first = ("regimen", "dialysis", "age_unit", "kidney_input")
    for name in sorted(fields, key=lambda one: one not in first):
        value = fields[name]
        if value == UNTOUCHED.get(name):
            continue
        for one in value if isinstance(value, list) else [value]:
            enter(page, name, one)


def enter(page: Page, name: str, value: str) -> None:
    found = page.locator(f"#plan [name='{name}']")
    kind = found.first.evaluate("one => one.type")
    group = page.locator(f"#plan details:not([open]):has([name='{name}'])")
    if group.count():
        group.locator("summary").click()
    if kind == "radio" or kind == "checkbox":
        page.locator(f"#plan [name='{name}'][value='{value}']").check()
    elif kind.startswith("select"):
        found.select_option(value)
    else:
        found.fill(value)
