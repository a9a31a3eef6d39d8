"""What is written is said as a person would: marks are silent, signs and figures have their words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from voice.text_normalization import ENGLISH, MARKS, SPACES, normalize, normalizer

SAID = {
    # money
    "It cost $20.": "It cost 20 dollars.",
    "Only $1, or $1.50?": "Only 1 dollar, or 1 dollar 50?",
    "It was $1,250,000 in all.": "It was 1,250,000 dollars in all.",
    "About $2.5 million a year": "About 2.5 million dollars a year",
    "You saved $40k, or $1.2M.": "You saved 40 thousand dollars, or 1.2 million dollars.",
    "€15.50 each, £3 more": "15 euros 50 each, 3 pounds more",
    "20 € or 20€": "20 euros or 20 euros",
    "5 $20 bills, $0.05 off": "5 20 dollars bills, 0.05 dollars off",
    "$20/hour": "20 dollars per hour",
    # figures
    "A factor of 1,5, not 1,500.": "A factor of 1.5, not 1,500.",
    "It took 10–15 days.": "It took 10 to 15 days.",
    "From 2019-2023, 3-4 people, 9-5": "From 2019 to 2023, 3 to 4 people, 9 to 5",
    "On 2023-01-15 call 555-1234.": "On 2023-01-15 call 555-1234.",
    "24/7, 3/4 of it, 1/2": "24 7, three quarters of it, one half",
    "at 9:30, by 15%, 99.9%, v2.3.1": "at 9:30, by 15%, 99.9%, v2.3.1",
    "~20 servers, #5, No. 7": "about 20 servers, number 5, number 7",
    "40ms, 40 ms": "40 milliseconds, 40 milliseconds",
    # abbreviations
    "Tools, e.g. Docker, i.e. containers, etc.": "Tools, for example Docker, that is containers, etc.",
    "Dr. Meier vs. Mr. Jones": "Dr Meier versus Mr Jones",
    "Why QA?": "Why Q.A?",
    "CI/CD and A/B tests, and/or TCP/IP": "C.I C.D and A B tests, and or TCP I.P",
    "R&D on AWS S3 and EC2": "R&D on A.W.S S3 and E.C 2",
    "of AWS, U.S. teams, NASA, JSON": "of AWS, U.S. teams, NASA, JSON",
    "the docs at https://www.example.com/a/b?c=1#d.": "the docs at example.com.",
    "(see http://example.com)": "(see example.com)",
    # signs
    "Is 5 < 6?": "Is 5 is less than 6?",
    "when x > 10 or x>=10": "when x is greater than 10 or x is at least 10",
    "It took <5 s in >90%": "It took less than 5 s in more than 90%",
    "a != b, a == b, a -> b": "a is not b, a equals b, a to b",
    "a List<String>": "a List of String",
    "3 * 4, O(n^2), n², 2^n": "3 times 4, O(n squared), n squared, 2 to the n",
    "C++, C#, .NET, Node.js": "C++, C sharp, dot net, Node.js",
    # code
    "You wrote __init__.": "You wrote init.",
    "snake_case and `main.py`": "snake case and main.py",
    "You used count(*) in it.": "You used count star in it.",
    "SELECT * FROM t": "SELECT star FROM t",
    "handlers[name](event)": "handlers[name](event)",
    # marks
    "It is **very** *good*, ***so*** _there_.": "It is very good, so there.",
    "## Feedback\n- Strength: clear.\n* Gap: none.": "Feedback\nStrength: clear.\nGap: none.",
    "[the docs](https://example.com/x)": "the docs",
}
PLAIN = (
    "Thank you, that is clear. What was the hardest part of it?",
    "You said that you don't like meetings: why is that so?",
    "Last year, in the first quarter, did the well-known team of four agree?",
)


@pytest.mark.parametrize(("written", "said"), SAID.items(), ids=SAID.keys())
def test_signs_and_figures_have_their_words(written: str, said: str) -> None:
    """In English."""
    assert normalize(written, "en-US") == said


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("language", ["en-US", "de-DE"])
def test_plain_words_are_said_as_they_are_written(text: str, language: str) -> None:
    """Nothing is taken from them, and nothing is added."""
    assert normalize(text, language) == text


def test_other_languages_keep_their_figures() -> None:
    """A voice of theirs knows what a comma means; marks are marks in every language."""
    assert (
        normalize("Es kostete **1,5** Mio. €, z. B. in `main.py`.", "de") == "Es kostete 1,5 Mio. €, z. B. in main.py."
    )


@pytest.mark.parametrize("written", SAID)
@pytest.mark.parametrize("size", [1, 3, 1_000])
def test_however_it_comes_it_is_said_in_the_same_way(written: str, size: int) -> None:
    """Pieces of a stream cut a sign in two; what is said comes in sentences."""
    text = f"{written}\nReally? Well, go on."

    assert "".join(said(text, size)) == normalize(text, "en")


def test_a_sentence_is_said_when_it_is_whole() -> None:
    """The next one may take its time; an abbreviation ends none."""
    assert said("Hello. I am e.g. Dr. Ada. And", 4) == ["Hello. ", "I am for example Dr Ada. ", "And"]


def said(text: str, size: int) -> list[str]:
    """What becomes of a text that comes in pieces."""

    async def pieces() -> AsyncIterator[str]:
        for start in range(0, len(text), size):
            yield text[start : start + size]

    async def collect() -> list[str]:
        return [sentence async for sentence in normalizer("en-US")(pieces())]

    return asyncio.run(collect())


def test_every_rule_is_needed() -> None:
    """Each of the table's patterns meets something that the tests hold."""
    texts = " \n".join([*SAID, "a || b && c, n³, x ≤ 3, 4^3", "a **b** , c"])
    unmet = [pattern.pattern for pattern, _ in (*MARKS, *ENGLISH, *SPACES) if not pattern.search(texts)]
    assert unmet == []
