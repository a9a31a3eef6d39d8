"""Claims about a candidate's words, true ones and lies: every true one is made, and not one lie."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

import pytest

from interviewos.domain.interview import Message
from interviewos.domain.report import Finding, Shown
from interviewos.report.catalogue import Sign, catalogue
from interviewos.report.findings import Proposal, Withheld, check_finding
from interviewos.report.spans import wanted_of
from interviewos.report.stories import Story
from support.told import Telling

MANY = 1_000
SIGNS = catalogue()
SEED = 20_261_130
FREE = "situation_named"
"""A sign that no rule looks after, so that nothing but the words decides."""
ASKED = {
    "nursing.deteriorating": (
        "On the night shift in March a boy of six had cold hands and did not want to play cards any more",
        "I called the doctor straight away, and Anna fetched the trolley from the store room",
        "He got his first dose after 35 minutes, and three weeks later he finished the whole cycle",
    ),
    "nursing.short-shift": (
        "Two of our five nurses had phoned in sick that Sunday, and we looked after eighteen children",
        "I sorted them with the doctor by who could get worse within an hour, and asked the next ward for one person",
        "Nobody waited longer than ten minutes for pain medication, which the ward manager wrote into the rules",
    ),
    "nursing.near-miss": (
        "A new colleague had drawn up the tenfold dose of morphine because two ampoules look the same",
        "I read the label aloud before we gave it, stopped her hand and threw the syringe away",
        "Since that day both ampoules lie in drawers of different colours, and it has not happened again",
    ),
    "nursing.idea": (
        "Parents rang the ward forty times a day to ask when they could come and see the consultant",
        "I wrote the visiting hours on a card, and my sister printed two hundred of them for us",
        "It took us half of every morning before that, and now the phone is silent for hours",
    ),
}
NOBODY = (
    "The moon over the harbour was bright that evening",
    "We migrated the ledger to another region over Easter",
    "Our tenants painted the staircase in a warm yellow",
)


@cache
def interview() -> Telling:
    """Four stories of three answers each; the last question is asked in words that the candidate says back."""
    telling = Telling()
    for question, answers in ASKED.items():
        telling.ask(question)
        for answer in answers:
            telling.say(answer + ".")
            telling.remark(f"I see, you mean that {NOBODY[0].lower()}.")
    telling.ask("nursing.unhappy", text="Who sat at the bedside of the angry father and what did you say to him?")
    telling.say("Who sat at the bedside of the angry father? It was me, and I listened until he had said it all.")
    return telling


@cache
def stories() -> tuple[Story, ...]:
    return tuple(story for story in interview().stories() if story.question in ASKED)


def words(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(r"[^\s,.]+", text)]


TURNS = re.compile(r"\b(?:not|never|nobody|no|could|would|any|in the rules|which|has|it)\b", re.IGNORECASE)
"""What a true claim of this test neither begins after nor holds: nothing to argue about."""


@dataclass(frozen=True)
class Claim:
    """A claim about a story; `at` is where its words stand, for a true one."""

    story: Story
    proposal: Proposal
    at: tuple[int, int, int] | None = None
    found: tuple[Finding, ...] = ()


def run(chance: random.Random, story: Story, fewest: int = 4) -> tuple[Message, int, int]:
    """Some words in a row of an answer, enough for a quotation."""
    while True:
        answer = chance.choice(story.answers)
        places = words(answer.text)
        first = chance.randrange(len(places) - fewest)
        last = chance.randrange(first + fewest - 1, min(len(places), first + 14))
        start, end = places[first][0], places[last][1]
        if wanted_of(answer.text[start:end]) and not TURNS.search(answer.text[max(0, start - 25) : end]):
            return answer, start, end


def typed(chance: random.Random, quote: str) -> str:
    """The same words as somebody else may type them."""
    ways: tuple[Callable[[str], str], ...] = (
        str,
        str.upper,
        str.lower,
        str.title,
        lambda text: f"“{text}.”",
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: "\u200b".join(text),
        lambda text: text.replace("ff", "ﬀ").replace("fi", "ﬁ"),
    )
    return chance.choice(ways)(quote)


def true_claims() -> Iterator[Claim]:
    """Words of the story, under a sign that is open."""
    chance = random.Random(SEED)
    while True:
        story = chance.choice(stories())
        answer, start, end = run(chance, story)
        yield Claim(story, Proposal(FREE, typed(chance, answer.text[start:end])), (answer.seq, start, end))


# lies about words


def nobodys(chance: random.Random, story: Story) -> str:
    """Words that nobody has said in this interview."""
    return chance.choice(NOBODY[1:])


def of_another_story(chance: random.Random, story: Story) -> str:
    """Words that they said to another question."""
    answer, start, end = run(chance, chance.choice([other for other in stories() if other != story]), fewest=6)
    return answer.text[start:end]


def the_interviewers(chance: random.Random, story: Story) -> str:
    """Words that only the interviewer has said."""
    return f"you mean that {NOBODY[0].lower()}"


def changed(chance: random.Random, story: Story) -> str:
    """One word is another one."""
    answer, start, end = run(chance, story)
    said = answer.text[start:end].split(" ")
    said[chance.randrange(len(said))] = chance.choice(["tractors", "never", "seventeen", "carefully"])
    return " ".join(said)


def negated(chance: random.Random, story: Story) -> str:
    """A "not" is put in, or one is left out."""
    answer, start, end = run(chance, story)
    said = answer.text[start:end].split(" ")
    said.insert(chance.randrange(1, len(said)), "not")
    return chance.choice(
        [" ".join(said), "a boy of six did want to play cards", "two months and it has happened again"]
    )


def glued(chance: random.Random, story: Story) -> str:
    """Words of two places stand beside each other."""
    one, other = run(chance, story), run(chance, story)
    if (one[0].seq, one[2]) <= (other[0].seq, other[1]):
        one, other = other, one
    between = chance.choice([" ", " … ", " ... ", ", ", " [...] "])
    return f"{one[0].text[one[1] : one[2]]}{between}{other[0].text[other[1] : other[2]]}"


def shortened(chance: random.Random, story: Story) -> str:
    """A word in the middle is left out, or marked as left out."""
    answer, start, end = run(chance, story, fewest=5)
    said = answer.text[start:end].split(" ")
    at = chance.randrange(1, len(said) - 1)
    return " ".join([*said[:at], *chance.choice([[], ["…"], ["..."]]), *said[at + 1 :]])


def looking_alike(chance: random.Random, story: Story) -> str:
    """A letter is one of another script that looks the same."""
    answer, start, end = run(chance, story)
    said = answer.text[start:end]
    pairs = [("a", "а"), ("e", "е"), ("o", "о"), ("i", "і"), ("c", "с"), ("p", "р"), ("o", "0"), ("l", "1")]
    plain, alike = chance.choice([pair for pair in pairs if pair[0] in said])
    return said.replace(plain, alike, 1)


def cut_short(chance: random.Random, story: Story) -> str:
    """A word at an edge has lost a letter."""
    answer, start, end = run(chance, story, fewest=5)
    return answer.text[start + 1 : end] if chance.random() < 0.5 else answer.text[start : end - 1]


def reversed_words(chance: random.Random, story: Story) -> str:
    """The words are theirs, in another order."""
    answer, start, end = run(chance, story, fewest=6)
    said = answer.text[start:end].split(" ")
    return " ".join([*said[2:], *said[:2]])


def too_little(chance: random.Random, story: Story) -> str:
    """Hardly a word, or nothing."""
    return chance.choice(["", "I", "the", "it was", "…", "and a ", "“”"])


LIES = (
    nobodys,
    of_another_story,
    the_interviewers,
    changed,
    negated,
    glued,
    shortened,
    looking_alike,
    cut_short,
    reversed_words,
    too_little,
)


def stands_anyway(story: Story, quote: str) -> bool:
    """Has chance made a truth of it? Looked up another way than the code does it."""
    plain = " ".join(re.findall(r"\w+", quote.casefold()))
    told = [" ".join(re.findall(r"\w+", answer.text.casefold())) for answer in story.answers]
    return any(f" {plain} " in f" {text} " for text in told) and len(plain) > 9


def lies() -> Iterator[tuple[str, Claim]]:
    """Lies about words, one kind after the other."""
    chance = random.Random(SEED)
    while True:
        for kind in LIES:
            story = chance.choice(stories())
            quote = kind(chance, story)
            if not stands_anyway(story, quote):
                yield kind.__name__, Claim(story, Proposal(FREE, typed(chance, quote)))


def check(claim: Claim) -> Finding | Withheld:
    return check_finding(SIGNS, claim.story, claim.proposal, Shown.ONE_READING, claim.found)


def test_a_thousand_true_claims_are_all_made_at_the_right_words() -> None:
    """However the words were typed: where they begin and where they end."""
    claims = true_claims()
    for claim in (next(claims) for _ in range(MANY)):
        finding = check(claim)
        assert isinstance(finding, Finding), (claim.proposal, finding)
        assert (finding.span.seq, finding.span.start, finding.span.end) == claim.at, claim.proposal


def test_of_a_thousand_lies_about_words_none_is_made() -> None:
    """Each kind of them is among those, and for each it is the words that are not theirs."""
    told = lies()
    kinds, reasons = Counter[str](), Counter[Finding | Withheld]()
    for kind, claim in (next(told) for _ in range(MANY)):
        checked = check(claim)
        assert not isinstance(checked, Finding), (kind, claim.proposal)
        kinds[kind] += 1
        reasons[checked] += 1

    assert set(kinds) == {kind.__name__ for kind in LIES}
    assert set(reasons) == {Withheld.NO_SUCH_WORDS}


def test_the_interviewers_words_said_back_are_none_of_theirs() -> None:
    """What was heard first and repeated is evidence of nothing; what follows it is theirs."""
    story = interview().story("nursing.unhappy")

    def claimed(quote: str) -> Finding | Withheld:
        return check(Claim(story, Proposal("hard_talk", quote)))

    assert claimed("Who sat at the bedside of the angry father") is Withheld.INTERVIEWERS_WORDS
    assert claimed("at the bedside of the angry") is Withheld.INTERVIEWERS_WORDS
    assert isinstance(claimed("I listened until he had said it all"), Finding)


def test_what_they_said_first_stays_theirs_when_the_interviewer_takes_it_up() -> None:
    """Only what stands before an answer was said first."""
    telling = Telling()
    telling.ask("nursing.idea")
    telling.say("I wrote the visiting hours on a card.")
    telling.ask("nursing.idea", "result", "You wrote the visiting hours on a card. How did it end?")
    story = telling.story("nursing.idea")

    assert isinstance(check(Claim(story, Proposal(FREE, "the visiting hours on a card"))), Finding)


LACKS = [sign for sign in SIGNS.signs.values() if not sign.shows and sign.part]


@pytest.mark.parametrize("sign", LACKS, ids=lambda sign: sign.id)
def test_nobody_lacks_what_was_not_asked_for(sign: Sign) -> None:
    """For each part of each story: only after that part, or the whole story, was asked for and something was said."""
    quote = "we called the doctor and we called the family and we wrote it down"
    outcomes = {}
    for part in ("", "situation", "action", "result", "number", "story", "unanswered"):
        telling = Telling()
        telling.ask("nursing.idea")
        telling.say(f"It was the Monday, {quote}.")
        if part:
            telling.ask("nursing.idea", sign.part if part == "unanswered" else part)
        if part and part != "unanswered":
            telling.say("That was the day before the inspection.")
        story = replace(telling.story("nursing.idea"), competencies=tuple(SIGNS.competencies))
        outcomes[part] = check(Claim(story, Proposal(sign.id, quote)))

    made = {part for part, outcome in outcomes.items() if isinstance(outcome, Finding)}
    assert made == {sign.part, "story"}
    assert {outcome for part, outcome in outcomes.items() if part not in made} == {Withheld.NOT_ASKED}
