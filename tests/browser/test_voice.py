"""An interview by voice on the page: real room, real microphone, an interviewer that says what the test wants."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from browser.states import TURN
from browser.tab import Service, Tab, words_of
from support.candidates import NURSE
from support.fake_agent import FakeAgent

pytestmark = pytest.mark.livekit
Interviewer = Callable[..., FakeAgent]


@pytest.fixture
def spoken(open_tab: Callable[[Service], Tab], voice: Service) -> Tab:
    """A tab in an interview that was begun by voice; the interviewer is awaited."""
    return open_tab(voice).begin_by_voice()


def test_an_interview_is_begun_spoken_and_left_by_voice(spoken: Tab, voice: Service, interviewer: Interviewer) -> None:
    """Both hear each other, the words of both are seen, the interview is the service's, and the page starts nothing."""
    agent = interviewer(spoken, voice)
    expect(spoken.speaker).to_have_text("The interviewer is listening")
    assert "POST ui/next_turn" not in spoken.calls()

    greeting = agent.greets()
    agent.becomes("speaking")
    expect(spoken.speaker).to_have_text("The interviewer is speaking")
    expect(spoken.page.locator("#loudspeaker audio")).to_have_count(1)
    assert spoken.hears_the_interviewer()
    spoken.expect_question(greeting)
    agent.becomes("listening")
    agent.wait_until_heard()
    expect(spoken.speaker).to_have_text("You are speaking")
    agent.hears("I have been", NURSE[0])
    spoken.expect_caption(NURSE[0])
    reply = agent.takes(NURSE[0])
    spoken.expect_question(reply)

    spoken.press("Go on in writing")
    expect(spoken.composer).to_be_focused()
    agent.wait_until_candidate_left()
    spoken.answer(NURSE[1])
    spoken.expect_replies(3)
    assert list(NURSE[:2]) == words_of("user", spoken.transcript()) == spoken.said("user")


def test_from_text_to_voice_to_text_to_voice_in_the_middle_of_a_question(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Interviewer
) -> None:
    """It is one interview all the time: the question stands, the draft waits, and every answer is there once."""
    tab = open_tab(voice).begin()
    tab.composer.fill("Half a thought")
    tab.press("Speak")
    tab.press("Start talking")
    agent = interviewer(tab, voice)
    expect(tab.speaker).to_have_text("The interviewer is listening")
    expect(tab.composer).to_be_hidden()
    agent.takes(NURSE[0])
    tab.expect_question("what kind of work")

    tab.press("Go on in writing")
    expect(tab.composer).to_have_value("Half a thought")
    agent.wait_until_candidate_left()
    tab.answer(NURSE[1])
    tab.expect_question("which project of yours")
    tab.press("Speak")
    expect(tab.speaker).to_have_text("The interviewer is listening")
    agent.takes(NURSE[2])
    tab.expect_question("your own part")

    assert list(NURSE[:3]) == words_of("user", tab.transcript()) == tab.said("user")
    assert words_of("agent", tab.transcript()) == tab.said("agent")


def test_captions_grow_are_replaced_and_never_stand_beside_the_stored_words(
    spoken: Tab, voice: Service, interviewer: Interviewer
) -> None:
    """The interviewer's words are added to, the candidate's replaced, and both give way to the conversation."""
    agent = interviewer(spoken, voice)
    saying = agent.begins_to_say("Welcome: ", "could you ")
    spoken.expect_caption("Welcome: could you ")
    agent.says_on(saying, "please ")
    spoken.expect_caption("Welcome: could you please ")
    agent.greets()
    spoken.expect_replies(1)
    assert spoken.captions() == []
    agent.says_on(saying, "introduce yourself?", last=True)

    agent.hears("I am", "I am a nurse", "I am a nurse.")
    spoken.expect_caption("I am a nurse.")
    agent.hears("For nine years.")
    spoken.expect_caption("For nine years.")
    assert spoken.captions() == [("user", "I am a nurse."), ("user", "For nine years.")]
    agent.takes("I am a nurse. For nine years.")
    spoken.expect_replies(2)
    assert spoken.captions() == []
    agent.says("Thank you: what kind of work do you do these days?")
    agent.says("Are you still there?")
    spoken.expect_caption("Are you still there? ")
    assert spoken.captions() == [("agent", "Are you still there? ")]
    agent.takes("Yes.")
    spoken.expect_replies(3)
    assert spoken.captions() == []
    assert len(spoken.said("agent")) == len(set(spoken.said("agent")))


def test_captions_do_not_flood_those_who_listen_to_the_page(
    spoken: Tab, voice: Service, interviewer: Interviewer
) -> None:
    """No caption stands in a live region; the stored words do, once and whole."""
    agent = interviewer(spoken, voice)
    agent.hears("I am a nurse")
    spoken.expect_caption("I am a nurse")
    assert (
        spoken.page.locator("#captions").evaluate("(one) => one.closest('[aria-live], [role=log], [role=status]')")
        is None
    )


def test_done_ends_the_turn_and_only_when_there_is_something_to_end(
    spoken: Tab, voice: Service, interviewer: Interviewer
) -> None:
    """The press reaches the newest interviewer, and the button waits for words and for somebody who listens."""
    agent = interviewer(spoken, voice)
    done = spoken.page.get_by_role("button", name="Done")
    agent.becomes("speaking")
    expect(done).to_have_attribute("aria-disabled", "true")
    agent.becomes("listening")
    agent.wait_until_heard()
    expect(done).to_have_attribute("aria-disabled", "false")
    done.click()
    agent.wait_for_call("interview.done")
    agent.becomes("thinking")
    expect(spoken.speaker).to_have_text("The interviewer is thinking")
    expect(done).to_have_attribute("aria-disabled", "true")

    newer = interviewer(spoken, voice, job="y")
    newer.becomes("listening")
    newer.wait_until_heard()
    expect(done).to_have_attribute("aria-disabled", "false")
    done.click()
    newer.wait_for_call("interview.done")
    assert agent.calls == ["interview.done"]


def test_finish_counts_the_last_words_and_reaches_the_ear(
    spoken: Tab, voice: Service, interviewer: Interviewer
) -> None:
    """The turn is ended, the interview is finished by the page, the interviewer is told, and then the room is left."""
    agent = interviewer(spoken, voice)
    agent.greets()
    agent.takes(NURSE[0])
    spoken.expect_replies(2)
    spoken.finish()
    agent.wait_for_call("interview.changed")
    assert agent.calls == ["interview.done", "interview.changed"]
    spoken.expect_feedback()

    agent.becomes("speaking")
    expect(spoken.speaker).to_have_text("The interviewer is speaking")
    expect(spoken.page.get_by_role("button", name="Mute")).to_be_hidden()
    agent.tells(over="1")
    expect(spoken.speaker).to_be_hidden()
    agent.wait_until_candidate_left()
    assert spoken.calls().count("POST ui/next_turn") == 1


def test_finish_waits_until_slow_functions_have_kept_the_last_words(
    spoken: Tab, voice: Service, interviewer: Interviewer
) -> None:
    """The page says so, and asks for the end only after it: a word that came later would be refused."""
    agent = interviewer(spoken, voice)
    agent.greets()
    agent.takes(NURSE[0])
    spoken.expect_replies(2)
    agent.slow_seconds = 5
    spoken.finish()
    agent.wait_for_call("interview.done")
    expect(spoken.speaker).to_have_text("Keeping your last words…")
    expect(spoken.page.get_by_role("button", name="Finish now")).to_have_attribute("aria-disabled", "true")
    spoken.page.wait_for_timeout(3_500)
    assert "POST ui/next_turn" not in spoken.calls()
    agent.slow_seconds = 0
    spoken.expect_feedback()


def test_the_end_by_the_interviewer_shows_the_feedback(spoken: Tab, voice: Service, interviewer: Interviewer) -> None:
    """When the room is closed after the last word the page is where a written interview ends."""
    agent = interviewer(spoken, voice)
    agent.greets()
    for words in NURSE[:5]:
        agent.takes(words)
    agent.close_room()

    spoken.expect_feedback()
    expect(spoken.speaker).to_be_hidden()
    expect(spoken.page.get_by_role("heading", name="Your feedback")).to_be_focused()
    assert list(NURSE[:5]) == spoken.said("user")


def test_practise_again_after_a_spoken_interview_is_spoken(
    spoken: Tab, voice: Service, interviewer: Interviewer
) -> None:
    """Who spoke goes on speaking."""
    agent = interviewer(spoken, voice)
    agent.greets()
    agent.takes(NURSE[0])
    spoken.finish()
    spoken.expect_feedback()
    spoken.page.get_by_role("button", name="Practise again").click()
    expect(spoken.speaker).to_have_text("Waiting for the interviewer")


def test_mute_is_heard_as_silence_and_said(spoken: Tab, voice: Service, interviewer: Interviewer) -> None:
    """Muted the microphone sends nothing, and one press later it is heard again."""
    agent = interviewer(spoken, voice)
    agent.wait_until_heard()
    spoken.press("Mute")
    agent.wait_for_silence()
    expect(spoken.speaker).to_have_text("You are muted")
    spoken.press("Unmute")
    agent.wait_until_heard()
    expect(spoken.page.get_by_role("button", name="Mute", exact=True)).to_be_focused()


def test_what_was_written_is_delivered_before_anybody_speaks(
    open_tab: Callable[[Service], Tab], voice: Service, context: BrowserContext
) -> None:
    """An answer that could not be sent yet goes first, and the room is entered when it has arrived."""
    tab = open_tab(voice).begin()
    tab.page.route(TURN, lambda route: route.abort(), times=1)
    tab.answer(NURSE[0])
    expect(tab.page.get_by_text("No connection.")).to_be_visible()
    tab.press("Speak")
    tab.press("Start talking")
    expect(tab.speaker).to_have_text("Waiting for the interviewer")

    calls = [call for call in tab.calls() if call.startswith("POST")]
    assert calls[-3:] == ["POST ui/next_turn", "POST ui/next_turn", "POST livekit/token"]
    assert [NURSE[0]] == words_of("user", tab.transcript()) == tab.said("user")


def test_a_spoken_turn_costs_the_page_one_request(spoken: Tab, voice: Service, interviewer: Interviewer) -> None:
    """The page reads when the interviewer knows of more, and never in between."""
    agent = interviewer(spoken, voice)
    agent.greets()
    spoken.expect_replies(1)
    spoken.asked.clear()
    for number, words in enumerate(NURSE[:3], 2):
        agent.hears(words)
        agent.takes(words)
        spoken.expect_replies(number)
    spoken.page.wait_for_timeout(1000)
    assert spoken.calls() == [f"GET sessions/<id>/messages?after={seq}" for seq in (2, 4, 6)]


def test_who_writes_loads_nothing_that_only_speakers_need(open_tab: Callable[[Service], Tab], voice: Service) -> None:
    """The client of the voice room is asked for when voice is chosen, and not before."""
    tab = open_tab(voice)
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url.removeprefix(tab.origin)))
    tab.begin()
    expect(tab.page.get_by_role("button", name="Speak")).to_be_visible()
    loader = "/voice/loader.js"
    assert [path for path in asked if path.startswith(("/voice/", "/views/voice/", "/vendor/livekit"))] == [loader]
    with tab.page.expect_request("**/vendor/livekit-client.umd.js"):
        tab.press("Speak")


def test_a_spoken_interview_by_keyboard_alone(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Interviewer
) -> None:
    """From the choice to the end nobody needs a mouse, and the focus is where one goes on."""
    tab = open_tab(voice).open()
    press = tab.page.keyboard.press
    expect(tab.page.get_by_label("By voice")).to_be_enabled()
    tab.page.get_by_label("In writing").focus()
    press("ArrowRight")
    expect(tab.page.get_by_text("We hear you.")).to_be_visible()
    tab.page.get_by_role("button", name="Begin the interview").focus()
    press("Enter")
    expect(tab.page.get_by_role("heading", name="Talking")).to_be_focused()
    agent = interviewer(tab, voice)
    agent.greets()
    agent.takes(NURSE[0])
    tab.expect_replies(2)
    for name in ("Finish now and get feedback", "Go on in writing", "Mute", "Done"):
        press("Tab")
        expect(tab.page.get_by_role("button", name=name)).to_be_focused()
    press("Enter")
    expect(tab.page.get_by_role("button", name="Done")).to_be_focused()
    for _ in range(3):
        press("Shift+Tab")
    press("Enter")
    press("Enter")
    tab.expect_feedback()
    expect(tab.page.get_by_role("heading", name="Your feedback")).to_be_focused()
