"""Text normalization: the written reply as a voice is to say it. Captions and transcript keep the written form.

The framework's own filter takes every text for Markdown and removes parts of code. Here markup is removed and signs
become words, each where the local voice says it wrong; any other voice says the normalized form right, too.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator, Callable

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _rules(*table: tuple[str, str | Callable[[re.Match[str]], str]]) -> tuple[Rule, ...]:
    return tuple((re.compile(pattern, re.MULTILINE), said) for pattern, said in table)


UNITS = {"$": "dollar", "€": "euro", "£": "pound"}
SCALES = {"k": "thousand", "K": "thousand", "m": "million", "M": "million", "B": "billion", "bn": "billion"}
FRACTIONS = {"1/2": "one half", "1/3": "one third", "2/3": "two thirds", "1/4": "one quarter", "3/4": "three quarters"}
LETTERS = (
    "AI|API|AWS|CD|CEO|CFO|CI|COO|CTO|EC|ECG|ECS|EEG|EHR|EKS|EMR|ER|ERP|ETL|EU|IAM|ICU|IDE|IEP|IO|IP|IPO|"
    "IQ|IT|IV|KPI|MBA|NGO|OCR|OKR|OS|POC|PTO|QA|ROI|SEO|SLA|SLO|SOP|SRE|UAT|UI|UK|US|UX"
)
"""Spelled out. The local voice spells most by itself, but takes them for words in a short clause."""
MERGED = ("of", "for", "at", "was", "than", "that", "not")
"""After these words the local voice takes a leading A for an article."""


def _money(found: re.Match[str]) -> str:
    """$20 is twenty dollars, $2.5M is two point five million dollars, $1.50 is one dollar fifty."""
    amount, scale = found["amount"] or found["before"], (found["scale"] or "").strip()
    unit = UNITS[found["sign"] or found["behind"]]
    whole, _, cents = amount.partition(".")
    if scale:
        return f"{amount} {SCALES.get(scale, scale)} {unit}s"
    if len(cents) == 2 and whole != "0":
        return f"{whole} {unit if whole == '1' else f'{unit}s'} {cents}"
    return f"{amount} {unit if amount == '1' else f'{unit}s'}"


_AMOUNT = r"\d+(?:,\d+)*(?:\.\d+)?"
_PRICE = (
    rf"(?:(?P<sign>[$€£])\s?(?P<amount>{_AMOUNT})|(?P<before>{_AMOUNT})\s?(?P<behind>[$€£])(?!\d))"
    r"(?P<scale>(?:\s(?:thousand|million|billion|trillion)|k|K|M|m|B|bn)\b)?"
)

MARKS = _rules(
    (r"^[ \t]*(?:#{1,6}|[-*+•>])[ \t]+", ""),  # a heading, a point of a list, a quotation
    (r"\[([^\]\n]+)\]\((?:https?:|mailto:|[/#])[^)\s]*\)", r"\1"),  # a link; handlers[name](event) is none
    (r"\bhttps?://(?:www\.)?([\w.-]+\w)\S*?(?=[.,;:!?)\"']*(?:\s|$))", r"\1"),  # an address: its host
    (r"`+", ""),
    (r"(?<![\w*(])(\*{1,3})(?=[^\s*])([^*\n]*[^\s*])\1(?![\w*)])", r"\2"),  # emphasis
    (r"_+", " "),  # snake_case, __init__, _emphasis_
)
"""In every language."""

ENGLISH = _rules(
    (_PRICE, _money),
    (r"(?<![\d.,])(\d+),(\d{1,2})(?![\d.,]*\d)", r"\1.\2"),  # 1,5 for 1.5; 1,500 stays
    (r"(?<![\d/.])(\d+/\d+)(?![\d/])", lambda found: FRACTIONS.get(found[1], found[1].replace("/", " "))),
    (r"(?<=\d)\s?–\s?(?=\d)", " to "),  # from 10 to 15
    (r"(?<![\d-])(\d{1,3}|\d{4})-(?!\1)(\d{1,3}|(?<=\d{4}-)\d{4})(?![\d-])", r"\1 to \2"),
    (r"\b[Ee]\.g\.,?", "for example"),
    (r"\b[Ii]\.e\.,?", "that is"),
    (r"\bvs\.?(?=\s)", "versus"),
    (r"\b(Dr|Mr|Mrs|Ms|Prof)\.(?=\s)", r"\1"),  # or a pause follows
    (r"\bNo\.\s?(?=\d)|#(?=\d)", "number "),
    (r"\b([CF])#", r"\1 sharp"),
    (r"(?<!\w)\.NET\b", "dot net"),
    (r"~\s?(?=[\d$€£])", "about "),
    (r"(?<=\d)\s?ms\b", " milliseconds"),
    (r"\(\*\)", " star"),
    (r"(?<=\d)\s?[*×]\s?(?=\d)", " times "),
    (r"\*", " star "),
    (r"\s?(?:\^\s?2\b|²)", " squared"),
    (r"\s?(?:\^\s?3\b|³)", " cubed"),
    (r"\s?\^\s?(?=\w)", " to the "),
    (r"\s?(?:<=|≤)\s?", " is at most "),
    (r"\s?(?:>=|≥)\s?", " is at least "),
    (r"\s?(?:!==?|≠)\s?", " is not "),
    (r"\s?(?:->|=>|→)\s?", " to "),
    (r"\s?={2,3}\s?", " equals "),
    (r"\b([A-Z]\w*)<([A-Z]\w*)>", r"\1 of \2"),  # List<String>
    (r"(?<!\S)<(?=\d)", "less than "),
    (r"(?<!\S)>(?=\d)", "more than "),
    (r"(?<=[\w)])\s?<\s?(?=[\w(])", " is less than "),
    (r"(?<=[\w)])\s?>\s?(?=[\w(])", " is greater than "),
    (r"&&", " and "),
    (r"\|\|", " or "),
    (r"/(?=(?:second|minute|hour|day|night|week|month|year|person|user|request)s?\b)", " per "),
    (r"(?<=\w)/(?=\w)", " "),  # CI/CD, and/or
    (
        "".join(rf"(?<!\b{word} (?=A))" for word in MERGED) + rf"\b({LETTERS})(\d*)\b(?!\.\w)",
        lambda found: f"{'.'.join(found[1])} {found[2]}".rstrip(),
    ),
)
SPACES = _rules((r"[ \t]+(?=[ \t]|[,.;:!?](?:\s|$))", ""))
RULES = {"en": (*MARKS, *ENGLISH, *SPACES)}
"""By language. In other languages signs and figures are left to the voice."""

_END_OF_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=\S)|\n")
_MORE_COMES = re.compile(r"\b(?:[Ee]\.g|[Ii]\.e|vs|Dr|Mr|Mrs|Ms|Prof|No)\.\s+$")


def normalize(written: str, language: str) -> str:
    """Return the spoken form of a text. `language` is a BCP 47 tag."""
    spoken = written
    for pattern, said in RULES.get(language.lower().partition("-")[0], (*MARKS, *SPACES)):
        spoken = pattern.sub(said, spoken)
    return spoken


def normalizer(language: str) -> Callable[[AsyncIterable[str]], AsyncIterator[str]]:
    """Make a text transform of the framework: pieces of written text in, normalized sentences out.

    A voice waits for whole sentences anyway, and a sign has its meaning from the text after it.
    """

    async def transform(pieces: AsyncIterable[str]) -> AsyncIterator[str]:
        held = ""
        async for piece in pieces:
            held += piece
            if end := _end(held):
                yield normalize(held[:end], language)
                held = held[end:]
        if held:
            yield normalize(held, language)

    return transform


def _end(text: str) -> int:
    """The end of the last whole sentence of a text, or 0."""
    ends = [found.end() for found in _END_OF_SENTENCE.finditer(text)]
    return next((end for end in reversed(ends) if not _MORE_COMES.search(text[:end])), 0)
