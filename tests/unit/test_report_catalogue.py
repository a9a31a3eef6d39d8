"""What may be said about an answer: data that fits together, in plain and kind sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from interviewos.report import points
from interviewos.report.catalogue import CATALOGUE, Competency, Sign, catalogue
from interviewos.report.checks import CHECKS, PROOFS
from support.conformance import PLANS

SIGNS = catalogue()
IDS = {
    "situation_named": "approach shows",
    "choice_reasoned": "approach shows key",
    "obstacle_met": "approach shows",
    "no_example": "approach lacks situation",
    "no_reason": "approach lacks action",
    "task_named": "ownership shows",
    "own_action": "ownership shows key",
    "team_only": "ownership lacks action",
    "no_action": "ownership lacks action",
    "result_told": "impact shows",
    "result_measured": "impact shows key",
    "no_result": "impact lacks result",
    "no_number": "impact lacks number",
    "other_view_told": "people shows key",
    "hard_talk": "people shows",
    "others_missing": "people lacks",
    "mistake_owned": "learning shows",
    "lesson_drawn": "learning shows key",
    "changed_since": "learning shows",
    "no_lesson": "learning lacks",
    "too_long": "lacks",
    "too_short": "lacks",
    "left_open": "lacks",
    "off_question": "lacks",
}
"""What each sign means; it is kept with every report, so that none may ever mean something else."""
FEWEST_SIGNS_SHOWN = 2
LEVELS = 5
MOST_WORDS = 20
BLAME = re.compile(
    r"\b(?:fail\w*|bad(?:ly)?|poor(?:ly)?|wrong(?!,)|weak\w*|lazy|should(?:n't)?|must(?:n't)?|never|unfortunately|too|vague"
    r"|forgot\w*|boring|confus\w*|unclear|unprofessional|incorrect|mistaken|nobody|useless|disappoint\w*)\b",
    re.IGNORECASE,
)
AMERICAN = re.compile(
    r"\b\w+(?:ization|izing|ize[sd]?)\b|\b(?:color|behavior|favor|center|program|gotten|labor)\b", re.I
)
LONG_WORDS = re.compile(
    r"\b[a-z]{14,}\b|\b(?:demonstrate|utili[sz]e|leverage|competenc|stakeholder|articulat)\w*\b", re.I
)


def meaning(sign: Sign) -> str:
    words = [sign.competency, "shows" if sign.shows else "lacks", "key" if sign.key else sign.part]
    return " ".join(filter(None, words))


def test_an_id_never_changes_its_meaning() -> None:
    """A stored report names signs by it: one more may come, none may go or become another."""
    assert {sign.id: meaning(sign) for sign in SIGNS.signs.values()} == IDS


@pytest.mark.parametrize("sign", SIGNS.signs.values(), ids=lambda sign: sign.id)
def test_what_a_sign_names_is_there(sign: Sign) -> None:
    """Its competency, what contradicts it, the rule that looks after it, and a part that some plan asks for."""
    parts = {part for plan in PLANS.values() for question in plan.questions for part in question.parts}

    assert sign.competency in ("", *SIGNS.competencies)
    assert all(SIGNS.signs[other].shows and SIGNS.signs[other].competency == sign.competency for other in sign.unless)
    assert sign.check in ("", *CHECKS)
    assert sign.part in ("", *parts)
    assert 1 <= len(sign.wordings) <= 3
    assert len(set(sign.wordings)) == len(sign.wordings)


@pytest.mark.parametrize("sign", SIGNS.signs.values(), ids=lambda sign: sign.id)
def test_what_is_missing_can_be_contradicted_and_mended(sign: Sign) -> None:
    """A sign that shows needs neither part nor exercise; one that lacks has an exercise and contradictions."""
    if sign.shows:
        assert (sign.part, sign.unless, sign.exercise) == ("", (), "")
        assert sign.competency
    else:
        assert sign.exercise
        assert sign.unless or not sign.competency
        assert not sign.key


def test_each_check_has_its_proof() -> None:
    """What a claim must have, and what shows by itself that it is true."""
    assert set(CHECKS) == set(PROOFS) == {sign.check for sign in SIGNS.signs.values() if sign.check}


@pytest.mark.parametrize("competency", SIGNS.competencies.values(), ids=lambda competency: competency.id)
def test_a_competency_has_its_levels_and_signs(competency: Competency) -> None:
    """An anchor for each level, two signs that show it, one of them the key, and one that lacks it."""
    its = [sign for sign in SIGNS.signs.values() if sign.competency == competency.id]

    assert len(competency.anchors) == LEVELS == len(set(competency.anchors))
    assert sum(sign.key for sign in its) == 1
    assert sum(sign.shows for sign in its) >= FEWEST_SIGNS_SHOWN
    assert any(not sign.shows for sign in its)
    assert competency.label


def test_every_competency_that_a_plan_names_is_there() -> None:
    """Of the plan, and of each of its questions."""
    named = {name for plan in PLANS.values() for name in plan.competencies}
    asked = {name for plan in PLANS.values() for question in plan.questions for name in question.competencies}

    assert named
    assert asked
    assert named | asked <= set(SIGNS.competencies)


def test_a_language_without_sentences_is_spoken_to_in_english() -> None:
    """Nothing is said in two languages at once."""
    assert catalogue("xx") == catalogue("en-GB") == SIGNS
    assert {path.suffixes[0] for path in CATALOGUE.iterdir()} == {".en"}


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence that is ours, with where it stands; what it quotes is left out."""
    for sign in SIGNS.signs.values():
        for at, wording in enumerate(sign.wordings):
            yield f"{sign.id}-{at}", wording
        if sign.exercise:
            yield f"{sign.id}-exercise", sign.exercise
    for competency in SIGNS.competencies.values():
        for level, anchor in enumerate(competency.anchors, 1):
            yield f"{competency.id}-{level}", anchor


SENTENCES = dict(sentences())
COUNTED = (
    *points.NOTHING.values(),
    *points.NONE_COUNTED,
    f"{points.AT_LENGTH}.",
    f"{points.A_FIGURE}.",
    points.NOTHING_TO_QUOTE,
    points.SKIPPED,
    points.ALL_SHORT,
    points.TOO_LONG,
    points.SHORTEST,
    points.TELL_AGAIN,
    points.TELL_MORE,
    points.WITH_MORE,
)


@pytest.mark.parametrize("where", SENTENCES)
def test_a_sentence_is_plain_and_kind(where: str) -> None:
    """One full stop at its end, no question, under twenty words, no blame, British spelling, no long words."""
    text = SENTENCES[where]

    assert re.fullmatch(r"[A-Z][^.?!\n]*[.]", text.replace("…”.", "”.")), text
    assert len(text.split()) < MOST_WORDS
    assert not BLAME.search(text), text
    assert not AMERICAN.search(text), text
    assert not LONG_WORDS.search(text), text
    assert "{" not in text


@pytest.mark.parametrize("text", COUNTED)
def test_what_is_said_by_counting_is_plain_and_kind(text: str) -> None:
    """It ends as a sentence does, asks nothing, and blames nobody."""
    ours = re.sub("“.*?”", "“”", text)

    assert ours.endswith((".", "”"))
    assert "?" not in ours
    assert not BLAME.search(ours.replace("too little", "")), ours
    assert not AMERICAN.search(ours)
    assert all(len(sentence.split()) <= 30 for sentence in re.split(r"(?<=[.])\s", ours))
