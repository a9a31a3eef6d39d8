"""A whole interview on the page, on good days and on bad ones."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Route, expect

from browser.tab import Service, Tab, words_of
from support.candidates import NURSE
from support.gemini import REFUSED, Gate, Text
from support.puppet import interviewer_script

TURN = "**/api/interview/ui/next_turn"
ANSWERS = NURSE[:5]


def lose_the_answer(route: Route) -> None:
    """Let the service take the whole turn, and tell the page nothing."""
    route.fetch()
    route.abort()


def refuse_once(route: Route) -> None:
    """Answer as a service whose store is down."""
    route.fulfill(
        status=503,
        content_type="application/problem+json",
        headers={"Retry-After": "1"},
        json={"type": "/problems#store-unavailable", "title": "The store is down.", "status": 503},
    )


def test_a_lost_request_a_503_and_a_reload_in_mid_stream_lose_nothing(tab: Tab, service: Service) -> None:
    """Each answer is in the transcript exactly once, each reply is shown once, and three points close the interview."""
    tab.begin()

    tab.page.route(TURN, lose_the_answer, times=1)
    tab.answer(ANSWERS[0])
    expect(tab.page.get_by_text("No connection.")).to_be_visible()
    tab.expect_question("what kind of work")

    tab.page.route(TURN, refuse_once, times=1)
    tab.answer(ANSWERS[1])
    expect(tab.page.get_by_text("The service cannot save right now.")).to_be_visible()
    tab.expect_question("which project of yours")

    gate = Gate()
    service.say_always(lambda request: replace(interviewer_script(request), gate=gate))
    tab.answer(ANSWERS[2])
    assert gate.reached.wait(10)
    tab.page.reload()
    expect(tab.log).to_contain_text(ANSWERS[2])
    gate.set()
    service.say_always(interviewer_script)
    tab.expect_question("your own part")

    tab.answer(ANSWERS[3])
    tab.expect_question("hardest moment")
    tab.answer(ANSWERS[4])
    tab.expect_feedback()

    stored = tab.transcript()
    questions = words_of("agent", stored)
    assert list(ANSWERS) == words_of("user", stored)
    assert list(ANSWERS) == tab.said("user")
    assert len(questions) == len(set(questions))
    assert questions[:-1] == tab.said("agent")  # the last one is the card


def test_the_offline_interviewer_says_what_it_is(
    start_service: Callable[..., Service], open_tab: Callable[[Service], Tab]
) -> None:
    """Without a key the page says in each view, once, that a script asks; the feedback still quotes the candidate."""
    tab = open_tab(start_service(model=False)).open()
    expect(tab.page.get_by_text("No AI model is connected")).to_be_visible()
    tab.page.get_by_role("button", name="Begin the interview").click()
    expect(tab.page.locator("#source-notice")).to_have_text(re.compile("an offline script asks the questions"))
    seen = tab.page.locator("p:not(.open p)").filter(has_text="script", visible=True)  # the open question only once
    expect(seen).to_have_count(2)  # and its own greeting
    for number, words in enumerate(ANSWERS[:2], 2):
        tab.answer(words)
        tab.expect_replies(number)
    tab.finish()

    tab.expect_feedback()
    expect(tab.feedback.get_by_text("No AI model was connected")).to_be_visible()
    expect(tab.page.locator("#source-notice")).to_be_hidden()
    assert any(quote in ANSWERS[0] + ANSWERS[1] for quote in re.findall("“(.+?)[.…]*”", tab.feedback.inner_text()))
    assert {"script"} == {message["source"] for message in tab.transcript() if message["role"] == "agent"}


def test_first_words_are_on_the_screen_while_the_model_is_still_talking(tab: Tab, service: Service) -> None:
    """The reply streams through the whole chain: model, function, server, page."""
    tab.begin()
    gate = Gate()
    service.say_always(lambda _: Text("Thank you, that is a good start. And what came of it?\n<<<STAY>>>", gate=gate))
    tab.answer(ANSWERS[0])

    expect(tab.log.locator(".entry.agent").last).to_contain_text("Thank you")
    expect(tab.log).to_have_attribute("aria-busy", "true")
    assert not gate.is_set()

    gate.set()
    tab.expect_question("what came of it?")
    assert "STAY" not in tab.log.inner_text()


def test_own_words_are_on_the_screen_within_one_frame(tab: Tab) -> None:
    """The page shows an answer before it has left the browser."""
    tab.begin()
    tab.composer.fill(ANSWERS[0])
    shown = tab.page.evaluate(
        """() => new Promise((resolve) => {
          document.querySelector("#composer").requestSubmit();
          requestAnimationFrame(() => resolve(document.querySelector("#log").innerText));
        })"""
    )

    assert ANSWERS[0] in shown
    tab.expect_question("what kind of work")


def test_finish_while_the_interviewer_thinks_counts_the_last_words(tab: Tab, service: Service) -> None:
    """Finishing in the middle of a turn does not wait for it, and loses no word of it."""
    tab.begin()
    gate = Gate(0)
    service.say_always(
        lambda request: replace(interviewer_script(request), gate=None if request.stage == "done" else gate)
    )
    tab.answer(ANSWERS[0])
    assert gate.reached.wait(10)
    expect(tab.page.get_by_text("Received")).to_be_visible()
    tab.finish()

    tab.expect_feedback()
    gate.set()
    assert [ANSWERS[0]] == words_of("user", tab.transcript())
    assert [ANSWERS[0]] == tab.said("user")


def test_after_three_failed_turns_the_clock_stops_and_the_next_answer_goes_on(tab: Tab, service: Service) -> None:
    """The page says that everything is kept, and it is."""
    tab.begin()
    service.say_always(lambda _: REFUSED)
    for number, words in enumerate(ANSWERS[:3], 2):
        tab.answer(words)
        tab.expect_replies(number)
    sentence = tab.page.get_by_text("The interviewer failed three times in a row.")
    expect(sentence).to_be_visible()

    service.say_always(interviewer_script)
    tab.answer(ANSWERS[3])
    tab.expect_replies(5)
    expect(sentence).to_be_hidden()
    assert list(ANSWERS[:4]) == words_of("user", tab.transcript())


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(tab: Tab, width: int) -> None:
    """From the smallest phone to a wide screen nobody has to scroll sideways, whatever was typed."""
    tab.page.set_viewport_size({"width": width, "height": 700})
    tab.begin(name="A" * 128, role="Worldwide" * 20)
    tab.answer("antidisestablishmentarianism" * 30)
    tab.expect_question("what kind of work")
    tab.composer.fill("x" * 4000)

    assert width >= tab.page.evaluate("document.documentElement.scrollWidth")
