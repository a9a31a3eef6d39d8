"""When voice breaks: a sentence, a way on, and writing one press away; the interview is never gone."""

from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Browser, BrowserContext, WebSocketRoute, expect

from browser.states import TOKEN, problem
from browser.tab import Service, Tab, words_of
from support.candidates import NURSE
from support.fake_agent import FakeAgent
from support.livekit import LiveKitServer

pytestmark = pytest.mark.livekit
Interviewer = Callable[..., FakeAgent]
CLIENT = "**/vendor/livekit-client.umd.js"
REFUSALS = {
    "voice-not-configured": (503, "Voice is not set up on this service."),
    "invalid-field": (422, "The service did not open the voice room."),
}
GONE = {"unauthenticated": 401, "unknown-session": 404, "session-expired": 410}
A_DEAD_MICROPHONE = """
navigator.mediaDevices.getUserMedia = async () => new AudioContext().createMediaStreamDestination().stream;
"""
DEVICES = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
const open = [];
const opened = async (wish) => {
  const stream = await ask(wish);
  open.push(...stream.getTracks());
  return stream;
};
navigator.mediaDevices.getUserMedia = opened;
window.keep = (reason) => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("none", reason); };
};
window.take = (reason) => {
  keep(reason);
  for (const track of open.splice(0)) { track.stop(); track.dispatchEvent(new Event("ended")); }
};
window.giveBack = () => { navigator.mediaDevices.getUserMedia = opened; };
"""
A_PHONE = (
    DEVICES
    + """
let calling = false;
const contexts = [];
window.AudioContext = class extends AudioContext {
  constructor(...options) { super(...options); contexts.push(this); }
  get state() { return calling && super.state !== "closed" ? "interrupted" : super.state; }
  resume() { return calling ? Promise.reject(new DOMException("a call", "InvalidStateError")) : super.resume(); }
};
Object.defineProperty(MediaStreamTrack.prototype, "muted", { get: () => calling });
window.call = (rings) => {
  calling = rings;
  for (const audio of document.querySelectorAll("audio")) if (rings) audio.pause();
  for (const track of open) track.dispatchEvent(new Event(rings ? "mute" : "unmute"));
  for (const context of contexts) context.dispatchEvent(new Event("statechange"));
};
let away = false;
Object.defineProperty(document, "hidden", { get: () => away });
Object.defineProperty(document, "visibilityState", { get: () => (away ? "hidden" : "visible") });
window.look = (elsewhere) => {
  away = elsewhere;
  document.dispatchEvent(new Event("visibilitychange"));
};
"""
)
LOCKS = """
const locks = [];
window.held = () => locks.filter((lock) => !lock.released).length;
WakeLock.prototype.request = async (kind) => {
  if (document.hidden || kind !== "screen") throw new DOMException("hidden", "NotAllowedError");
  const lock = { released: false, release: async () => { lock.released = true; } };
  document.addEventListener("visibilitychange", () => { lock.released ||= document.hidden; });
  locks.push(lock);
  return lock;
};
"""
NO_SOUND_BEFORE_A_PRESS = """
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  return window.allowed ? play.call(this) : Promise.reject(new DOMException("no press", "NotAllowedError"));
};
"""
NO_CONTEXT_BEFORE_A_PRESS = """
const state = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, "state");
let pressed = false;
addEventListener("pointerdown", () => { pressed = true; }, true);
Object.defineProperty(BaseAudioContext.prototype, "state", {
  get() { return pressed ? state.get.call(this) : "suspended"; },
});
"""
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Mobile/15E148 Safari/604.1"
)
LISTENING = "The interviewer is listening"


@pytest.fixture
def spoken(open_tab: Callable[[Service], Tab], voice: Service) -> Tab:
    """A tab in an interview that was begun by voice; the interviewer is awaited."""
    return open_tab(voice).begin_by_voice()


def begin_speaking(tab: Tab) -> None:
    tab.begin()
    tab.press("Speak")
    tab.press("Start talking")


@pytest.mark.parametrize("slug", REFUSALS)
def test_a_refusal_is_a_sentence_and_the_interview_goes_on_in_writing(
    open_tab: Callable[[Service], Tab], voice: Service, slug: str
) -> None:
    """What the service refuses is not tried again by itself."""
    status, sentence = REFUSALS[slug]
    tab = open_tab(voice)
    tab.page.route(TOKEN, problem(slug, status))
    begin_speaking(tab)
    expect(tab.notice).to_contain_text(sentence)
    expect(tab.speaker).to_have_text("Not connected")
    assert tab.calls().count("POST livekit/token") == 1
    tab.press("Go on in writing")
    tab.answer(NURSE[0])
    tab.expect_question("what kind of work")


def test_an_interview_begun_by_voice_that_has_none_begins_in_writing(
    open_tab: Callable[[Service], Tab], voice: Service
) -> None:
    """The press on Begin counts: going on in writing is all that is needed."""
    tab = open_tab(voice)
    tab.page.route(TOKEN, problem("voice-not-configured", 503))
    tab.open().page.get_by_label("By voice").check()
    expect(tab.page.get_by_text("We hear you.")).to_be_visible()
    tab.press("Begin the interview")
    expect(tab.notice).to_contain_text("Voice is not set up on this service.")
    tab.press("Go on in writing")
    tab.expect_question("Welcome")


def test_a_voice_service_that_is_away_is_asked_again(open_tab: Callable[[Service], Tab], voice: Service) -> None:
    """A 503 with a wait is waited out and said; a long one waits for a press."""
    tab = open_tab(voice)
    tab.page.route(TOKEN, problem("voice-unavailable", 503, **{"Retry-After": "1"}), times=1)
    begin_speaking(tab)
    expect(tab.notice).to_contain_text("The voice service is not ready.")
    expect(tab.speaker).to_have_text("Waiting for the interviewer")
    tab.press("Go on in writing")

    tab.page.route(TOKEN, problem("voice-unavailable", 503, **{"Retry-After": "600"}), times=1)
    tab.press("Speak")
    expect(tab.notice).to_contain_text("The voice service does not answer.")
    tab.press("Try again")
    expect(tab.speaker).to_have_text("Waiting for the interviewer")


def test_an_interview_that_is_over_shows_its_end(open_tab: Callable[[Service], Tab], voice: Service) -> None:
    """A 409 leads to the feedback that is there already."""
    tab = open_tab(voice).begin()
    with tab.elsewhere_client() as other:
        other.answer(NURSE[0])
        other.finish()
    tab.press("Speak")
    tab.press("Start talking")
    tab.expect_feedback()
    expect(tab.speaker).to_be_hidden()


@pytest.mark.parametrize("slug", GONE)
def test_an_interview_that_is_gone_says_so(open_tab: Callable[[Service], Tab], voice: Service, slug: str) -> None:
    """As in writing: a heading, a sentence, and the way to the start page."""
    tab = open_tab(voice)
    tab.page.route(TOKEN, problem(slug, GONE[slug]))
    begin_speaking(tab)
    expect(tab.page.locator("#lost-title")).to_be_focused()
    expect(tab.page.get_by_role("link", name="What this means")).to_have_attribute("href", f"/problems#{slug}")


def test_without_a_network_the_room_is_entered_when_it_is_back(
    open_tab: Callable[[Service], Tab], voice: Service, context: BrowserContext
) -> None:
    """Offline says offline; nothing needs to be pressed."""
    tab = open_tab(voice).begin()
    tab.press("Speak")
    expect(tab.page.get_by_text("We hear you.")).to_be_visible()
    tab.page.wait_for_function("() => window.LivekitClient")
    context.set_offline(True)
    tab.press("Start talking")
    expect(tab.notice).to_contain_text("You are offline.")
    context.set_offline(False)
    expect(tab.speaker).to_have_text("Waiting for the interviewer")


def test_a_room_that_cannot_be_reached_is_tried_again(open_tab: Callable[[Service], Tab], voice: Service) -> None:
    """A network that lets the page through and not the voice is a sentence, and the next try may succeed."""
    tab = open_tab(voice)
    tries: list[WebSocketRoute] = []

    def let_through_later(socket: WebSocketRoute) -> None:
        tries.append(socket)
        if len(tries) > 2:
            socket.connect_to_server()
        else:
            socket.close(code=1011)

    tab.page.route_web_socket("**/rtc**", let_through_later)
    begin_speaking(tab)
    expect(tab.notice).to_contain_text("No connection to the voice room.")
    expect(tab.speaker).to_have_text("Waiting for the interviewer")


def test_words_that_were_spoken_before_going_on_in_writing_are_seen_when_they_are_answered(
    spoken: Tab, voice: Service, interviewer: Interviewer
) -> None:
    """The worker answers what it has heard a little later; the page looks for that, and for nothing else."""
    agent = interviewer(spoken, voice)
    agent.greets()
    spoken.expect_replies(1)
    agent.hears(NURSE[0])
    spoken.expect_caption(NURSE[0])
    spoken.press("Go on in writing")
    agent.wait_until_candidate_left()
    agent.takes(NURSE[0])
    spoken.expect_question("what kind of work")
    assert spoken.said("user") == [NURSE[0]]


def test_a_client_that_does_not_load_is_loaded_again(open_tab: Callable[[Service], Tab], voice: Service) -> None:
    """A lost download of what only speakers need is tried again like everything else."""
    tab = open_tab(voice)
    tab.page.route(CLIENT, lambda route: route.abort(), times=1)
    begin_speaking(tab)
    expect(tab.speaker).to_have_text("Waiting for the interviewer")


def test_another_tab_takes_the_conversation_and_gives_it_back(
    spoken: Tab, voice: Service, interviewer: Interviewer, open_tab: Callable[[Service], Tab]
) -> None:
    """The first tab says where it is spoken now, and one press brings it back; nobody is heard twice."""
    interviewer(spoken, voice)
    expect(spoken.speaker).to_have_text(LISTENING)
    other = open_tab(voice).open()
    other.page.locator("[data-open]").first.click()
    other.press("By voice")
    other.press("Start talking")
    expect(other.speaker).to_have_text(LISTENING)
    expect(spoken.notice).to_contain_text("in another tab")

    spoken.press("Speak here")
    expect(spoken.speaker).to_have_text(LISTENING)
    expect(other.notice).to_contain_text("in another tab")
    other.press("Go on in writing")
    expect(other.notice).to_be_hidden()


def test_a_reload_comes_back_by_itself_where_the_browser_allows_it(
    spoken: Tab, voice: Service, interviewer: Interviewer
) -> None:
    """The same interviewer is there, and what was stored meanwhile is shown."""
    agent = interviewer(spoken, voice)
    agent.greets()
    agent.takes(NURSE[0])
    spoken.expect_replies(2)
    spoken.page.reload()
    expect(spoken.speaker).to_have_text(LISTENING)
    agent.wait_until_heard()
    assert spoken.said("user") == [NURSE[0]]
    assert agent.connected


def test_a_reload_needs_one_press_where_the_browser_plays_nothing_by_itself(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Interviewer
) -> None:
    """The page says what was going on, and one press goes on by voice."""
    tab = open_tab(voice)
    tab.page.add_init_script(NO_CONTEXT_BEFORE_A_PRESS)
    tab.begin_by_voice()
    agent = interviewer(tab, voice)
    agent.greets()
    tab.expect_replies(1)
    tab.page.reload()
    expect(tab.notice).to_contain_text("You were talking")
    agent.wait_until_candidate_left()
    tab.press("Go on by voice")
    expect(tab.speaker).to_have_text(LISTENING)
    agent.wait_until_heard()


def test_a_browser_that_plays_nothing_offers_a_button(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Interviewer
) -> None:
    """Nobody misses what is said without knowing why."""
    tab = open_tab(voice)
    tab.page.add_init_script(NO_SOUND_BEFORE_A_PRESS)
    tab.begin_by_voice()
    interviewer(tab, voice)
    expect(tab.notice).to_contain_text("The browser plays no sound")
    tab.page.evaluate("() => { window.allowed = true; }")
    tab.press("Hear the interviewer")
    expect(tab.notice).to_be_hidden()


def test_who_went_back_to_writing_stays_there_after_a_reload(
    spoken: Tab, voice: Service, interviewer: Interviewer
) -> None:
    """Voice comes back only where it was on."""
    interviewer(spoken, voice).greets()
    spoken.expect_replies(1)
    spoken.press("Go on in writing")
    spoken.page.reload()
    expect(spoken.composer).to_be_visible()
    expect(spoken.speaker).to_be_hidden()


def test_leaving_the_page_leaves_the_room(spoken: Tab, voice: Service, interviewer: Interviewer) -> None:
    """The start page hears nobody; the browser's way back goes on by voice."""
    agent = interviewer(spoken, voice)
    agent.greets()
    spoken.expect_replies(1)
    spoken.page.get_by_role("link", name="to the start page").click()
    agent.wait_until_candidate_left()
    spoken.page.go_back()
    expect(spoken.speaker).to_have_text(LISTENING)


@pytest.mark.parametrize("what", ["backend", "hearing", "speech"])
def test_what_the_interviewer_cannot_do_is_said(
    spoken: Tab, voice: Service, interviewer: Interviewer, what: str
) -> None:
    """A sentence for each kind of trouble, gone when the trouble is."""
    agent = interviewer(spoken, voice)
    agent.tells(trouble=what)
    expect(spoken.notice).to_contain_text("go on in writing")
    agent.tells(trouble="")
    expect(spoken.notice).to_be_hidden()


def test_a_room_that_is_closed_too_early_is_opened_again_by_a_press(
    spoken: Tab, voice: Service, interviewer: Interviewer
) -> None:
    """Closed is not over: the page says so and the interview goes on."""
    agent = interviewer(spoken, voice)
    agent.greets()
    spoken.expect_replies(1)
    agent.close_room()
    expect(spoken.notice).to_contain_text("The voice room was closed.")
    spoken.press("Try again")
    expect(spoken.speaker).to_have_text("Waiting for the interviewer")


@pytest.mark.long
def test_nobody_who_comes_is_called_and_after_half_a_minute_writing_is_offered(
    spoken: Tab, voice: Service, interviewer: Interviewer
) -> None:
    """The token function is asked again, because it sees to it that somebody comes; who comes late is welcome."""
    expect(spoken.notice).to_contain_text("The interviewer is being called.")
    assert spoken.calls().count("POST livekit/token") == 2
    expect(spoken.notice).to_contain_text("The interviewer does not come.", timeout=30_000)
    assert spoken.calls().count("POST livekit/token") == 4
    agent = interviewer(spoken, voice)
    expect(spoken.speaker).to_have_text(LISTENING)
    expect(spoken.notice).to_be_hidden()

    agent.leave()
    expect(spoken.speaker).to_have_text("Waiting for the interviewer")
    expect(spoken.notice).to_contain_text("The interviewer is being called.")


@pytest.mark.long
def test_a_microphone_that_gives_nothing_is_noticed_after_a_while(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Interviewer
) -> None:
    """Digital silence while somebody listens is a fault, the silence of somebody who thinks is not."""
    tab = open_tab(voice)
    tab.page.add_init_script(A_DEAD_MICROPHONE)
    tab.begin()
    tab.press("Speak")
    expect(tab.page.get_by_text("Say a few words.")).to_be_visible()
    tab.press("Start talking")
    interviewer(tab, voice)
    expect(tab.speaker).to_have_text(LISTENING)
    expect(tab.notice).to_contain_text("Nothing comes from your microphone.")
    tab.press("Check the microphone")
    expect(tab.page.get_by_role("heading", name="Your microphone")).to_be_focused()


GONE_MICROPHONE = "Your microphone is gone."
UNHEARD = "You cannot be heard"


def begin_with(tab: Tab, *scripts: str) -> Tab:
    """Begin by voice in a browser where things happen that a test cannot do by hand."""
    tab.page.add_init_script("\n".join(scripts))
    return tab.begin_by_voice()


def test_a_microphone_that_is_unplugged_is_noticed(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Interviewer
) -> None:
    """The page says that it is gone, and the check finds the next one."""
    tab = begin_with(open_tab(voice), DEVICES)
    interviewer(tab, voice)
    expect(tab.speaker).to_have_text("You are speaking")
    tab.page.evaluate("() => take('NotFoundError')")
    expect(tab.notice).to_contain_text(GONE_MICROPHONE)
    expect(tab.speaker).to_have_text(UNHEARD)
    tab.press("Check the microphone")
    expect(tab.page.get_by_text("No microphone was found.")).to_be_visible()


def test_a_microphone_that_is_plugged_in_again_is_used_again(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Interviewer
) -> None:
    """Nothing has to be pressed: the browser tells that there is another device."""
    tab = begin_with(open_tab(voice), DEVICES)
    agent = interviewer(tab, voice)
    agent.wait_until_heard()
    tab.page.evaluate("() => take('NotFoundError')")
    expect(tab.speaker).to_have_text(UNHEARD)
    tab.page.evaluate("() => { giveBack(); navigator.mediaDevices.dispatchEvent(new Event('devicechange')); }")
    expect(tab.notice).to_be_hidden()
    agent.wait_until_heard()


def test_a_call_takes_the_microphone_and_gives_it_back(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Interviewer
) -> None:
    """The page says so meanwhile, and afterwards both hear each other again, without a press."""
    tab = begin_with(open_tab(voice), A_PHONE)
    agent = interviewer(tab, voice)
    agent.becomes("speaking")
    expect(tab.page.locator("#loudspeaker audio")).to_have_count(1)
    assert tab.hears_the_interviewer()
    agent.becomes("listening")
    agent.wait_until_heard()
    tab.page.evaluate("() => call(true)")
    expect(tab.notice).to_contain_text(GONE_MICROPHONE)
    expect(tab.speaker).to_have_text(UNHEARD)
    tab.page.evaluate("() => call(false)")
    expect(tab.notice).to_be_hidden()
    agent.wait_until_heard()
    agent.becomes("speaking")
    assert tab.hears_the_interviewer()


@pytest.mark.parametrize("muted", [False, True])
def test_a_call_that_ends_the_microphone_is_over_when_the_person_looks_at_the_page_again(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Interviewer, muted: bool
) -> None:
    """It is opened anew; from somebody who is muted not before they want to be heard."""
    tab = begin_with(open_tab(voice), A_PHONE)
    agent = interviewer(tab, voice)
    agent.wait_until_heard()
    if muted:
        tab.press("Mute")
        agent.wait_for_silence()
    tab.page.evaluate("() => { look(true); call(true); take('NotReadableError'); }")
    expect(tab.speaker).to_have_text(UNHEARD)
    tab.page.evaluate("() => { call(false); giveBack(); look(false); }")
    if muted:
        tab.press("Unmute")
    expect(tab.notice).to_be_hidden()
    agent.wait_until_heard()


def test_a_phone_that_looks_at_the_page_during_a_call_is_heard_after_it(
    chromium: Browser, voice: Service, interviewer: Interviewer
) -> None:
    """Whoever asks a phone for its microphone too early has none at all: it is asked again when the call is over."""
    with closing(chromium.new_context(user_agent=IPHONE, permissions=["microphone"])) as context:
        context.set_default_timeout(15_000)
        tab = begin_with(voice.tab(context.new_page()), A_PHONE)
        agent = interviewer(tab, voice)
        agent.wait_until_heard()
        tab.page.evaluate("() => { look(true); call(true); keep('NotReadableError'); look(false); }")
        expect(tab.notice).to_contain_text(GONE_MICROPHONE)
        expect(tab.speaker).to_have_text(UNHEARD)
        tab.page.evaluate("() => { giveBack(); call(false); }")
        expect(tab.notice).to_be_hidden()
        agent.wait_until_heard()
        assert tab.faults == []


def test_a_microphone_that_goes_while_it_is_tried_out_is_a_sentence(
    open_tab: Callable[[Service], Tab], voice: Service
) -> None:
    """Nobody is told that they are heard; one press tries it again."""
    tab = open_tab(voice)
    tab.page.add_init_script(A_PHONE)
    tab.open().page.get_by_label("By voice").check()
    expect(tab.page.get_by_text("We hear you.")).to_be_visible()
    tab.page.evaluate("() => call(true)")
    expect(tab.page.get_by_role("status").get_by_text(GONE_MICROPHONE)).to_be_visible()
    tab.page.evaluate("() => call(false)")
    tab.press("Try again")
    expect(tab.page.get_by_text("We hear you.")).to_be_visible()


def test_a_browser_that_cannot_mix_what_a_headset_gives_shows_no_level_and_goes_on(
    context: BrowserContext, voice: Service, interviewer: Interviewer
) -> None:
    """Who cannot be measured is heard all the same; LiveKit's client, which measures too, complains to the console."""
    tab = voice.tab(context.new_page()).begin()
    tab.page.evaluate(
        """() => {
          AudioContext.prototype.createMediaStreamSource = () => { throw new DOMException("", "NotSupportedError"); };
        }"""
    )
    tab.press("Speak")
    expect(tab.page.get_by_text("Say a few words.")).to_be_visible()
    tab.press("Start talking")
    agent = interviewer(tab, voice)
    agent.wait_until_heard()
    expect(tab.notice).to_be_hidden()


def test_the_screen_stays_awake_while_the_room_is_open(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Interviewer
) -> None:
    """A browser lets it sleep when somebody looks elsewhere, so the page asks again; in writing it may sleep."""
    tab = begin_with(open_tab(voice), A_PHONE, LOCKS)
    interviewer(tab, voice).greets()
    tab.expect_replies(1)
    tab.page.wait_for_function("() => held() === 1")
    tab.page.evaluate("() => look(true)")
    assert tab.page.evaluate("() => held()") == 0
    tab.page.evaluate("() => look(false)")
    tab.page.wait_for_function("() => held() === 1")
    tab.press("Go on in writing")
    tab.page.wait_for_function("() => held() === 0")
    tab.page.evaluate("() => { look(true); look(false); }")
    tab.answer(NURSE[0])
    tab.expect_replies(2)
    assert tab.page.evaluate("() => held()") == 0


def test_a_screen_that_may_not_stay_awake_is_no_fault(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Interviewer
) -> None:
    """A low battery refuses it; nobody needs to know."""
    refuse = "WakeLock.prototype.request = async () => { throw new DOMException('battery', 'NotAllowedError'); };"
    tab = begin_with(open_tab(voice), refuse)
    interviewer(tab, voice).wait_until_heard()
    expect(tab.notice).to_be_hidden()


def test_a_page_of_voice_that_does_not_load_is_loaded_again_by_a_press(
    open_tab: Callable[[Service], Tab], voice: Service
) -> None:
    """What only speakers need may be lost on the way: that is a sentence, and the interview stands."""
    tab = open_tab(voice)
    tab.page.route("**/voice/room.js", lambda route: route.abort())
    begin_speaking(tab)
    expect(tab.notice).to_contain_text("No connection.")
    tab.page.unroute("**/voice/room.js")
    tab.press("Try again")
    expect(tab.speaker).to_have_text("Waiting for the interviewer")


def test_what_the_interviewer_published_too_late_or_never_is_read_when_it_has_spoken(
    spoken: Tab, voice: Service, interviewer: Interviewer
) -> None:
    """Its words stand in the conversation although nobody said that there are more, and an old number is no loss."""
    agent = interviewer(spoken, voice)
    agent.greets()
    spoken.expect_replies(1)
    with spoken.elsewhere_client() as other:
        reply = other.answer(NURSE[0])["assistant_text"]
    agent.becomes("speaking")
    agent.says(reply)
    agent.tells(seq="1")
    agent.becomes("listening")
    spoken.expect_question(reply)
    assert spoken.said("user") == [NURSE[0]]
    assert spoken.captions() == []


@pytest.mark.long
def test_a_livekit_server_that_dies_and_comes_back_ends_nothing(
    start_service: Callable[..., Service], open_tab: Callable[[Service], Tab], interviewer: Interviewer
) -> None:
    """The page says that it connects again, enters by itself when the server is back, and nothing is lost."""
    with LiveKitServer() as livekit:
        service = start_service(**livekit.env())
        service.livekit = livekit
        tab = open_tab(service).begin_by_voice()
        agent = interviewer(tab, service)
        agent.greets()
        agent.takes(NURSE[0])
        tab.expect_replies(2)
        livekit.kill()
        agent.leave()
        expect(tab.speaker).to_have_text("Connecting again…", timeout=30_000)
        tab.page.wait_for_timeout(2000)
        livekit.start()
        expect(tab.speaker).to_have_text("Waiting for the interviewer", timeout=60_000)
        newer = interviewer(tab, service, job="y")
        expect(tab.speaker).to_have_text(LISTENING)
        newer.takes(NURSE[1])
        tab.expect_replies(3)
        assert list(NURSE[:2]) == words_of("user", tab.transcript()) == tab.said("user")
