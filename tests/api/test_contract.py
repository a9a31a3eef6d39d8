"""The code and its description hold each other: what one says the other does, and nothing besides."""

import re
import uuid
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from openapi_spec_validator import validate

from interviewos.adapters.plan_files import read_plans
from interviewos.domain import errors
from interviewos.domain.errors import InterviewError
from interviewos.domain.interview import MAX_PENDING
from interviewos.web import openapi
from interviewos.web.app import BASE
from interviewos.web.endpoints import EVERYTHING
from interviewos.web.openapi import document, document_for
from interviewos.web.schemas import MAX_ANSWER_CHARACTERS, TurnBody, decode, event_of
from support.client import Answer, ApiClient
from support.contract import closed, schemas
from support.contract import operations as described_operations
from support.entry_points import entry_point
from support.fakes import FakeVoiceRoom
from support.server import DevServer

PROBLEMS_PAGE = Path(__file__).resolve().parents[2] / "hosting" / "src" / "problems.html"
DESCRIPTION = Path(openapi.__file__).with_name("openapi.yaml")
KEYWORDS = {
    *("$ref", "type", "enum", "const", "format", "description", "example", "default"),
    *("properties", "required", "additionalProperties", "items", "minItems", "maxItems"),
    *("pattern", "maxLength", "minimum", "maximum", "exclusiveMinimum"),
    *("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "discriminator"),
}
SPOKEN = [{"id": "e2", "text": "I bake"}, {"id": "e3", "text": "for weddings."}]


def operations() -> list[tuple[str, str, Mapping[str, Any]]]:
    """Every path, method and operation of the description."""
    return list(described_operations(document()))


def resolved(node: Mapping[str, Any], whole: Mapping[str, Any] | None = None) -> Any:
    """What a reference leads to, or the node itself."""
    found: Any = node
    while "$ref" in found and set(found) == {"$ref"}:
        found = whole or document()
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
    return found


def slugs(response: Mapping[str, Any]) -> set[str]:
    """The problems that a response of the description names."""
    return set(resolved(response).get("x-problems", ()))


def problems() -> dict[str, type[InterviewError]]:
    """Every way in which a call can fail, by its name."""
    kinds: list[type[InterviewError]] = [InterviewError, *InterviewError.__subclasses__()]
    return {kind.slug: kind for kind in kinds}


def test_the_description_is_openapi() -> None:
    """Any tool of any integrator can read it."""
    validate(document())


def test_no_description_is_cut_short() -> None:
    """In YAML a number sign after a blank begins a comment: what stands behind it in a sentence would be lost."""
    text = DESCRIPTION.read_text(encoding="utf-8")
    tokens = list(yaml.scan(text))
    between = [text[a.end_mark.index : b.start_mark.index] for a, b in pairwise(tokens)]

    assert [gap for gap in between if "#" in gap] == []


def test_every_schema_has_keywords_of_openapi_alone() -> None:
    """A comma within braces ends a sentence that is not quoted, and the rest of it becomes a key that means nothing."""
    found = list(schemas(document()))

    assert len(found) > 100
    assert [schema for schema in found if not schema.keys() <= KEYWORDS] == []


def test_every_schema_says_its_type_and_null_is_written_in_one_way() -> None:
    """Generators make nothing of a value without a type, and of null each takes another spelling than the next.

    `anyOf` with a second alternative of type null is the one that all of them take; conditions are no values.
    """
    for schema in schemas(document()):
        if "enum" in schema or "const" in schema:
            assert schema == {"const": "user_turn"} or schema.get("type") == "string", schema
            assert None not in schema.get("enum", ()), schema
        assert isinstance(schema.get("type", ""), str), schema
        if schema.get("type") == "null":
            assert schema == {"type": "null"}, schema


def test_every_route_is_described_and_every_description_is_routed() -> None:
    """Path by path and method by method."""
    served = {(re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", f"/{r.path}"), r.method.lower()) for r in EVERYTHING}

    assert served == {(path, method) for path, method, _ in operations()}


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does() -> None:
    """Names become functions in the clients that tools make."""
    names = [operation["operationId"] for _, _, operation in operations()]

    assert len(names) == len(set(names))
    assert all(operation["summary"] and operation["tags"] for _, _, operation in operations())
    assert all("security" in operation for _, _, operation in operations())


def test_every_problem_is_described_with_its_status() -> None:
    """No error is a surprise, and none is described that cannot come."""
    described = {
        (slug, int(status))
        for _, _, operation in operations()
        for status, response in operation["responses"].items()
        for slug in slugs(response)
    }

    assert described == {(slug, kind.status) for slug, kind in problems().items()}
    assert document()["components"]["schemas"]["ProblemType"]["enum"] == [f"/problems#{slug}" for slug in problems()]


def test_every_refusal_names_its_problems_in_schema_and_words() -> None:
    """A reader and a tool are told the same."""
    for path, method, operation in operations():
        assert operation["responses"].keys() >= {"405", "500"}, path
        for status, response in operation["responses"].items():
            named = set(re.findall(r"`([a-z-]+)`", resolved(response)["description"]))
            if int(status) >= 400:
                assert slugs(response), (path, method, status)
                assert slugs(response) <= named, (path, method, status)


def test_every_answer_has_the_headers_that_all_have() -> None:
    """And those that belong to its status."""
    for path, method, operation in operations():
        for status, response in operation["responses"].items():
            headers = set(resolved(response)["headers"])
            where = (path, method, status)
            assert headers >= {"Cache-Control", "X-Request-Id"}, where
            assert ("WWW-Authenticate" in headers) == (status == "401"), where
            assert ("Allow" in headers) == (status == "405"), where
            assert ("Retry-After" in headers) == (status in ("429", "503") or may_wait(operation, status)), where


def may_wait(operation: dict[str, Any], status: str) -> bool:
    """May an answer say when to ask again? A conflict that passes may, and a report that is still read."""
    problems = set(resolved(operation["responses"][status]).get("x-problems", ()))
    passes = status == "409" and not problems <= {"interview-runs", "too-many-objections"}
    return passes or (operation["operationId"] == "readReport" and status in ("200", "304"))


def test_the_limits_are_those_of_the_code() -> None:
    """A limit stands in one place of the code and in one of the description."""
    schemas = document()["components"]["schemas"]

    assert schemas["Text"]["maxLength"] == MAX_ANSWER_CHARACTERS
    assert schemas["TrustedEvent"]["properties"]["parts"]["maxItems"] == MAX_PENDING


@pytest.mark.parametrize("slug", sorted(problems()))
def test_every_problem_has_its_section_on_the_page(slug: str) -> None:
    """The type of a problem leads there: it says what happened, what to do and whether a retry is safe."""
    sections = re.findall(rf'<section id="{slug}">(.*?)</section>', PROBLEMS_PAGE.read_text(), re.DOTALL)

    assert len(sections) == 1
    assert f"<code>{problems()[slug].status} {slug}</code>" in sections[0]
    assert "What to do" in sections[0]
    assert "retry safe" in sections[0]


def test_the_page_describes_no_problem_that_there_is_not() -> None:
    """A section that nothing leads to is out of date."""
    assert set(re.findall(r'<section id="([^"]+)">', PROBLEMS_PAGE.read_text())) == set(problems())


# answers of the running server


class Contract:
    """Holds real answers to the description, and to nothing besides."""

    def __init__(self) -> None:
        self.document = closed(document())

    def holds(self, path: str, method: str, answer: Answer) -> Answer:
        """The status is described, the headers are there, the body is of its form."""
        response = self.document["paths"][path][method]["responses"][str(answer.status)]
        response = resolved(response, self.document)
        for name, header in response["headers"].items():
            described = resolved(header, self.document)
            value = answer.headers.get(name)
            assert value is not None or not described.get("required"), (path, answer.status, name)
            if value is not None:
                kind = described["schema"].get("type")
                self.fits(described["schema"], int(value) if kind == "integer" else value)
        if "content" in response:
            media = answer.headers["Content-Type"].partition(";")[0]
            self.fits(response["content"][media]["schema"], answer.body)
        else:
            assert answer.body is None
        return answer

    def fits(self, schema: Mapping[str, Any], value: Any) -> None:
        """Validate as OpenAPI 3.1 means it: JSON Schema 2020-12 with ECMAScript's patterns, and formats checked."""
        whole = {**schema, "components": self.document["components"]}
        jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(value)


@pytest.fixture(scope="module")
def contract() -> Contract:
    """The description, ready to be held against answers."""
    return Contract()


@pytest.mark.server
@pytest.mark.parametrize("door", ["session", "secret"])
def test_a_whole_interview_is_as_described(door: Any, api: ApiClient, contract: Contract) -> None:
    """From create to delete, through both doors, with the refusals on the way."""
    caller = api.with_door(door)
    turn = f"/{'ui' if door == 'session' else 'engine'}/next_turn"
    read, one = "/sessions/{session_id}/messages", "/sessions/{session_id}"

    def hold(path: str, method: str, answer: Answer, status: int) -> Answer:
        assert status == answer.status, answer.body
        return contract.holds(path, method, answer)

    hold("/sessions/create", "post", caller.create(candidate_name="Ada", role="Baker"), 201)
    hold("/sessions/create", "post", caller.request("POST", "sessions/create", json={"name": "Ada"}), 422)
    hold("/sessions/create", "post", caller.request("POST", "sessions/create", content=b"{"), 415)
    hold(turn, "post", caller.answer("Too early."), 409)
    hold(turn, "post", caller.start(), 200)
    hold(turn, "post", caller.start(stream=False), 200)
    hold(turn, "post", caller.answer("I bake bread.", "e1"), 200)
    hold(turn, "post", caller.answer("I bake cakes.", "e1"), 422)
    hold(turn, "post", caller.answer("I bake bread.", " "), 422)
    spoken = caller.turn("user_turn", event_id="e3", parts=SPOKEN, heard={"seq": 4, "text": "What"})
    hold(turn, "post", spoken, 200)
    nothing_due = hold(turn, "post", caller.timeout(), 403 if door == "session" else 200)
    seen = hold(read, "get", caller.messages(), 200)
    hold(read, "get", caller.messages(etag=seen.headers["ETag"]), 304)
    hold(read, "get", caller.messages(after=2), 200)
    hold(read, "get", caller.messages(after=-1), 422)
    hold(read, "get", caller.with_door("none").messages(), 401)
    hold("/livekit/token", "post", caller.voice_token(), 503)
    over = hold(turn, "post", caller.finish(), 200)
    hold(turn, "post", caller.answer("Too late."), 409)
    hold(read, "get", caller.messages(), 200)
    hold(one, "delete", caller.delete(), 204)
    hold(read, "get", caller.messages(), 404)

    assert over["done"]
    assert door == "session" or (nothing_due["moved"], nothing_due["assistant_text"]) == (False, "")
    assert [message["seq"] for message in seen["messages"]] == list(range(1, seen["seq"] + 1))


@pytest.mark.server
def test_a_streamed_turn_is_as_described(api: ApiClient, contract: Contract) -> None:
    """The events come in their order, and the last one is the turn that a caller without a stream gets."""
    api.create()
    api.start()

    streamed = api.turn("user_turn", stream=True, event_id="e1", user_text="I bake bread.")
    again = api.answer("I bake bread.", "e1")

    kinds = [kind for kind, _ in streamed.events]
    deltas = [data for kind, data in streamed.events if kind == "delta"]
    assert (kinds[0], kinds[-1], set(kinds[1:-1])) == ("ack", "turn", {"delta"})
    assert "".join(piece["text"] for piece in deltas) == streamed["assistant_text"]
    assert {piece["seq"] for piece in deltas} == {streamed["seq"]}
    contract.fits({"$ref": "#/components/schemas/Turn"}, streamed.body)
    clockless = {"moves_on_in_s": None}
    assert streamed.body | clockless == again.body | clockless
    media = document()["paths"]["/ui/next_turn"]["post"]["responses"]["200"]["content"]
    assert streamed.headers["Content-Type"].partition(";")[0] in media


def test_access_to_a_room_is_as_described(tmp_path: Path, contract: Contract) -> None:
    """Given, while voice is down, after the end and after the deletion."""
    room = FakeVoiceRoom()
    with entry_point("dev", tmp_path, voice_room=room) as caller:
        caller.create()
        caller.start()
        asked = [caller.voice_token()]
        room.down = True
        asked.append(caller.voice_token())
        caller.finish()
        asked.append(caller.voice_token())
        caller.delete()
        asked.append(caller.voice_token())

    assert [answer.status for answer in asked] == [200, 503, 409, 404]
    assert all(contract.holds("/livekit/token", "post", answer) for answer in asked)


@pytest.mark.server
def test_health_and_description_are_as_described(api: ApiClient, contract: Contract) -> None:
    """Each health path answers, and the description that is served is the file."""
    for path, method, _ in operations():
        if path.endswith("/health"):
            answer = api.request("GET", path.removeprefix("/").replace("{session_id}", "any"))
            contract.holds(path, method, answer)
    served = contract.holds("/openapi.json", "get", api.request("GET", "openapi.json"))

    assert served.body == document_for(read_plans())
    assert api.request("GET", "ui/next_turn/health")["interviewer"] == "script"
    assert document()["servers"][0]["url"] == BASE


@pytest.mark.server
def test_a_model_is_named_as_the_interviewer(gemini_server: DevServer) -> None:
    """The page says honestly who asks."""
    with ApiClient(gemini_server.url) as caller:
        assert caller.request("GET", "ui/next_turn/health")["interviewer"] == "model"


@pytest.mark.parametrize("name", ["start", "answer", "speech", "finish", "timeout"])
def test_the_examples_of_turns_are_valid(name: str, contract: Contract) -> None:
    """Who copies an example sends what is accepted."""
    contract.fits({"$ref": "#/components/schemas/TrustedEvent"}, document()["components"]["examples"][name]["value"])


@pytest.mark.parametrize(
    ("fields", "valid"),
    [
        ({"event_type": "start"}, True),
        ({"event_type": "start", "parts": []}, True),
        ({"event_type": "start", "parts": SPOKEN}, False),
        ({"event_type": "finish", "heard": {"seq": 2, "text": "What"}}, False),
        ({"event_type": "finish", "user_text": "Bye."}, False),
        ({"event_type": "timeout", "event_id": "finish"}, True),
        ({"event_type": "user_turn", "event_id": "e3", "parts": SPOKEN}, True),
        ({"event_type": "user_turn", "event_id": "e3", "user_text": "I bake.", "parts": []}, True),
        ({"event_type": "user_turn", "event_id": "e3", "user_text": "I bake.", "parts": SPOKEN}, False),
        ({"event_type": "user_turn", "event_id": "e3", "parts": []}, False),
        ({"event_type": "user_turn", "event_id": "e3"}, False),
        ({"event_type": "user_turn", "user_text": "I bake."}, False),
        ({"event_type": "user_turn", "event_id": "wake-2", "user_text": "I bake."}, False),
    ],
)
def test_which_fields_go_together_is_described_and_done(
    fields: dict[str, Any], valid: bool, contract: Contract
) -> None:
    """Clients that are made by a tool may send an empty array for none."""
    event = {"session_id": str(uuid.uuid4()), **fields}
    described = accepted = True
    try:
        contract.fits({"$ref": "#/components/schemas/TrustedEvent"}, event)
    except jsonschema_rs.ValidationError:
        described = False
    try:
        event_of(decode(event, TurnBody))
    except InterviewError:
        accepted = False

    assert (described, accepted) == (valid, valid)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("?", True),
        ("🥨", True),
        (" a ", True),
        ("e\u0301", True),
        ("\U000a5736", True),
        ("\ue000", True),
        ("", False),
        (" \n", False),
        ("\u200b\u3164", False),
    ],
)
def test_what_counts_as_an_answer_is_described_to_the_letter(text: str, valid: bool, contract: Contract) -> None:
    """The pattern of the description and the rule of the code agree on what can be seen."""
    answer = {"session_id": str(uuid.uuid4()), "event_type": "user_turn", "event_id": "e", "user_text": text}
    described = True
    try:
        contract.fits({"$ref": "#/components/schemas/TrustedEvent"}, answer)
    except jsonschema_rs.ValidationError:
        described = False
    accepted = True
    try:
        event_of(decode(answer, TurnBody))
    except errors.EmptyText:
        accepted = False

    assert (described, accepted) == (valid, valid)


def test_errors_has_one_sentence_for_each_problem() -> None:
    """What a person reads in `detail` is there for all of them, and titles are not said twice."""
    kinds = list(problems().values())

    assert all(kind.title and kind.detail.endswith(".") for kind in kinds)
    assert len({kind.title for kind in kinds}) == len(kinds)
    assert errors.InterviewError.status == 500
