/** A trusted server with openapi-fetch and the types of openapi-typescript. */

import createClient from "openapi-fetch";
import type { components, paths } from "./generated/api";
import { SPOKEN, WRITTEN, setting, tell } from "./interview";

type Schemas = components["schemas"];

// Without the media types a turn would be of either type, whole or streamed.
const api = createClient<paths, "application/json" | "application/problem+json">({
  baseUrl: setting("BASE"),
  headers: { "X-INGEST-SECRET": setting("INGEST_SECRET") },
});

async function turn(event: Schemas["TrustedEvent"]): Promise<Schemas["Turn"] | Schemas["Problem"] | Schemas["FieldProblem"]> {
  const { data, error } = await api.POST("/engine/next_turn", { body: event });
  return data ?? error;
}

function said(answer: Schemas["Turn"] | Schemas["Problem"]): Schemas["Turn"] {
  if ("type" in answer) throw new Error(answer.detail);
  return answer;
}

function refused(answer: object): string {
  if (!("type" in answer)) throw new Error("it was not refused");
  const problem = answer as Schemas["Problem"] | Schemas["FieldProblem"];
  const type: Schemas["ProblemType"] = problem.type;
  return "errors" in problem ? `${type} ${problem.errors[0].pointer}` : type;
}

async function hold(): Promise<void> {
  const created = await api.POST("/sessions/create", { body: { candidate_name: "Ada", role: "Baker" } });
  if (!created.data) throw new Error(created.error.detail);
  const session_id = created.data.session_id;
  const written = { session_id, event_type: "user_turn", event_id: "e1" } as const;
  const interview = { params: { path: { session_id } } };

  const refusals = [refused(await turn({ ...written, user_text: WRITTEN }))];
  const greeting = said(await turn({ session_id, event_type: "start" }));
  refusals.push(refused(await turn({ ...written, user_text: " " })));
  const reply = said(await turn({ ...written, user_text: WRITTEN }));
  const heard = { seq: reply.seq, text: reply.assistant_text.slice(0, 5) };
  const speech = { words: 5, speech_ms: 1500, pauses: 1, longest_pause_ms: 1000 };
  said(await turn({ session_id, event_type: "user_turn", event_id: "e3", parts: SPOKEN, heard, speech }));
  const end = said(await turn({ session_id, event_type: "finish" }));
  const { data: read } = await api.GET("/sessions/{session_id}/messages", interview);
  if (!read) throw new Error("it cannot be read");
  const deleted = await api.DELETE("/sessions/{session_id}", interview);
  if (deleted.response.status !== 204) throw new Error("it was not deleted");
  const gone = await api.GET("/sessions/{session_id}/messages", interview);
  refusals.push(refused(gone.error ?? {}));

  const clock: string | null = greeting.moves_on_at;
  const sources: (Schemas["Source"] | null)[] = read.messages.map((message) => message.source);
  tell({
    done: end.done,
    clocks: [clock !== null, read.moves_on_at !== null],
    sources,
    words: read.messages.filter((message) => message.role === "user").map((message) => message.text),
    refusals,
  });
}

void hold();
