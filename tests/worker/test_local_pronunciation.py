"""What is written is said as it is meant by the local voice's own program."""

import re
import shutil
import subprocess

import pytest

from voice.text_normalization import LETTERS, normalize

LOCAL_VOICE = {
    "It cost $20.": "It cost twenty dollars.",
    "About $2.5 million a year": "About two point five million dollars a year",
    "The factor was 1,5 at first.": "The factor was one point five at first.",
    "It took 10–15 days.": "It took ten to fifteen days.",
    "Support ran 24/7 for all.": "Support ran twenty four seven for all.",
    "Is it so that 5 < 6 here?": "Is it so that five is less than six here?",
    "You wrote __init__ and it failed.": "You wrote init and it failed.",
    "You used count(*) in the query.": "You used count star in the query.",
    "What does handlers[name](event) do?": "What does handlers name event do?",
    "It was 3/4 of the days.": "It was three quarters of the days.",
    "It took 40ms.": "It took forty milliseconds.",
    "Tools, e.g. Docker": "Tools, for example Docker",
    "We grew by 15% there": "We grew by fifteen percent there",
    "It starts at 9:30 each day.": "It starts at nine thirty each day.",
}


@pytest.mark.parametrize(("written", "meant"), LOCAL_VOICE.items(), ids=LOCAL_VOICE.keys())
def test_the_local_voice_says_what_is_meant(written: str, meant: str) -> None:
    """Sound for sound what it says of the same in words."""
    assert sounds(normalize(written, "en-US")) == sounds(meant)


def test_the_local_voice_says_letters_by_their_names() -> None:
    """Also in a short clause, where it takes capitals for loud words."""
    among_others = {word: sounds(f"You did the {word} there with the others.") for word in LETTERS.split("|")}
    short = {word: sounds(normalize(f"Why {word}?", "en")).removeprefix(sounds("Why")) for word in LETTERS.split("|")}

    assert [word for word in short if short[word] not in among_others[word]] == ["IV"]  # which it takes for a number


def sounds(text: str) -> str:
    """The phonemes of a text, without stress and pauses; piper has them from the same program."""
    program = shutil.which("espeak-ng")
    if program is None:
        pytest.skip("espeak-ng is not installed")
    spoken = subprocess.run([program, "-q", "-x", "-v", "en-us", text], capture_output=True, text=True, check=True)
    plain = re.sub(r"[\s',:;|_]", "", spoken.stdout)
    return plain.replace("t2", "t").replace("o@", "O@")  # the same sounds, elsewhere in a clause
