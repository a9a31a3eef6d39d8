"""A document as it comes over the wire, each of its values read once, as the standard library has it.

The client's snapshot reads every value into kinds of its own and copies all of them whenever it is asked for them: of a
long interview that was most of what a turn costs this service. There is no public way past it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.types import BatchGetDocumentsResponse, Value

_Value = Value.pb()


@dataclass(frozen=True, slots=True)
class Found:
    """What a document holds, the version that a write of it names, and when it was read.

    The items of a list that was to be left as it came are bytes, for `read_item`.
    """

    values: dict[str, Any]
    version: object
    at: datetime


def read_document(document: firestore.DocumentReference, unread: str = "", **call: Any) -> Found | None:
    """Read a document; None where there is none.

    `unread` names a list whose items are left as they came, `call` is what `calls.once` gives.
    """
    client = document._client
    request = {"database": client._database_string, "documents": [document._document_path]}
    responses = client._firestore_api.batch_get_documents(request, metadata=client._rpc_metadata, **call)
    answer = next(iter(responses))
    wire = BatchGetDocumentsResponse.pb(answer)
    if not wire.HasField("found"):
        return None
    values = {
        name: _items(value) if name == unread and value.HasField("array_value") else _value(value)
        for name, value in wire.found.fields.items()
    }
    return Found(values, answer.found.update_time, _time(wire.read_time))


def read_item(item: bytes) -> Any:
    """Read what was left as it came."""
    return _value(_Value.FromString(item))


def _items(wire: Any) -> list[bytes]:
    return [item.SerializeToString() for item in wire.array_value.values]


def _value(wire: Any) -> Any:
    kind = wire.WhichOneof("value_type")
    read, found = _READ.get(kind), getattr(wire, kind)
    return read(found) if read else found


def _map(wire: Any) -> dict[str, Any]:
    return {name: _value(value) for name, value in wire.fields.items()}


def _list(wire: Any) -> list[Any]:
    return [_value(value) for value in wire.values]


def _time(wire: Any) -> datetime:
    """Cut to microseconds, the finest that Firestore keeps."""
    return datetime.fromtimestamp(wire.seconds, UTC).replace(microsecond=wire.nanos // 1_000)


def _null(_: object) -> None:
    return None


_READ: dict[str, Callable[[Any], Any]] = {
    "map_value": _map,
    "array_value": _list,
    "timestamp_value": _time,
    "null_value": _null,
}
"""Of the kinds that an interview has; the others are what they hold."""
