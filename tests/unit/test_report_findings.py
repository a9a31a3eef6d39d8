"""A claim about an answer: made where every check holds, and withheld for the first that does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interviewos.domain.report import Finding, Shown, Span
from interviewos.report.catalogue import catalogue
from interviewos.report.findings import Proposal, Withheld, check_finding, check_findings, wording_of
from interviewos.report.stories import Story
from support.told import Telling

SIGNS = catalogue()
BY = Shown.ONE_READING


def story(*said: str, question: str = "nursing.idea", parts: tuple[str, ...] = ("story",)) -> Story:
    """What was told to a planned question, its parts asked for before the last answer."""
    telling = Telling()
    telling.ask(question)
    for answer in said[:-1]:
        telling.say(answer)
    for part in parts:
        telling.ask(question, part)
    telling.say(said[-1])
    return replace(telling.story(question), competencies=tuple(SIGNS.competencies))


def claim(sign: str, quote: str, *said: str, by: Shown = BY, found: tuple[Finding, ...] = ()) -> Finding | Withheld:
    return check_finding(SIGNS, story(*said), Proposal(sign, quote), by, found)


def test_a_claim_that_stands_is_made_at_its_words() -> None:
    """The sign, the place, whose claim it is, and a sentence that is always the same for the same words."""
    said = "The boy had cold hands. I called the doctor straight away."
    finding = claim("situation_named", "the boy had cold hands", said)

    assert isinstance(finding, Finding)
    assert (finding.sign, finding.by) == ("situation_named", BY)
    assert said[finding.span.start : finding.span.end] == "The boy had cold hands"
    assert finding.wording == wording_of(SIGNS.signs["situation_named"], finding.span)
    assert finding == claim("situation_named", "the boy had cold hands", said)


def test_a_sign_is_not_said_in_the_same_words_each_time() -> None:
    """Which of its sentences depends on the place of the words."""
    sign = SIGNS.signs["own_action"]

    assert {wording_of(sign, Span(4, 0, 9 + at)) for at in range(len(sign.wordings))} == {0, 1}
    assert {wording_of(sign, Span(seq, 0, 9)) for seq in range(len(sign.wordings))} == {0, 1}


@pytest.mark.parametrize("sign", ["", "brilliant", "OWN_ACTION", "too_long", "too_short", "left_open", "approach"])
def test_only_signs_that_can_be_claimed_are_claimed(sign: str) -> None:
    """An unknown one is none, and what is counted needs nobody's word."""
    assert claim(sign, "the boy had cold hands", "The boy had cold hands.") is Withheld.UNKNOWN_SIGN


def test_a_sign_is_one_of_the_storys_competencies() -> None:
    """A story is looked at for what its question asks, and for what any answer may show."""
    told = story("The boy had cold hands when I came in.")
    of_people = replace(told, competencies=("people",))
    quote = "the boy had cold hands"

    assert isinstance(check_finding(SIGNS, told, Proposal("situation_named", quote), BY), Finding)
    assert check_finding(SIGNS, of_people, Proposal("situation_named", quote), BY) is Withheld.OTHER_COMPETENCY
    assert isinstance(check_finding(SIGNS, of_people, Proposal("off_question", quote), BY), Finding)


def test_words_belong_to_the_story() -> None:
    """Neither another story's, nor the interviewer's, nor nobody's."""
    telling = Telling()
    telling.ask("nursing.idea")
    telling.say("I wrote the visiting hours on a card.")
    telling.ask("nursing.near-miss")
    telling.say("The two ampoules look the same at night.")
    one, other = telling.story("nursing.idea"), telling.story("nursing.near-miss")
    proposal = Proposal("situation_named", "the two ampoules look the same")

    assert check_finding(SIGNS, one, proposal, BY) is Withheld.NO_SUCH_WORDS
    assert isinstance(check_finding(SIGNS, other, proposal, BY), Finding)
    assert claim("situation_named", "And then, about the story?", "I called her.") is Withheld.NO_SUCH_WORDS


def test_words_that_the_interviewer_said_first_are_none_of_theirs() -> None:
    """In any line before the answer, whichever question it was about."""
    telling = Telling()
    telling.remark("Some people say that a card with the visiting hours helps.")
    telling.ask("nursing.idea")
    telling.say("Yes, a card with the visiting hours helps. I wrote one for our ward.")
    telling.remark("So you wrote one for our ward.")
    told = telling.story("nursing.idea")

    first = Proposal("situation_named", "a card with the visiting hours helps")
    assert check_finding(SIGNS, told, first, BY) is Withheld.INTERVIEWERS_WORDS
    assert isinstance(check_finding(SIGNS, told, Proposal("situation_named", "I wrote one for our ward"), BY), Finding)


def test_a_quotation_has_no_more_words_than_a_long_sentence() -> None:
    """All of an answer shows nothing in particular."""
    words = [f"word{at}" for at in range(41)]
    said = " ".join(words)

    assert isinstance(claim("situation_named", " ".join(words[:40]), said), Finding)
    assert claim("situation_named", said, said) is Withheld.TOO_MANY_WORDS


@pytest.mark.parametrize(
    "said",
    [
        "I had burnout in May, and I wrote the rota before that.",
        "Ich hatte Krebs, und ich habe den Dienstplan geschrieben, I wrote the rota.",
        "Tuve cáncer, and I wrote the rota.",
        "J'ai été en congé maladie, and I wrote the rota.",
    ],
)
def test_a_sentence_about_their_own_life_is_not_quoted(said: str) -> None:
    """Whatever else stands in it."""
    assert claim("situation_named", "I wrote the rota", said) is Withheld.PRIVATE


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ("raise the price", "I did not raise the price."),
        ("raise the price of it", "We never wanted to raise the price of it."),
        ("raise the price of it", "I would raise the price of it today."),
        ("the price was raised", "It is not true that the price was raised."),
        ("told the manager", "Nobody told the manager."),
        ("ich erhöhte den Preis", "Damals ich erhöhte den Preis nicht."),
        ("we told the manager", "If we told the manager, it stopped."),
    ],
)
def test_a_quotation_leaves_no_denial_behind(quote: str, said: str) -> None:
    """A "not" just before the words, or in German after them, turns what they show around."""
    assert claim("situation_named", quote, said) is Withheld.CHECK_FAILED


def test_a_denial_in_another_clause_is_left_where_it_is() -> None:
    """What is said after it stands for itself."""
    assert isinstance(
        claim("situation_named", "I raised the price", "They could not pay, so I raised the price."), Finding
    )


@pytest.mark.parametrize(
    ("quote", "said", "by"),
    [
        ("I called the doctor", "I called the doctor.", Shown.RULE),
        ("called the doctor", "I called the doctor.", Shown.RULE),
        ("I know every supplier", "I know every supplier, and so they listened.", BY),
        ("Avisé a la jefa", "Avisé a la jefa y repetí la serie.", Shown.RULE),
        ("我请他先试一个区", "同事觉得太麻烦，我请他先试一个区。", BY),
    ],
)
def test_an_own_action_names_the_speaker(quote: str, said: str, by: Shown) -> None:
    """It rests on a rule where the words tell a deed, and on the reading where the rule cannot tell."""
    finding = claim("own_action", quote, said)

    assert isinstance(finding, Finding)
    assert finding.by is by


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ("Tom called the doctor", "I was there, and Tom called the doctor."),
        ("My manager decided it", "My manager decided it for me."),
        ("I don't have a position", "I don't have a position."),
        ("I would call the doctor", "I would call the doctor first."),
        ("I never called the doctor", "I never called the doctor."),
        ("we called the doctor", "We called the doctor."),
        ("They read the résumé twice", "They read the résumé twice."),
        ("la qualité était bonne", "La qualité était bonne."),
    ],
)
def test_what_others_did_or_nobody_is_no_own_action(quote: str, said: str) -> None:
    """Nor is a wish, nor a word that ends as a Spanish verb does."""
    assert claim("own_action", quote, said) is Withheld.CHECK_FAILED


@pytest.mark.parametrize(
    ("quote", "said", "by"),
    [
        ("it fell from 40 minutes to 6", "In May it fell from 40 minutes to 6.", Shown.RULE),
        ("an alert at 70 %", "I set an alert at 70 % of it.", BY),
        ("12 children for 8 children", "We had toys of 12 children for 8 children that night.", BY),
    ],
)
def test_a_measured_result_holds_its_figures(quote: str, said: str, by: Shown) -> None:
    """Figures that show a change prove it; others can be compared, and a reading says that they are the result."""
    finding = claim("result_measured", quote, said)

    assert isinstance(finding, Finding)
    assert finding.by is by


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ("the ward was calm again", "It fell from 40 minutes to 6, and in the end the ward was calm again."),
        ("it would fall by 20 %", "I said that it would fall by 20 %."),
        ("20 % less would be nice", "20 % less would be nice."),
        ("we had 12 children that night", "We had 12 children that night."),
        ("it never fell by 20 %", "It never fell by 20 %."),
    ],
)
def test_words_without_figures_of_what_happened_measure_nothing(quote: str, said: str) -> None:
    """The figures stand in the words themselves, and are none that somebody hoped for."""
    assert claim("result_measured", quote, said) is Withheld.CHECK_FAILED


WE = "We found the leak, we closed the valve, and we wrote it into our book for the next shift."


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        (WE, True),
        (f"{WE} I held the lamp.", False),
        (f"{WE} They gave me the key.", False),
        ("We found the leak, and we closed the valve.", False),
        ("- we found the leak\n- we closed the valve\n- we wrote it into our book and the next shift", False),
        (
            "We vonden het lek, we sloten de klep of we schreven het op. Ze gaven mijn zus de lamp.",
            False,
        ),
        ("The US market, the US shop and the US office: we found the leak.", False),
        ("Wir haben das Leck gefunden, wir haben das Ventil geschlossen und unser Buch geführt.", True),
        ("Wir haben das Leck gefunden, wir haben das Ventil geschlossen und mein Buch geführt.", False),
    ],
)
def test_only_who_says_we_throughout_is_told_so(said: str, stands: bool) -> None:
    """Three times or more, in English or German, never "I" nor "my", and in no list."""
    quote = next(each for each in ("found the leak", "vonden het lek", "das Leck gefunden") if each in said)

    checked = claim("team_only", quote, said)
    assert isinstance(checked, Finding) if stands else checked is Withheld.CHECK_FAILED


def test_the_other_answers_of_a_story_count_for_who_acts() -> None:
    """Who says "I" once, in any of them, has an own part."""
    assert claim("team_only", "found the leak", WE, "I held the lamp.") is Withheld.CHECK_FAILED


def test_what_is_missing_was_asked_for_and_then_something_was_said() -> None:
    """By its part or by the whole story; a part that the clock left unanswered is nobody's fault."""
    quote = "the boy had cold hands"
    proposal = Proposal("no_result", quote)
    asked = story("The boy had cold hands.", "He was six.", parts=("result",))
    other = story("The boy had cold hands.", "He was six.", parts=("action",))
    unanswered = replace(asked, parts_answered=())

    assert isinstance(check_finding(SIGNS, asked, proposal, BY), Finding)
    assert check_finding(SIGNS, other, proposal, BY) is Withheld.NOT_ASKED
    assert check_finding(SIGNS, unanswered, proposal, BY) is Withheld.NOT_ASKED


def test_what_has_no_part_is_missing_where_the_question_itself_asks_for_it() -> None:
    """In a question that names no competency nobody has asked for a lesson."""
    told = story("The boy had cold hands when I came in.")
    proposal = Proposal("no_lesson", "the boy had cold hands")

    assert isinstance(check_finding(SIGNS, replace(told, named=True), proposal, BY), Finding)
    assert check_finding(SIGNS, replace(told, named=False), proposal, BY) is Withheld.NOT_ASKED


CONTRADICTIONS = [(sign.id, other) for sign in SIGNS.signs.values() for other in sign.unless]


@pytest.mark.parametrize(("sign", "other"), CONTRADICTIONS)
def test_what_is_there_is_not_missing(sign: str, other: str) -> None:
    """However far from these words it was shown."""
    seen = Finding(other, Span(99, 0, 9))
    quote = "found the leak" if sign == "team_only" else "closed the valve"

    assert isinstance(claim(sign, quote, WE), Finding)
    assert claim(sign, quote, WE, found=(seen,)) is Withheld.CONTRADICTED


def test_what_is_there_is_looked_at_first() -> None:
    """So that the order of the claims does not matter."""
    told = story("The boy had cold hands. In the end he went home.")
    proposals = [Proposal("no_result", "the boy had cold hands"), Proposal("result_told", "In the end he went home")]
    checked = check_findings(SIGNS, told, proposals, BY)

    assert [finding.sign for finding in checked.findings] == ["result_told"]
    assert checked.withheld == (Withheld.CONTRADICTED,)
    assert checked == check_findings(SIGNS, told, proposals[::-1], BY)


def test_one_sign_stands_once_on_the_same_words() -> None:
    """Another sign may share them, and the same may stand elsewhere."""
    told = story("The boy had cold hands and he was pale. The mother sat beside the bed.")
    proposals = [
        Proposal("situation_named", "the boy had cold hands"),
        Proposal("situation_named", "cold hands and he was pale"),
        Proposal("obstacle_met", "the boy had cold hands"),
        Proposal("situation_named", "the mother sat beside"),
    ]
    checked = check_findings(SIGNS, told, proposals, BY)

    assert [finding.sign for finding in checked.findings] == ["situation_named", "obstacle_met", "situation_named"]
    assert checked.withheld == (Withheld.TWICE,)


def test_claims_are_checked_beside_those_that_stand() -> None:
    """These are not given back once more."""
    told = story("The boy had cold hands. In the end he went home.")
    first = check_findings(SIGNS, told, [Proposal("result_told", "In the end he went home")], BY).findings
    again = check_findings(
        SIGNS, told, [Proposal("result_told", "he went home"), Proposal("no_result", "cold hands")], BY, first
    )

    assert again.findings == ()
    assert set(again.withheld) == {Withheld.TWICE, Withheld.CONTRADICTED}


def test_every_claim_is_made_or_counted() -> None:
    """None is lost on the way."""
    told = story("The boy had cold hands. In the end he went home.")
    proposals = [Proposal(sign, quote) for sign in (*SIGNS.signs, "x") for quote in ("cold hands", "nobody's words")]
    checked = check_findings(SIGNS, told, proposals, BY)

    assert len(checked.findings) + len(checked.withheld) == len(proposals)
