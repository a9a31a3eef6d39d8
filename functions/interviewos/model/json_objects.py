"""Reading JSON out of what a model writes: in a fence, between prose, or cut."""

from __future__ import annotations

import json
from collections.abc import Iterator


def json_objects(text: str) -> Iterator[object]:
    """Give the JSON objects in a text, whatever stands between them; one that was cut or has no end is none."""
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            found, end = decoder.raw_decode(text, at)
        except RecursionError:
            return
        except ValueError:
            end = at + 1
        else:
            yield found
        at = text.find("{", end)
