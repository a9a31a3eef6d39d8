#!/usr/bin/env bash
# eventsource 4.1.1 (npm): a `retry` of 2147483648 ms or more makes the client connect again after 1 ms instead of after
# 25 days. The field's value is any number of digits (WHATWG HTML, "Server-sent events"); the client hands it to
# setTimeout, which takes what does not fit into 31 bits as 1 and prints a TimeoutOverflowWarning. A server that means
# "stay away" is asked some 150 times a second.
#
# Seen with Node 20: retry 2147483647: 1 connection in 2 s; retry 2147483648: 10 connections, after which the script
# stops it, within a second.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$work" && npm install --silent --no-audit --no-fund --ignore-scripts eventsource@4.1.1)

cat >"$work/client.mjs" <<'JAVASCRIPT'
import { createServer } from 'node:http'
import { EventSource } from 'eventsource'

const MOST = 10
const [retry] = process.argv.slice(2)
let connections = 0
const server = createServer((_, answer) => {
  connections += 1
  answer.writeHead(200, { 'Content-Type': 'text/event-stream' })
  answer.end(`retry: ${retry}\n\ndata: one\n\n`)
  if (connections === MOST) finish()
})
const finish = () => {
  source.close()
  server.close()
  server.closeAllConnections()
  clearTimeout(end)
  console.log(`${connections}`)
}
let source
const end = setTimeout(finish, 2000)
server.listen(0, '127.0.0.1', () => {
  source = new EventSource(`http://127.0.0.1:${server.address().port}/`)
})
JAVASCRIPT

changed=0
try() { # RETRY EXPECTED
    local connections
    connections=$(cd "$work" && node --no-warnings client.mjs "$1")
    echo "retry $1: $connections connection(s) in two seconds, and 10 is where the script stops"
    [ "$connections" = "$2" ] || changed=1
}
try 2147483647 1
try 2147483648 10

[ "$changed" = 0 ] || echo "The behaviour changed."
exit "$changed"
