"""Replies in a dress for programs: an interviewer's words in JSON are heard, other objects and calls are not."""

from __future__ import annotations

import json
import re

WRAPPERS = ("tool_code", "tool_outputs", "tool_call", "print(default_api", "default_api")
"""What a line of a program begins with."""

_OBJECT = re.compile(r"[ \t\0]*(?:\[\s*)?\{\s*(?:[\"'}]|\n)")
_MAY_BE_OBJECT = re.compile(r"[ \t\0]*(?:\[\s*)?(?:\{\s*)?\Z")
_CALL = re.compile(r"[ \t\0]*(?:print\()?default_api\b|[ \t\0]*call:default_api")
_SIGN = re.compile(r"[ \t\0]*tool_(?:code|outputs|call)[ \t]*(?:\n|\Z)")
_SPEAKER = re.compile(r"""["']speaker["']\s*:\s*["'](\w+)["']""")
_TEXT = re.compile(r'"text"\s*:\s*"((?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*)')
_OURS = ("interviewer", "assistant", "agent", "model", "ai")


def may_be_wrapped(line: str) -> bool:
    """May more of this line show that it is an object?"""
    return bool(_MAY_BE_OBJECT.fullmatch(line)) and line.strip(" \t\0") != ""


def is_wrapped(line: str) -> bool:
    """Does an object or a call begin with this line?"""
    return bool(_OBJECT.match(line) or _CALL.match(line) or _SIGN.match(line))


def unwrapped(text: str) -> str:
    """Put an interviewer's words in the place of their object, and leave out everything else that is for programs."""
    said, at = "", 0
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        if _SIGN.match(text, at):
            at = end
        elif found := _OBJECT.match(text, at) or _CALL.match(text, at):
            closed = _end(text, found.start())
            words = _words(text[at:closed]) if _OBJECT.match(text, at) else ""
            if words is None:
                return said
            rest = text[closed : text.find("\n", closed) + 1 or len(text)]
            if re.search(r"\w", rest) and _OBJECT.match(text, at):  # an object within a sentence
                words, closed = text[at:closed], closed
            said, at = said + words, closed
        else:
            said, at = said + text[at:end], end
    return said


def _end(text: str, begin: int) -> int:
    """Find where the brackets that open here are closed."""
    depth, quote, at = 0, "", begin
    while at < len(text):
        sign = text[at]
        if quote:
            at += sign == "\\"
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "{[(":
            depth += 1
        elif sign in "}])":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return len(text)


def _words(wrapped: str) -> str | None:
    """Give what the interviewer says in an object, nothing for another object, None where another speaker speaks."""
    said = ""
    for line in re.split(r"(?<=\})", wrapped):
        speaker, text = _SPEAKER.search(line), _TEXT.search(line)
        if speaker and speaker[1].casefold() not in _OURS:
            return said or None
        if speaker and text:
            said += json.loads(f'"{text[1]}"', strict=False) + "\n"
    return said
