"""How people ask, by language: what `interviewos.domain.questions` knows about words.

All of it is regular expressions in which capitals do not matter. Another language is one more row of `LANGUAGES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    `tags` stand after a comma and want no more than a nod. `joined` hangs a second question on a first one. `requests`
    begin a sentence that asks without a question mark. `frames` are the ways in which a question is about the one who
    is asked; each has a place for a TOPIC. `private` lists what must not be asked, by topic: a frame, and what stands
    in it. So "your age" is private, and neither "your age group" nor the age of a house is.
    """

    tags: str
    joined: tuple[str, ...]
    requests: tuple[str, ...]
    frames: Mapping[str, str]
    private: Mapping[str, tuple[tuple[str, str], ...]]


_WH = r"(?:how|what|why|whom?|whose|when|where|which)\b"
_DO = r"(?:am|are|is|was|were|do|does|did|have|has|had|can|could|will|would|should|might)"
_SUBJECT = r"(?:i|you|it|he|she|we|they|there|this|that|these|those|the|an?|your|his|her|their|our)\b"
_STOP = r"\W*$|[?!.,;:]"
_AFTER_A_NOUN = (
    rf"(?={_STOP}|\s(?:and|or|but|at|in|on|to|as|if|that|which|when|while|with|for|from|than|by|ever|now|today|still|yet"
    r"|already|before|after|during|these|is|are|was|were|been|be|has|have|had|do|does|did|will|would|could|can|may"
    r"|might|should|ma[dk]es?|keeps?|stops?|limits?|affects?|influences?|allows?|lets?|plays?|gets?|thinks?|feels?"
    r"|says?|minds?|lives?|helps?|matters?|comes?|good|bad|strong|happy|fine|okay|all right)\b)"
)
"""The topic is the thing itself and not what is called after it: "your age, …" and no "your age group"."""
_AFTER_A_STATE = rf"(?={_STOP}|\s(?:or|and|yet|now|if|at the moment|at all|in any way|again|once|originally)\b)"
"""What a person is ends the thought: "are you straight?" and no "are you straight with a customer?"."""
_AFTER_A_SUM = rf"(?={_STOP}|\s(?:in|at|as|now|there|per|an?|before|each|every|today|so far|right now)\b)"
_OWN = r"\byour (?:own |current |last |previous |former |old |past |present |exact |real |general |mental |physical )?"
_BEING = (
    r"\b(?:(?:are|were|aren't|weren't) you|(?:have|had) you (?:ever )?been|would you be|you're|you (?:are|were))"
    r" (?:not )?(?:still |now )?(?:an? )?(?:\w+ly )?"
)
_HAVING = (
    r"\b(?:(?:do|did|have|had|would|will|are|were) you|whether you|me if you)"
    r" (?:(?:ever|still|already|have|had|been|got|an?|any|\w+ly) ){0,5}"
)
_CHILDREN = r"(?:children|kids|a child|a baby|babies|a family|grandchildren)"
_LEAVE = r"(?:maternity|paternity|parental) leave"
_WHERE = r"(?:where|(?:which|what) country)"
_ANY = r"(?:an?|any|the|your|which)"
_UNION = r"(?:trade |labou?r )?union"
_PAY = r"(?:pay|salary|wages?|income|earnings|bonus|compensation|hourly rate|pay (?:rise|packet))"

ENGLISH = Language(
    tags=r"right|correct|yes|no|okay|ok|eh|(?:is|was|are|were|did|do|does|have|has|had|could|would)n't (?:it|you|they)",
    joined=(
        rf", and (?:\w+ )?{_WH} (?!{_SUBJECT})",
        rf"\b(?:and|or) (?:\w+ )?{_WH} (?:\w+ ){{0,2}}?{_DO} {_SUBJECT}",
        rf"\band {_DO} (?:you|it|they|he|she)\b",
        r"\b(?:and|or) (?:(?:for|with|to|by) )?(?:why|how|whom?|when|where)(?: (?:not|so|now))?\?",
    ),
    requests=(
        r"(?:please |now |so |then |and |next,? )?(?:tell|walk|talk|take|give|describe|explain|share|show|say|think)\b",
        r"(?:let me|may i|can i|i(?:'d| would) (?:like|love)|i want|i wonder|i(?:'m| am) (?:curious|interested))\b",
    ),
    frames={
        "your": rf"{_OWN}TOPIC{_AFTER_A_NOUN}",
        "your very own": rf"{_OWN}TOPIC\b(?!['-])",
        "are you": rf"{_BEING}TOPIC{_AFTER_A_STATE}",
        "do you have": rf"{_HAVING}TOPIC{_AFTER_A_STATE}",
        "have you ever": rf"{_HAVING}TOPIC\b",
        "which": r"\b(?:what|which|how) TOPIC\b[^?]{0,80}\byou\b",
        "how much": rf"\b(?:how much|what) [^?]{{0,60}}?TOPIC{_AFTER_A_SUM}",
        "as it is": r"\bTOPIC",
    },
    private={
        "age": (
            ("your", r"age"),
            ("your very own", r"date of birth|year of birth|birthday"),
            ("which", r"old(?= (?:\w+ )?you)|age(?= (?:are|were))|year were(?= you born)"),
            ("are you", r"(?:(?:too|so|a little|a bit|rather|still) )+(?:old|young)(?: (?:for|to|enough)\b.{0,40})?"),
            ("are you", r"(?:over|under|above|below|older than|younger than) (?:\d+|\w+ty)"),
            ("do you have", r"[^?.,]{0,20}\bretir(?:e|ing)"),
            ("as it is", rf"(?:until|before|when) you (?:\w+ )?retire{_AFTER_A_STATE}"),
            ("as it is", r"when (?:were you|you were) born\b"),
        ),
        "family plans": (
            ("your", r"kids|children|baby|family(?: (?:plans|situation))?|childcare"),
            ("your very own", rf"husband|wife|spouse|fiancée?|pregnancy|marriage|marital status|maiden name|{_LEAVE}"),
            ("are you", r"married|divorced|single|engaged|widowed|in a relationship|seeing someone|pregnant|expecting"),
            ("are you", r"(?:single |working )?(?:mother|father|parent|mum|mom|dad)"),
            ("do you have", rf"(?:small |young )?{_CHILDREN}(?: at home| of your own)?|live alone|partner"),
            ("as it is", rf"how many (?:children|kids) (?:do you have|have you got){_AFTER_A_STATE}"),
            ("as it is", rf"you\b[^?.]{{0,30}} (?:to|on|of) (?:have|having|start|starting) (?:more )?{_CHILDREN}"),
            ("as it is", rf"you trying for {_CHILDREN}"),
            ("as it is", r"you\b[^?.]{0,30} (?:to|on|of) (?:be|get|getting|becom\w+) (?:married|pregnant)"),
            ("as it is", rf"(?:work|job|shifts?|hours) (?:and|with (?:small|young)) {_CHILDREN}{_AFTER_A_NOUN}"),
            ("as it is", rf"you (?:be )?(?:take|taking|taken|took|go on|going on|gone on) (?:\w+ )?{_LEAVE}"),
            ("as it is", r"your partner (?:think|mind|say|feel|work|earn|do for)"),
        ),
        "health": (
            ("your", r"health|anxiety|injur(?:y|ies)|medical (?:history|condition|record)s?|sick (?:days|leave)"),
            ("your very own", r"illness|sickness|burn-?out|depression|medication|therapist|psychiatrist"),
            ("are you", r"(?:often )?(?:healthy|ill|sick|depressed|burnt out|burned out|vaccinated|in good health)"),
            ("which", r"(?:often|many \w+) (?:are|were|have|did|do)(?= you (?:\w+ )?(?:in |off )?(?:ill|sick))"),
            ("which", r"(?:many |much )?sick(?:ness)? (?:days|leaves?|time)"),
            ("have you ever", r"(?:treated for|hospitali[sz]ed|diagnosed|operated on)"),
            ("do you have", r"in (?:hospital|therapy|rehab)"),
            ("have you ever", r"(?:suffer(?:ed)?|recover(?:ed)?) from (?!(?:a )?(?:lack|shortage|outage))"),
            ("have you ever", r"(?:see|seen|seeing) a (?:therapist|psychiatrist|psychologist)"),
            ("do you have", r"smoke|drink(?: alcohol)?"),
            ("do you have", r"(?:(?:take|taken|taking|on|any|regular) )*(?:medication|medicine|drugs)"),
            ("do you have", r"(?:\w+ )?(?:illness|disease|cancer|depression|burn-?out|breakdown|allerg(?:y|ies))"),
            ("do you have", r"(?:\w+ )?(?:health|medical|back) (?:problems?|issues?|conditions?)"),
        ),
        "disability": (
            ("your", r"disabilit(?:y|ies)|handicap|impairment|wheelchair"),
            ("your very own", r"dyslexia|autism|adhd"),
            ("are you", r"(?:disabled|handicapped|deaf|blind|hard of hearing|dyslexic|autistic|colou?r-?blind)"),
            ("have you ever", r"(?:\w+ )?(?:disabilit(?:y|ies)|handicaps?|impairments?|dyslexia|autism|adhd)"),
        ),
        "religion": (
            ("your", r"faith(?! in)|church|mosque|synagogue"),
            ("your very own", r"religion|religious \w+|faith mean|headscarf|hijab"),
            ("which", r"(?:religion|faith|church|mosque|denomination|religious \w+|religious(?= you are)|devout)"),
            ("are you", r"religious|practi[sc]ing|christian|catholic|protestant"),
            ("are you", r"muslim|jewish|hindu|buddhist|sikh|atheist"),
            ("do you have", r"pray|fast|believe in god"),
            ("have you ever", r"(?:go|gone) to (?:church|mosque|synagogue|temple|mass)|pray|fast during"),
            ("have you ever", r"(?:observe|celebrate|keep) (?:sabbath|ramadan|lent|christmas|easter|eid|diwali)"),
        ),
        "origin": (
            ("your", r"(?:home|native) country|race|heritage|accent|(?:ethnic|racial|family) (?:origins?|background)"),
            ("your very own", r"(?:mother|native) tongue|(?:first|native) language(?! \w)|skin colou?r"),
            ("your very own", r"birthplace|place of birth|ancestry|ethnicity"),
            ("as it is", rf"{_WHERE} (?:are |do |did )?you (?:\w+ly )?(?:are |come )?from{_AFTER_A_STATE}"),
            ("as it is", rf"{_WHERE} (?:were|did) you (?:born|grow up|raised)"),
            ("as it is", r"where you (?:were born|grew up)"),
            ("as it is", rf"{_WHERE} (?:do|did|are|were|is) your (?:(?:grand)?parents|family|ancestors)"),
            ("as it is", r"what (?:do|did|are|were) your (?:(?:grand)?parents|ancestors)"),
            ("as it is", r"your (?:sur|last |family |first )?name (?:come from|from|foreign|originally)"),
            ("as it is", rf"you\b[^?]{{0,20}}\b(?:that|this|such an) accent{_AFTER_A_NOUN}"),
            ("which", r"(?:race|ethnic group|ethnicity) (?:are|do)"),
            ("are you", r"born here|born abroad|from here|from abroad"),
        ),
        "nationality": (
            ("your", r"passport|visa|(?:residence|work) permit|immigration status"),
            ("your very own", r"nationality|citizenship"),
            ("which", r"(?:nationality|citizenship|passport)"),
            ("have you ever", r"(?:hold |need )?(?:an? )?(?:[\w-]+ )?(?:passport|citizenship|visa|work permit)"),
            ("are you", r"(?:[\w-]+ )?(?:citizen(?: of .{1,30})?|foreigner|immigrant|migrant|refugee)"),
            ("are you", r"(?-i:[A-Z]\w+(?:ish|ese|ian|ean|can)|German|French|Dutch|Greek|Swiss|Arab)"),
        ),
        "politics": (
            ("your very own", r"politics|political (?:party|views?|opinions?|beliefs|leanings?|convictions)"),
            ("which", r"(?:political )?party (?:are|do|did|would)(?= you (?:vote|support|belong|close|prefer|in))"),
            ("which", r"political (?:party|views|opinions|beliefs)"),
            ("as it is", r"(?:do|did|will|would|have) you (?:ever )?voted? (?:for|left|right|in the)\b"),
            ("are you", r"conservative|liberal|socialist|communist|republican|democrat|(?:left|right)-?wing"),
            ("are you", r"political|(?:(?:politically )?active )?in (?:a|any) (?:political )?party"),
            ("as it is", r"you (?:think|feel) (?:of|about) (?:the|our) (?:government|president|prime minister)"),
            ("as it is", r"you [^?]{0,30}\bmember of (?:a|any|the|which) (?:political )?party"),
        ),
        "union": (
            ("as it is", rf"you\b[^?.]{{0,30}}\b(?:member of|belong to|join|in) {_ANY} {_UNION}{_AFTER_A_NOUN}"),
            ("as it is", rf"you (?:belonged to|joined|ever joined) {_ANY} {_UNION}{_AFTER_A_NOUN}"),
            ("your very own", rf"{_UNION} (?:membership|dues|card)"),
            ("are you", rf"unioni[sz]ed|{_UNION} member"),
            ("as it is", rf"you (?:think|feel) (?:of|about) {_UNION}s"),
            ("have you ever", r"(?:go|gone|went|going|on|tak\w+ part in an?) (?:on )?strike"),
        ),
        "sexuality": (
            ("your very own", r"sexuality|sexual \w+|gender identity|love life|(?:boy|girl)friend"),
            ("are you", r"gay|straight|lesbian|bisexual|homosexual|heterosexual|queer|trans|transgender"),
            ("are you", r"(?:into|attracted to) (?:wo)?men"),
            ("do you have", r"(?:(?:like|prefer|date) )?(?:boyfriend|girlfriend|men|women)"),
        ),
        "criminal record": (
            ("your", r"criminal (?:record|past|history)|police record|time in (?:prison|jail)"),
            ("do you have", r"(?:(?:criminal|police) )?(?:record|convictions?)"),
            ("have you ever", r"(?:arrested|convicted|sentenced|imprisoned|jailed|in trouble with the (?:law|police))"),
            ("have you ever", r"(?:(?:spent|spend|served|serve) (?:\w+ ){0,4})?in (?:prison|jail)"),
            ("have you ever", r"(?:committed|commit|charged with) (?:an? |any )?(?:crime|offen[cs]e|theft|assault)"),
        ),
        "past pay": (
            ("your", rf"(?<!your ){_PAY}"),
            ("how much", rf"(?:is|was|were) your {_PAY}"),
            ("how much", r"\b(?:do|did|are|were|have) you (?:\w+ly )?(?:been )?(?:earn|earned|earning|paid|take home)"),
            ("how much", r"\b(?:pay|pays|paid|paying) you"),
            ("how much", r"\b(?:does|did) your (?:\w+ ){0,2}(?:job|employer|company|position) pay"),
            ("as it is", rf"how much (?:do|did|are|were|have) you (?:\w+ly )?(?:make|making|made){_AFTER_A_SUM}"),
        ),
    },
)

LANGUAGES = {"en": ENGLISH}
