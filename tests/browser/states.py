"""Every state that the page can be in, and how a candidate comes into it: for pictures and for accessibility."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Route, expect

from browser.reports import REPORT, Claim, Reader, competency, expect_notes
from browser.tab import Service, Tab
from support.client import ApiClient
from support.emulators import require
from support.fake_agent import FakeAgent
from support.gemini import REFUSED, Failure, FakeGemini, Gate, GeminiRequest, Text
from support.livekit import LiveKitServer
from support.puppet import chooses, interviewer_script, questions
from support.server import DevServer

TURN = "**/api/interview/ui/next_turn"
CREATE = "**/api/interview/sessions/create"
MESSAGES = "**/api/interview/sessions/*/messages*"
TOKEN = "**/api/interview/livekit/token"
HEALTH = "**/api/interview/ui/next_turn/health"
PLANS = "**/api/interview/plans"

GREETING = (
    "Hello Ada, good to meet you. I am an AI interviewer, and we have about twenty minutes. To begin: "
    "who are you, and what are you working on these days?"
)
INTRODUCTION = "I have been a nurse for nine years, the last four in a paediatric intensive care unit."
QUESTION = (
    "Thank you. Four years in intensive care for children is a long time. Which situation there are you still "
    "thinking about, and what was yours to decide in it?"
)
STORY = (
    "In the winter wave we had twelve children for eight beds. I drew up a transfer list with the doctor on duty "
    "and called three hospitals myself."
)
FOLLOW_UP = (
    "You called the hospitals yourself. How did you decide which four children could be moved, "
    "and who disagreed with you?"
)
CHOICE = (
    "We ranked them by how stable they were on the ventilator. One father was furious, so I sat down with him first."
)
FEEDBACK = """Thank you, Ada. That was a clear picture of a hard night.
- Strength: You say what was yours to do: you drew up the transfer list and “called three hospitals myself”.
- Gap: We heard what you did for the four families, but not how the night ended for the other eight children.
- Next step: Prepare one number for this story, such as how long the transfers took, and say it in the first minute.
<<<STAY>>>"""
JOB = (
    "Staff nurse, respiratory ward. 28 beds, non-invasive ventilation, night shifts one week in four. You look after "
    "patients after a stroke, teach students, and hand over to the day team."
)
RESUME = "Seven years on a stroke unit; introduced a board for falls, trained students. " * 120
WORDINGS = """
{"id": "classic.mistake", "text": "Think of a mistake you made on a ward. What did you do when you noticed it?"}
{"id": "classic.pressure", "text": "Think of a full night shift. How did you choose what came first?"}
{"id": "classic.learning", "text": "How old are you?"}
{"brief": "Staff nurse on a respiratory ward with night shifts."}
"""
"""What a model proposes for a job; the third line is not asked of anybody."""
MIXED = "عملت كممرضة لمدة تسع سنوات, mostly on night shifts."


@dataclass
class Visit:
    """One visit of a browser that was never here, and the services it can go to."""

    services: dict[str, Service]
    context: BrowserContext
    gates: list[Gate] = field(default_factory=list)
    open_tabs: list[Tab] = field(default_factory=list)
    in_room: ExitStack = field(default_factory=ExitStack)

    def service(self, kind: str = "model") -> Service:
        if kind == "voice":
            require(LiveKitServer.why_not())
        return self.services[kind]

    def tab(self, kind: str = "model") -> Tab:
        tab = self.service(kind).tab(self.context.new_page())
        self.open_tabs.append(tab)
        return tab

    def interviewer(self, tab: Tab) -> FakeAgent:
        """Let an interviewer join the voice room of the interview that the tab has open."""
        service = self.service("voice")
        engine = self.in_room.enter_context(ApiClient(service.url, secret=service.server.secret, door="secret"))
        tab.expect_in_an_interview()
        engine.session_id = tab.session["id"]
        assert service.livekit is not None
        return self.in_room.enter_context(FakeAgent(service.livekit, engine))

    def says(self, *words: str, kind: str = "model") -> None:
        """Let the model say this next, word by word."""
        self.service(kind).gemini.say(*(Text(said if "<<<" in said else f"{said}\n<<<STAY>>>") for said in words))

    def holds(self, words: str, after_chunks: int) -> Gate:
        """Let the model stop in the middle of its next reply."""
        gate = Gate(after_chunks)
        self.gates.append(gate)
        self.service().gemini.say(Text(f"{words}\n<<<STAY>>>", chunk_size=24, gate=gate))
        return gate

    def end(self) -> None:
        for gate in self.gates:
            gate.set()
        self.in_room.close()


State = Callable[[Visit], Tab]
STATES: dict[str, State] = {}


def state(build: State) -> State:
    STATES[build.__name__.replace("_", "-")] = build
    return build


def problem(slug: str, status: int, **headers: str) -> Callable[[Route], None]:
    """Answer as the functions would with this problem."""
    body = {"type": f"/problems#{slug}", "title": slug, "status": status}
    return lambda route: route.fulfill(
        status=status, content_type="application/problem+json", headers=headers, json=body
    )


def paste(tab: Tab, job: str, background: str) -> None:
    """Paste what the interview is to be for."""
    if not tab.page.locator("#job").is_visible():
        tab.page.get_by_text("More options").click()
    for label, text in (("The job you practise for", job), ("What you have done so far", background)):
        tab.page.get_by_label(label).focus()
        tab.page.keyboard.insert_text(text)


def goes_on_asking(request: GeminiRequest) -> Text:
    """An interviewer who never comes to an end by itself."""
    if request.closes:
        return chooses(request)
    fresh = next(question for question in questions(request.stage) if question not in request.text)
    return Text(f"Thank you: {fresh}\n<<<STAY>>>")


def greeted(visit: Visit, name: str = "Ada", role: str = "Paediatric nurse") -> Tab:
    visit.says(GREETING)
    tab = visit.tab().open()
    tab.page.get_by_label("What may we call you?").fill(name)
    tab.page.get_by_label("The role you practise for").fill(role)
    tab.page.get_by_role("button", name="Begin the interview").click()
    tab.expect_question("who are you")
    return tab


def in_talk(visit: Visit) -> Tab:
    tab = greeted(visit)
    visit.says(QUESTION)
    tab.answer(INTRODUCTION)
    tab.expect_question("yours to decide")
    return tab


def ended(visit: Visit) -> Tab:
    tab = in_talk(visit)
    visit.says(FOLLOW_UP)
    tab.answer(STORY)
    tab.expect_question("who disagreed")
    visit.says(FEEDBACK)
    tab.finish()
    tab.expect_feedback()
    return tab


@state
def begin(visit: Visit) -> Tab:
    tab = visit.tab().open()
    expect(tab.page.get_by_text("up to 15 min")).to_be_visible()
    return tab


@state
def set_up(visit: Visit) -> Tab:
    """A kind that has levels, and every option in view."""
    tab = begin(visit)
    tab.page.get_by_label("Kind of interview").select_option("nursing")
    tab.page.get_by_text("More options").click()
    tab.page.get_by_label("Senior").check()
    tab.page.get_by_label("Half as much again").check()
    expect(
        tab.page.get_by_text("About 31 minutes and 9 questions. Not covered: learning from mistakes.")
    ).to_be_visible()
    return tab


@state
def set_up_in_part(visit: Visit) -> Tab:
    """As a candidate comes back to it who needs more time."""
    tab = set_up(visit)
    tab.page.reload()
    expect(tab.page.get_by_text("half as much time again")).to_be_visible()
    return tab


@state
def set_up_with_a_paste(visit: Visit) -> Tab:
    """A job advert, and a résumé that is longer than what there is room for."""
    tab = set_up(visit)
    paste(tab, JOB, RESUME)
    expect(tab.page.get_by_text("There is room for 8,000 characters")).to_be_visible()
    return tab


@state
def begin_again(visit: Visit) -> Tab:
    tab = ended(visit)
    tab.page.get_by_role("link", name="to the start page").click()
    expect(tab.page.get_by_role("heading", name="Your interviews")).to_be_visible()
    return tab


@state
def begin_while_one_goes_on(visit: Visit) -> Tab:
    tab = in_talk(visit)
    tab.page.get_by_role("link", name="to the start page").click()
    expect(tab.page.get_by_role("button", name="Continue")).to_be_visible()
    return tab


@state
def begin_while_the_service_is_away(visit: Visit) -> Tab:
    tab = visit.tab()
    for question in (HEALTH, PLANS):
        tab.page.route(question, lambda route: route.abort())
    tab.open()
    expect(tab.page.get_by_text("does not answer right now")).to_be_visible()
    return tab


def not_begun(visit: Visit, slug: str, status: int, words: str, **headers: str) -> Tab:
    """The first page after a press of its button that came to nothing."""
    tab = begin(visit)
    tab.page.route(CREATE, problem(slug, status, **headers))
    tab.page.get_by_role("button", name="Begin the interview").click()
    expect(tab.page.get_by_text(words)).to_be_visible()
    return tab


@state
def begin_too_often(visit: Visit) -> Tab:
    return not_begun(visit, "rate-limited", 429, "Too many interviews", **{"Retry-After": "600"})


@state
def beginning_with_a_way_out(visit: Visit) -> Tab:
    return not_begun(visit, "store-unavailable", 503, "not ready for a new interview", **{"Retry-After": "60"})


@state
def begin_after_deleting(visit: Visit) -> Tab:
    tab = ended(visit)
    tab.page.get_by_role("button", name="Delete my data").click()
    tab.press("Delete")
    expect(tab.page.get_by_text("The interview is deleted.")).to_be_visible()
    return tab


@state
def begin_tomorrow(visit: Visit) -> Tab:
    return not_begun(visit, "daily-interviews-reached", 429, "are taken", **{"Retry-After": "18000"})


@state
def begin_over_budget(visit: Visit) -> Tab:
    return not_begun(visit, "daily-budget-reached", 503, "its work for today", **{"Retry-After": "18000"})


@state
def begin_unproven(visit: Visit) -> Tab:
    tab = visit.tab()
    tab.page.route("**/config.json", lambda route: route.fulfill(json={"appCheck": {"siteKey": "6LdSiteKey"}}))
    tab.open()
    expect(tab.page.get_by_text("protected by reCAPTCHA")).to_be_visible()
    tab.page.get_by_role("button", name="Begin the interview").click()
    expect(tab.page.get_by_text("Allow google.com")).to_be_visible()
    return tab


@state
def begin_with_too_large_a_paste(visit: Visit) -> Tab:
    tab = begin(visit)
    paste(tab, JOB, "")
    tab.page.route(CREATE, problem("body-too-large", 413))
    tab.press("Begin the interview")
    expect(tab.page.get_by_text("Shorten it or take it out")).to_be_visible()
    return tab


@state
def lobby(visit: Visit) -> Tab:
    with ApiClient(visit.service().url) as client:
        link = client.create(candidate_name="Ada", role="Paediatric nurse")["join_url"]
    tab = visit.tab().open(link.removeprefix(visit.service().url))
    expect(tab.page.get_by_text("interviewed by an AI").last).to_be_visible()
    return tab


@state
def opening(visit: Visit) -> Tab:
    tab = greeted(visit)
    tab.page.route(MESSAGES, problem("store-unavailable", 503, **{"Retry-After": "60"}))
    tab.page.reload()
    expect(tab.page.get_by_text("cannot save right now")).to_be_visible()
    return tab


@state
def greeting(visit: Visit) -> Tab:
    return greeted(visit)


@state
def tailored(visit: Visit) -> Tab:
    tab = begin(visit)
    paste(tab, JOB, "")
    visit.says(GREETING)
    visit.service().gemini.wordings = WORDINGS
    tab.press("Begin the interview")
    tab.expect_question("who are you")
    expect(tab.page.get_by_text("2 of the questions are worded for what you pasted.")).to_be_visible()
    return tab


@state
def thinking(visit: Visit) -> Tab:
    tab = greeted(visit)
    gate = visit.holds(QUESTION, 0)
    tab.answer(INTRODUCTION)
    assert gate.reached.wait(10)
    expect(tab.page.get_by_text("Received")).to_be_visible()
    return tab


@state
def streaming(visit: Visit) -> Tab:
    tab = in_talk(visit)
    visit.holds(FOLLOW_UP, 3)
    tab.answer(STORY)
    expect(tab.log.locator(".entry.agent").last).to_contain_text("How did")
    return tab


@state
def writing(visit: Visit) -> Tab:
    tab = in_talk(visit)
    visit.says(FOLLOW_UP)
    tab.answer(STORY)
    tab.expect_question("who disagreed")
    tab.composer.fill(CHOICE)
    return tab


@state
def time_to_think(visit: Visit) -> Tab:
    tab = in_talk(visit)
    tab.composer.fill(STORY)
    tab.press("Time to think")
    expect(tab.page.get_by_text("Time to think until")).to_be_visible()
    return tab


@state
def right_to_left(visit: Visit) -> Tab:
    tab = greeted(visit)
    visit.says("شكرا لك، ما هو أصعب قرار اتخذته؟ And in English, please: who decided?")
    tab.answer(MIXED)
    tab.expect_question("who decided")
    return tab


@state
def near_the_limit(visit: Visit) -> Tab:
    tab = in_talk(visit)
    tab.composer.fill((STORY + " ") * 26 + "That is all I can remember of it, and now I have said far too much. " * 3)
    expect(tab.page.locator("#counter")).to_contain_text("character")
    return tab


@state
def retrying(visit: Visit) -> Tab:
    tab = greeted(visit)
    tab.page.route(TURN, problem("store-unavailable", 503, **{"Retry-After": "60"}))
    tab.answer(INTRODUCTION)
    expect(tab.page.get_by_text("cannot save right now")).to_be_visible()
    return tab


@state
def slowed_down(visit: Visit) -> Tab:
    tab = greeted(visit)
    tab.page.route(TURN, problem("rate-limited", 429, **{"Retry-After": "42"}))
    tab.answer(INTRODUCTION)
    expect(tab.page.get_by_text("in about 42 seconds")).to_be_visible()
    return tab


@state
def time_nearly_up(visit: Visit) -> Tab:
    tab = visit.tab("hurried").begin(role="Paediatric nurse")
    expect(tab.page.get_by_text("nearly over")).to_be_visible()
    return tab


@state
def offline(visit: Visit) -> Tab:
    tab = greeted(visit)
    visit.context.set_offline(True)
    tab.answer(INTRODUCTION)
    expect(tab.page.get_by_text("You are offline.")).to_be_visible()
    return tab


@state
def scripted(visit: Visit) -> Tab:
    tab = visit.tab("script").open()
    tab.page.get_by_label("The role you practise for").fill("Paediatric nurse")
    tab.page.get_by_role("button", name="Begin the interview").click()
    tab.expect_replies(1)
    tab.answer(INTRODUCTION)
    tab.expect_replies(2)
    return tab


@state
def stand_in(visit: Visit) -> Tab:
    tab = greeted(visit)
    visit.service().say_always(lambda _: Failure(503))
    tab.answer(INTRODUCTION)
    expect(tab.page.get_by_text("so this is a stand-in line")).to_be_visible()
    return tab


@state
def interviewer_failed(visit: Visit) -> Tab:
    tab = greeted(visit)
    visit.service().say_always(lambda _: REFUSED)
    for number, words in enumerate((INTRODUCTION, STORY, CHOICE), 2):
        tab.answer(words)
        tab.expect_replies(number)
    expect(tab.page.get_by_text("failed three times")).to_be_visible()
    return tab


@state
def refused(visit: Visit) -> Tab:
    tab = greeted(visit)
    tab.page.route(TURN, problem("invalid-field", 422))
    tab.answer(INTRODUCTION)
    expect(tab.page.get_by_text("This was not accepted")).to_be_visible()
    return tab


@state
def answered_elsewhere(visit: Visit) -> Tab:
    tab = in_talk(visit)
    with tab.elsewhere_client() as phone:
        visit.says(FOLLOW_UP)
        assert phone.answer(STORY).status == 200
        now = phone.messages().body
    body = {"type": "/problems#answered-elsewhere", "status": 409, "turn": now}
    tab.page.route(
        TURN, lambda route: route.fulfill(status=409, content_type="application/problem+json", json=body), times=1
    )
    tab.answer(CHOICE)
    expect(tab.page.get_by_text("answered on another device")).to_be_visible()
    return tab


@state
def sent_as_it_was(visit: Visit) -> Tab:
    tab = greeted(visit)
    tab.page.route(MESSAGES, out_of_time)
    tab.page.reload()
    visit.says(QUESTION)
    tab.composer.fill(INTRODUCTION[:48])
    tab.expect_question("yours to decide")
    expect(tab.page.get_by_text("sent as they were")).to_be_visible()
    return tab


def out_of_time(route: Route) -> None:
    """Tell the page that the interviewer goes on in eight seconds."""
    said = route.fetch()
    route.fulfill(response=said, json={**said.json(), "moves_on_in_s": 8})


@state
def new_words_below(visit: Visit) -> Tab:
    tab = in_talk(visit)
    for words in (STORY, CHOICE):
        replies = tab.log.locator(".entry.agent").count()
        visit.says(FOLLOW_UP)
        tab.answer(words)
        tab.expect_replies(replies + 1)  # by number: both replies have the same words
    tab.page.set_viewport_size({"width": 390, "height": 520})  # as with its keyboard: the question is not at the top
    gate = visit.holds(QUESTION, 0)
    tab.answer(STORY)
    assert gate.reached.wait(10)
    tab.page.wait_for_function("() => document.documentElement.scrollHeight - scrollY - innerHeight < 2")
    tab.page.evaluate("() => scrollTo({ top: 0, behavior: 'instant' })")
    gate.set()
    expect(tab.page.get_by_role("button", name="New words below")).to_be_visible()
    return tab


@state
def without_storage(visit: Visit) -> Tab:
    tab = visit.tab()
    tab.page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full'); };")
    tab.begin()
    expect(tab.page.get_by_text("keeps no copy")).to_be_visible()
    return tab


@state
def finish_question(visit: Visit) -> Tab:
    tab = in_talk(visit)
    tab.composer.fill("One more thing")
    tab.page.get_by_role("button", name="Finish now").click()
    expect(tab.page.get_by_role("dialog")).to_be_visible()
    return tab


@state
def end(visit: Visit) -> Tab:
    return ended(visit)


INTRO = "I came to nursing through my grandmother, whom I looked after for two years before I trained."
WISH = "I would like to stay with children, best in a unit that also goes out to families at home. 🙂"
SHIFT = (
    "In the winter wave we had twelve children for eight beds. I drew up a transfer list with the doctor on duty and "
    "called three hospitals myself, because the list has to exist before anybody asks for it. All four transfers "
    "arrived before midnight, and nobody worked a double shift."
)
LATER = "The handover took 35 minutes instead of an hour, since every ward already had the list."
FATHER = (
    "One father was furious about the transfer. He wanted his daughter to stay with the nurse she knew, so I sat down "
    "with him first and went along in the ambulance."
)
UNHAPPY = "We talked it over in the team and then we changed the visiting hours."
CLAIMS = (
    Claim("situation_named", "twelve children for eight beds"),
    Claim("own_action", "I drew up a transfer list with the doctor on duty and called three hospitals myself", "rule"),
    Claim("choice_reasoned", "called three hospitals myself, because the list has to exist before anybody asks for it"),
    Claim("result_told", "All four transfers arrived before midnight"),
    Claim("result_measured", "The handover took 35 minutes instead of an hour", "rule"),
    Claim("other_view_told", "He wanted his daughter to stay with the nurse she knew", "one reading"),
    Claim("team_only", "We talked it over in the team and then we changed the visiting hours", "rule"),
)
RETELL = {
    "situation": "In the winter wave we had twelve children for eight beds",
    "action": "I drew up a transfer list with the doctor on duty and called three hospitals myself",
    "result": "All four transfers arrived before midnight, and nobody worked a double shift",
    "number": "",
}
READ = Reader(
    CLAIMS,
    RETELL,
    {
        "grading": "made",
        "competencies": [
            competency("approach", 4, story="nursing.deteriorating"),
            competency("ownership", 3, story="nursing.deteriorating"),
            competency("impact", 4, story="nursing.deteriorating"),
            competency("people", why="uncertain"),
        ],
        "contrasts": [
            {
                "part": "number",
                "has": "nursing.deteriorating",
                "lacks": "nursing.unhappy",
                "quote": "The handover took 35 minutes instead of an hour",
            }
        ],
        "made_by": {
            "models": ["gemini-flash"],
            "prompt": "1",
            "readings": {"asked": 3, "used": 2},
            "withheld": {"no_such_words": 1, "wrong_story": 1},
        },
    },
)


TOLD = (INTRO, WISH, SHIFT, LATER, FATHER, "next", UNHAPPY)


def practised(visit: Visit, answers: Sequence[str] = TOLD, kind: str = "script") -> Tab:
    """A whole interview for a nurse, up to where it is finished."""
    tab = visit.tab(kind).open()
    tab.page.get_by_label("Kind of interview").select_option("nursing")
    tab.page.get_by_label("The role you practise for").fill("Paediatric nurse")
    tab.page.get_by_label("What may we call you?").fill("Ada")
    tab.press("Begin the interview")
    tab.expect_replies(1)
    for number, words in enumerate(answers, 2):
        tab.answer(words)
        tab.expect_replies(number)
    return tab


def reported(visit: Visit, reader: Reader = READ) -> Tab:
    """The same with a report that a model has read."""
    tab = practised(visit)
    reader.reads(tab)
    tab.finish()
    tab.expect_feedback()
    return tab


@state
def report(visit: Visit) -> Tab:
    tab = reported(visit)
    expect_notes(tab, len(CLAIMS))
    return tab


@state
def report_at_a_note(visit: Visit) -> Tab:
    tab = report(visit)
    for _ in range(3):
        tab.page.locator("#walker .on").click()
    expect(tab.page.get_by_text("Note 3 of 7").first).to_be_visible()
    return tab


@state
def report_without_a_model(visit: Visit) -> Tab:
    tab = practised(visit)
    tab.finish()
    tab.expect_feedback()
    expect(tab.page.get_by_role("note").first).to_be_visible()
    return tab


@state
def report_being_read(visit: Visit) -> Tab:
    tab = reported(visit, Reader(CLAIMS[1:2], members={"grading": "pending"}))
    expect(tab.page.get_by_text("are being read by an AI model")).to_be_visible()
    return tab


@state
def report_not_loaded(visit: Visit) -> Tab:
    tab = practised(visit)
    tab.page.route(REPORT, problem("store-unavailable", 503))
    tab.finish()
    expect(tab.page.get_by_text("did not load")).to_be_visible()
    return tab


@state
def report_called_wrong(visit: Visit) -> Tab:
    tab = report(visit)
    tab.page.locator("#note-2 .wrong").click()
    tab.page.get_by_label("How it should read").fill("I called four hospitals myself")
    tab.page.route(f"{REPORT}/wrong", lambda route: route.fulfill(status=204))
    tab.press("Call it wrong")
    expect(tab.page.get_by_text("You called this wrong.")).to_be_visible()
    tab.page.locator("#note-3 .wrong").click()
    expect(tab.page.get_by_label("How it should read")).to_be_focused()
    return tab


FIRST_TRY = (
    "In the winter wave we had twelve children for eight beds. I called around a bit. All four transfers arrived "
    "before midnight in the end."
)


@state
def report_then_and_now(visit: Visit) -> Tab:
    """One question answered once more, with both answers side by side."""
    tab = practised(visit, (INTRO, WISH, FIRST_TRY, "next", FATHER))
    READ.reads(tab)
    tab.finish()
    expect_notes(tab, 3)
    tab.page.locator("[data-again='nursing.deteriorating']").click()
    tab.expect_replies(1)
    tab.answer(f"{SHIFT} {LATER}")
    tab.expect_replies(2)
    tab.finish()
    expect(tab.page.get_by_role("region", name="Then and now")).to_be_visible()
    return tab


@state
def history(visit: Visit) -> Tab:
    """What was practised here, with both answers open."""
    tab = report_then_and_now(visit)
    tab.page.get_by_role("link", name="to the start page").click()
    tab.press("History on this device")
    expect(tab.page.get_by_role("heading", name="History on this device")).to_be_visible()
    tab.page.get_by_text("Read the answers").click()
    return tab


@state
def history_with_a_bad_file(visit: Visit) -> Tab:
    """Nothing was practised here yet, and what was brought in is no history."""
    tab = begin(visit)
    tab.press("History on this device")
    file = {"name": "holiday.json", "mimeType": "application/json", "buffer": b'{"photos": []}'}
    tab.page.get_by_label("Bring in a file").set_input_files([file])
    expect(tab.page.get_by_text("is not a history of practice")).to_be_visible()
    return tab


@state
def end_with_unsent_words(visit: Visit) -> Tab:
    tab = in_talk(visit)
    tab.composer.fill(CHOICE)
    visit.says(FEEDBACK)
    tab.finish()
    tab.expect_feedback()
    expect(tab.page.get_by_label("Your words that were not answered")).to_be_visible()
    return tab


@state
def erase_question(visit: Visit) -> Tab:
    tab = ended(visit)
    tab.page.get_by_role("button", name="Delete my data").click()
    expect(tab.page.get_by_role("dialog")).to_be_visible()
    return tab


@state
def lost_deleted(visit: Visit) -> Tab:
    tab = greeted(visit)
    tab.page.route(TURN, problem("unknown-session", 404))
    tab.answer(INTRODUCTION)
    expect(tab.page.get_by_role("heading", name="is not here")).to_be_visible()
    return tab


@state
def lost_expired(visit: Visit) -> Tab:
    tab = greeted(visit)
    tab.page.route(MESSAGES, problem("session-expired", 410))
    tab.page.reload()
    expect(tab.page.get_by_role("heading", name="has expired")).to_be_visible()
    return tab


@state
def lost_key(visit: Visit) -> Tab:
    tab = greeted(visit)
    tab.page.route(MESSAGES, problem("unauthenticated", 401))
    tab.page.reload()
    expect(tab.page.get_by_role("heading", name="no longer opens")).to_be_visible()
    return tab


@state
def lost_in_another_browser(visit: Visit) -> Tab:
    tab = greeted(visit)
    tab.page.evaluate("() => localStorage.clear()")
    tab.page.reload()
    expect(tab.page.get_by_role("heading", name="opened elsewhere")).to_be_visible()
    return tab


@state
def lost_link(visit: Visit) -> Tab:
    tab = visit.tab().open("/#session=abc&token=")
    expect(tab.page.get_by_role("heading", name="not complete")).to_be_visible()
    return tab


def chosen(visit: Visit, script: str = "") -> Tab:
    """The first page where voice was chosen."""
    tab = visit.tab("voice")
    tab.page.add_init_script(script)
    tab.open()
    tab.page.get_by_label("The role you practise for").fill("Paediatric nurse")
    tab.page.get_by_label("By voice").check()
    return tab


def talking(visit: Visit) -> tuple[Tab, FakeAgent]:
    """A spoken interview after the first question."""
    visit.says(GREETING, kind="voice")
    tab = visit.tab("voice").begin_by_voice(role="Paediatric nurse")
    agent = visit.interviewer(tab)
    agent.greets()
    tab.expect_question("who are you")
    return tab, agent


@state
def microphone_before_the_question(visit: Visit) -> Tab:
    tab = chosen(visit, "navigator.permissions.query = async () => ({ state: 'prompt' });")
    expect(tab.page.get_by_role("button", name="Turn the microphone on")).to_be_visible()
    return tab


@state
def microphone_on(visit: Visit) -> Tab:
    tab = chosen(visit)
    expect(tab.page.get_by_text("We hear you.")).to_be_visible()
    return tab


@state
def microphone_refused(visit: Visit) -> Tab:
    tab = chosen(
        visit, "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };"
    )
    expect(tab.page.get_by_text("does not let this page use the microphone")).to_be_visible()
    return tab


@state
def microphone_in_the_room(visit: Visit) -> Tab:
    visit.says(GREETING, kind="voice")
    tab = visit.tab("voice").open()
    tab.page.get_by_role("button", name="Begin the interview").click()
    tab.expect_question("who are you")
    tab.press("Speak")
    expect(tab.page.get_by_text("We hear you.")).to_be_visible()
    return tab


@state
def writing_where_voice_is(visit: Visit) -> Tab:
    visit.says(GREETING, kind="voice")
    tab = visit.tab("voice").open()
    tab.page.get_by_role("button", name="Begin the interview").click()
    tab.expect_question("who are you")
    return tab


@state
def lobby_where_voice_is(visit: Visit) -> Tab:
    service = visit.service("voice")
    with ApiClient(service.url) as client:
        link = client.create(candidate_name="Ada", role="Paediatric nurse")["join_url"]
    tab = visit.tab("voice").open(link.removeprefix(service.url))
    expect(tab.page.get_by_role("button", name="By voice")).to_be_visible()
    return tab


@state
def voice_awaited(visit: Visit) -> Tab:
    return visit.tab("voice").begin_by_voice(role="Paediatric nurse")


@state
def voice_interviewer_speaks(visit: Visit) -> Tab:
    tab, agent = talking(visit)
    visit.says(QUESTION, kind="voice")
    agent.takes(INTRODUCTION)
    tab.expect_question("yours to decide")
    agent.becomes("speaking")
    agent.says("Are you still there?")
    tab.expect_caption("Are you still there? ")
    expect(tab.speaker).to_have_text("The interviewer is speaking")
    return tab


@state
def voice_you_speak(visit: Visit) -> Tab:
    tab, agent = talking(visit)
    agent.hears(INTRODUCTION, last=False)
    tab.expect_caption(INTRODUCTION)
    agent.wait_until_heard()
    expect(tab.speaker).to_have_text("You are speaking")
    return tab


@state
def voice_thinking(visit: Visit) -> Tab:
    tab, agent = talking(visit)
    agent.hears(INTRODUCTION)
    tab.expect_caption(INTRODUCTION)
    agent.becomes("thinking")
    expect(tab.speaker).to_have_text("The interviewer is thinking")
    return tab


@state
def voice_muted(visit: Visit) -> Tab:
    tab, _ = talking(visit)
    tab.press("Mute")
    expect(tab.speaker).to_have_text("You are muted")
    return tab


@state
def voice_in_trouble(visit: Visit) -> Tab:
    tab, agent = talking(visit)
    agent.tells(trouble="backend")
    expect(tab.notice).to_contain_text("cannot reach the service")
    return tab


@state
def voice_in_another_tab(visit: Visit) -> Tab:
    tab, _ = talking(visit)
    other = visit.tab("voice").open()
    other.page.locator("[data-open]").first.click()
    other.press("Speak")
    expect(other.speaker).to_be_visible()
    expect(tab.notice).to_contain_text("in another tab")
    return tab


@state
def voice_refused(visit: Visit) -> Tab:
    tab = microphone_in_the_room(visit)
    tab.page.route(TOKEN, problem("voice-unavailable", 503, **{"Retry-After": "600"}))
    tab.press("Start talking")
    expect(tab.notice).to_contain_text("does not answer")
    return tab


@state
def voice_offline(visit: Visit) -> Tab:
    tab = microphone_in_the_room(visit)
    tab.page.wait_for_function("() => window.LivekitClient")
    visit.context.set_offline(True)
    tab.press("Start talking")
    expect(tab.notice).to_contain_text("You are offline.")
    return tab


@state
def voice_reads_the_feedback(visit: Visit) -> Tab:
    tab, agent = talking(visit)
    visit.says(QUESTION, kind="voice")
    agent.takes(INTRODUCTION)
    tab.expect_question("yours to decide")
    visit.says(FEEDBACK, kind="voice")
    tab.finish()
    tab.expect_feedback()
    agent.becomes("speaking")
    expect(tab.speaker).to_have_text("The interviewer is speaking")
    return tab


@state
def problems_page(visit: Visit) -> Tab:
    return visit.tab().open("/problems#turn-in-progress")


@state
def no_such_page(visit: Visit) -> Tab:
    return visit.tab().open("/nothing-here")


@contextmanager
def running_services(folder: Path) -> Iterator[dict[str, Service]]:
    """A service with a model, one with the offline script, one whose time is always nearly up, and one with voice."""
    with ExitStack() as running:
        livekit = None if LiveKitServer.why_not() else running.enter_context(LiveKitServer())
        voice = livekit.env() if livekit else {}
        services = {}
        for kind, env in {"model": {}, "script": {}, "hurried": {"INTRO_TIMEOUT_S": "55"}, "voice": voice}.items():
            gemini = running.enter_context(FakeGemini(interviewer_script))
            gemini.wordings = ""
            known = {"CREATES_PER_MINUTE": "1000", **({} if kind == "script" else gemini.env()), **env}
            server = running.enter_context(DevServer(folder / kind, known))
            services[kind] = Service(server, gemini, livekit if kind == "voice" else None)
        yield services


@contextmanager
def visiting(chromium: Browser, services: dict[str, Service], name: str) -> Iterator[Tab]:
    """Bring a new browser into a state."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce", permissions=["microphone"]
    )
    context.set_default_timeout(15_000)
    visit = Visit(services, context)
    try:
        yield STATES[name](visit)
    finally:
        visit.end()
        for service in services.values():
            service.say_always(interviewer_script)
            service.gemini.wordings = ""
        context.close()
