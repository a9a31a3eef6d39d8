"""The page for people who cannot see it, cannot use a mouse, read from right to left or speak another language."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from browser.states import MIXED, PLANS, STATES, TURN, problem, visiting
from browser.tab import Service, Tab, words_of
from support.candidates import NURSE
from support.emulators import require
from support.fake_agent import FakeAgent
from support.gemini import Gate, Text

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
TEXTS = Path(__file__).parents[2] / "hosting" / "src" / "texts.en.js"
REPORT_TEXTS = TEXTS.parent / "report" / "texts.en.js"
QUICK = (
    *("begin", "set-up", "thinking", "retrying", "end", "lost-deleted", "microphone-on", "voice-you-speak"),
    *("report", "report-called-wrong", "report-then-and-now", "history"),
)
"""These are looked at in every run, the others by make test-full."""

ROOM = """
- main:
  - 'link "InterviewOS: to the start page"'
  - heading /Interview. .Nurse./ [level=1]
  - list "Parts of the interview":
    - listitem: Introduction
    - listitem: Experience
    - listitem: Feedback
  - paragraph: About 3 min left
  - region "Question 1 of about 7":
    - heading "Question 1 of about 7" [level=2]
    - paragraph: "Welcome: could you please introduce yourself?"
    - group "Instead of an answer":
      - button "Repeat" [disabled]
      - button "Simpler" [disabled]
      - button "Skip" [disabled]
      - button "Time to think" [disabled]
      - button "More time" [disabled]
  - log "Conversation":
    - article:
      - paragraph: Interviewer
      - paragraph: "Welcome: could you please introduce yourself?"
    - article:
      - paragraph: You
      - paragraph: /I have been a nurse/
      - paragraph: Received
  - status:
    - paragraph: The interviewer is thinking
  - text: Your answer
  - textbox "Your answer"
  - button "Finish now and get feedback"
  - text: /Enter sends/
  - button "Send" [disabled]
"""
SMALL_TARGETS = """() => [...document.querySelectorAll("button, a, input, textarea, summary")]
  .filter((one) => one.checkVisibility() && one.type !== "radio" && !one.closest("dd a, mark a, li a, .number"))
  .map((one) => [one.id || one.textContent, Math.round(one.getBoundingClientRect().height)])
  .filter(([, height]) => height < 44)"""
"""Links inside a sentence are as high as their line; the number of a note leads where its words do."""
PSEUDO = """
const foreign = (said) => {
  if (said === undefined || said === null) return said;
  if (typeof said === "string") return said && `[${said}]`;
  if (typeof said === "function") return (...words) => foreign(said(...words));
  if (Array.isArray(said)) return said.map(foreign);
  return Object.fromEntries(Object.entries(said).map(([key, value]) => [key, foreign(value)]));
};
"""
ENGLISH_LEFT = r"""() => {
  const left = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    const ours = !parentElement.closest(".brand, .words, bdi, noscript, textarea, [data-erase], dd");
    if (ours && parentElement.checkVisibility() && /\p{L}/u.test(data) && !/^\s*\[/.test(data)) left.push(data.trim());
  }
  return left;
}"""


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong, in short; words that still fade in would have too little contrast."""
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [f"{one['id']}: {node['target']}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in STATES]
)
def test_axe_finds_nothing_wrong(chromium: Browser, services: dict[str, Service], name: str) -> None:
    """No rule is broken in any state, by day on a wide screen and by night on a phone."""
    require(None if AXE.exists() else "axe-core is not installed: it needs npm, and tests/install-tools")
    with visiting(chromium, services, name) as tab:
        assert violations(tab.page) == []
        tab.page.set_viewport_size({"width": 390, "height": 844})
        tab.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert violations(tab.page) == []


def test_the_room_reads_well_without_eyes(tab: Tab, service: Service) -> None:
    """Headings, parts, time, open question, conversation, what goes on and the way to answer: in this order."""
    tab.begin()
    gate = Gate(0)
    service.gemini.say(Text("Thank you, and where was that exactly?\n<<<STAY>>>", gate=gate))
    tab.answer(NURSE[0])
    assert gate.reached.wait(10)
    expect(tab.page.get_by_text("Received")).to_be_visible()

    expect(tab.page.locator("body")).to_match_aria_snapshot(ROOM)
    expect(tab.page.locator("[aria-current=step]")).to_have_text("Introduction")
    gate.set()
    tab.expect_question("where was that")
    expect(tab.page.get_by_text("The interviewer is thinking")).to_be_hidden()


def test_a_whole_interview_by_keyboard_alone(tab: Tab) -> None:
    """From the first field to the next interview nobody needs a mouse, and the focus is where one goes on."""
    tab.open()
    press, write = tab.page.keyboard.press, tab.page.keyboard.type
    tab.page.get_by_label("The role you practise for").focus()
    write("Nurse")
    press("Tab")  # the suggestions are gone
    expect(tab.page.get_by_label("What may we call you?")).to_be_focused()
    write("Ada")
    press("Enter")
    tab.expect_question("Welcome")

    for number, words in enumerate(NURSE[:2], 2):
        expect(tab.composer).to_be_focused()
        first, second = words.split(" ", 1)
        write(first)
        press("Shift+Enter")
        write(second)
        press("Enter")
        tab.expect_replies(number)
    press("Tab")
    expect(tab.page.get_by_role("button", name="Finish now")).to_be_focused()
    press("Enter")
    expect(tab.page.get_by_role("button", name="Finish and get feedback")).to_be_focused()
    press("Escape")
    expect(tab.page.get_by_role("button", name="Finish now")).to_be_focused()
    press("Enter")
    press("Enter")

    expect(tab.page.get_by_role("heading", name="Your feedback")).to_be_focused()
    tab.expect_feedback()
    assert [words.replace(" ", "\n", 1) for words in NURSE[:2]] == words_of("user", tab.transcript())
    for _ in range(tab.expect_report() + 1):
        press("Tab")
    expect(tab.page.get_by_role("button", name="Practise again", exact=True)).to_be_focused()
    press("Enter")
    tab.expect_question("Welcome")


def test_the_focus_is_never_lost_with_what_had_it(tab: Tab) -> None:
    """When a button goes away because it was pressed, the focus is where the person goes on."""
    tab.begin()
    tab.page.route(TURN, problem("store-unavailable", 503, **{"Retry-After": "60"}), times=1)
    tab.answer(NURSE[0])
    tab.page.get_by_role("button", name="Try now").focus()
    tab.page.keyboard.press("Enter")

    tab.expect_question("what kind of work")
    expect(tab.composer).to_be_focused()


@pytest.mark.parametrize(
    "name",
    ["begin-again", "set-up", "refused", "microphone-on", "voice-in-another-tab", "report-called-wrong", "history"],
)
def test_everything_is_large_enough_for_a_thumb(chromium: Browser, services: dict[str, Service], name: str) -> None:
    """Whatever can be pressed is at least 44 pixels high."""
    with visiting(chromium, services, name) as tab:
        tab.page.set_viewport_size({"width": 390, "height": 844})
        assert tab.page.evaluate(SMALL_TARGETS) == []


def test_letters_of_double_size_need_no_sideways_scrolling(tab: Tab) -> None:
    """With letters at 200 % on half a screen everything is still there."""
    tab.page.set_viewport_size({"width": 640, "height": 700})
    tab.open()
    double = "() => { document.documentElement.style.fontSize = '200%'; return document.documentElement.scrollWidth; }"
    assert tab.page.evaluate(double) <= 640
    tab.page.get_by_role("button", name="Begin the interview").click()
    tab.expect_question("Welcome")
    tab.answer(NURSE[0])
    tab.expect_question("what kind of work")
    assert tab.page.evaluate("() => document.documentElement.scrollWidth") <= 640
    expect(tab.composer).to_be_in_viewport()


def test_a_report_in_letters_of_double_size_needs_no_sideways_scrolling(
    chromium: Browser, services: dict[str, Service]
) -> None:
    """Its notes stand under their lines then, also while one is being called wrong."""
    with visiting(chromium, services, "report-called-wrong") as tab:
        for width, letters in ((640, "200%"), (320, "100%")):
            tab.page.set_viewport_size({"width": width, "height": 700})
            tab.page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", letters)
            assert tab.page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_in_forced_colours_marked_words_differ_by_a_line(chromium: Browser, services: dict[str, Service]) -> None:
    """Where a person chose all colours, words with a note are underlined, and a level is a filled dot."""
    with visiting(chromium, services, "report") as tab:
        tab.page.emulate_media(forced_colors="active")
        lines = "(all) => all.map((one) => getComputedStyle(one).textDecorationLine)"
        assert set(tab.page.locator("mark a").evaluate_all(lines)) == {"underline"}
        dots = "(all) => [...new Set(all.map((one) => getComputedStyle(one).borderBlockStartWidth))]"
        assert len(tab.page.locator(".scale i").evaluate_all(dots)) == 2


@pytest.mark.parametrize(("width", "height"), [(640, 400), (844, 390), (320, 256)])
def test_time_and_stage_stay_in_view_on_a_low_screen(tab: Tab, width: int, height: int) -> None:
    """At 200 % on a laptop, on a phone that lies on its side and at 400 %: in a bar that leaves room to read."""
    tab.begin()
    for number, words in enumerate(NURSE[:2], 2):
        tab.answer(words)
        tab.expect_replies(number)
    tab.page.set_viewport_size({"width": width, "height": height})
    end = "() => { scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' }); return scrollY; }"
    assert tab.page.evaluate(end) > 0

    expect(tab.page.locator("#time")).to_be_in_viewport(ratio=1)
    expect(tab.page.locator("[aria-current=step]")).to_be_in_viewport(ratio=1)
    expect(tab.composer).to_be_in_viewport()
    box = tab.page.locator(".bar").bounding_box()
    assert box is not None
    assert box["height"] <= height / 4
    assert tab.page.evaluate("() => document.documentElement.scrollWidth") <= width


SHAPES = (
    """() => [...document.querySelectorAll("#steps li")].map((step) => getComputedStyle(step).borderBlockStartStyle)"""
)


def test_in_forced_colours_the_parts_and_choices_differ_by_their_shapes(tab: Tab) -> None:
    """Where all shades are one, what is past, what is now and what comes look different; so does what is chosen."""
    tab.page.emulate_media(forced_colors="active")
    tab.open()
    chosen = "() => getComputedStyle(document.querySelector('.choices :checked + span')).outlineStyle"
    assert tab.page.evaluate(chosen) == "solid"
    tab.page.get_by_role("button", name="Begin the interview").click()
    for number, words in enumerate(NURSE[:3], 1):
        tab.expect_replies(number)
        tab.answer(words)
    tab.expect_question("your own part")
    expect(tab.page.locator("[aria-current=step]")).to_have_text("Experience")
    assert len(set(tab.page.evaluate(SHAPES))) == 3
    tab.composer.focus()
    frame = "() => getComputedStyle(document.querySelector('.composer .sheet')).outlineStyle"
    assert tab.page.evaluate(frame) == "solid"


def test_nothing_moves_for_those_who_asked_for_that(chromium: Browser, services: dict[str, Service]) -> None:
    """With reduced motion not even the thinking sign is animated."""
    with visiting(chromium, services, "thinking") as tab:
        assert tab.page.evaluate("() => document.getAnimations().length") == 0


def test_each_voice_keeps_its_direction(tab: Tab) -> None:
    """An Arabic answer stands from right to left, the English question after it from left to right."""
    tab.begin()
    tab.answer(MIXED)
    tab.expect_question("what kind of work")

    directions = tab.log.locator(".words").evaluate_all("(all) => all.map((one) => getComputedStyle(one).direction)")
    assert directions == ["ltr", "rtl", "ltr"]


def translated(texts: Path) -> str:
    """Write a file of texts that says each sentence in brackets, from right to left."""
    names = re.findall(r"^export (?:const|function) (\w+)", texts.read_text(), re.MULTILINE)
    lines = [f"export const {name} = foreign(en.{name});" for name in names if name not in ("LANGUAGE", "DIRECTION")]
    direction = 'export const LANGUAGE = "eo";\nexport const DIRECTION = "rtl";' if texts == TEXTS else ""
    return "\n".join(['import * as en from "./texts.en.js?english";', direction, PSEUDO, *lines])


def speak_another_language(page: Page) -> None:
    """Put other files of texts in the place of the English ones."""

    def translate(route: Route) -> None:
        if route.request.url.endswith("?english"):
            route.continue_()
        else:
            texts = REPORT_TEXTS if "/report/" in route.request.url else TEXTS
            route.fulfill(content_type="text/javascript", body=translated(texts))

    page.route("**/texts.en.js*", translate)


def test_a_second_language_is_one_more_file(tab: Tab) -> None:
    """With another file of texts no English sentence is left in any view, and the page turns its direction.

    What the service calls the stages is in the language of the interview; what the page calls them is in its own.
    """
    speak_another_language(tab.page)
    tab.open()
    stages = tab.page.locator(".plan strong bdi")
    expect(stages).to_have_text(["Introduction", "Experience", "[Feedback]"])
    tab.page.route(PLANS, lambda route: route.abort())
    tab.open()
    expect(tab.page.get_by_text("[You will be interviewed by an AI.]")).to_be_visible()
    assert tab.page.evaluate(ENGLISH_LEFT) == []
    expect(stages).to_have_text(["[Introduction]", "[Experience]", "[Feedback]"])
    assert tab.page.evaluate("() => document.documentElement.dir") == "rtl"

    tab.page.locator("#begin-button").click()
    tab.expect_replies(1)
    assert tab.page.evaluate(ENGLISH_LEFT) == []
    tab.page.locator("#answer").fill(NURSE[0])
    tab.page.locator("#answer").press("Enter")
    tab.expect_replies(2)
    tab.page.locator("#finish-button").click()
    assert tab.page.evaluate(ENGLISH_LEFT) == []
    tab.page.locator("#finish-yes").click()
    tab.expect_report()
    assert tab.page.evaluate(ENGLISH_LEFT) == []


def test_a_second_language_is_spoken_to_speakers_too(
    open_tab: Callable[[Service], Tab], voice: Service, interviewer: Callable[..., FakeAgent]
) -> None:
    """Nor is there any English left where somebody speaks."""
    tab = open_tab(voice)
    speak_another_language(tab.page)
    tab.open()
    tab.page.locator("#mode-voice").check()
    expect(tab.page.get_by_text("[We hear you.]")).to_be_visible()
    tab.page.evaluate("() => document.querySelector('#device').replaceChildren()")  # its names are the machine's
    assert tab.page.evaluate(ENGLISH_LEFT) == []
    tab.page.locator("#begin-button").click()
    expect(tab.speaker).to_have_text("[Waiting for the interviewer]")
    agent = interviewer(tab, voice)
    agent.hears(NURSE[0])
    agent.tells(trouble="backend")
    tab.expect_caption(NURSE[0])
    expect(tab.notice).to_be_visible()
    assert tab.page.evaluate(ENGLISH_LEFT) == []
