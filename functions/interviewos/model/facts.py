"""Figures and names: whether a text holds any that nobody has said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, cached_property, lru_cache

from interviewos.domain.questions import own_words
from interviewos.domain.words import TEXTS_KEPT
from interviewos.model import tells

SMALL_NUMBER = 12
"""Up to this a number is a word ("in 2 sentences"), and so is 24, the hours of a day."""
MOST_DIGITS = 30
"""Longer figures are alike: nobody counts that far."""
_FIGURE = re.compile(r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"(\d+)\s?(?:k\b|tsd|mil\b|mila|bin\b|тыс)", re.IGNORECASE)
_NAME = re.compile(r"(?<=[^\W_] )[^\W\d_][\w'’-]*|(?<=, )[^\W\d_][\w'’-]*")
_REACH = (("thousands", 10**12), ("hundreds", 1_000), ("tens", 100))
_NO_LETTERS = re.compile(r"[\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SHORT_FORM = 5
"""Letters that a word all in capitals may have and be no name: HR, QA, KPIs."""


class Facts:
    """What is known: all `texts`; of those, `told` is where a number may have been said in words."""

    def __init__(self, texts: Sequence[str], told: str) -> None:
        self._texts = texts
        self._told = told

    def is_invented(self, text: str, german: bool) -> bool:
        """Is there a figure or a name in it that was not said? Names cannot be told in German."""
        words = own_words(text)
        return any(self._is_new_figure(figure) for figure in _figures(words)) or (
            not german and any(self._is_new_name(name) for name in _names(text))
        )

    def _is_new_figure(self, figure: str) -> bool:
        if figure in self._figures or int(figure) <= SMALL_NUMBER or figure == "24":
            return False
        return int(figure) >= self._in_words and not (self._in_words and _YEAR.fullmatch(figure))

    @cached_property
    def _in_words(self) -> int:
        """Up to where a figure may be a number that the candidate has said in words, 0 where they said none."""
        return next((most for name, most in _REACH if _numbers(name).search(self._told)), 0)

    def _is_new_name(self, name: str) -> bool:
        """Recognised speech may spell a name in another way, so its first letters are enough."""
        letters = folded(name)
        return letters[: max(4, len(letters) - 3)] not in self.letters

    @cached_property
    def _figures(self) -> frozenset[str]:
        return frozenset().union(*map(_figures_said, self._texts))

    @cached_property
    def letters(self) -> str:
        """All letters of all words, so that "java script" holds JavaScript."""
        return "".join(map(folded, self._texts))


@lru_cache(TEXTS_KEPT)
def folded(text: str) -> str:
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKD", text.casefold()))


@lru_cache(TEXTS_KEPT)
def _figures_said(text: str) -> frozenset[str]:
    """List the figures of a text, and those of its thousands ("5k")."""
    return frozenset([*_figures(text), *(f"{found[1]}000" for found in _THOUSANDS.finditer(text))])


def _figures(text: str) -> list[str]:
    """List the figures of a text without the signs inside them."""
    ascii_digits = re.sub(r"[^\D0-9]", lambda digit: str(unicodedata.decimal(digit[0])), text)
    return [re.sub(r"\D", "", found[0])[:MOST_DIGITS] for found in _FIGURE.finditer(ascii_digits)]


def _names(question: str) -> Iterable[str]:
    """List the words in it that begin with a capital inside a sentence, or after a title."""
    for found in _NAME.finditer(_titles().sub(r"\1", question)):
        name = re.split("['’]", found[0])[0] if len(found[0].split("'")[0]) > 1 else found[0]
        short = (name.isupper() and len(name) <= _SHORT_FORM) or (name[:-1].isupper() and name.endswith("s"))
        if name[0].isupper() and not short and name.casefold() not in tells.words("gate", "no_names"):
            yield name


@cache
def _titles() -> re.Pattern[str]:
    """A title with the full stop that ends no sentence."""
    return re.compile(rf"\b({tells.pattern('sentences', 'titles')})\.(?= )", re.IGNORECASE)


@cache
def _numbers(name: str) -> re.Pattern[str]:
    return re.compile(tells.pattern("gate", name), re.IGNORECASE)
