"""Finding a candidate's words: typed in any way, in any script, and never other words than theirs."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewos.report.spans import FEWEST_LETTERS, FEWEST_UNSPACED, find_span

ANY_TEXT = st.text(
    st.one_of(
        st.sampled_from("aßäéİıſﬁ²½①％—–’“'\"-.,:… \u00a0\u200b\u00ad\u0301\u3099가각ガ゙ह\u093fिไม่不我的王5"),
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(string.ascii_letters + " "),
    ),
    max_size=60,
)


def found(quote: str, text: str) -> str | None:
    """The words of the text that were found."""
    place = find_span(quote, text)
    return text[slice(*place)] if place else None


def folded(text: str) -> str:
    """What is the same however it was typed, worked out another way than the code does it."""
    plain = "".join(
        sign if unicodedata.category(sign) == "No" else unicodedata.normalize("NFKD", _alike(sign)).casefold()
        for sign in text
        if unicodedata.category(sign) != "Cf" and sign != "\u034f" and not "\ufe00" <= sign <= "\ufe0f"
    )
    return " ".join(unicodedata.normalize("NFKD", plain).split()).strip(" '\".,;:!?。、！？")


def _alike(sign: str) -> str:
    for plain, others in (("'", "‘’‚‛`´′ʼ"), ('"', "“”„‟«»″「」『』"), ("-", "‐‑‒–—―−")):
        if sign in others:
            return plain
    return sign


@pytest.mark.parametrize(
    ("quote", "text", "words"),
    [
        ("i CALLED the Doctor", "Then I called the doctor at once.", "I called the doctor"),
        ("“I called the doctor.”", "Then I called the doctor at once.", "I called the doctor"),
        ("didn't call anybody", "I didn’t call anybody.", "didn’t call anybody"),
        ('she said "stop it"', "she said «stop it» twice", "she said «stop it"),
        ("one-to-one talks", "We had one‑to‑one talks.", "one‑to‑one talks"),
        ("from five - to one", "from five — to one", "from five — to one"),
        ("I called the doctor", "I called\n\t the\u00a0doctor", "I called\n\t the\u00a0doctor"),
        ("responsible for it", "respon\u00adsible\u200b for it", "respon\u00adsible\u200b for it"),
        ("AUF DER STRASSE", "Ich war auf der Straße.", "auf der Straße"),
        ("auf der straße hier", "AUF DER STRASSE HIER", "AUF DER STRASSE HIER"),
        ("the final office", "the ﬁnal oﬃce was ours", "the ﬁnal oﬃce"),
        ("ＡＢＣ 12345 done", "abc 12345 done", "abc 12345 done"),
        ("10 mb of data", "10 ㎆ of data", "10 ㎆ of data"),
        ("le café fermé", "dans le cafe\u0301 ferme\u0301 hier", "le cafe\u0301 ferme\u0301"),
        ("고객에게 먼저 전화를 했습니다", unicodedata.normalize("NFD", "제가 고객에게 먼저 전화를 했습니다."), None),
        ("ガラスを割った", unicodedata.normalize("NFD", "私はガラスを割った"), None),
        ("发货时间从三天", "我们的发货时间从三天降到了一天。", "发货时间从三天"),
        ("ฉันโทรหาหมอ", "วันนั้นฉันโทรหาหมอทันที", "ฉันโทรหาหมอ"),
        ("اشتريت أدوات بسيطة", "اشتريت أدوات بسيطة وبدأنا", "اشتريت أدوات بسيطة"),
        ("मैंने टीम को", "और मैंने टीम को लीड किया", "मैंने टीम को"),
        ("hôpital de Lyon", "à l’hôpital de Lyon", "hôpital de Lyon"),
        ("we saved 5% of it", "In the end we saved 5% of it.", "we saved 5% of it"),
        ("-5 degrees outside", "It was −5 degrees outside.", "−5 degrees outside"),
        ("nobody came then", "I called—nobody came then", "nobody came then"),
    ],
)
def test_words_are_found_however_they_were_typed(quote: str, text: str, words: str | None) -> None:
    """Case, quotation marks, dashes, blanks, composed and compatibility forms, and what nobody sees do not matter."""
    assert found(quote, text) == (words or unicodedata.normalize("NFD", quote))


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("called the doctor", "I recalled the doctor of old."),
        ("call the doctor", "I call the doctors."),
        ("the manager said he can", "The manager said he can't do that."),
        ("t call the doctor", "I didn't call the doctor."),
        ("compliant with the rules", "It was non-compliant with the rules."),
        ("it was a non", "It was a non-compliant one."),
        ("400 complaints a day", "We had 1,400 complaints a day."),
        ("we had 1 complaints", "We had 1,400 complaints a day."),
        ("5 hours of waiting", "It meant 3.5 hours of waiting."),
        ("down to about 3", "It went down to about 3.5 hours."),
        ("it fell by about 5", "It fell by about 5% in May."),
        ("5 degrees outside", "It was -5 degrees outside."),
        ("user_name and then", "the user_name_and then"),
        ("at the cafe", "at the café"),
        ("at the cafe", "at the cafe\u0301"),
        ("मैंने टीम को लिख", "मैंने टीम को लिखा"),
        ("고객에게 먼저 전화를 해", "고객에게 먼저 전화를 했습니다"),
        ("会社と話しました", "㍿と話しました"),
        ("わたしのか", "わたしのが"),
        ("เราไปกินข", "เราไปกินข้าวกัน"),
        ("同意我的看法", "他不同意我的看法。"),
        ("ชอบงานนี้มาก", "ฉันไม่ชอบงานนี้มาก"),
        ("店長に話しました", "店長に話しませんでした"),
        ("店長に話し", "店長に話しませんでした"),
    ],
)
def test_nothing_is_cut_out_of_a_word(quote: str, text: str) -> None:
    """Neither a negation nor a figure nor a mark of a letter is left behind."""
    assert find_span(quote, text) is None


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("I сalled the doctor", "I called the doctor."),  # a Cyrillic letter
        ("I called the dοctor", "I called the doctor."),  # a Greek letter
        ("I called … the rota", "I called the doctor and wrote the rota."),
        ("I called the ... rota", "I called the doctor and wrote the rota."),
        ("I called the rota", "I called the doctor and wrote the rota."),
        ("I called the doctor wrote", "I called the doctor. We wrote the rota."),
        ("doctor the called I", "I called the doctor."),
        ("I called the dokter", "I called the doctor."),
        ("I call the doctor", "I called the doctor."),
        ("I did call the doctor", "I did not call the doctor."),
        ("102 boxes of it", "10² boxes of it"),
        ("1 boxes were lost", "½ boxes were lost"),
        ("Icalled the doctor", "I called the doctor."),
    ],
)
def test_other_words_are_not_theirs(quote: str, text: str) -> None:
    """No look-alikes, nothing left out, nothing glued together, nothing that is nearly the same."""
    assert find_span(quote, text) is None


@pytest.mark.parametrize(
    ("quote", "is_enough"),
    [
        ("we did it", False),
        ("we did its", True),
        ("a b c d e f g", False),
        ("a b c d e f g h", True),
        ("......... ---------", False),
        ("", False),
        ("降到了", False),
        ("降到了一", True),
        ("only 降到了", False),
        ("only 降到了一", True),
        ("고객에게먼저", False),
    ],
)
def test_a_quotation_has_enough_letters(quote: str, is_enough: bool) -> None:
    """Eight, or four in a script that writes words without blanks; signs are no letters, and a syllable is one."""
    assert (find_span(quote, f"{quote} und") is not None) is is_enough


def test_the_first_whole_place_is_found() -> None:
    """A place inside another word is passed over."""
    text = "I recalled her. Then I called her back."

    assert find_span("called her", text) == (text.index("called her", 5), text.index(" back"))


def test_places_count_what_folding_makes_longer() -> None:
    """Letters that fold to several, and several that fold to one, move nothing."""
    text = "Groß \u200b\u200b ﬃ ﬃ Straße: I called the doctor"

    assert found("I called the doctor", text) == "I called the doctor"


@settings(deadline=None)
@given(ANY_TEXT, st.data())
def test_what_is_found_says_what_was_quoted(text: str, data: st.DataObject) -> None:
    """Whatever is quoted, the words that are found fold to it, and they are whole."""
    begin = data.draw(st.integers(0, len(text)))
    quote = data.draw(st.sampled_from([text[begin : begin + 20], text[begin : begin + 20].upper(), text.swapcase()]))
    place = find_span(quote, text)

    if place is not None:
        start, end = place
        assert 0 <= start < end <= len(text)
        assert folded(text[start:end]) == folded(quote)
        assert not unicodedata.category(text[end : end + 1] or " ").startswith("M")


@settings(deadline=None)
@given(st.lists(st.text(string.ascii_letters + "äß", min_size=3, max_size=9), min_size=3, max_size=9), st.data())
def test_whole_words_are_always_found(words: list[str], data: st.DataObject) -> None:
    """A run of words in any case is found at words of the same letters."""
    text = " ".join(words)
    first = data.draw(st.integers(0, len(words) - 3))
    quote = " ".join(words[first : first + 3])
    place = find_span(data.draw(st.sampled_from([quote, quote.upper(), f"“{quote}.”"])), text)

    assert place is not None
    assert folded(text[slice(*place)]) == folded(quote)
    assert text[: place[0]][-1:] in ("", " ")
    assert text[place[1] :][:1] in ("", " ")


def test_the_fewest_letters_are_as_written() -> None:
    """The figures that the tests above go by."""
    assert (FEWEST_LETTERS, FEWEST_UNSPACED) == (8, 4)
