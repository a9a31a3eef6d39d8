"""The yardstick of the speech tests measures what it says."""

import pytest

from support.word_errors import word_error_rate, words


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("I'm Ada.", "i am ada"),
        ("It took forty-two minutes.", "It took 42 minutes!"),
        ("It fell from 900 to 12,500", "it fell from nine hundred to twelve thousand five hundred"),
        ("It won’t, it can't, it didn't.", "It will not. It cannot. It did not."),
        ("30% of them", "thirty percent of them"),
        ("Let's go on, it's late.", "let us go on it is late"),
    ],
)
def test_the_same_words_written_differently_are_the_same(written: str, heard: str) -> None:
    """Case, punctuation, contractions and digits are no errors."""
    assert word_error_rate(written, heard) == 0


@pytest.mark.parametrize(
    ("heard", "errors"),
    [
        ("I let a team of twelve people", 1),
        ("I led team of twelve people", 1),
        ("I led a big team of twelve people", 1),
        ("I led a team of 20 people", 1),
        ("", 7),
    ],
)
def test_every_wrong_word_counts_once(heard: str, errors: int) -> None:
    """A word that is changed, left out or added is one error."""
    reference = "I led a team of twelve people"
    assert word_error_rate(reference, heard) == pytest.approx(errors / 7)


def test_nothing_was_to_be_heard() -> None:
    """Words without any reference are errors, silence is none."""
    assert word_error_rate("", "") == 0
    assert word_error_rate("", "thank you") == 2


def test_numbers_are_spoken_as_people_do() -> None:
    """Zero, tens and thousands have their words."""
    assert " ".join(words("0 10 21 100 3004")) == "zero ten twenty one one hundred three thousand four"
