"""The page as it is deployed: bundled, behind the headers and rewrites of Hosting, with voice."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Response, expect

from browser.spoken import speak_then_write
from browser.tab import Service, Tab
from hosting.emulator import build
from support.candidates import NURSE
from support.emulators import require
from support.fake_agent import FakeAgent
from support.hosting import Hosting, why_not_built
from support.livekit import LiveKitServer

MOST_BYTES = 46_000
"""Compressed, of everything that the first view loads, fonts and answers of the functions apart."""
ON_DEMAND = ("/vendor/", "/voice/", "/views/voice/", "/appcheck", "/export")
FUNCTIONS = ("create", "messages", "next-turn", "token")


@dataclass(frozen=True)
class Deployed:
    """A build of the page, and the functions behind it, all in one process and with voice."""

    service: Service
    origin: str
    open_tab: Callable[[Service], Tab]

    def tab(self) -> Tab:
        """Open a tab that is to show the build."""
        tab = self.open_tab(self.service)
        tab.origin = self.origin
        return tab


@pytest.fixture
def deployed(
    start_service: Callable[..., Service], open_tab: Callable[[Service], Tab], tmp_path: Path
) -> Iterator[Deployed]:
    """The page as infra/deploy-hosting builds it, served as Hosting would."""
    require(why_not_built() or LiveKitServer.why_not())
    functions: dict[str, str] = {}
    with LiveKitServer() as livekit:
        page = build(tmp_path / "page", livekit_url=livekit.url)
        with Hosting(functions, page) as hosting:
            service = start_service(**livekit.env(), ALLOWED_ORIGINS=hosting.url)
            service.livekit = livekit
            functions.update(dict.fromkeys(FUNCTIONS, service.url))
            yield Deployed(service, hosting.url, open_tab)


def weigh(tab: Tab) -> dict[str, int]:
    """Open the page, and say what it loads and how many bytes of it are sent."""
    responses: list[Response] = []
    tab.page.on("response", lambda response: responses.append(response))
    tab.open()
    expect(tab.page.get_by_text("You will be interviewed")).to_be_visible()
    tab.page.wait_for_load_state("networkidle")
    paths = [response.url.removeprefix(tab.origin) for response in responses]
    assert len(paths) == len(set(paths)), "nothing is asked twice"
    return {
        path: len(gzip.compress(response.body()))
        for path, response in zip(paths, responses, strict=True)
        if not path.startswith(("/api/", "/fonts/"))
    }


def test_the_first_view_is_light(deployed: Deployed) -> None:
    """Page, styles and scripts stay below 46 kB compressed, and what only some need is not among them."""
    sizes = weigh(deployed.tab())
    print(sum(sizes.values()), sizes)

    assert {"/", "/main.css", "/main.js", "/config.json"} <= sizes.keys()
    assert not [path for path in sizes if path.startswith(ON_DEMAND)]
    assert sum(sizes.values()) <= MOST_BYTES


def test_the_scripts_of_the_first_view_are_asked_for_together(deployed: Deployed) -> None:
    """None of them waits until another one was read."""
    tab = deployed.tab().open()
    expect(tab.page.locator("#too-old")).to_have_count(0)
    first = tab.page.locator("head link[rel=modulepreload], head script[type=module]").evaluate_all(
        "(all) => all.map((one) => new URL(one.href ?? one.src).pathname)"
    )
    loaded = tab.page.evaluate(
        """() => performance.getEntriesByType("resource")
          .map(({ name }) => new URL(name).pathname)
          .filter((path) => path.endsWith(".js"))"""
    )
    assert sorted(loaded) == sorted([*first, "/old.js"])


@pytest.mark.livekit
def test_an_interview_is_spoken_and_written_with_what_is_deployed(
    deployed: Deployed, interviewer: Callable[..., FakeAgent]
) -> None:
    """What is loaded on demand comes: microphone, room, and at the end the file to keep."""
    tab = deployed.tab().begin_by_voice()
    speak_then_write(tab, interviewer(tab, deployed.service))
    tab.finish()
    tab.expect_feedback()
    with tab.page.expect_download() as download:
        tab.press("Save as text")

    assert NURSE[1].split(".")[0] in Path(download.value.path()).read_text(encoding="utf-8")
    assert list(NURSE[:2]) == tab.said("user")


def test_what_does_not_load_is_said_and_loaded_by_the_next_press(deployed: Deployed) -> None:
    """A part of the page that is lost on the way costs a press, and no word; writing goes on meanwhile."""
    tab = deployed.tab()
    tab.page.route("**/voice/controller.js", lambda route: route.abort())
    tab.begin()
    tab.press("Speak")
    expect(tab.page.get_by_text("A part of this page did not load.")).to_be_visible()
    tab.answer(NURSE[0])
    tab.expect_replies(2)
    expect(tab.page.get_by_text("A part of this page did not load.")).to_be_hidden()
    tab.page.unroute("**/voice/controller.js")
    tab.press("Speak")
    expect(tab.page.get_by_text("We hear you.")).to_be_visible()
