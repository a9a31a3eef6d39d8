#!/usr/bin/env bash
# openapi-generator 7.26.0 (as the PyPI package openapi-generator-cli), generator typescript-fetch: of a `oneOf` without
# a discriminator the generated client takes the first schema, in alphabetical order, whose required names are there, and
# sends no other members. Both schemas below are closed (additionalProperties: false), so exactly one of them fits every
# object, and the description is unambiguous. The client sends {"name": "Ada"} for {"name": "Ada", "phone": "555"}: the
# member that the second schema requires is gone, and there is no error.
#
# Seen with Java 17, Node 20 and TypeScript 5.9.3. Needs java, node, npm.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check openapi-generator-cli==7.26.0
(cd "$work" && npm install --silent --no-audit --no-fund --ignore-scripts typescript@5.9.3)

cat >"$work/api.yaml" <<'YAML'
openapi: 3.0.3
info: { title: Contacts, version: "1" }
paths:
  /contacts:
    post:
      operationId: add
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: "#/components/schemas/Contact" } } }
      responses: { "204": { description: Added. } }
components:
  schemas:
    Contact:
      oneOf: [{ $ref: "#/components/schemas/ByMail" }, { $ref: "#/components/schemas/ByPhone" }]
    ByMail:
      type: object
      additionalProperties: false
      required: [name]
      properties: { name: { type: string }, mail: { type: string } }
    ByPhone:
      type: object
      additionalProperties: false
      required: [name, phone]
      properties: { name: { type: string }, phone: { type: string } }
YAML
cd "$work"
java -jar venv/lib/*/site-packages/openapi_generator_cli/openapi-generator.jar generate \
    -g typescript-fetch -i api.yaml -o client >generator.log 2>&1 || { cat generator.log; exit 1; }
node_modules/.bin/tsc --target es2022 --lib es2022,dom --module commonjs --moduleResolution node10 --skipLibCheck \
    --outDir built client/index.ts

sent=$(node -e '
  const { ContactToJSON } = require("./built/index.js")
  console.log(JSON.stringify(ContactToJSON({ name: "Ada", phone: "555" })))')
echo "For {\"name\":\"Ada\",\"phone\":\"555\"} the client sends $sent"
[ "$sent" = '{"name":"Ada"}' ] || { echo "The behaviour changed."; exit 1; }
