"""A candidate's browser in front of the real dev server, with a model that says what the test wants."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect, sync_playwright
from support.client import ApiClient
from support.gemini import FakeGemini
from support.puppet import interviewer_script
from support.server import DevServer

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 15_000
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => reportViolation(`${event.effectiveDirective} ${event.blockedURI}`));
"""

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.server)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's browser, once for all tests."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed, so nothing can open the page")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass(slots=True)
class Service:
    """A running service and the model behind it."""

    server: DevServer
    gemini: FakeGemini

    @property
    def url(self) -> str:
        return self.server.url

    def say_always(self, script: Callable[..., Any]) -> None:
        """Let the model follow another script from now on."""
        self.gemini.script = script


@pytest.fixture
def start_service(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts the service; `model=False` leaves it the offline interviewer, keywords are its environment."""
    with ExitStack() as running:

        def start(model: bool = True, **env: str) -> Service:
            gemini = running.enter_context(FakeGemini(interviewer_script))
            known = {"CREATES_PER_MINUTE": "1000", **(gemini.env() if model else {}), **env}
            return Service(running.enter_context(DevServer(tmp_path / "data", known)), gemini)

        yield start


@pytest.fixture
def service(start_service: Callable[..., Service]) -> Service:
    """The service as it starts on a laptop, with a model."""
    return start_service()


@dataclass(slots=True)
class Tab:
    """A tab of a candidate's browser; it writes down what it asked for and what went wrong in it."""

    page: Page
    origin: str
    asked: list[tuple[str, str, float]] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("request", self._note_request)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("console", self._note_console)
        self.page.expose_binding("reportViolation", lambda _, what: self.faults.append(f"policy violation: {what}"))
        self.page.add_init_script(REPORT_VIOLATIONS)

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(self.origin + "/"):
            self.elsewhere.append(request.url)
        elif "/api/" in request.url:
            path = request.url.removeprefix(f"{self.origin}/api/interview/")
            self.asked.append((request.method, path, time.monotonic()))

    def _note_console(self, message: ConsoleMessage) -> None:
        # The browser itself reports every refused request as an error; those are what the tests provoke.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"{message.type}: {message.text}")

    def open(self, path: str = "/") -> "Tab":
        self.page.goto(self.origin + path)
        return self

    def begin(self, name: str = "Ada", role: str = "Nurse") -> "Tab":
        """Open the page and begin an interview; the greeting has been heard in full when this returns."""
        self.open()
        self.page.get_by_label("What may we call you?").fill(name)
        self.page.get_by_label("The role you practise for").fill(role)
        self.page.get_by_role("button", name="Begin the interview").click()
        self.expect_question("Welcome")
        return self

    def answer(self, words: str) -> None:
        """Type an answer and send it by the keyboard."""
        self.composer.fill(words)
        self.composer.press("Enter")

    def finish(self) -> None:
        """End the interview by the button, and confirm."""
        self.page.get_by_role("button", name="Finish now").click()
        self.page.get_by_role("button", name="Finish and get feedback").click()

    @property
    def composer(self) -> Locator:
        return self.page.get_by_label("Your answer")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def feedback(self) -> Locator:
        return self.page.get_by_role("region", name="Your feedback")

    def said(self, who: str) -> list[str]:
        """What the page shows of one speaker, in order."""
        return self.log.locator(f".entry.{who} .words").all_inner_texts()

    def expect_question(self, words: str) -> None:
        """Wait for a whole reply: the words are there and nothing is being spoken any more."""
        expect(self.log.locator(".entry.agent").last).to_contain_text(words)
        expect(self.log).to_have_attribute("aria-busy", "false")

    def expect_feedback(self) -> None:
        expect(self.feedback).to_be_visible()
        for point in ("Strength", "Gap", "Next step"):
            expect(self.feedback.get_by_text(point, exact=True)).to_be_visible()

    def calls(self) -> list[str]:
        """The requests to the functions so far, without ids."""
        kept = self.session
        return [f"{method} {path.replace(kept['id'], '<id>')}" if kept else f"{method} {path}" for method, path, _ in self.asked]

    @property
    def session(self) -> dict[str, str]:
        """The interview that this browser opened last."""
        kept: list[dict[str, str]] = self.page.evaluate(
            "() => JSON.parse(localStorage.getItem('interviewos/sessions') ?? '[]')"
        )
        return kept[0] if kept else {}

    def transcript(self) -> list[dict[str, Any]]:
        """The interview as the service has stored it."""
        with ApiClient(self.origin) as client:
            client.session_id, client.session_token = self.session["id"], self.session["token"]
            stored: list[dict[str, Any]] = client.messages()["messages"]
        return stored


def words_of(role: str, transcript: list[dict[str, Any]]) -> list[str]:
    """What one role said, in order."""
    return [message["text"] for message in transcript if message["role"] == role]


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def open_tab(context: BrowserContext) -> Iterator[Callable[[Service], Tab]]:
    """Opens tabs of one browser. Whatever a test is about, its pages run without a fault and ask no other host."""
    tabs: list[Tab] = []

    def new(service: Service) -> Tab:
        tab = Tab(context.new_page(), service.url)
        tab.watch()
        tabs.append(tab)
        return tab

    yield new
    for tab in tabs:
        assert [] == tab.faults
        assert [] == tab.elsewhere


@pytest.fixture
def tab(open_tab: Callable[[Service], Tab], service: Service) -> Tab:
    """The one tab of a test that needs one."""
    return open_tab(service)
