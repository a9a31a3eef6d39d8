"""The description as a caller must take it is open to later versions; held against our own answers it is closed."""

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")


def closed(document: Json) -> Json:
    """The same document, with no members but the described ones, and in each response only the problems it names."""
    document = json.loads(json.dumps(document))  # what the YAML shares by anchors is its own then
    for name, schema in document["components"]["schemas"].items():
        if "properties" in schema and name != "Problem":  # which is part of others
            schema.setdefault("additionalProperties", False)
    for response in responses(document):
        if "x-problems" in response:
            media = response["content"]["application/problem+json"]
            media["schema"] = _only(response["x-problems"], media["schema"])
    return document


def responses(document: Json) -> Iterator[Json]:
    """Every response that the description spells out, each once; one that it shares stands among its components."""
    yield from document["components"]["responses"].values()
    for _, _, operation in operations(document):
        yield from (response for response in operation["responses"].values() if "$ref" not in response)


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Every path, method and operation."""
    for path, item in document["paths"].items():
        yield from ((path, method, item[method]) for method in METHODS if method in item)


def schemas(node: Any) -> Iterator[Json]:
    """Every schema below a node of the document, those within schemas too."""
    if isinstance(node, list):
        for item in node:
            yield from schemas(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "schemas":
                yield from (found for schema in value.values() for found in _within(schema))
            elif key == "schema":
                yield from _within(value)
            elif key not in ("example", "examples"):
                yield from schemas(value)


def _within(schema: Json) -> Iterator[Json]:
    yield schema
    one = [schema[key] for key in ("items", "not", "if", "then", "else") if key in schema]
    some = [part for key in ("allOf", "anyOf", "oneOf") for part in schema.get(key, ())]
    for part in [*one, *some, *schema.get("properties", {}).values()]:
        yield from _within(part)


def _only(slugs: list[str], schema: Json) -> Json:
    kinds = {"properties": {"type": {"enum": [f"/problems#{slug}" for slug in slugs]}}}
    return {"allOf": [schema, kinds], "unevaluatedProperties": False}
