"""The clock of an interview, a machine that slept, and words that came while the person was elsewhere."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from browser.states import visiting
from browser.tab import Service, Tab, words_of
from support.candidates import NURSE
from support.client import ApiClient
from support.gemini import Gate, Text

LOOK = "GET sessions/<id>/messages"
A_CLOCK_THAT_JUMPS = """
const now = Date.now;
let ahead = 0;
Date.now = () => now() + ahead;
window.sleepFor = (seconds) => { ahead += seconds * 1000; };
"""
AWAY_AND_BACK = """() => {
  dispatchEvent(new Event("blur"));
  sleepFor(60);
  dispatchEvent(new Event("focus"));
}"""


def answer_elsewhere(tab: Tab, words: str) -> None:
    """Answer on another device."""
    with ApiClient(tab.origin) as client:
        client.session_id, client.session_token = tab.session["id"], tab.session["token"]
        assert client.answer(words).status == 200


@pytest.fixture
def sleeper(tab: Tab) -> Tab:
    """A tab whose machine can sleep, in an interview."""
    tab.page.add_init_script(A_CLOCK_THAT_JUMPS)
    return tab.begin()


def test_a_laptop_that_was_closed_for_an_hour_looks_once(sleeper: Tab) -> None:
    """What another device said meanwhile is there, the time left is the service's, and one request was enough."""
    answer_elsewhere(sleeper, NURSE[0])
    sleeper.asked.clear()
    sleeper.page.evaluate("() => sleepFor(3600)")
    sleeper.expect_question("what kind of work")

    expect(sleeper.page.get_by_text("About 3 min left")).to_be_visible()
    assert sleeper.calls() == [f"{LOOK}?after=2"]
    assert sleeper.said("user") == [NURSE[0]]


def test_coming_back_to_the_page_shows_what_another_device_said(sleeper: Tab) -> None:
    """A look when the window has the focus again, and none when nobody was away."""
    answer_elsewhere(sleeper, NURSE[0])
    sleeper.asked.clear()
    sleeper.page.evaluate("() => { dispatchEvent(new Event('blur')); dispatchEvent(new Event('focus')); }")
    assert sleeper.calls() == []
    sleeper.page.evaluate(AWAY_AND_BACK)
    sleeper.expect_question("what kind of work")
    assert sleeper.calls() == [f"{LOOK}?after=2"]


@pytest.mark.parametrize("sign", ["key", "touch"])
def test_who_was_still_for_a_while_sees_at_their_first_sign_what_another_device_said(sleeper: Tab, sign: str) -> None:
    """A page that never lost the focus looks once at a key or a touch, and not at the next."""
    answer_elsewhere(sleeper, NURSE[0])
    for _ in range(2):  # in two steps, for a jump would be a machine that slept
        sleeper.page.evaluate("() => sleepFor(15)")
        sleeper.page.wait_for_timeout(1500)
    sleeper.asked.clear()
    if sign == "key":
        sleeper.composer.press_sequentially("Before that")
    else:
        for _ in range(3):
            sleeper.page.locator("#open-question").click()
    sleeper.expect_question("what kind of work")
    assert sleeper.calls() == [f"{LOOK}?after=2"]


def test_a_link_opened_in_another_browser_goes_on_there(
    chromium: Browser, service: Service, open_tab: Callable[[Service], Tab]
) -> None:
    """The same link on two machines is one interview, and neither forks it."""
    with ApiClient(service.url) as client:
        link = client.create(candidate_name="Ada")["join_url"].removeprefix(service.url)
    here = open_tab(service)
    here.page.add_init_script(A_CLOCK_THAT_JUMPS)
    here.open(link).page.get_by_role("button", name="Begin the interview").click()
    here.expect_question("Welcome")

    elsewhere = chromium.new_context()
    there = Tab(elsewhere.new_page(), service.url)
    there.open(link)
    there.expect_question("Welcome")
    there.answer(NURSE[0])
    there.expect_question("what kind of work")
    here.page.evaluate(AWAY_AND_BACK)
    here.expect_question("what kind of work")
    here.answer(NURSE[1])
    here.expect_question("which project of yours")

    assert list(NURSE[:2]) == words_of("user", here.transcript()) == here.said("user")
    elsewhere.close()


def test_a_page_closed_in_mid_stream_and_opened_again_has_everything_once(
    tab: Tab, service: Service, open_tab: Callable[[Service], Tab]
) -> None:
    """The answer was kept before the page was closed; the new page waits for its reply and sends nothing twice."""
    tab.begin()
    gate = Gate(1)
    service.gemini.say(Text("Thank you, and where was that exactly?\n<<<STAY>>>", chunk_size=12, gate=gate))
    tab.answer(NURSE[0])
    expect(tab.log.locator(".entry.agent").last).to_contain_text("Thank")
    tab.page.close()

    again = open_tab(service).open()
    again.page.locator("[data-open]").first.click()
    expect(again.log).to_contain_text(NURSE[0])
    gate.set()
    again.expect_question("where was that exactly?")
    assert [NURSE[0]] == words_of("user", again.transcript()) == again.said("user")
    assert len(again.said("agent")) == 2


def test_one_gentle_notice_before_the_time_is_up(chromium: Browser, services: dict[str, Service]) -> None:
    """In the last minute one notice says how to get more and that the words count; nothing counts down or is red."""
    with visiting(chromium, services, "time-nearly-up") as tab:
        notice = tab.page.get_by_text(
            "This part is nearly over. Finish your thought. If you need longer, press More time. What stands in the box"
        )
        expect(notice).to_have_count(1)
        expect(tab.page.get_by_text("Less than a minute left")).to_be_visible()
        tab.answer(NURSE[0])
        tab.expect_question("what kind of work")
        expect(notice).to_be_visible()


def test_words_in_the_box_are_sent_as_they_are_before_the_time_is_over(
    start_service: Callable[..., Service], open_tab: Callable[[Service], Tab]
) -> None:
    """The page says so before and after; the words stand under the question that they answer."""
    tab = open_tab(start_service(INTRO_TIMEOUT_S="6", STAGE_GRACE_S="8")).begin()
    tab.composer.fill("I was the one who")
    soon = tab.page.get_by_role("status").filter(has_text="In less than 10 seconds your words will be sent")
    expect(soon).to_be_visible()
    tab.expect_question("which project of yours")

    expect(tab.page.get_by_role("status").filter(has_text="your words were sent as they were")).to_be_visible()
    expect(tab.composer).to_have_value("")
    words = next(message for message in tab.transcript() if message["role"] == "user")
    assert (words["text"], words["stage"]) == ("I was the one who", "intro")
    assert tab.calls().count("POST ui/next_turn") == 2


def test_nobody_sends_for_a_person_who_is_not_there(
    start_service: Callable[..., Service], open_tab: Callable[[Service], Tab]
) -> None:
    """In a tab that is hidden the words stay in the box, under the next question."""
    tab = open_tab(start_service(INTRO_TIMEOUT_S="3", STAGE_GRACE_S="3")).begin()
    tab.page.evaluate("() => Object.defineProperty(document, 'hidden', { value: true })")
    tab.composer.fill("I was the one who")
    tab.expect_question("which project of yours")

    expect(tab.composer).to_have_value("I was the one who")
    assert words_of("user", tab.transcript()) == []


def test_words_that_came_below_are_told_and_one_press_away(chromium: Browser, services: dict[str, Service]) -> None:
    """Who reads above is not torn away: a button says that there is more, and leads there."""
    with visiting(chromium, services, "new-words-below") as tab:
        assert tab.page.evaluate("() => scrollY") == 0
        button = tab.page.get_by_role("button", name="New words below")
        button.click()
        expect(button).to_be_hidden()
        expect(tab.log.locator(".entry.agent").last).to_be_in_viewport()
