"""A candidate's browser in front of the real dev server, with a model that says what the test wants."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from browser.states import three_services
from browser.tab import Service, Tab
from support.emulators import require
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
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.server)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's browser, once for all tests here; its event loop must be gone before other tests want their own."""
    require(None if Path(CHROMIUM).exists() else "chromium is not installed, so nothing can open the page")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


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
def service(services: dict[str, Service]) -> Iterator[Service]:
    """The service as it starts on a laptop, with a model; shared, so a test that kills it starts its own."""
    yield services["model"]
    services["model"].say_always(interviewer_script)


@pytest.fixture(scope="package")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Service]]:
    """Three services, one for each kind of state that the page can be in; shared, so nobody kills them."""
    with three_services(tmp_path_factory.mktemp("services")) as running:
        yield running


@pytest.fixture
def context(chromium: Browser, start_service: Callable[..., Service]) -> Iterator[BrowserContext]:
    """A browser that has never been here; it is closed before the services are, which wait for their connections."""
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
        assert tab.faults == []
        assert tab.elsewhere == []


@pytest.fixture
def tab(open_tab: Callable[[Service], Tab], service: Service) -> Tab:
    """The one tab of a test that needs one."""
    return open_tab(service)
