"""A report as a service makes it whose model has read the interview: of real messages and with our signs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Route, expect

from browser.tab import Tab
from interviewos.report.catalogue import catalogue
from interviewos.report.sentences import sentences_around

REPORT = "**/api/interview/sessions/*/report"
WRONG = f"{REPORT}/wrong"
NOWHERE = {"seq": None, "start": None, "end": None, "quote": "", "sentence": ""}

Json = dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """A sign, the candidate's words that show it, and what that rests on."""

    sign: str
    quote: str
    by: str = "readings"
    wrong: bool = False
    words: str = ""


@dataclass
class Reader:
    """What a model has found in the interview that a tab has open; fields are members of the report."""

    claims: Iterable[Claim] = ()
    retell: dict[str, str] = field(default_factory=dict)
    members: Json = field(default_factory=dict)

    def reads(self, tab: Tab) -> None:
        """Let the service answer with this report."""
        tab.page.route(REPORT, lambda route: self.answer(route, tab.transcript()))

    def answer(self, route: Route, messages: list[Json]) -> None:
        said = route.fetch()
        route.fulfill(response=said, json=self.report(said.json(), messages))

    def report(self, report: Json, messages: list[Json]) -> Json:
        """The same report with what was found."""
        for story in report["stories"]:
            mine = [message for message in messages if message["seq"] in story["seqs"]]
            claimed = [finding_of(claim, mine) for claim in self.claims if place_of(claim.quote, mine)["seq"]]
            story["findings"] = claimed
            told = {part: place_of(quote, mine) for part, quote in self.retell.items()}
            if any(place["seq"] for place in told.values()):
                story["retell"] = [{"part": part, **place} for part, place in told.items()]
        contrasts = [{**one, **place_of(one["quote"], messages)} for one in self.members.get("contrasts", ())]
        return {**report, **self.members, "contrasts": contrasts}


def place_of(quote: str, messages: list[Json]) -> Json:
    """Where words stand, in code points, with the sentences around them."""
    for message in messages:
        start = message["text"].find(quote) if quote else -1
        if start >= 0 and message["role"] == "user":
            end = start + len(quote)
            begin, stop = sentences_around(message["text"], start, end)
            return {"seq": message["seq"], "start": start, "end": end, "quote": quote,
                    "sentence": message["text"][begin:stop]}  # fmt: skip
    return dict(NOWHERE)


def finding_of(claim: Claim, messages: list[Json]) -> Json:
    """One finding as callers see it."""
    sign = catalogue().signs[claim.sign]
    return {
        "sign": sign.id,
        "competency": sign.competency or None,
        "shows": sign.shows,
        "by": claim.by,
        "text": sign.wordings[0],
        "exercise": sign.exercise or None,
        "wrong": claim.wrong,
        "words": claim.words,
        **place_of(claim.quote, messages),
    }


def competency(name: str, level: int | None = None, why: str | None = None, story: str | None = None) -> Json:
    """One competency as callers see it."""
    named = catalogue().competencies[name]
    return {
        "id": name,
        "label": named.label,
        "level": level,
        "anchor": named.anchors[level - 1] if level else None,
        "next": named.anchors[level] if level and level < len(named.anchors) else None,
        "story": story,
        "not_assessed": why,
    }


def expect_notes(tab: Tab, count: int) -> None:
    """Wait until so many notes stand beside the transcript."""
    expect(tab.page.get_by_role("note")).to_have_count(count)
