#!/usr/bin/env bash
# livekit-agents 1.8.9 (PyPI): the text transform `filter_markdown`, which is on by default for what a voice is to say,
# takes plain text for Markdown and drops words of it. An indexed call reads like a link, a name with two underscores on
# each side like bold type, a sign at the beginning of a line like a list. What is heard is then something else than what
# is written in the transcript: "minus 3 degrees" becomes "3 degrees".
#
# Seen with Python 3.11: "Call handlers[name](event)." is spoken as "Call handlersname.".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check livekit-agents==1.8.9

"$work/venv/bin/python" - <<'PYTHON'
import asyncio

from livekit.agents.voice.transcription.filters import filter_markdown

SPOKEN = {
    "Call handlers[name](event).": "Call handlersname.",
    "Define __init__ first.": "Define init first.",
    "- 3 degrees is cold.": "3 degrees is cold.",
    "> 90 percent passed.": "90 percent passed.",
    "A snake_case name is kept.": "A snake_case name is kept.",
}


async def spoken(written):
    async def once():
        yield written

    return "".join([part async for part in filter_markdown(once())])


changed = False
for written, expected in SPOKEN.items():
    said = asyncio.run(spoken(written))
    print(f"{written:30} {said}")
    changed |= said != expected
raise SystemExit("The behaviour changed." if changed else 0)
PYTHON
