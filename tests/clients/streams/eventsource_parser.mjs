/** Reads the streams with eventsource-parser, out of the body of a fetch. */

import { EventSourceParserStream } from "eventsource-parser/stream";
import { Heard, SECRET, TURN_URL, hold } from "./interview.mjs";

function send(event) {
  const headers = { ...SECRET, Accept: "text/event-stream" };
  return fetch(TURN_URL, { method: "POST", headers, body: JSON.stringify(event) });
}

async function listen(event) {
  const heard = new Heard();
  const response = await send(event);
  const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { event: kind, data } of events) heard.take(kind, JSON.parse(data));
  return heard;
}

await hold(listen, async (event) => (await (await send(event)).json()).type);
