"""A candidate's own client, made by openapi-python-client."""

import json
import os

from generated.api.interviews import create_interview, delete_interview, read_interview
from generated.api.turns import take_turn_as_candidate
from generated.client import AuthenticatedClient, Client
from generated.models import (
    CandidateEvent,
    CandidateEventEventType,
    CreatedInterview,
    CreateRequest,
    FieldProblem,
    Heard,
    Interview,
    MessageRole,
    Problem,
    ProblemType,
    Speech,
    SpokenPart,
    Turn,
)

WRITTEN = "I bake bread."
SPOKEN = [SpokenPart(id="e2", text="I bake cakes"), SpokenPart(id="e3", text="for weddings.")]


def refused(answer: object) -> str:
    assert isinstance(answer, Problem | FieldProblem), answer
    assert isinstance(answer.type_, ProblemType)
    return f"{answer.type_} {answer.errors[0].pointer}" if isinstance(answer, FieldProblem) else str(answer.type_)


def hold() -> None:
    base = os.environ["BASE"]
    asked = CreateRequest(candidate_name="Ada", role="Baker")
    created = create_interview.sync(client=Client(base_url=base), body=asked)
    assert isinstance(created, CreatedInterview), created
    client, session_id = AuthenticatedClient(base_url=base, token=created.session_token), created.session_id

    def turn(kind: CandidateEventEventType, **fields: object) -> object:
        event = CandidateEvent(session_id=session_id, event_type=kind, **fields)
        return take_turn_as_candidate.sync(client=client, body=event)

    kinds = CandidateEventEventType
    refusals = [refused(turn(kinds.USER_TURN, event_id="e1", user_text=WRITTEN))]
    greeting = turn(kinds.START)
    refusals.append(refused(turn(kinds.USER_TURN, event_id="e1", user_text=" ")))
    reply = turn(kinds.USER_TURN, event_id="e1", user_text=WRITTEN)
    assert isinstance(greeting, Turn), greeting
    assert isinstance(reply, Turn), reply
    heard = Heard(seq=reply.seq, text=reply.assistant_text[:5])
    speech = Speech(words=5, speech_ms=1500, pauses=1, longest_pause_ms=1000)
    assert isinstance(turn(kinds.USER_TURN, event_id="e3", parts=SPOKEN, heard=heard, speech=speech), Turn)
    end = turn(kinds.FINISH)
    assert isinstance(end, Turn), end
    read = read_interview.sync(session_id, client=client)
    assert isinstance(read, Interview), read
    assert delete_interview.sync_detailed(session_id, client=client).status_code == 204
    refusals.append(refused(read_interview.sync(session_id, client=client)))

    told = {
        "done": end.done,
        "clocks": [greeting.moves_on_at is not None, read.moves_on_at is not None],
        "sources": [message.source for message in read.messages],
        "words": [message.text for message in read.messages if message.role is MessageRole.USER],
        "refusals": refusals,
    }
    print(json.dumps(told))


hold()
