"""One question answered once more, and what this browser remembers of what was practised."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from browser.reports import REPORT
from browser.states import CREATE, FIRST_TRY, SHIFT, visiting
from browser.tab import Service, Tab
from interviewos.report.catalogue import catalogue

KEPT = "() => JSON.parse(localStorage['interviewos/practices'] ?? '[]')"
PRACTICE = {
    "session": "0b8f3f5e-6a1c-4f0e-9c2b-3d6f8f0a1b2c",
    "at": "2026-11-02T09:30:00.000Z",
    "question": "nursing.deteriorating",
    "text": "Tell me about a patient whose condition changed quickly. What did you notice first?",
    "plan": "nursing",
    "level": "",
    "kind": "Nursing and care",
    "expires_at": "2099-01-01T00:00:00.000Z",
    "signs": ["result_told"],
    "lines": [
        {"text": "It went well in the end.", "notes": [{"start": 3, "end": 12, "text": "You said how it ended."}]}
    ],
}


@contextmanager
def a_tab(chromium: Browser, services: dict[str, Service], name: str) -> Iterator[Tab]:
    with visiting(chromium, services, name) as tab:
        yield tab
        assert tab.faults == []


def history_of(*practices: Any, **members: Any) -> bytes:
    """A file as the page writes it."""
    return json.dumps({"format": "interviewos-history", "version": 1, "practices": practices, **members}).encode()


def bring(tab: Tab, content: bytes) -> None:
    file: FilePayload = {"name": "history.json", "mimeType": "application/json", "buffer": content}
    tab.page.get_by_label("Bring in a file").set_input_files([file])


def kept(tab: Tab) -> list[dict[str, Any]]:
    """What this browser remembers."""
    practices: list[dict[str, Any]] = tab.page.evaluate(KEPT)
    return practices


def signs_kept(tab: Tab, question: str) -> list[str]:
    """What this browser remembers of the answer to a question, by signs."""
    [signs] = [one["signs"] for one in kept(tab) if one["question"] == question]
    return list(signs)


def test_one_question_is_answered_again_and_both_answers_stand_side_by_side(
    chromium: Browser, services: dict[str, Service]
) -> None:
    """One press begins an interview of this question alone; then each answer has its signs, and what changed."""
    with a_tab(chromium, services, "report-then-and-now") as tab:
        both = tab.page.get_by_role("region", name="Then and now").get_by_role("article")
        assert [FIRST_TRY in words for words in both.all_inner_texts()] == [True, False]
        assert SHIFT in both.nth(1).inner_text()
        expect(both.nth(0).get_by_role("listitem")).to_have_text(
            [catalogue().signs[sign].wordings[0] for sign in ("situation_named", "result_told")]
        )
        expect(tab.page.locator(".changed")).to_have_text(
            "Last time a result without a figure; this time a figure. "
            "New this time: your own part and a reason for your choice."
        )
        assert [message["question"] for message in tab.transcript() if message["question"]] == [
            "nursing.deteriorating"
        ] * 2
        assert {"name": "Ada", "role": "Paediatric nurse"}.items() <= tab.session.items()


@pytest.mark.long
def test_the_question_is_asked_as_it_was_chosen_then(chromium: Browser, services: dict[str, Service]) -> None:
    """The same kind, level and time, the language of the report, and nothing that was pasted."""
    with a_tab(chromium, services, "report") as tab:
        bodies: list[Any] = []
        tab.page.on("request", lambda it: bodies.append(it.post_data_json) if it.url.endswith("/create") else None)
        tab.page.locator("[data-again='nursing.short-shift']").click()
        tab.expect_question("Think of a shift with too few people.")
        assert len(bodies) == 1
        assert {"plan": "nursing", "only": ["nursing.short-shift"], "language": "en"}.items() <= bodies[0].items()
        assert bodies[0].keys() <= {"candidate_name", "role", "plan", "only", "language", "seen"}


@pytest.mark.long
def test_a_question_that_cannot_be_asked_alone_says_what_to_do(chromium: Browser, services: dict[str, Service]) -> None:
    """The service took it out of its plan meanwhile, or is of a release that asks whole interviews only."""
    with a_tab(chromium, services, "report") as tab:
        body = {"type": "/problems#invalid-field", "status": 422, "errors": [{"pointer": "/only"}]}
        tab.page.route(
            CREATE, lambda it: it.fulfill(status=422, content_type="application/problem+json", body=json.dumps(body))
        )
        tab.page.locator("[data-again='nursing.short-shift']").click()
        expect(tab.page.get_by_text("Begin a whole interview instead.")).to_be_visible()


def test_the_history_says_what_changed_for_each_question(chromium: Browser, services: dict[str, Service]) -> None:
    """The last one first; the address stays, back leads back, and a reload shows it again."""
    with a_tab(chromium, services, "history") as tab:
        first = tab.page.get_by_role("region", name="Tell me about a patient whose condition changed quickly")
        expect(first).to_contain_text("Last time a result without a figure; this time a figure.")
        expect(first).to_contain_text("2 times")
        expect(tab.page.locator(".practised h2").first).to_contain_text("condition changed quickly")
        tab.page.reload()
        expect(first).to_be_visible()
        tab.page.go_back()
        expect(tab.page.get_by_role("button", name="Begin the interview")).to_be_visible()
        tab.page.go_forward()
        expect(tab.page.get_by_role("heading", name="History on this device")).to_be_focused()
        first.get_by_role("button", name="Answer this one again").click()
        tab.expect_question("condition changed quickly")


def test_a_history_goes_to_another_browser_as_one_file(chromium: Browser, services: dict[str, Service]) -> None:
    """What was saved here is brought in there, once, however often; nothing of it is a key."""
    with a_tab(chromium, services, "history") as tab:
        with tab.page.expect_download() as download:
            tab.press("Save as a file")
        file = Path(download.value.path()).read_bytes()
        here = kept(tab)
        assert tab.session["token"].encode() not in file
    with a_tab(chromium, services, "begin") as other:
        other.press("History on this device")
        for _ in range(2):
            bring(other, file)
            expect(other.page.get_by_text("The file was brought in.")).to_be_visible()
        assert kept(other) == here
        expect(other.page.locator(".practised")).to_have_count(4)


def changed(**members: Any) -> dict[str, Any]:
    return {**PRACTICE, **members}


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"\xff\x00 no JSON", "cannot be read", id="no JSON"),
        pytest.param(b"", "cannot be read", id="empty"),
        pytest.param(b"[]", "is not a history", id="a list"),
        pytest.param(b"null", "is not a history", id="null"),
        pytest.param(history_of(PRACTICE, version=2), "by a later release", id="a later release"),
        pytest.param(history_of("x"), "is not a history", id="text for a practice"),
        pytest.param(history_of(changed(question="")), "is not a history", id="no question"),
        pytest.param(history_of(changed(question="<b>")), "is not a history", id="markup for an id"),
        pytest.param(history_of(changed(at="yesterday")), "is not a history", id="no date"),
        pytest.param(history_of(changed(signs=["x"] * 51)), "is not a history", id="too many signs"),
        pytest.param(history_of(changed(text="x" * 1001)), "is not a history", id="a long question"),
        pytest.param(history_of(changed(lines=[{"text": "x"}])), "is not a history", id="a line without notes"),
        pytest.param(
            history_of(changed(lines=[{"text": "x", "notes": [{"start": 2, "end": 1, "text": ""}]}])),
            "is not a history",
            id="a note that ends before it begins",
        ),
        pytest.param(history_of(*[PRACTICE] * 201), "too large", id="too many"),
        pytest.param(b" " * 4_000_001, "too large", id="too large"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence_and_nothing_of_it_is_kept(
    chromium: Browser, services: dict[str, Service], content: bytes, sentence: str
) -> None:
    """What was here before stays as it was."""
    with a_tab(chromium, services, "begin") as tab:
        tab.press("History on this device")
        bring(tab, history_of(PRACTICE))
        before = kept(tab)
        bring(tab, content)
        expect(tab.page.locator("#history-notice")).to_contain_text(sentence)
        assert kept(tab) == before == [PRACTICE]


@pytest.mark.long
def test_the_words_of_an_answer_go_when_its_interview_does(chromium: Browser, services: dict[str, Service]) -> None:
    """Its signs stay, and the page says that the words are gone."""
    with a_tab(chromium, services, "begin") as tab:
        tab.press("History on this device")
        later = changed(session="1", at="2026-11-05T09:00:00.000Z", signs=["result_told", "result_measured"])
        bring(tab, history_of(changed(expires_at="2020-01-01T00:00:00Z"), later))
        expect(tab.page.locator(".changed")).to_have_text("Last time a result without a figure; this time a figure.")
        tab.page.get_by_text("Read the answers").click()
        expect(tab.page.get_by_role("article").first).to_contain_text("The words of this answer are gone.")
        expect(tab.page.get_by_role("article").first).to_contain_text("how it ended")


@pytest.mark.long
def test_who_deletes_an_interview_deletes_what_was_practised_in_it(
    chromium: Browser, services: dict[str, Service]
) -> None:
    """With the last one nothing of it is left in this browser."""
    with a_tab(chromium, services, "report") as tab:
        assert {one["session"] for one in kept(tab)} == {tab.session["id"]}
        tab.press("Delete my data")
        tab.press("Delete")
        expect(tab.page.get_by_text("The interview is deleted.")).to_be_visible()
        assert kept(tab) == []
        words = tab.page.evaluate("() => JSON.stringify(localStorage)")
        assert "transfer list" not in words


@pytest.mark.long
def test_the_history_is_deleted_after_a_question(chromium: Browser, services: dict[str, Service]) -> None:
    """Interviews that are kept stay."""
    with a_tab(chromium, services, "history") as tab:
        tab.press("Delete this history")
        tab.press("Keep it")
        assert len(kept(tab)) == 5
        tab.press("Delete this history")
        tab.press("Delete")
        expect(tab.page.get_by_text("The history of this browser is deleted.")).to_be_visible()
        assert kept(tab) == []
        tab.page.get_by_role("link", name="to the start page").click()
        expect(tab.page.locator("[data-open]")).to_have_count(2)


@pytest.mark.long
def test_what_is_called_wrong_is_remembered_by_no_sign(chromium: Browser, services: dict[str, Service]) -> None:
    """Nor does a history tell of what is still being read."""
    with a_tab(chromium, services, "report-being-read") as tab:
        assert kept(tab) == []
    with a_tab(chromium, services, "report-without-a-model") as tab:
        tab.page.locator("#note-1 .wrong").click()
        tab.press("Call it wrong")
        expect(tab.page.get_by_text("You called this wrong.")).to_be_visible()
        assert "own_action" not in signs_kept(tab, "nursing.deteriorating")
        with tab.page.expect_response(REPORT):
            tab.page.reload()
        expect(tab.page.get_by_text("You called this wrong.")).to_be_visible()
        assert "own_action" not in signs_kept(tab, "nursing.deteriorating")
