/** Reads the streams with eventsource, as openapi.yaml says: it is closed at `turn`. */

import { EventSource } from "eventsource";
import { Heard, SECRET, TURN_URL, create, hold } from "./interview.mjs";

let requests = 0;

function open(event) {
  return new EventSource(TURN_URL, {
    fetch: (url, init) => {
      requests += 1;
      return fetch(url, { ...init, method: "POST", headers: { ...init.headers, ...SECRET }, body: JSON.stringify(event) });
    },
  });
}

function listen(event, { close = true } = {}) {
  const heard = new Heard();
  const source = open(event);
  for (const kind of ["ack", "delta", "turn", "problem"]) {
    source.addEventListener(kind, ({ data }) => heard.take(kind, JSON.parse(data)));
  }
  return new Promise((resolve) => {
    source.addEventListener("turn", () => {
      if (close) source.close();
      resolve(heard);
    });
  });
}

/** Who is refused is told the status, and is not connected again. */
function refused(event) {
  const source = open(event);
  return new Promise((resolve) => {
    source.addEventListener("error", ({ code }) => resolve(source.readyState === source.CLOSED ? code : "open"));
  });
}

/** One that is not closed, in the time in which it would have come back twice. */
async function leaveOpen() {
  const session_id = await create();
  await listen({ session_id, event_type: "start" }, { close: false });
  await new Promise((resolve) => setTimeout(resolve, 7_000));
  console.log(JSON.stringify({ requests }));
  process.exit();
}

await (process.argv[2] === "leave-open" ? leaveOpen() : hold(listen, refused));
