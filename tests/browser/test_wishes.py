"""What a candidate can ask for instead of answering: each is sent once, and the draft stays."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from browser.states import CREATE, MESSAGES, TURN, problem
from browser.tab import Service, Tab, words_of
from browser.test_a_later_release import answers_as
from browser.test_for_everybody import violations
from support.candidates import NURSE
from support.client import ApiClient
from support.fake_agent import FakeAgent
from support.gemini import Gate, Text

WISHES = {
    "Repeat": "repeat",
    "Simpler": "simpler",
    "Skip": "skip",
    "Next question": "next",
    "Time to think": "pause",
    "More time": "more_time",
}
DRAFT = "What I was about to say"


@pytest.fixture
def script(services: dict[str, Service]) -> Service:
    """A service whose interviewer asks the planned questions."""
    return services["script"]


@pytest.fixture
def asked(open_tab: Callable[[Service], Tab], script: Service) -> Tab:
    """An interview in the middle of its first planned question of a kind that has simpler words for it."""
    return begun(open_tab(script))


def begun(tab: Tab) -> Tab:
    tab.open()
    tab.page.get_by_label("Kind of interview").select_option("nursing")
    tab.press("Begin the interview")
    tab.expect_replies(1)
    return tab


def wishes(tab: Tab) -> Locator:
    """The buttons under the open question."""
    return tab.page.get_by_role("group", name="Instead of an answer").get_by_role("button")


def open_question(tab: Tab) -> str:
    """What stands large at the top."""
    return tab.page.get_by_role("region", name=re.compile("^Question|^The question")).locator(".words").inner_text()


def number(tab: Tab) -> Locator:
    """Which question it is."""
    return tab.page.locator("#question-title")


def turns(tab: Tab) -> list[dict[str, Any]]:
    """What is sent to the function that takes turns from now on."""
    bodies: list[dict[str, Any]] = []
    tab.page.on("request", lambda it: bodies.append(it.post_data_json) if it.url.endswith("/next_turn") else None)
    return bodies


def wish(tab: Tab, name: str) -> None:
    """Press a wish and wait for what is said to it."""
    replies = tab.log.locator(".entry.agent").count()
    tab.press(name)
    tab.expect_replies(replies + 1)


def last_line(tab: Tab) -> str:
    return tab.said("agent")[-1]


def test_the_open_question_stands_at_the_top_with_its_number_and_what_can_be_asked_for(asked: Tab) -> None:
    """As the service counts; it is not shown twice, and stands in the conversation when it was answered."""
    first = open_question(asked)
    assert first == last_line(asked)
    expect(number(asked)).to_have_text("Question 1 of about 9")
    assert wishes(asked).all_inner_texts() == ["Repeat", "Simpler", "Skip", "Time to think", "More time"]
    shown = "(entry) => entry.getBoundingClientRect().height > 20"
    assert not asked.log.locator(".entry.agent").last.evaluate(shown)
    assert asked.page.locator("#open-question").evaluate("(it) => parseFloat(getComputedStyle(it).fontSize)") >= 16

    wish(asked, "Skip")
    assert open_question(asked) == last_line(asked) != first
    expect(number(asked)).to_have_text("Question 2 of about 9")
    asked.answer(NURSE[0])
    asked.expect_replies(3)
    assert asked.log.locator(".entry.agent").first.evaluate(shown)
    with ApiClient(asked.origin) as client:
        client.session_id, client.session_token = asked.session["id"], asked.session["token"]
        plan = client.messages()["plan"]
    expect(number(asked)).to_have_text(f"Question {plan['asked']} of about {plan['expected']}")
    assert violations(asked.page) == []


@pytest.mark.parametrize("name", ["Repeat", "Simpler", "Time to think", "More time"])
def test_a_wish_is_granted_once_and_takes_nothing_from_the_draft(asked: Tab, name: str) -> None:
    """It goes out with an id and no words; the question stays open, and only simpler words take its place."""
    first, bodies = open_question(asked), turns(asked)
    asked.composer.fill(DRAFT)
    wish(asked, name)

    expect(asked.composer).to_have_value(DRAFT)
    assert len(bodies) == 1
    assert bodies[0]["wish"] == WISHES[name]
    assert bodies[0]["after"] == 2
    assert "user_text" not in bodies[0]
    assert open_question(asked) == (last_line(asked) if name == "Simpler" else first)
    expect(number(asked)).to_have_text("Question 1 of about 9")
    assert words_of("user", asked.transcript()) == []
    asked.page.reload()
    expect(asked.composer).to_have_value(DRAFT)
    asked.expect_replies(2)
    asked.composer.press("Enter")
    asked.expect_replies(3)
    assert words_of("user", asked.transcript()) == [DRAFT]


def test_what_is_left_open_is_skipped_and_what_was_answered_is_gone_on_from(asked: Tab) -> None:
    """One button, two wishes: nobody who answered is said to have skipped."""
    bodies = turns(asked)
    while not wishes(asked).filter(has_text="Next question").count():
        asked.answer("I looked after him myself, and in the end he went home two days early.")
        asked.expect_replies(len(bodies) + 1)
    button = wishes(asked).filter(has_text="Next question")
    before = number(asked).inner_text()
    button.click()
    expect(number(asked)).not_to_have_text(before)
    assert bodies[-1]["wish"] == "next"
    expect(wishes(asked).filter(has_text="Skip")).to_be_visible()
    wish(asked, "Skip")
    assert bodies[-1]["wish"] == "skip"


def lose_the_answer(route: Route) -> None:
    """Let the service take the whole turn, and tell the page nothing."""
    route.fetch()
    route.abort()


def test_a_wish_whose_answer_is_lost_is_sent_again_with_the_same_id(asked: Tab) -> None:
    """More time is given once, however often it is asked for."""
    bodies = turns(asked)
    asked.page.route(TURN, lose_the_answer, times=1)
    asked.composer.fill(DRAFT)
    asked.press("More time")
    expect(asked.page.get_by_text("No connection.")).to_be_visible()
    asked.expect_replies(2)

    assert len(bodies) == 2
    assert bodies[0] == bodies[1]
    expect(asked.composer).to_have_value(DRAFT)
    assert [message["wish"] for message in asked.transcript() if message["role"] == "agent"] == [None, "more_time"]


def test_a_wish_that_was_granted_unseen_is_not_sent_again_after_a_reload(asked: Tab) -> None:
    """The interviewer's line names the event, and that is enough: no words of the candidate's could."""
    bodies = turns(asked)
    asked.page.route(TURN, lose_the_answer, times=1)
    asked.press("Repeat")
    expect(asked.page.get_by_text("No connection.")).to_be_visible()
    asked.page.route(TURN, lambda route: route.abort())
    asked.page.reload()
    asked.expect_replies(2)
    expect(wishes(asked).first).to_have_attribute("aria-disabled", "false")
    assert len(bodies) <= 2, "the first, and at most one that was tried before the reload"
    assert asked.page.evaluate("() => Object.keys(localStorage).filter((key) => key.includes('outbox/'))") == []


def test_a_wish_survives_a_reload_before_it_is_sent(asked: Tab) -> None:
    """It is kept first and sent then; the draft beside it is kept too."""
    bodies = turns(asked)
    asked.page.route(TURN, lambda route: route.abort())
    asked.composer.fill(DRAFT)
    asked.press("Repeat")
    expect(asked.page.get_by_text("No connection.")).to_be_visible()
    asked.page.unroute(TURN)
    asked.page.reload()
    asked.expect_replies(2)

    assert {(body["wish"], body["event_id"]) for body in bodies} == {("repeat", bodies[0]["event_id"])}
    expect(asked.composer).to_have_value(DRAFT)
    kept = "() => Object.keys(localStorage).filter((key) => key.includes('outbox/'))"
    assert asked.page.evaluate(kept) == []
    assert [message["wish"] for message in asked.transcript() if message["role"] == "agent"] == [None, "repeat"]


def test_nothing_can_be_asked_for_while_somebody_is_answering(tab: Tab, service: Service) -> None:
    """The buttons keep the focus and do nothing; they work again with the next question."""
    tab.begin()
    gate = Gate(0)
    service.gemini.say(Text("Thank you, and where was that exactly?\n<<<STAY>>>", gate=gate))
    tab.answer(NURSE[0])
    assert gate.reached.wait(10)
    for button in wishes(tab).all():
        expect(button).to_have_attribute("aria-disabled", "true")
    bodies = turns(tab)
    tab.page.get_by_role("button", name="Repeat").dispatch_event("click")
    gate.set()
    tab.expect_question("where was that")
    assert bodies == []
    for button in wishes(tab).all():
        expect(button).to_have_attribute("aria-disabled", "false")


def test_while_a_candidate_thinks_nothing_nags(
    open_tab: Callable[[Service], Tab], services: dict[str, Service]
) -> None:
    """One quiet line says until when, also after a reload; the notice that the time is nearly over waits."""
    tab = open_tab(services["hurried"]).begin()
    nearly = tab.page.get_by_text("This part is nearly over.")
    expect(nearly).to_be_visible()
    tab.press("Time to think")
    quiet = tab.page.get_by_role("status").filter(has_text=re.compile(r"Time to think until \d\d:\d\d:\d\d\."))
    expect(quiet).to_be_visible()
    expect(quiet.locator(".calm")).to_be_visible()
    expect(nearly).to_be_hidden()
    until = quiet.inner_text()
    tab.page.reload()
    expect(quiet).to_be_visible()
    assert abs(seconds(quiet.inner_text()) - seconds(until)) <= 2
    tab.answer(NURSE[0])
    expect(quiet).to_be_hidden()


def seconds(sentence: str) -> int:
    """The time of day that a sentence names, in seconds."""
    hours, minutes, rest = re.findall(r"\d\d", sentence)[:3]
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


def of_earlier(said: Any) -> Any:
    """The same as a release said it that knew neither questions nor wishes."""
    if isinstance(said, list):
        return [of_earlier(one) for one in said]
    if not isinstance(said, dict):
        return said
    unknown = ("question", "part", "wish", "quiet_until", "plan", "accepts")
    return {name: of_earlier(value) for name, value in said.items() if name not in unknown}


def test_a_service_that_knows_no_wishes_is_asked_for_none(tab: Tab) -> None:
    """The interviewer's last line is the open question then; the interview goes on as it did."""
    for address in (CREATE, TURN, MESSAGES):
        tab.page.route(address, answers_as(of_earlier))
    tab.begin()
    tab.answer(NURSE[0])
    tab.expect_replies(2)
    assert open_question(tab) == last_line(tab)
    expect(number(tab)).to_have_text("The question")
    expect(wishes(tab)).to_have_count(0)
    tab.page.reload()
    tab.expect_replies(2)
    expect(wishes(tab)).to_have_count(0)
    assert open_question(tab) == last_line(tab)


def test_a_wish_that_the_service_does_not_accept_is_not_offered(tab: Tab) -> None:
    """What it accepts is read from what it says of the interview."""

    def without(route: Route) -> None:
        answer = route.fetch()
        said = answer.json()
        route.fulfill(response=answer, json={**said, "accepts": [one for one in said["accepts"] if one != "wish"]})

    tab.begin()
    expect(wishes(tab)).to_have_count(5)
    tab.page.route(MESSAGES, without)
    tab.page.reload()
    tab.expect_replies(1)
    expect(wishes(tab)).to_have_count(0)


def test_a_wish_that_is_refused_says_so_and_the_draft_stays(asked: Tab) -> None:
    """No words are said to be back in the box, for none were sent."""
    asked.composer.fill(DRAFT)
    asked.page.route(TURN, problem("invalid-field", 422), times=1)
    asked.press("Repeat")
    expect(asked.page.get_by_role("status").filter(has_text="Answer, or press once more.")).to_be_visible()
    expect(asked.composer).to_have_value(DRAFT)
    wish(asked, "Repeat")
    expect(asked.page.get_by_text("Answer, or press once more.")).to_be_hidden()


def test_a_wish_for_a_question_that_was_answered_elsewhere_shows_the_new_one(asked: Tab) -> None:
    """Nothing is repeated that is not open any more."""
    with asked.elsewhere_client() as phone:
        assert phone.turn("user_turn", event_id="phone-1", wish="skip").status == 200
    asked.composer.fill(DRAFT)
    asked.press("Repeat")
    expect(number(asked)).to_have_text("Question 2 of about 9")
    expect(asked.composer).to_have_value(DRAFT)
    assert len(asked.said("agent")) == 2


def test_a_wish_that_another_device_left_unanswered_is_answered_here(asked: Tab) -> None:
    """Its id and what it asks for are the service's, and no words are made up for it."""
    bodies = turns(asked)

    def pending(route: Route) -> None:
        answer = route.fetch()
        kept = {"event_id": "phone-1", "text": "", "at": "2026-01-01T00:00:00.000Z", "wish": "repeat"}
        route.fulfill(response=answer, json={**answer.json(), "pending": [kept]})

    asked.page.route(MESSAGES, pending, times=1)
    asked.page.reload()
    asked.expect_replies(2)
    assert [(body["event_id"], body["wish"], "user_text" in body) for body in bodies] == [("phone-1", "repeat", False)]
    assert asked.said("user") == []


def test_by_voice_a_wish_is_granted_in_the_room(
    voice: Service, open_tab: Callable[[Service], Tab], interviewer: Callable[..., FakeAgent]
) -> None:
    """The buttons are there while the interviewer listens, and the room hears that there is something to say."""
    tab = open_tab(voice).begin_by_voice()
    agent = interviewer(tab, voice)
    agent.greets()
    tab.expect_question("Welcome")
    agent.becomes("speaking")
    expect(wishes(tab).first).to_have_attribute("aria-disabled", "true")
    agent.becomes("listening")
    expect(wishes(tab).first).to_have_attribute("aria-disabled", "false")
    wish(tab, "Repeat")
    agent.wait_for_call("interview.changed")
