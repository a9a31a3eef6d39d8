"""A trusted server with the Python client of openapi-generator."""

import json
import os
from collections.abc import Callable

from generated import ApiClient, ApiException, Configuration, InterviewsApi, TurnsApi
from generated.models import (
    CreateRequest,
    FieldProblem,
    Heard,
    Problem,
    ProblemType,
    Speech,
    SpokenPart,
    TrustedEvent,
    Turn,
)

WRITTEN = "I bake bread."
SPOKEN = [SpokenPart(id="e2", text="I bake cakes"), SpokenPart(id="e3", text="for weddings.")]


def refused(call: Callable[[], object]) -> str:
    try:
        answer = call()
    except ApiException as error:
        problem = error.data
        assert isinstance(problem, Problem | FieldProblem), problem
        assert isinstance(problem.type, ProblemType)
        pointer = f" {problem.errors[0].pointer}" if isinstance(problem, FieldProblem) else ""
        return problem.type.value + pointer
    raise AssertionError(answer)


def hold() -> None:
    configuration = Configuration(host=os.environ["BASE"], api_key={"ingestSecret": os.environ["INGEST_SECRET"]})
    api = ApiClient(configuration)
    interviews, turns = InterviewsApi(api), TurnsApi(api)
    session_id = interviews.create_interview(CreateRequest(candidate_name="Ada", role="Baker")).session_id

    def turn(event_type: str, **fields: object) -> Turn:
        return turns.take_turn(TrustedEvent(session_id=session_id, event_type=event_type, **fields))

    refusals = [refused(lambda: turn("user_turn", event_id="e1", user_text=WRITTEN))]
    greeting = turn("start")
    refusals.append(refused(lambda: turn("user_turn", event_id="e1", user_text=" ")))
    reply = turn("user_turn", event_id="e1", user_text=WRITTEN)
    heard = Heard(seq=reply.seq, text=reply.assistant_text[:5])
    speech = Speech(words=5, speech_ms=1500, pauses=1, longest_pause_ms=1000)
    turn("user_turn", event_id="e3", parts=SPOKEN, heard=heard, speech=speech)
    end = turn("finish")
    read = interviews.read_interview(session_id)
    interviews.delete_interview(session_id)
    refusals.append(refused(lambda: interviews.read_interview(session_id)))

    told = {
        "done": end.done,
        "clocks": [greeting.moves_on_at is not None, read.moves_on_at is not None],
        "sources": [message.source for message in read.messages],
        "words": [message.text for message in read.messages if message.role == "user"],
        "refusals": refusals,
    }
    print(json.dumps(told))


hold()
