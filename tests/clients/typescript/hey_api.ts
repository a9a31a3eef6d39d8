/** A candidate's own client, made by @hey-api/openapi-ts. */

import * as api from "./generated";
import { client } from "./generated/client.gen";
import type { CandidateEvent, FieldProblem, Problem, ProblemType, Source, Turn } from "./generated";
import { SPOKEN, WRITTEN, setting, tell } from "./interview";

let token = "";
client.setConfig({ baseUrl: setting("BASE"), auth: ({ scheme }) => (scheme === "bearer" ? token : undefined) });

async function turn(event: CandidateEvent): Promise<Turn | Problem | FieldProblem> {
  const { data, error } = await api.takeTurnAsCandidate({ body: event });
  return data ?? error!;
}

function said(answer: Turn | Problem): Turn {
  if ("type" in answer) throw new Error(answer.detail);
  return answer;
}

function refused(answer: Turn | Problem | FieldProblem | undefined): string {
  if (!answer || !("type" in answer)) throw new Error("it was not refused");
  const type: ProblemType = answer.type;
  return "errors" in answer ? `${type} ${answer.errors[0].pointer}` : type;
}

async function hold(): Promise<void> {
  const { data: created } = await api.createInterview({ body: { candidate_name: "Ada", role: "Baker" }, throwOnError: true });
  token = created.session_token;
  const session_id = created.session_id;
  const written = { session_id, event_type: "user_turn", event_id: "e1" } as const;

  const refusals = [refused(await turn({ ...written, user_text: WRITTEN }))];
  const greeting = said(await turn({ session_id, event_type: "start" }));
  refusals.push(refused(await turn({ ...written, user_text: " " })));
  const reply = said(await turn({ ...written, user_text: WRITTEN }));
  const heard = { seq: reply.seq, text: reply.assistant_text.slice(0, 5) };
  const speech = { words: 5, speech_ms: 1500, pauses: 1, longest_pause_ms: 1000 };
  said(await turn({ session_id, event_type: "user_turn", event_id: "e3", parts: SPOKEN, heard, speech }));
  const end = said(await turn({ session_id, event_type: "finish" }));
  const { data: read } = await api.readInterview({ path: { session_id }, throwOnError: true });
  await api.deleteInterview({ path: { session_id }, throwOnError: true });
  const gone = await api.readInterview({ path: { session_id } });
  refusals.push(refused(gone.error));

  const clock: string | null = greeting.moves_on_at;
  const sources: (Source | null)[] = read.messages.map((message) => message.source);
  tell({
    done: end.done,
    clocks: [clock !== null, read.moves_on_at !== null],
    sources,
    words: read.messages.filter((message) => message.role === "user").map((message) => message.text),
    refusals,
  });
}

hold().catch((reason: unknown) => {
  console.error(reason);
  process.exitCode = 1;
});
