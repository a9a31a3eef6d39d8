/** A streamed interview, whoever reads the streams, and what it tells of it. */

const { BASE, INGEST_SECRET } = process.env;

export const SECRET = { "Content-Type": "application/json", "X-INGEST-SECRET": INGEST_SECRET };
export const TURN_URL = `${BASE}/engine/next_turn`;

/** @returns {Promise<string>} the id of a new interview */
export async function create() {
  const created = await fetch(`${BASE}/sessions/create`, { method: "POST", headers: SECRET, body: "{}" });
  return (await created.json()).session_id;
}

/** What was heard of one turn: the names of its events, each once, its pieces and its end. */
export class Heard {
  kinds = new Set();
  pieces = new Map();
  turn = null;

  take(kind, data) {
    this.kinds.add(kind);
    if (kind === "delta") this.pieces.set(data.seq, (this.pieces.get(data.seq) ?? "") + data.text);
    if (kind === "turn") this.turn = data;
  }

  get whole() {
    return [...this.pieces.values()].join("\n\n") === this.turn.assistant_text;
  }
}

/**
 * @param {(event: object) => Promise<Heard>} listen hears one turn to its end
 * @param {(event: object) => Promise<unknown>} refused sends what must be refused, and gives what it was told
 */
export async function hold(listen, refused) {
  const session_id = await create();
  const answer = { session_id, event_type: "user_turn", event_id: "e1", user_text: "I bake bread." };
  const early = await refused(answer);
  const turns = [];
  for (const event of [{ session_id, event_type: "start" }, answer, { session_id, event_type: "finish" }]) {
    turns.push(await listen(event));
  }
  const heard = turns.map(({ kinds, whole, turn }) => ({ kinds: [...kinds], whole, done: turn.done }));
  console.log(JSON.stringify({ early, heard }));
}
