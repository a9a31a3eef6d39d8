"""A candidate's browser in front of the real dev server, with a model that says what the test wants."""

import array
import math
import shutil
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from browser.states import running_services
from browser.tab import Service, Tab
from support.client import ApiClient
from support.emulators import require
from support.fake_agent import FakeAgent
from support.gemini import FakeGemini
from support.livekit import LiveKitServer
from support.puppet import interviewer_script
from support.server import DevServer

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
"""The shell draws no windows of its own: half the processor time."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP interview.local 127.0.0.1",
)
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)


def with_microphone(folder: Path) -> list[str]:
    """Arguments for a browser with a microphone that hears somebody speak for two seconds in every four."""
    sound = folder / "microphone.wav"
    rate = 48_000
    with wave.open(str(sound), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(array.array("h", [_voice(step / rate) for step in range(4 * rate)]).tobytes())
    return [
        *ARGUMENTS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={sound}",
        "--autoplay-policy=no-user-gesture-required",
        "--allow-loopback-in-peer-connection",
    ]


def _voice(second: float) -> int:
    """One sample of something with the pitch and the syllables of a voice."""
    if second >= 2:
        return 0
    pitch = 140 + 30 * math.sin(2 * math.pi * 1.5 * second)
    tones = sum(math.sin(2 * math.pi * pitch * harmonic * second) / harmonic for harmonic in range(1, 12))
    return round(6000 * tones * max(0.0, math.sin(2 * math.pi * 2 * second)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.server)


@pytest.fixture(scope="package")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's browser, once for all tests here; its event loop must be gone before other tests want their own."""
    require(None if Path(CHROMIUM).exists() else "chromium is not installed, so nothing can open the page")
    with sync_playwright() as playwright:
        arguments = with_microphone(tmp_path_factory.mktemp("microphone"))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def start_service(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts the service; `model=False` leaves it the offline interviewer, keywords are its environment."""
    with ExitStack() as running:

        def start(model: bool = True, **env: str) -> Service:
            gemini = running.enter_context(FakeGemini(interviewer_script))
            gemini.wordings = ""
            known = {"CREATES_PER_MINUTE": "1000", **(gemini.env() if model else {}), **env}
            return Service(running.enter_context(DevServer(tmp_path / "data", known)), gemini)

        yield start


@pytest.fixture
def service(services: dict[str, Service]) -> Iterator[Service]:
    """The service as it starts on a laptop, with a model; shared, so a test that kills it starts its own."""
    yield services["model"]
    services["model"].say_always(interviewer_script)
    services["model"].gemini.wordings = ""


@pytest.fixture(scope="package")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Service]]:
    """A service for each kind of state that the page can be in; shared, so nobody kills them."""
    with running_services(tmp_path_factory.mktemp("services")) as running:
        yield running


@pytest.fixture
def context(chromium: Browser, start_service: Callable[..., Service]) -> Iterator[BrowserContext]:
    """A browser that has never been here; it is closed before the services are, which wait for their connections."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, permissions=["microphone"])
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def open_tab(context: BrowserContext) -> Iterator[Callable[[Service], Tab]]:
    """Opens tabs of one browser. Whatever a test is about, its pages run without a fault and ask no other host."""
    tabs: list[Tab] = []

    def new(service: Service) -> Tab:
        tab = service.tab(context.new_page())
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


@pytest.fixture
def voice(services: dict[str, Service]) -> Iterator[Service]:
    """The service as it starts where LiveKit is, shared like the others."""
    require(LiveKitServer.why_not())
    yield services["voice"]
    services["voice"].say_always(interviewer_script)


@pytest.fixture
def interviewer() -> Iterator[Callable[..., FakeAgent]]:
    """Lets an interviewer join the voice room of the interview that a tab has open; keywords are FakeAgent's."""
    with ExitStack() as there:

        def join(tab: Tab, service: Service, **how: str) -> FakeAgent:
            engine = there.enter_context(ApiClient(service.url, secret=service.server.secret, door="secret"))
            tab.expect_in_an_interview()
            engine.session_id = tab.session["id"]
            assert service.livekit is not None, "this service has no voice"
            return there.enter_context(FakeAgent(service.livekit, engine, **how))

        yield join
