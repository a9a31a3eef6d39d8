/** A trusted server with the client that openapi-generator makes for fetch. */

import { Configuration, InterviewsApi, ResponseError, TurnsApi } from "./generated";
import { FieldProblemFromJSON, ProblemFromJSON, type ProblemType, type Source, type TrustedEvent, type Turn } from "./generated";
import { SPOKEN, WRITTEN, setting, tell } from "./interview";

const configuration = new Configuration({ basePath: setting("BASE"), apiKey: setting("INGEST_SECRET") });
const interviews = new InterviewsApi(configuration);
const turns = new TurnsApi(configuration);

function turn(trustedEvent: TrustedEvent): Promise<Turn> {
  return turns.takeTurn({ trustedEvent });
}

async function refused(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof ResponseError)) throw new Error("it was not refused");
  const body: unknown = await error.response.json();
  const type: ProblemType = ProblemFromJSON(body).type;
  return error.response.status === 422 ? `${type} ${FieldProblemFromJSON(body).errors[0].pointer}` : type;
}

async function hold(): Promise<void> {
  const created = await interviews.createInterview({ createRequest: { candidateName: "Ada", role: "Baker" } });
  const sessionId = created.sessionId;
  const written = { sessionId, eventType: "user_turn", eventId: "e1" } as const;

  const refusals = [await refused(turn({ ...written, userText: WRITTEN }))];
  const greeting = await turn({ sessionId, eventType: "start" });
  refusals.push(await refused(turn({ ...written, userText: " " })));
  const reply = await turn({ ...written, userText: WRITTEN });
  const heard = { seq: reply.seq, text: reply.assistantText.slice(0, 5) };
  const speech = { words: 5, speechMs: 1500, pauses: 1, longestPauseMs: 1000 };
  await turn({ sessionId, eventType: "user_turn", eventId: "e3", parts: SPOKEN, heard, speech });
  const end = await turn({ sessionId, eventType: "finish" });
  const read = await interviews.readInterview({ sessionId });
  await interviews.deleteInterview({ sessionId });
  refusals.push(await refused(interviews.readInterview({ sessionId })));

  const clock: Date | null = greeting.movesOnAt;
  const sources: (Source | null)[] = read.messages.map((message) => message.source);
  tell({
    done: end.done,
    clocks: [clock !== null, read.movesOnAt !== null],
    sources,
    words: read.messages.filter((message) => message.role === "user").map((message) => message.text),
    refusals,
  });
}

void hold();
