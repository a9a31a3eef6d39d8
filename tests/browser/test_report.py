"""The report on the page: one reads one's own words, walks from note to note, and says which one is wrong."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from browser.reports import REPORT, WRONG, Claim, Reader, expect_notes
from browser.states import CLAIMS, LATER, SHIFT, Visit, practised, problem, visiting
from browser.tab import Service, Tab

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


def note(tab: Tab, number: int) -> Any:
    return tab.page.locator(f"#note-{number}")


def test_the_room_becomes_the_report(chromium: Browser, services: dict[str, Service]) -> None:
    """Every line stands as it was said, each note says our sentence, and marks the words that it is about."""
    with a_report(chromium, services) as tab:
        notes = tab.page.get_by_role("note")
        assert notes.locator(".says").all_inner_texts()[:2] == [
            "You set the scene before you told what you did.",
            "You said what you did yourself.",
        ]
        assert SHIFT in tab.said("user")
        for claim in CLAIMS:
            assert claim.quote in "".join(marked(tab))
        for point in ("strength", "gap", "next"):
            expect(tab.page.locator(f"#{point}")).not_to_be_empty()
        expect(note(tab, 6)).to_contain_text("One reading by an AI model says so.")
        assert tab.page.get_by_text("One reading by an AI model").count() == 1


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
        assert words.inner_text() == "I drew up a transfer list with the doctor on duty and "
        assert words.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"
        press("Enter")
        expect(note(tab, 2)).to_be_focused()
        assert tab.page.url == f"{tab.origin}/"


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
      - text: One father was furious about the transfer
    - text: .
    - mark:
      - link /He wanted his daughter to stay with the nurse she knew/
    - text: /, so I sat down/
  - note /Note 6 of 7 You told how somebody else saw it/:
    - heading "Note 6 of 7" [level=4]
    - link /6, your words. “.*He wanted his daughter/: "6"
    - paragraph: You told how somebody else saw it.
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
