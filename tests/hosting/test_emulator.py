"""The page behind Firebase's own Hosting emulator: what it is served with, and an interview through its rewrites."""

import json
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import expect

from browser.tab import Tab, words_of
from hosting.emulator import REGION, ROOT, HostingEmulator, build, why_not
from support.candidates import NURSE
from support.emulators import require
from support.local_server import Exchange, LocalServer

STRICT = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "microphone=(self), camera=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",
}
A_SESSION = "sessions/0b9d6f1c-7f0e-4f39-9d5c-0a8f5c1d2e3f"
ROUTES = {
    "sessions/create": "create",
    "sessions/create/": "create",
    "sessions/create/health": "create",
    "openapi.json": "create",
    "plans": "create",
    "ui/next_turn": "next-turn",
    "ui/next_turn/health": "next-turn",
    "engine/next_turn": "next-turn",
    "livekit/token": "token",
    "livekit/token/health": "token",
    "sessions/messages/health": "messages",
    A_SESSION: "messages",
    f"{A_SESSION}/messages": "messages",
    f"{A_SESSION}/report": "messages",
    f"{A_SESSION}/report/wrong": "messages",
    f"{A_SESSION}/report/health": "messages",
    "no/such/path": "messages",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The page as it is in the repository, and functions that answer with where they were asked."""
    require(why_not())

    def echo(exchange: Exchange) -> None:
        exchange.send_json(200, {"asked": exchange.path})

    folder = build(tmp_path_factory.mktemp("standard"))
    (folder / "firebase.json").write_text((ROOT / "hosting" / "firebase.json").read_text())
    with (
        LocalServer(echo) as functions,
        HostingEmulator(folder, f"{functions.url}/{{service}}") as emulator,
        httpx.Client(base_url=emulator.url, trust_env=False) as client,
    ):
        yield client


@pytest.mark.parametrize(
    "path", ["/", "/problems", "/main.js", "/config.json", "/fonts/inter.woff2", "/problems.html", "/nothing-here"]
)
def test_every_answer_of_the_page_is_strict(site: httpx.Client, path: str) -> None:
    """Whatever the page is made of comes with all headers, redirects and what is not there included."""
    headers = site.get(path).headers
    policy = {
        name: sources for name, *sources in (part.split() for part in headers["content-security-policy"].split(";"))
    }

    assert STRICT.items() <= dict(headers).items()
    assert (
        policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == ["'none'"]
    )
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert policy["require-trusted-types-for"] == ["'script'"]
    assert policy["trusted-types"] == ["'none'"]


def test_what_is_not_there_is_said_by_our_own_page(site: httpx.Client) -> None:
    """Status 404, and a way to the start page."""
    answer = site.get("/nothing-here")

    assert answer.status_code == 404
    assert "There is no page here" in answer.text


@pytest.mark.parametrize(
    ("asked", "there"), [("/problems.html", "/problems"), ("/problems/", "/problems"), ("/index.html", "/")]
)
def test_each_page_has_one_address(site: httpx.Client, asked: str, there: str) -> None:
    """Names of files and slashes at the end lead to the clean address."""
    answer = site.get(asked)

    assert (answer.status_code, answer.headers["location"]) == (301, there)
    assert site.get(there).status_code == 200


@pytest.mark.parametrize(("path", "service"), ROUTES.items())
def test_every_call_is_sent_to_its_function(site: httpx.Client, path: str, service: str) -> None:
    """The path is kept, and nothing of it is cached on the way."""
    answer = site.get(f"/api/interview/{path}")

    assert answer.json() == {"asked": f"/{service}/api/interview/{path}"}
    assert answer.headers["cache-control"] == "no-store"


def test_each_function_stands_in_one_rewrite_and_is_pinned() -> None:
    """The page stays with the functions it was deployed with; one named twice would be tagged twice at once."""
    rewrites = json.loads((ROOT / "hosting" / "firebase.json").read_text())["hosting"]["rewrites"]

    assert all(rewrite["run"]["pinTag"] is True for rewrite in rewrites)
    assert sorted(rewrite["run"]["serviceId"] for rewrite in rewrites) == ["create", "messages", "next-turn", "token"]


def test_an_interview_through_the_rewrites(
    deploy: Callable[..., HostingEmulator], open_tab: Callable[..., Tab]
) -> None:
    """A deployment that says nothing of itself holds a whole interview on its one origin, and forgets it on request."""
    tab = open_tab()
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.open()
    expect(tab.page.locator("#interviewer")).to_have_text("You will be interviewed by an AI.")
    expect(tab.page.get_by_text("reCAPTCHA")).to_be_hidden()
    tab.begin()
    tab.answer(NURSE[0])
    tab.expect_question("what kind of work")
    tab.page.reload()
    tab.expect_question("what kind of work")
    tab.finish()
    tab.expect_feedback()

    assert words_of("user", tab.transcript()) == [NURSE[0]]
    assert set(deploy().services) == {f"{REGION}/services/{name}" for name in ("create", "next-turn", "messages")}
    assert tab.elsewhere == []
    assert not [address for address in asked if "appcheck" in address]
    tab.page.get_by_role("button", name="Delete my data").click()
    tab.page.get_by_role("button", name="Delete", exact=True).click()
    expect(tab.page.get_by_text("The interview is deleted.")).to_be_visible()
