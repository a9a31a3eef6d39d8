"""The microphone before it is needed: tried out, chosen, refused, missing, and what one can do then."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from browser.conftest import ARGUMENTS, CHROMIUM
from browser.tab import Service, Tab
from support.client import ApiClient
from support.fake_agent import FakeAgent

pytestmark = pytest.mark.livekit

IN_USE = (
    """navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("busy", "NotReadableError"); };"""
)
NOT_BY_HTTPS = """
Object.defineProperty(navigator, "mediaDevices", { value: undefined });
Object.defineProperty(window, "isSecureContext", { value: false });
"""
NO_WAY = """Object.defineProperty(navigator, "mediaDevices", { value: undefined });"""
REFUSED = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
window.allow = () => { navigator.mediaDevices.getUserMedia = ask; };
navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", "NotAllowedError"); };
"""
FAULTS = {
    "refused": (REFUSED, "The browser does not let this page use the microphone."),
    "in use": (IN_USE, "Another program is using the microphone."),
    "not by https": (NOT_BY_HTTPS, "The browser gives the microphone to https pages only."),
    "no way": (NO_WAY, "The browser cannot open the microphone."),
}
CHOSEN = "() => JSON.parse(localStorage.getItem('interviewos/microphone'))"


@pytest.fixture
def without_microphone(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser on a machine that has none."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, "--use-fake-ui-for-media-stream"]
    )
    yield browser.new_context(permissions=["microphone"])
    browser.close()


def test_the_microphone_is_tried_out_before_the_beginning(open_tab: Callable[[Service], Tab], voice: Service) -> None:
    """It shows a level, says in words that somebody is heard, and goes off when writing is chosen again."""
    tab = open_tab(voice).open()
    tab.page.get_by_label("By voice").check()
    level = tab.page.locator("#check-level")
    expect(tab.page.get_by_role("status").get_by_text("We hear you.")).to_be_visible()
    expect(level).to_be_visible()
    tab.page.wait_for_function("() => document.querySelector('#check-level').style.getPropertyValue('--level') > 0.3")
    tab.page.get_by_label("In writing").check()
    expect(level).to_be_hidden()
    assert tab.calls().count("GET livekit/token/health") == 1


def test_voice_stays_chosen_while_what_speakers_need_is_loaded(
    open_tab: Callable[[Service], Tab], voice: Service
) -> None:
    """Whatever else is typed or pressed meanwhile, and the interview begins by voice as soon as it can."""
    tab = open_tab(voice)
    held: list[Route] = []
    tab.page.route("**/voice/controller.js", lambda route: held.append(route))
    tab.open()
    by_voice = tab.page.get_by_label("By voice")
    by_voice.check()
    tab.page.get_by_label("What may we call you?").fill("Ada")
    expect(by_voice).to_be_checked()
    tab.press("Begin the interview")
    tab.page.get_by_label("The role you practise for").fill("Nurse")
    expect(by_voice).to_be_checked()
    assert "POST sessions/create" not in tab.calls()

    held[0].continue_()
    expect(tab.speaker).to_have_text("Waiting for the interviewer")


def test_writing_is_chosen_where_what_speakers_need_does_not_load(
    open_tab: Callable[[Service], Tab], voice: Service
) -> None:
    """A sentence says so, one press begins in writing, and the other way may be chosen once more."""
    tab = open_tab(voice)
    tab.page.route("**/voice/controller.js", lambda route: route.abort(), times=1)
    tab.open()
    tab.page.get_by_label("By voice").click()
    expect(tab.page.get_by_text("A part of this page did not load.")).to_be_visible()
    expect(tab.page.get_by_label("In writing")).to_be_checked()
    tab.page.get_by_label("By voice").check()
    expect(tab.page.get_by_text("We hear you.")).to_be_visible()
    tab.page.get_by_label("In writing").check()
    tab.press("Begin the interview")
    tab.expect_question("Welcome")


def test_who_wants_no_motion_gets_words_alone(open_tab: Callable[[Service], Tab], voice: Service) -> None:
    """The level that moves is not shown, and its words are."""
    tab = open_tab(voice)
    tab.page.emulate_media(reduced_motion="reduce")
    tab.open()
    tab.page.get_by_label("By voice").check()
    expect(tab.page.get_by_text("We hear you.")).to_be_visible()
    expect(tab.page.locator("#check-level")).to_be_hidden()


def test_another_microphone_can_be_chosen_and_is_remembered(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Callable[..., FakeAgent]
) -> None:
    """The list names the devices; the chosen one is tried out, spoken into, and chosen the next time."""
    tab = open_tab(voice).open()
    tab.page.get_by_label("By voice").check()
    devices = tab.page.get_by_label("Microphone", exact=True)
    name = devices.locator("option").last.inner_text()
    devices.select_option(label=name)
    expect(tab.page.get_by_text("We hear you.")).to_be_visible()
    chosen = tab.page.evaluate(CHOSEN)
    assert devices.input_value() == chosen
    tab.press("Begin the interview")
    agent = interviewer(tab, voice)
    agent.wait_until_heard()

    tab.page.get_by_role("link", name="to the start page").click()
    tab.page.get_by_label("By voice").check()
    expect(tab.page.get_by_text("We hear you.")).to_be_visible()
    assert devices.input_value() == chosen


@pytest.mark.parametrize("name", FAULTS)
def test_a_microphone_that_cannot_be_used_is_a_sentence_and_writing_goes_on(
    open_tab: Callable[[Service], Tab], voice: Service, name: str
) -> None:
    """Nothing begins by voice then; one press is enough to begin in writing."""
    script, sentence = FAULTS[name]
    tab = open_tab(voice)
    tab.page.add_init_script(script)
    tab.open()
    tab.page.get_by_label("By voice").check()
    expect(tab.page.get_by_role("status").get_by_text(sentence)).to_be_visible()
    tab.press("Begin the interview")
    expect(tab.page.get_by_text(sentence)).to_be_visible()
    assert "POST sessions/create" not in tab.calls()

    tab.press("Go on in writing")
    expect(tab.page.get_by_label("In writing")).to_be_focused()
    tab.press("Begin the interview")
    tab.expect_question("Welcome")


def test_who_allows_the_microphone_after_all_goes_on_by_voice(
    open_tab: Callable[[Service], Tab], voice: Service
) -> None:
    """A refusal is not for ever."""
    tab = open_tab(voice)
    tab.page.add_init_script(REFUSED)
    tab.open()
    tab.page.get_by_label("By voice").check()
    expect(tab.page.get_by_text(FAULTS["refused"][1])).to_be_visible()
    tab.page.evaluate("() => allow()")
    tab.press("Try again")
    expect(tab.page.get_by_text("We hear you.")).to_be_visible()
    tab.press("Begin the interview")
    expect(tab.speaker).to_have_text("Waiting for the interviewer")


def test_a_machine_without_a_microphone_says_so(without_microphone: BrowserContext, voice: Service) -> None:
    """On the first page and in the room, with a way to go on in writing from both."""
    tab = voice.tab(without_microphone.new_page())
    tab.open()
    tab.page.get_by_label("By voice").check()
    sentence = tab.page.get_by_text("No microphone was found.")
    expect(sentence).to_be_visible()
    tab.press("Go on in writing")
    tab.press("Begin the interview")
    tab.expect_question("Welcome")
    tab.press("Speak")
    expect(sentence).to_be_visible()
    tab.press("Go on in writing")
    tab.answer("I nurse children.")
    tab.expect_question("what kind of work")
    assert tab.faults == []


def test_the_way_to_a_room_is_opened_while_the_microphone_is_tried_out(
    open_tab: Callable[[Service], Tab], voice: Service
) -> None:
    """Where the room was the last time, a connection waits before anybody begins."""
    tab = open_tab(voice).begin_by_voice()
    tab.page.get_by_role("link", name="to the start page").click()
    with tab.page.expect_request(lambda request: request.url.startswith(tab.room)) as asked:
        tab.page.get_by_label("By voice").check()
    assert asked.value.method == "HEAD"


def test_from_a_link_one_begins_by_voice(open_tab: Callable[[Service], Tab], voice: Service) -> None:
    """The lobby offers both ways, and the clock starts with neither the check nor its end."""
    with_link = open_tab(voice)
    with ApiClient(voice.url) as client:
        link = client.create(candidate_name="Grace")["join_url"].removeprefix(voice.url)
    with_link.open(link)
    with_link.press("By voice")
    expect(with_link.page.get_by_text("We hear you.")).to_be_visible()
    with_link.press("Go on in writing")
    expect(with_link.page.get_by_role("button", name="Begin the interview")).to_be_visible()
    with_link.press("By voice")
    with_link.press("Start talking")
    expect(with_link.speaker).to_have_text("Waiting for the interviewer")
    assert "POST ui/next_turn" not in with_link.calls()
