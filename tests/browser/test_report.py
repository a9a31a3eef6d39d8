"""The report on the page: one reads one's own words, walks from note to note, and says which one is wrong."""

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jsonschema_rs
import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from browser.reports import REPORT, WRONG, Claim, Reader, competency, expect_notes
from browser.states import CLAIMS, FATHER, LATER, READ, SHIFT, Visit, practised, problem, reported, visiting
from browser.tab import Service, Tab
from interviewos.report.catalogue import catalogue
from interviewos.web import openapi
from support.contract import closed

WORDS = "(all) => all.map((one) => one.textContent)"
BESIDE = """() => [...document.querySelectorAll(".remark")].map((note) => {
  const words = document.getElementById(note.querySelector(".number").hash.slice(1)).getBoundingClientRect();
  const { top, bottom, left } = note.getBoundingClientRect();
  return { number: note.id, top, bottom, aside: left > words.right, below: top - words.top };
})"""
LETTERS = (
    "Wir hatten 👩🏽‍⚕️🙂 im Team: Zoe\u0308 und ich. "
    "I reduced the cafe\u0301 queue from 40 to 12 people 🎉 within a week."
)


SIGNS, COMPETENCIES = catalogue().signs, catalogue().competencies
LARGEST = """async () => {
  const { html, render } = await import("/views/html.js");
  const { Report } = await import("/views/report/report.js");
  const { readReport } = await import("/report/read.js");
  const text = "I drew up a list 🙂 and called three of them myself. ".repeat(78).slice(0, 4000);
  const messages = Array.from({ length: 120 }, (_, at) => ({
    seq: at + 2, role: at % 2 ? "user" : "agent", stage: "experience", question: at % 2 ? "" : `q.${at}`,
    text: at % 2 ? text : "And then, what did you do there, and how did it end?", event_ids: [`${at}`], source: "model",
  }));
  const finding = (seq, at) => ({
    sign: `sign_${at}`, shows: true, by: "rule", text: "You said what you did yourself.", exercise: "Tell it again.",
    seq, start: at * 50, end: at * 50 + 30, quote: "I drew up a list", sentence: "",
  });
  const stories = messages.filter(({ role }) => role === "user").map(({ seq }) => ({
    question: `q.${seq - 3}`, seqs: [seq], findings: [0, 1, 2, 3].map((at) => finding(seq, at)),
  }));
  const report = readReport({ stories, points: [], grading: "made" });
  const shown = { said: report, at: 0, objections: {} };
  const state = { messages, outgoing: [], interview: { status: "ended" }, report: shown };
  const place = document.createElement("main");
  render(html`<${Report} state=${state} report=${report} act=${{}} />`, place);
  if (place.querySelectorAll(".remark").length !== 240) throw new Error("not all of it was drawn");
}"""
"""Draw it apart from the page, so that no layout is measured."""


@contextmanager
def a_report(chromium: Browser, services: dict[str, Service], name: str = "report") -> Iterator[Tab]:
    """An interview that is over, seen by a new browser; the page runs without a fault."""
    with visiting(chromium, services, name) as tab:
        yield tab
        assert tab.faults == []


def marked(tab: Tab) -> list[str]:
    """The stretches of words that something is said about, in order."""
    words: list[str] = tab.page.locator(".told mark").evaluate_all(WORDS)
    return words


def note(tab: Tab, number: int) -> Locator:
    return tab.page.locator(f"#note-{number}")


def test_the_room_becomes_the_report(chromium: Browser, services: dict[str, Service]) -> None:
    """Every line stands as it was said, each note says our sentence, and marks the words that it is about."""
    with a_report(chromium, services) as tab:
        notes = tab.page.get_by_role("note")
        assert notes.locator(".says").all_inner_texts() == [SIGNS[claim.sign].wordings[0] for claim in CLAIMS]
        assert SHIFT in tab.said("user")
        for claim in CLAIMS:
            assert claim.quote in "".join(marked(tab))
        for point in ("strength", "gap", "next"):
            expect(tab.page.locator(f"#{point}")).not_to_be_empty()
        expect(note(tab, 6)).to_contain_text("One reading by an AI model says so.")
        assert tab.page.get_by_text("One reading by an AI model").count() == 1


def test_these_reports_are_of_the_described_form(chromium: Browser, services: dict[str, Service]) -> None:
    """What the tests here let the service say is what it may say."""
    with a_report(chromium, services) as tab:
        with tab.page.expect_response(REPORT) as answer:
            tab.page.reload()
        whole = {**closed(openapi.document()), "$ref": "#/components/schemas/Report"}
        jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(answer.value.json())


def test_each_note_stands_beside_its_words_and_below_the_note_before(
    chromium: Browser, services: dict[str, Service]
) -> None:
    """On a wide screen in the margin, at the height of the words where there is room; on a phone under the line."""
    with a_report(chromium, services) as tab:
        places = tab.page.evaluate(BESIDE)
        assert all(place["aside"] and place["below"] >= -10 for place in places)
        assert abs(places[0]["below"]) < 10
        assert all(one["bottom"] <= other["top"] for one, other in itertools.pairwise(places))
        tab.page.set_viewport_size({"width": 390, "height": 844})
        assert all(place["below"] > 0 and not place["aside"] for place in tab.page.evaluate(BESIDE))
        assert tab.page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_places_are_code_points(chromium: Browser, services: dict[str, Service]) -> None:
    """Emoji of several code points, and letters with marks of their own, move no mark by a character."""
    quotes = ("Zoe\u0308 und ich", "I reduced the cafe\u0301 queue from 40 to 12 people 🎉", "from 40 to 12 people")
    signs = ("situation_named", "own_action", "result_measured")
    reader = Reader([Claim(*one) for one in zip(signs, quotes, strict=True)], members={"points": []})

    with visiting(chromium, services, "begin") as first:
        tab = practised(Visit(services, first.page.context), answers=("I am Ada.", LETTERS))
        reader.reads(tab)
        tab.finish()
        expect_notes(tab, 3)
        assert marked(tab) == [quotes[0], "I reduced the cafe\u0301 queue ", quotes[2], " 🎉"]
        assert LETTERS in tab.said("user")


def test_by_keyboard_one_walks_from_note_to_note_and_back_to_the_words(
    chromium: Browser, services: dict[str, Service]
) -> None:
    """Buttons and links, each with a focus that is seen; whoever is at a note can go on from there."""
    with a_report(chromium, services) as tab:
        press = tab.page.keyboard.press
        tab.page.locator("#walker .on").focus()
        press("Enter")
        expect(note(tab, 1)).to_be_focused()
        expect(tab.page.locator("#walked")).to_have_text("Note 1 of 7")
        press("Tab")
        expect(note(tab, 1).get_by_role("link", name="your words")).to_be_focused()
        press("Tab")
        press("Tab")
        expect(note(tab, 1).get_by_role("button", name="Previous note")).to_be_focused()
        press("Tab")
        onwards = note(tab, 1).get_by_role("button", name="Next note")
        expect(onwards).to_be_focused()
        expect(onwards).to_be_in_viewport(ratio=1)
        press("Enter")
        expect(note(tab, 2)).to_be_focused()
        expect(note(tab, 2)).to_be_in_viewport()
        press("Tab")
        press("Enter")
        words = tab.page.locator(":focus")
        assert words.inner_text().startswith("I drew up a transfer list")
        assert words.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"
        press("Enter")
        expect(note(tab, 2)).to_be_focused()
        assert tab.page.url == f"{tab.origin}/"


@pytest.mark.long
def test_a_point_leads_to_its_words(chromium: Browser, services: dict[str, Service]) -> None:
    """Also where no note is about them."""
    with a_report(chromium, services) as tab:
        for point in ("strength", "gap"):
            link = tab.page.locator(f"#{point} a")
            quote = link.inner_text()
            link.click()
            focused = tab.page.locator(":focus")
            assert quote.startswith(focused.inner_text().strip())
            expect(focused).to_be_in_viewport()


def test_the_report_reads_well_without_eyes(chromium: Browser, services: dict[str, Service]) -> None:
    """A heading for each question and each note, and the note after its line."""
    with a_report(chromium, services) as tab:
        expect(tab.page.locator(".transcript")).to_match_aria_snapshot("""
- heading "What was said" [level=2]
- group "Notes":
  - paragraph: 7 notes
  - button "Previous note" [disabled]
  - button "Next note"
- log "Conversation"
""")
        expect(tab.page.locator(".told .story").nth(3)).to_match_aria_snapshot("""
- heading "Question 4" [level=3]
- article:
  - paragraph: Interviewer
  - paragraph: /Think of a shift/
- article:
  - paragraph: You
  - paragraph:
    - mark:
      - link /He wanted his daughter to stay with the nurse she knew/
  - note /Note 6 of 7/:
    - heading "Note 6 of 7" [level=4]
    - link /6, your words. “.*He wanted his daughter/: "6"
    - paragraph
    - paragraph: One reading by an AI model says so.
    - button "This is wrong"
    - button "Previous note"
    - button "Next note"
""")


def test_a_note_is_called_wrong_once(chromium: Browser, services: dict[str, Service]) -> None:
    """By a real service: one request, the words as they should read, also after a reload; nothing offers to undo it."""
    with a_report(chromium, services, "report-without-a-model") as tab:
        tab.asked.clear()
        note(tab, 1).get_by_role("button", name="This is wrong").click()
        tab.page.get_by_label("How it should read").fill("I called four hospitals")
        tab.page.keyboard.press("Enter")
        said = note(tab, 1).get_by_text("You called this wrong.")
        expect(said).to_be_visible()
        expect(note(tab, 1)).to_be_focused()
        assert tab.calls() == ["POST sessions/<id>/report/wrong"]

        tab.page.reload()
        expect(said).to_contain_text("It should read: I called four hospitals")
        expect(note(tab, 1).get_by_role("button", name="This is wrong")).to_have_count(0)


@pytest.mark.long
@pytest.mark.parametrize(
    ("slug", "status", "sentence"),
    [
        ("store-unavailable", 503, "Try again in a moment."),
        ("too-many-objections", 409, "no more are taken"),
        ("invalid-field", 422, "Shorten them and try again."),
    ],
)
def test_what_was_not_taken_says_so_and_keeps_the_words(
    chromium: Browser, services: dict[str, Service], slug: str, status: int, sentence: str
) -> None:
    """The way on is said, and the words stand where they were written."""
    with a_report(chromium, services) as tab:
        tab.page.route(WRONG, problem(slug, status))
        note(tab, 3).get_by_role("button", name="This is wrong").click()
        tab.page.get_by_label("How it should read").fill("because of the list")
        tab.press("Call it wrong")
        expect(tab.page.get_by_role("alert")).to_contain_text(sentence)
        expect(tab.page.get_by_label("How it should read")).to_have_value("because of the list")
        tab.press("Cancel")
        expect(note(tab, 3).get_by_role("button", name="This is wrong")).to_be_focused()


def test_a_report_that_does_not_load_hides_nothing_and_is_asked_for_again(
    chromium: Browser, services: dict[str, Service]
) -> None:
    """Points and words are there; one press brings the notes."""
    with a_report(chromium, services, "report-not-loaded") as tab:
        assert LATER in tab.said("user")
        expect(tab.page.get_by_text("Strength", exact=True)).to_be_visible()
        tab.page.unroute(REPORT)
        tab.press("Try again")
        expect(tab.page.get_by_role("note").first).to_be_visible()
        expect(tab.page.get_by_text("did not load")).to_be_hidden()


@pytest.mark.long
def test_a_part_of_the_page_that_does_not_load_is_asked_for_again(
    chromium: Browser, services: dict[str, Service]
) -> None:
    """The same sentence and the same button."""
    with visiting(chromium, services, "begin") as first:
        tab = practised(Visit(services, first.page.context))
        tab.page.route("**/views/report/report.js", lambda route: route.abort())
        tab.finish()
        expect(tab.page.get_by_text("did not load")).to_be_visible()
        tab.page.unroute("**/views/report/report.js")
        tab.press("Try again")
        expect(tab.page.get_by_role("note").first).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize(
    "said",
    [
        {},
        {
            "grading": "half",
            "points": "none",
            "stories": [None, {}],
            "competencies": [{}],
            "delivery": 3,
            "made_by": {},
        },
        {"stories": [{"question": "q", "seqs": "x", "findings": [{}, {"seq": 3, "start": 2, "end": 1, "text": "x"}]}]},
        {"stories": [{"question": "q", "seqs": [3], "findings": [{"seq": 3, "start": 9, "end": 9999, "text": "Yes"}]}]},
    ],
)
def test_a_report_of_another_form_hides_nothing(
    chromium: Browser, services: dict[str, Service], said: dict[str, object]
) -> None:
    """What is missing in it is missing on the page, and what was said and the three points are there."""
    with visiting(chromium, services, "begin") as first:
        tab = practised(Visit(services, first.page.context))
        tab.page.route(REPORT, lambda route: route.fulfill(json=said))
        tab.finish()
        tab.expect_feedback()
        expect(tab.page.locator(".transcript")).to_be_visible()
        assert SHIFT in tab.said("user")
        assert tab.faults == []


@pytest.mark.long
@pytest.mark.parametrize("status", [404, 405])
def test_a_service_of_the_release_before_has_its_feedback_and_no_report(
    chromium: Browser, services: dict[str, Service], status: int
) -> None:
    """Nothing is said to be missing that never was there, and it is asked once."""
    with visiting(chromium, services, "begin") as first:
        tab = practised(Visit(services, first.page.context))
        tab.page.route(REPORT, problem("not-found" if status == 404 else "method-not-allowed", status))
        for look in (tab.finish, tab.page.reload):
            with tab.page.expect_response(REPORT):
                look()
            tab.expect_feedback()
        expect(tab.page.get_by_role("button", name="Try again")).to_have_count(0)
        assert SHIFT in tab.said("user")
        assert tab.calls().count("GET sessions/<id>/report") == 2


@contextmanager
def another_report(chromium: Browser, services: dict[str, Service], **members: object) -> Iterator[Tab]:
    """A report with other members than most tests have."""
    with visiting(chromium, services, "begin") as first:
        yield reported(Visit(services, first.page.context), Reader(CLAIMS, READ.retell, {**READ.members, **members}))


def test_a_competency_says_what_was_met_and_what_the_next_level_sounds_like(
    chromium: Browser, services: dict[str, Service]
) -> None:
    """A line each, with the way to its story; no sum of them, and no colour that judges."""
    with a_report(chromium, services) as tab:
        levels = tab.page.get_by_role("region", name="What your answers show")
        approach = COMPETENCIES["approach"]
        first = levels.locator("dl > div").first
        expect(first.locator("dt")).to_have_text(f"{approach.label} Level 4 of 5")
        expect(first.locator("dd p")).to_have_text(
            [f"{approach.anchors[3]} Seen in question 3", f"What level 5 sounds like: {approach.anchors[4]}"]
        )
        expect(levels.locator("dl > div")).to_have_count(3)
        expect(levels).to_contain_text(
            "In question 3 you gave a figure, “The handover took 35 minutes instead of an hour”; "
            "in question 5 that was asked for and is not told."
        )
        expect(levels).to_contain_text("the readings of it are too far apart for a level.")
        levels.get_by_role("link", name="question 3").first.click()
        expect(tab.page.get_by_role("heading", name="Question 3")).to_be_focused()
        colours = tab.page.locator(".scale i").evaluate_all("(all) => all.map((i) => getComputedStyle(i).borderColor)")
        assert len(set(colours)) == 2


@pytest.mark.long
@pytest.mark.parametrize(
    ("why", "grading", "sentence"),
    [
        ("not_asked", "made", "no question asked for it."),
        ("not_answered", "made", "the questions about it were left open."),
        ("too_short", "made", "too short to tell."),
        ("no_evidence", "made", "no words in the answers show it clearly enough."),
        ("degraded", "made", "stand-in lines or misheard"),
        ("grader_unavailable", "off", "these answers were not read for levels."),
        ("grader_unavailable", "pending", "the answers are still being read."),
        ("of_a_later_release", "made", "there is too little to go by."),
    ],
)
def test_what_is_not_assessed_says_why(
    chromium: Browser, services: dict[str, Service], why: str, grading: str, sentence: str
) -> None:
    """One sentence for each reason, with all that it is about; a reason of a later release has one, too."""
    names = ("approach", "people")
    members = {"grading": grading, "competencies": [competency(name, why=why) for name in names]}
    with another_report(chromium, services, **members) as tab:
        reason = tab.page.get_by_text("Not assessed:").locator("..")
        expect(reason).to_have_count(1)
        expect(reason).to_contain_text(sentence)
        expect(reason).to_contain_text(re.compile("Approach.+ and .+Working with people"))


@pytest.mark.long
def test_a_story_can_be_said_again_with_what_is_missing(chromium: Browser, services: dict[str, Service]) -> None:
    """Their own sentences in the order of a story; a part that was not told is named."""
    with a_report(chromium, services) as tab:
        tab.page.get_by_text("Say it again, in the order of a story").click()
        parts = tab.page.locator(".retell dl > div").all_inner_texts()
        assert [part.split("\n")[0] for part in parts] == ["The situation", "What you did", "How it ended", "A figure"]
        assert parts[0].endswith("twelve children for eight beds")
        assert parts[3].endswith("Not told yet.")


def test_what_was_counted_and_how_it_was_made_is_said(chromium: Browser, services: dict[str, Service]) -> None:
    """What nobody measured is said to be that; so is who has read, and what was withheld."""
    with a_report(chromium, services) as tab:
        delivery = tab.page.get_by_role("region", name="How it was said")
        assert delivery.locator("dl > div").all_inner_texts() == [
            "Answers\n6",
            "Words\n148",
            "Longest answer\n50 words",
        ]
        expect(delivery).to_contain_text("Not measured: words a minute,")
        made = tab.page.get_by_role("region", name="How this was made")
        expect(made).to_contain_text("2 of 3 readings could be used")
        expect(made).to_contain_text("2 claims of the model's are withheld")
        expect(made).to_contain_text("Practice feedback; not a hiring decision.")
    with a_report(chromium, services, "report-without-a-model") as tab:
        made = tab.page.get_by_role("region", name="How this was made")
        expect(made).to_contain_text("No AI model has read these answers.")


@pytest.mark.long
def test_what_was_counted_of_speech_is_said_with_it(chromium: Browser, services: dict[str, Service]) -> None:
    """Where an answer was spoken: its pace and its pauses."""
    spoken = {"answers": 2, "words_a_minute": 142, "pauses": 3, "longest_pause_s": 2.4}
    delivery = {"answers": 3, "words": 210, "longest_answer_words": 90, "spoken": spoken}
    with another_report(chromium, services, delivery=delivery) as tab:
        said = tab.page.get_by_role("region", name="How it was said")
        expect(said.locator("dt")).to_have_count(6)
        assert said.locator("dl > div").all_inner_texts()[3:] == [
            "Words a minute\n142",
            "Pauses of a second or more\n3",
            "Longest pause\n2.4 seconds",
        ]
        expect(said).to_contain_text("Not measured: filler words.")


def test_what_is_still_read_comes_by_itself(chromium: Browser, services: dict[str, Service]) -> None:
    """The page says that it is read, looks again when the service says so, asks what is new only, and stops then."""
    asked: list[str | None] = []

    def answer(route: Route) -> None:
        asked.append(route.request.headers.get("if-none-match"))
        said = route.fetch()
        etag = {"ETag": '"first"', "Retry-After": "1"}
        if len(asked) == 2:
            return route.fulfill(status=304, headers=etag)
        grading = "pending" if len(asked) == 1 else "made"
        return route.fulfill(status=200, headers=etag, json={**said.json(), "grading": grading})

    with visiting(chromium, services, "begin") as first:
        tab = practised(Visit(services, first.page.context))
        tab.page.route(REPORT, answer)
        tab.finish()
        news = tab.page.get_by_role("status").filter(has_text="being read by an AI model")
        expect(news).to_be_visible()
        tab.page.get_by_role("note").first.locator("a.number").click()
        expect(news).to_be_hidden()
        tab.page.wait_for_timeout(1500)
        assert asked == [None, '"first"', '"first"']
        expect(tab.page.locator("mark :focus")).to_have_count(1)


def test_a_model_reads_and_the_page_shows_what_it_found(chromium: Browser, services: dict[str, Service]) -> None:
    """With a real service: first what counting finds, and a few seconds later the levels that readings agree on."""
    long = f"{SHIFT} {LATER}"
    with visiting(chromium, services, "begin") as first:
        tab = practised(Visit(services, first.page.context), (SHIFT, FATHER, f"{long} {FATHER}", long), kind="model")
        tab.finish()
        tab.expect_feedback()
        expect(tab.page.get_by_text("are being read by an AI model")).to_be_visible()
        expect(tab.page.get_by_text("Level 3 of 5")).to_be_visible()
        expect(tab.page.get_by_text("are being read by an AI model")).to_be_hidden()
        expect(tab.page.get_by_role("region", name="How this was made")).to_contain_text("2 of 2 readings")
        assert tab.calls().count("GET sessions/<id>/report") == 2


@pytest.mark.long
def test_a_reading_that_failed_is_said(chromium: Browser, services: dict[str, Service]) -> None:
    """What is there was counted, and the page says so."""
    with another_report(chromium, services, grading="unavailable") as tab:
        expect(tab.page.get_by_text("No AI model could read your answers this time.")).to_be_visible()


@pytest.mark.long
def test_a_point_that_later_readings_do_not_bear_out_says_so(chromium: Browser, services: dict[str, Service]) -> None:
    """It stays, and is not what it was."""
    with a_report(chromium, services) as first:
        said = first.page.evaluate(
            """async () => {
              const [{ id, token }] = JSON.parse(localStorage["interviewos/sessions"]);
              const headers = { Authorization: `Bearer ${token}` };
              return (await fetch(`/api/interview/sessions/${id}/report`, { headers })).json();
            }"""
        )
    points = [{**point, "confirmed": point["kind"] != "Gap"} for point in said["points"]]
    with another_report(chromium, services, points=points) as tab:
        expect(tab.page.locator(".points .gap")).to_contain_text("Not confirmed by later readings.")
        assert tab.page.get_by_text("Not confirmed").count() == 1


def test_one_file_holds_the_report_and_what_was_said(chromium: Browser, services: dict[str, Service]) -> None:
    """As the service gave it, without the key."""
    with a_report(chromium, services) as tab:
        with tab.page.expect_download() as download:
            tab.press("Save as JSON")
        kept = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
        assert [message["text"] for message in kept["messages"] if message["role"] == "user"] == tab.said("user")
        assert [found["sign"] for story in kept["report"]["stories"] for found in story["findings"]] == [
            claim.sign for claim in CLAIMS
        ]
        assert tab.session["token"] not in json.dumps(kept)


@pytest.mark.long
def test_on_paper_everything_is_open_and_nothing_is_to_press(chromium: Browser, services: dict[str, Service]) -> None:
    """Notes under their lines with their exercises, and afterwards the page is as it was."""
    with a_report(chromium, services) as tab:
        exercise = tab.page.locator("#note-7 .exercise")
        tab.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
        tab.page.emulate_media(media="print")
        expect(exercise.locator("p")).to_be_visible()
        expect(tab.page.locator(".retell dl")).to_be_visible()
        assert tab.page.get_by_role("button").count() == 0
        assert all(place["below"] > 0 and not place["aside"] for place in tab.page.evaluate(BESIDE))
        tab.page.emulate_media(media="screen")
        tab.page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
        expect(exercise.locator("p")).to_be_hidden()


def test_the_largest_interview_is_drawn_at_once(chromium: Browser, services: dict[str, Service]) -> None:
    """Sixty answers of four thousand characters with four notes each take a tenth of a second of script at most."""
    with a_report(chromium, services) as tab:
        took = [cpu_ms(tab) for _ in range(5)]
        print([round(one) for one in took])
        assert min(took) < 100


def cpu_ms(tab: Tab) -> float:
    """Draw the largest report; give the milliseconds that the page's thread worked, whatever else the machine does."""
    devtools = tab.page.context.new_cdp_session(tab.page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def worked() -> float:
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))

    before = worked()
    tab.page.evaluate(LARGEST)
    return (worked() - before) * 1000
