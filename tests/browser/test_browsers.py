"""Browsers of the last three years, each one feature poorer; older ones; and a page that came over plain http.

Which browsers those are, one sentence says, in index.html. What the page uses and some of them lack stands here, and is
compared with what its sources use.
"""

import json
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from browser.spoken import speak_then_write
from browser.tab import Service, Tab
from support.candidates import NURSE
from support.emulators import require
from support.fake_agent import FakeAgent

SOURCES = Path(__file__).parents[2] / "hosting" / "src"
READER = Path(__file__).with_name("features.mjs")
PHONE = {"width": 390, "height": 700}

SCRIPTS = {
    "api.AbortSignal.any_static": "delete AbortSignal.any;",
    "api.Element.checkVisibility": "delete Element.prototype.checkVisibility;",
}
"""What everybody's scripts use, and how it is taken from a browser."""

STYLES = {
    "css.at-rules.page": "margins of paper",
    "css.properties.break-after.avoid": "a heading at the foot of a sheet",
    "css.properties.forced-color-adjust": "what is chosen, in forced colours; an outline says it, too",
    "css.properties.orphans": "paper",
    "css.properties.overflow-clip-margin": "the tail of a letter",
    "css.properties.text-size-adjust": "for phones, where it is known by a prefix",
    "css.properties.text-wrap": "how lines share their words",
    "css.properties.widows": "paper",
    "css.selectors.dir": "which corner is round, where the level begins",
    "css.selectors.has": "gaps where nothing stands",
}
"""What main.css uses, and what it looks like without; layout needs none of them."""

SPEAKERS = {
    "api.Document.pictureInPictureElement": "delete Document.prototype.pictureInPictureElement;",
    "api.Navigator.connection": "delete Navigator.prototype.connection;",
    "api.Navigator.userAgentData": "delete Navigator.prototype.userAgentData;",
    "api.Navigator.wakeLock": "delete Navigator.prototype.wakeLock;",
    "api.RTCErrorEvent": "delete window.RTCErrorEvent;",
    "api.RTCPeerConnectionIceErrorEvent": "delete window.RTCPeerConnectionIceErrorEvent;",
    "api.RTCRtpScriptTransform": "delete window.RTCRtpScriptTransform;",
    "api.Window.documentPictureInPicture": "delete window.documentPictureInPicture;",
    "api.WakeLock": "delete window.WakeLock;",
    "api.WakeLockSentinel": "delete window.WakeLockSentinel;",
    "javascript.builtins.Error.captureStackTrace": "delete Error.captureStackTrace;",
    "javascript.builtins.SuppressedError": "delete window.SuppressedError;",
    "javascript.builtins.Uint8Array.fromBase64": "delete Uint8Array.fromBase64;",
}
"""What is loaded for speakers only: most of it is LiveKit's client's."""

HALF = {
    "api.AbortSignal.timeout_static": "another name for the same error",
    "api.KeyboardEvent.isComposing": "false for the key that ends a composition, in Safari",
    "api.MediaStreamTrack.muted": "not by a switch of the machine: such a microphone is silent",
    "api.Window.devicePixelRatio": "does not follow a zoom",
    "css.properties.cursor": "no pointer on a phone",
    "css.properties.resize": "no handle on a phone",
    "html.elements.link.rel.icon": "another format",
    "html.elements.meta.name.theme-color": "the colour of the browser's own bars",
    "html.elements.meta.name.viewport": "for phones",
}
"""What some browsers know by half, so that there is nothing to take away."""

NEEDS_HTTPS = {
    "api.Crypto.randomUUID": "features.js has another",
    "api.MediaDeviceInfo": "voice",
    "api.MediaDevices": "voice",
    "api.Navigator.mediaDevices": "voice",
    "api.Navigator.wakeLock": "voice",
    "api.WakeLock": "voice",
    "api.WakeLockSentinel": "voice",
}
"""What browsers give to https pages only, and who needs it."""

KNOWN_BY_THE_BROWSER = """() => Object.getOwnPropertyNames(window).flatMap((name) => {
  const members = (one, mark) => Object.getOwnPropertyNames(one ?? {}).map((member) => `api.${name}.${member}${mark}`);
  const one = /^[A-Z]/.test(name) ? window[name] : null;
  return [`api.${name}`, `api.Window.${name}`, ...members(one, "_static"), ...members(one?.prototype, "")];
})"""


def read(*files: Path) -> dict[str, Any]:
    """Read sources: what they use, and what of it is too young for a browser of the sentence."""
    require(None if shutil.which("node") else "node is missing, so nobody can read the sources of the page")
    require(None if (READER.parent / "node_modules" / "typescript").exists() else "tests/install-tools did not run")
    said = re.search(r"Chrome, Edge or Firefox ([\d.]+), Safari ([\d.]+)", (SOURCES / "index.html").read_text())
    assert said, "index.html does not say which browsers it is for"
    others, safari = said.groups()
    browsers = {"chrome": others, "edge": others, "firefox": others, "safari": safari, "safari_ios": safari}
    command = ["node", str(READER), json.dumps(browsers), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@cache
def features() -> dict[str, Any]:
    """Read the page."""
    return read(*(path for path in sorted(SOURCES.rglob("*")) if path.suffix in (".html", ".css", ".js", ".mjs")))


def without(feature: str, styles: str) -> str:
    """The style sheet as a browser sees it that does not know the feature."""
    _, kind, name, *value = feature.split(".")
    if kind == "selectors":
        return re.sub(rf":{name}\b", f":unknown-{name}", styles)
    if kind == "at-rules":
        return styles.replace(f"@{name} ", f"@unknown-{name} ")
    if value:
        return re.sub(rf"(?<![\w-]){name}: {value[0]};", f"{name}: unknown;", styles)
    return re.sub(rf"(?<![\w-]){name}:", f"unknown-{name}:", styles)


def take_away(page: Page, *names: str) -> None:
    """Let the page run in a browser without these."""
    page.add_init_script("\n".join((SCRIPTS | SPEAKERS)[name] for name in names if name not in STYLES))

    def style(route: Route) -> None:
        sheet = (SOURCES / "main.css").read_text()
        for name in STYLES.keys() & set(names):
            poorer = without(name, sheet)
            assert poorer != sheet, name
            sheet = poorer
        route.fulfill(content_type="text/css", body=sheet)

    page.route("**/main.css", style)


def hold_an_interview(tab: Tab) -> None:
    """On a phone, by touch alone: whatever is pressed must be in view and not covered, and nothing is dead."""
    tab.page.set_viewport_size(PHONE)
    tab.begin()
    for number, words in enumerate(NURSE[:2], 2):
        tab.composer.fill(f"{words}\n\nAnd that is all.")
        expect(tab.composer).to_be_in_viewport()
        tab.press("Send")
        tab.expect_replies(number)
    assert tab.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    tab.page.get_by_role("button", name="Finish now").click()
    tab.page.keyboard.press("Escape")
    expect(tab.page.get_by_role("button", name="Finish now")).to_be_focused()
    tab.finish()
    tab.expect_feedback()
    expect(tab.page.get_by_role("heading", name="Your feedback")).to_be_focused()
    assert [f"{words}\n\nAnd that is all." for words in NURSE[:2]] == tab.said("user")
    tab.press("Delete my data")
    tab.press("Delete")
    expect(tab.page.get_by_text("The interview is deleted.")).to_be_visible()


def not_in(listed: dict[str, str], names: Iterable[str]) -> list[str]:
    """The features that do not stand in a list, nor the one that they belong to."""
    return [name for name in names if not any(f"{name}.".startswith(f"{one}.") for one in listed)]


def test_everything_that_some_of_these_browsers_lack_stands_in_a_list() -> None:
    """And nothing stands there that the page does not use, or that all of them have by now."""
    young = features()["young"]
    lists = {**SCRIPTS, **STYLES, **SPEAKERS, **HALF}
    assert not_in(lists, young) == []
    assert [one for one in lists if not_in({one: ""}, young) == [*young]] == []


def test_the_reader_sees_what_is_young(tmp_path: Path) -> None:
    """By type in scripts, by name in style sheets and markup; what is old enough is only counted."""
    (tmp_path / "a.js").write_text("document.body.togglePopover(); const { groupBy } = Object; [1].toSorted();")
    (tmp_path / "a.css").write_text("a { color: light-dark(red, blue); &:open { interpolate-size: allow-keywords } }")
    (tmp_path / "a.html").write_text("<!doctype html><dialog closedby=any></dialog><div popover inert></div>")
    found = read(*sorted(tmp_path.iterdir()))
    assert sorted(found["young"]) == [
        "api.HTMLElement.togglePopover",
        "css.properties.interpolate-size",
        "css.properties.interpolate-size.allow-keywords",
        "css.selectors.nesting",
        "css.selectors.open",
        "css.types.light-dark",
        "html.elements.dialog.closedby",
        "html.elements.div.popover",
        "javascript.builtins.Object.groupBy",
    ]
    assert {"javascript.builtins.Array.toSorted", "html.elements.div.inert"} <= {*found["used"]}


@pytest.mark.parametrize("script", ["/./v;", "await fetch('/');", "using one = two;", "class A { static { b(); } }"])
def test_the_reader_refuses_young_syntax(tmp_path: Path, script: str) -> None:
    """A page with one such line does not start at all in a browser that does not know it."""
    (tmp_path / "a.js").write_text(script)
    with pytest.raises(AssertionError, match="SyntaxError"):
        read(tmp_path / "a.js")


@pytest.mark.parametrize("name", [*SCRIPTS, *(pytest.param(name, marks=pytest.mark.long) for name in STYLES)])
def test_an_interview_is_held_without_it(tab: Tab, name: str) -> None:
    """Nothing is dead and nothing is lost in a browser that lacks the one thing."""
    take_away(tab.page, name)
    hold_an_interview(tab)


def test_an_interview_is_held_without_all_of_it(tab: Tab) -> None:
    """No browser lacks everything, so this is harder than any."""
    take_away(tab.page, *SCRIPTS, *STYLES)
    hold_an_interview(tab)


@pytest.mark.livekit
def test_an_interview_is_spoken_without_all_of_it(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Callable[..., FakeAgent]
) -> None:
    """Nor does a speaker need it: heard, captioned, and back in writing."""
    tab = open_tab(voice)
    take_away(tab.page, *SCRIPTS, *STYLES, *SPEAKERS)
    tab.begin_by_voice()
    speak_then_write(tab, interviewer(tab, voice))
    assert list(NURSE[:2]) == tab.said("user")


def break_script(page: Page) -> None:
    page.route("**/state.js", lambda route: route.fulfill(content_type="text/javascript", body="export a b;"))


def lose_script(page: Page) -> None:
    page.route("**/state.js", lambda route: route.abort())


TOO_OLD: dict[str, Callable[[Page], None]] = {
    "no AbortSignal.timeout": lambda page: page.add_init_script("delete AbortSignal.timeout;"),
    "no AbortSignal": lambda page: page.add_init_script("delete window.AbortSignal;"),
    "no findLast": lambda page: page.add_init_script("delete Array.prototype.findLast;"),
    "a syntax that it does not know": break_script,
    "a script that does not come": lose_script,
}


@pytest.mark.parametrize("name", TOO_OLD)
def test_a_page_that_cannot_start_says_so(context: BrowserContext, service: Service, name: str) -> None:
    """One sentence with what to do, in the place of a form that would do nothing."""
    page = context.new_page()
    TOO_OLD[name](page)
    page.goto(service.url)
    expect(page.get_by_text("This page did not start.")).to_be_visible()
    expect(page.get_by_text("use a newer browser: Chrome, Edge or Firefox")).to_be_visible()
    expect(page.get_by_role("button", name="Begin the interview")).to_be_hidden()


def test_a_page_that_starts_says_nothing_of_it(tab: Tab) -> None:
    """The sentence is gone for good, for those who listen to the page, too."""
    tab.open()
    tab.page.wait_for_load_state()
    expect(tab.page.locator("#too-old")).to_have_count(0)


@pytest.fixture
def plain_http(context: BrowserContext, start_service: Callable[..., Service]) -> Tab:
    """A tab of a phone in the same room: http, and a name that is not this machine's own."""
    secret = secrets.token_urlsafe(32)
    service = start_service(LIVEKIT_URL="ws://127.0.0.1:7880", LIVEKIT_API_KEY="devkey", LIVEKIT_API_SECRET=secret)
    tab = Tab(context.new_page(), f"http://interview.local:{service.server.port}")
    tab.watch()
    return tab


def test_writing_needs_no_https(plain_http: Tab) -> None:
    """A whole interview over plain http, and the wish to speak gets the reason why not."""
    tab = plain_http.open()
    assert tab.page.evaluate("() => isSecureContext") is False
    tab.page.get_by_label("By voice").check()
    expect(tab.page.get_by_text("Open this page by https, or go on in writing.")).to_be_visible()
    hold_an_interview(tab)
    assert tab.faults == []


def test_answers_over_plain_http_have_names_of_their_own(plain_http: Tab) -> None:
    """As good as those of https: version 4, and never twice."""
    plain_http.open()
    ids = plain_http.page.evaluate("() => Array.from({ length: 1000 }, () => crypto.randomUUID())")
    assert len(set(ids)) == 1000
    assert not [
        one for one in ids if not re.fullmatch(r"[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}", one)
    ]


def test_nothing_else_of_the_page_needs_https(plain_http: Tab, tab: Tab) -> None:
    """What the browser keeps from plain http is asked of the browser; what the sources use, of the sources."""
    kept = {*tab.open().page.evaluate(KNOWN_BY_THE_BROWSER)} - {*plain_http.open().page.evaluate(KNOWN_BY_THE_BROWSER)}
    assert not_in(NEEDS_HTTPS, kept & {*features()["used"]}) == []
