"""What people tell of their own life: it is heard, and never said back to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_PRIVATE = re.compile(
    r"\b(?:burn-?(?:ed )?out|depress\w*|anxiety|therapy|illness|sick leave|cancer|chemo\w*|diagnos\w+|disab\w+"
    r"|pregnan\w+|maternity|paternity|miscarriage|divorc\w+|alcohol\w*|addict\w*|prison|convict\w+|epilep\w+"
    r"|autis\w+|adhd|dyslexi\w+"
    r"|hiv|suicid\w*|rehab|bipolar|ptsd|panic attacks?|tumou?rs?"
    r"|my (?:wife|husband|partner|boyfriend|girlfriend|children|kids|son|daughter|faith|church|religion|health|baby"
    r"|illness|disability|pregnancy)"
    r"|\w*krebs(?:erkrankung)?|krankheit|krankgeschrieben|erkrankt|angststörung|psychotherapie|schwanger\w*|elternzeit"
    r"|mutterschutz|fehlgeburt|scheidung|geschieden|alkohol\w*|gefängnis|behinder\w+"
    r"|mein(?:e[mnr]?)? (?:frau|mann|partner(?:in)?|freundin|kind(?:er|ern)?|sohn|tochter|glauben?|kirche|gesundheit)"
    r"|cáncer|quimio\w*|depresi\w+|ansiedad|embaraz\w+|baja (?:médica|maternal|por)|divorci\w+|cárcel|discapacidad"
    r"|mi (?:esposa|esposo|marido|mujer|pareja|novi[oa]|hij[oa]|fe|iglesia|religión|salud)|mis hijos"
    r"|chimio\w*|dépress\w+|anxiété|enceinte|grossesse|congé (?:maternité|maladie|parental)|arrêt maladie|alcool\w*"
    r"|handicap\w*|mon (?:mari|fils|copain|compagnon)|ma (?:femme|fille|copine|compagne|foi|santé|religion)"
    r"|mes enfants)\b",
    re.IGNORECASE,
)
_OF_THEMSELVES = re.compile(
    r"\b(?:I|my|(?<!tell )me|mine|ich|mein\w*|mir|mich|je|mon|ma|mes|moi|yo|mis?|tuve|estuve|sufrí)\b|\bI'|\bj['’]",
    re.IGNORECASE,
)
_BETWEEN_SENTENCES = re.compile(r"[.!?…。！？\n]+")
FEWEST_QUOTED = 4
"""Words in a row that are a quotation."""


def is_private(sentence: str) -> bool:
    """Is it about the own life of who says it? An illness of a patient is not."""
    return bool(_OF_THEMSELVES.search(sentence) and _PRIVATE.search(sentence))


def says_back(text: str, said: Iterable[str]) -> bool:
    """Does a text quote what somebody said of their own life? To name it is no quotation."""
    if not _PRIVATE.search(" ".join(_words(text))):  # as nearly always, and a long transcript need not be searched
        return False
    private = (sentence for each in said for sentence in _BETWEEN_SENTENCES.split(each) if is_private(sentence))
    runs = {run for sentence in private for run in _runs(sentence) if _PRIVATE.search(run)}
    return not runs.isdisjoint(_runs(text))


def _runs(text: str) -> Iterator[str]:
    """Give every few words in a row, all of them where they are fewer."""
    words = _words(text)
    for begin in range(max(1, len(words) - FEWEST_QUOTED + 1)):
        yield " ".join(words[begin : begin + FEWEST_QUOTED])


def _words(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text.casefold().replace("’", "").replace("'", ""))
