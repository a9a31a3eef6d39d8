"""The page as it is deployed, behind Firebase's own Hosting emulator."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE_MS
from browser.tab import Service, Tab
from hosting.emulator import HostingEmulator, build, why_not
from support.emulators import require
from support.gemini import FakeGemini
from support.process import free_port
from support.puppet import interviewer_script
from support.server import DevServer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and "open_tab" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.server)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's browser, once for all tests here."""
    require(None if Path(CHROMIUM).exists() else "chromium is not installed, so nothing can open the page")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def ports() -> list[int]:
    """Where deployments will be: the functions must know a page's origin before it is there."""
    return [free_port() for _ in range(4)]


@pytest.fixture(scope="package")
def service(ports: list[int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """All functions in one process, for the pages on those ports."""
    origins = ",".join(f"http://127.0.0.1:{port}" for port in ports)
    env = {"CREATES_PER_MINUTE": "1000", "ALLOWED_ORIGINS": origins}
    with (
        FakeGemini(interviewer_script) as gemini,
        DevServer(tmp_path_factory.mktemp("functions"), {**env, **gemini.env()}) as server,
    ):
        yield Service(server, gemini)


@pytest.fixture
def start_functions(service: Service, tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts functions beside those; keywords are their environment."""
    with ExitStack() as running:

        def start(**env: str) -> Service:
            server = DevServer(tmp_path / "other", {**service.gemini.env(), **env})
            return Service(running.enter_context(server), service.gemini)

        yield start


@pytest.fixture(scope="module")
def deploy(
    service: Service, ports: list[int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., HostingEmulator]]:
    """Deploys the page with what Terraform says of it in keywords; the same words are the same deployment."""
    require(why_not())
    deployed: dict[str, HostingEmulator] = {}
    with ExitStack() as running:

        def start(**page: Any) -> HostingEmulator:
            words = repr(page)
            if words not in deployed:
                folder = build(tmp_path_factory.mktemp("build"), **page)
                emulator = HostingEmulator(folder, service.url, ports[len(deployed)])
                deployed[words] = running.enter_context(emulator)
            return deployed[words]

        yield start


@pytest.fixture
def context(chromium: Browser, deploy: Callable[..., HostingEmulator]) -> Iterator[BrowserContext]:
    """A browser that has never been here; it is closed before the emulators are."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def open_tab(context: BrowserContext, deploy: Callable[..., HostingEmulator]) -> Iterator[Callable[..., Tab]]:
    """Opens a tab for a deployment; keywords as in `deploy`. Whatever a test is about, nothing breaks the policy."""
    tabs: list[Tab] = []

    def new(**page: Any) -> Tab:
        tab = Tab(context.new_page(), deploy(**page).url)
        tab.watch()
        tabs.append(tab)
        return tab

    yield new
    for tab in tabs:
        assert tab.faults == []
