"""Who acts: words in which the speaker tells a deed of their own, in the languages in which a rule can tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from interviewos.report.clauses import NEGATION, clause_start

_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Language:
    """How a language says that the speaker did something.

    `deed` are the words; its group `now` is a form that tells of the past only where the answer has a `witness` to that
    and the sentence no `habit`. `unreal` before the words makes them no deed. A sentence with words of `others` is in
    another language, and one without `own` too.
    """

    deed: re.Pattern[str]
    unreal: re.Pattern[str]
    own: re.Pattern[str]
    others: re.Pattern[str] = _NEVER
    witness: re.Pattern[str] = _NEVER
    habit: re.Pattern[str] = _NEVER


_ADVERBS = (
    r"(?: (?:then|also|myself|just|finally|first|simply|only|immediately|even|once|still|um+|uh+|er+|ended up"
    r"|(?!(?:near|hard|bare|rare|supposed|alleged|regular|usual|normal|typical|general|like|most|main)ly)\w{3,}ly))*"
)
_STATES = (
    r"need\w*|want\w*|lik(?:e|ed)|lov(?:e|ed)|hated?|hop(?:e|ed)|wish\w*|guess\w*|supposed?|believed?|wondered|feared"
    r"|enjoyed|agreed|disagreed|preferred|tended|used to|lived|stayed|seemed|qualified|graduated|studied|joined|retired"
    r"|resigned|moved (?:to|in|back|from)|started (?:as|at|my|in|out|there|here)|finished (?:school|my|university)"
    r"|worked (?:as|for|at|in|on the|there|here|since|mostly|mainly)|looked (?:for(?:ward| an?| work)|after)"
    r"|learn(?:ed|t)|noticed|reali[sz]ed|remembered|expected|intended|planned|failed|missed|struggled|suffered|worried"
    r"|regretted|earned|received|owned|visited|attended|mentioned|answered|explained (?:that|it) already|refused to"
    r"|already|told (?:that|it|you)|asked myself|told myself|called in sick|cared|mattered|belonged|reported to"
    r"|ended up|turned (?:\d|thirty|forty)|married|divorced|waited|cried|trained (?:as|in)|served|passed|tried to stay"
    r"|ignored|declined|decided to (?:leave|quit|go|stop|resign|apply|change (?:jobs|careers?))"
    r"|happened|appeared|deserved|doubted|trusted|respected|admired|assumed|imagined|considered|proceed|succeed|exceed"
    r"|feed|speed|red|hundred|indeed|relied|depended|applied (?:for|to)"
)
_DONE = (
    r"built|wrote|made(?! (?:a|some|the same) mistake)|took(?! (?:\w+ )?(?:months?|weeks?|leave|time off|a year))"
    r"|gave(?! up)|went (?:to (?:see|him|her|them|each|every|the (?!university|college|school))|back|through|round"
    r"|around|over|and|out|there|on (?:sunday|monday|tuesday|wednesday|thursday|friday|saturday))|drew|led|sent|brought"
    r"|found(?! (?:it (?:hard|difficult)|myself|a (?:new )?job))|spoke|told|sat|drove|ran|kept|held|set|cut|put"
    r"|began (?:by|to|with)|got (?:them|him|her|\d+ people|everyone|everybody|all|people)|met|paid|rang|rode|sold|split"
    r"|spent|stood|taught|threw|won|flew|fed|dug|hid|hung|laid|lent|lit|read|rebuilt|redid|rewrote|swept|tore|withdrew"
    r"|caught|chose|broke|bought|fought|let|shut|said (?:no|yes|stop)"
    r"|did (?:it|this|that|all|both|everything)(?! for)"
)
_DO = (
    r"call|ask|write|build|make|take|tell|show|check|fix|find|move|stop|explain|change|open|close|send|put|bring|speak"
    r"|talk|give|clean|repair|measure|replace|prepare|organi[sz]e|decide|add|remove|install|draw|count|divide|split"
    r"|offer|order|print|read|test|try|search|collect|share|visit|meet|help|carry|cut|cover|compare|translate|plan|phone"
    r"|ring|inform|report|suggest|propose|convince|sit|go|run to|pull|push|turn|hold|lift|sort|list|note|draw up"
)
_REPORTED = (
    r"\b(?:had|should|would|could|did|do|can|will|must|may|might|were|said|says|claim\w*|thinks?|thought|believe[sd]?"
    r"|told \w+|heard|asks?|asked(?: \w+)?|wonder\w*|doubt\w*|hope\w*|whether|if|suppos\w+|imagin\w+|wish\w*|pretend\w*"
    r"|say|phase|part|level|type|war|class|stage|grade)(?: that| why| how| what| when)?\s$"
)
_ENGLISH = Language(
    deed=re.compile(
        rf"\bI(?:['’]ve| have| did)?{_ADVERBS} (?!(?:{_STATES})\b)(?:\w{{2,}}ed|{_DONE}|(?P<now>{_DO}))\b(?!['’])",
        re.IGNORECASE,
    ),
    unreal=re.compile(
        rf"\b(?:if|unless|suppos\w+|imagin\w+|wish\w*|whether|hypothetical\w*|whenever|every time|usually|normally"
        rf"|typically|as though)\b|{_REPORTED}",
        re.IGNORECASE,
    ),
    own=re.compile(r"\bI\b", re.IGNORECASE),
    witness=re.compile(
        r"\b(?:was|were|had|ago|yesterday|last (?:night|week|month|year|spring|summer|autumn|winter|time|\w+day)"
        r"|one (?:day|night|time|morning|evening)|in (?:19|20)\d\d|(?!need|feed|indeed|hundred|speed)\w{2,}ed|went|came"
        r"|said|told|took|got|gave|made|found|began|became|fell|broke|left|lost)\b",
        re.IGNORECASE,
    ),
    habit=re.compile(
        r"\b(?:every|each|always|usually|often|sometimes|normally|now|today|currently|nowadays|these days|at the moment"
        r"|can|will|would|could|should|if|when(?:ever)? (?:an?|any|some\w*|people|customers|patients|there is))\b",
        re.IGNORECASE,
    ),
)
_PARTICIPLE = (
    r"(?!(?:gesagt|gedacht|geglaubt|gehabt|gewesen|gewollt|gekonnt|gemusst|gewusst|gehofft|gelernt|gelebt|vergessen"
    r"|verloren|gefreut|gefühlt|erlebt|verstanden|bekommen|erhalten|gehört|gesehen|geboren|geworden|geblieben|gekommen"
    r"|gestern|beruhigt|beschäftigt|gewohnt|geheiratet|studiert|überlegt|geändert|verpasst|bereut|verdient|besten"
    r"|ersten|gekündigt|erinnert|gemocht|gewünscht|gebraucht|gefallen|bisschen|erfahren)\b)"
    r"(?:\w{0,8}ge\w{2,}(?:t|en)|(?:\w{2,5})?(?:be|ver|zer|ent|er|über|unter|wider)\w{3,}(?:t|en)|\w{2,}iert)"
)
_TOLD_OF_ONESELF = (
    r"(?!(?:hatte|wollte|möchte|sollte|konnte|musste|durfte|dachte|wusste|brauchte|hoffte|würde|hätte|könnte|müsste"
    r"|dürfte|wüsste|lebte|glaubte|meinte|fühlte|mochte|merkte|heute|bitte|leute|\w*arbeite|leite|warte|biete|\w*alte"
    r"|\w*rate|\w*trete|\w*richte|achte|beobachte|betrachte|teste|starte|bereite|fürchte|kannte|studierte)\b)\w{3,}te"
)
_STRONG = (
    r"rief|schrieb|nahm|gab|fand|sprach|zog|schnitt|half|brachte|bat|lud|hielt|traf|las|ließ|fuhr|ging|stieg|hob|schob"
    r"|band|schloss|sang|trug|warf|lief|griff|sprang"
)
_GERMAN = Language(
    deed=re.compile(
        r"\b(?:[Ii]ch (?:habe?|bin)|(?:[Hh]abe?|[Bb]in) ich)\b"
        r"(?:(?!\b(?:nicht|nie|kein\w*|fast|beinahe|als|bei|seit|jahre|gewesen|worden)\b)[^.,;:!?]){1,120}?"
        rf"\b{_PARTICIPLE}\b"
        r"|\b[Ii]ch (?:(?!\b(?:nicht|nie|kein\w*|fast|beinahe|als|bei|seit|jahre)\b)[^.,;:!?]){1,100}?"
        rf"\b{_PARTICIPLE} (?:habe?|bin)\b"
        rf"|\b[Ii]ch (?:{_TOLD_OF_ONESELF}|{_STRONG})\b(?! (?:nicht|nie|kein\w*|fast)\b)"
        rf"|\b(?i:{_TOLD_OF_ONESELF}|{_STRONG}) ich\b(?! (?:nicht|nie|kein\w*|fast)\b)"
    ),
    unreal=re.compile(
        r"\b(?:wenn|falls|ob|als ob|würde\w*|hätte\w*|könnte\w*|wäre\w*|stellen sie sich)\b", re.IGNORECASE
    ),
    own=re.compile(r"\bich\b", re.IGNORECASE),
)
_FAIT = (
    r"(?!(?:été|pensé|aimé|travaillé|étudié|souhaité|espéré|préféré|oublié|commencé comme|arrêté de travailler)\b)"
    r"(?:\w{2,}é|fini|choisi|réuni|averti|servi|suivi|rempli|mis|remis|pris|repris|fait|refait|écrit|ouvert|offert"
    r"|couvert|conduit|construit|produit|traduit|rendu|vendu|répondu|résolu|revu|tenu|obtenu|lu|peint|rejoint|permis"
    r"|promis|établi|fourni|réussi|interrompu|descendu)"
)
_FRENCH = Language(
    deed=re.compile(
        r"\bj['’]ai(?: (?:tout de suite|aussitôt|aussi|donc|alors|ensuite|d['’]abord|enfin|moi-même|tout|\w+ment))*"
        rf" {_FAIT}\b"
        r"|\bje (?:me )?suis (?:\w+ment )?(?:allée?|retournée?|intervenue?|descendue?|montée?)\b"
        r"|\bje me suis (?:occupée?|chargée?|assise?|levée?|rendue?|excusée?|adressée?)\b",
        re.IGNORECASE,
    ),
    unreal=re.compile(r"\b(?:si|imaginons|supposons|comme si)\b|\bs['’]il", re.IGNORECASE),
    own=re.compile(r"\bj['’]|\bje\b", re.IGNORECASE),
)
_HICE = (
    r"(?!(?:así|aquí|allí|ahí|café|qué|porqué|comité|bebé|josé|chalé|puré|carné|olé|pensé|creí|sentí|aprendí|viví|nací"
    r"|estudié|trabajé|conocí|entendí|olvidé|perdí|recibí|crecí|quedé|esperé|oí|sufrí|temí|casé|enfermé|me alegré"
    r"|empecé (?:como|en)|entré (?:como|en la empresa))\b)"
    r"(?:(?!\w+[aei]ré\b)\w{2,}[éí]|(?:prepa|repa|sepa|compa|acla|reti|supe|ope|gene|recupe|conside|ti|gi|pa|decla)ré"
    r"|hice|puse|traje|conduje|propuse|rehice|detuve|intervine|dije que (?:no|sí)|fui a)"
)
_SPANISH = Language(
    deed=re.compile(
        rf"\b{_HICE}\b|\bhe (?!(?:sido|estado|tenido|podido|querido|trabajado|vivido|estudiado|aprendido|sabido|pensado"
        r"|creído|olvidado|perdido|sentido)\b)(?:\w{2,}[ai]do|hecho|escrito|puesto|abierto|resuelto)\b",
        re.IGNORECASE,
    ),
    unreal=re.compile(
        r"\b(?:si|ojalá|habría\w*|hubiera\w*|imagin\w+|casi)\b"
        r"|\b(?:no|nunca|jamás|ni|tampoco|apenas|que)(?: \w{1,3}){0,2}\s$",
        re.IGNORECASE,
    ),
    own=re.compile(
        r"\b(?:el|los|las|y|con|una?|por|del|al|mis?|yo|pero|cuando|porque|muy|más|me|se|lo|para|en)\b", re.IGNORECASE
    ),
    others=re.compile(
        r"\b(?:les|et|est|des|une|avec|pour|du|au|je|dans|qui|pas|the|and|of|is|was|il|gli|che|di|della|sono|perché"
        r"|anche|non|uma?|com|não|em|meu|minha|eu|ao|do|da|foi)\b|\bj['’]",
        re.IGNORECASE,
    ),
)
LANGUAGES = (_ENGLISH, _GERMAN, _FRENCH, _SPANISH)
"""Those in which it can be told by rule that the speaker acts. Another one is one more row."""

_FOR_YEARS = re.compile(
    r"\b(?:for|the (?:last|past)|over|about|almost)(?: the)?(?: last| past)? (?:\w+ ){1,3}years\b"
    r"|\bsince (?:19|20)\d\d\b"
    r"|\bseit\b.{1,20}\bJahren\b|\bdesde hace\b|\bdurante (?:\w+ ){1,2}años\b|\bdepuis\b|\bpendant (?:\w+ ){1,2}ans\b",
    re.IGNORECASE,
)
"""Who did something for years tells a position, and no deed."""
WORDS_BEFORE = 15
"""How far before a deed it is looked for what takes it back, where a sentence does not end."""


def acts(sentence: str, answer: str = "") -> re.Match[str] | None:
    """Find where the speaker does something; the answer around the sentence shows which time it tells of."""
    if _FOR_YEARS.search(sentence):
        return None
    found = ((language, match) for language in LANGUAGES for match in language.deed.finditer(sentence))
    return next((match for language, match in found if _is_deed(language, match, answer or sentence)), None)


def _speaks(language: Language, text: str) -> bool:
    return bool(language.own.search(text)) and not language.others.search(text)


def _is_deed(language: Language, match: re.Match[str], answer: str) -> bool:
    before = match.string[: match.start()]
    words = list(re.finditer(r"\S+", before))[-WORDS_BEFORE:]
    if not _speaks(language, answer) or (words and language.unreal.search(before, words[0].start())):
        return False
    if "now" not in match.re.groupindex or not match["now"]:
        return True
    is_past = language.witness.search(answer) and not language.habit.search(match.string)
    return bool(is_past) and not NEGATION.search(before, clause_start(before, len(before)))


_SPEAKER = r"\b(?:I|ich|je|yo|io|eu|я|jag|jeg|ik|ja|minä|ben|én)\b|\bj['’]|我|私|僕|俺|나는|내가|제가|저는|أنا|मैंने|मैं"
_FIRST_PERSON, _BY_ITS_ENDING = re.compile(_SPEAKER, re.IGNORECASE), re.compile(rf"\b{_HICE}\b", re.IGNORECASE)
_JUST_BEFORE = re.compile(rf"(?:{_SPEAKER})(?:['’]ve| have| also| then| just| first| habe?| \w+ly)*\s*$", re.IGNORECASE)
_MINE = re.compile(
    rf"{_SPEAKER}|\bI['’]|\b(?:me|my|mine|myself|mir|mich|mein\w*|moi|mon|ma|mes|mi|mis|conmigo|mio|mia|meu|minha)\b",
    re.IGNORECASE,
)


def names_the_speaker(text: str, start: int, end: int) -> bool:
    """Do these words say "I", in Spanish by a verb, or does it stand directly before them?"""
    said = _FIRST_PERSON.search(text, start, end) or _JUST_BEFORE.search(text[:start])
    return bool(said or (_speaks(_SPANISH, text) and _BY_ITS_ENDING.search(text, start, end)))


def tells_of_the_speaker(text: str) -> bool:
    """Does the speaker come up at all?"""
    return bool(_MINE.search(text) or (_speaks(_SPANISH, text) and _BY_ITS_ENDING.search(text)))
