import assert from "node:assert/strict";
import test from "node:test";
import { MemoryClient, MemoryError } from "../dist/index.js";

/** A client whose requests a script answers. */
function scripted(answers, options = {}) {
  const seen = [];
  const fetch = async (url, request) => {
    seen.push({ url, ...request });
    const answer = answers[Math.min(seen.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    return new Response(answer.status === 204 ? null : JSON.stringify(answer.body ?? {}), { status: answer.status, headers: answer.headers ?? {} });
  };
  return { client: new MemoryClient({ address: "http://example.test/memory/", fetch, ...options }), seen };
}

test("a path in the address is kept, and ids are escaped", async () => {
  const { client, seen } = scripted([{ status: 200 }]);
  await client.getSession("a:b@c");
  assert.equal(seen[0].url, "http://example.test/memory/v1/sessions/a%3Ab%40c");
});

test("recalls and appends are sent again, an append with the same key; a written memory is not", async () => {
  const busy = [{ status: 503, headers: { "retry-after": "0" } }, { status: 200 }];
  const read = scripted(busy);
  await read.client.recall({ query: "q" });
  assert.equal(read.seen.length, 2);
  const append = scripted([new TypeError("fetch failed"), { status: 201 }]);
  await append.client.appendTurn("s", { role: "user", content: "c" });
  assert.equal(append.seen.length, 2);
  assert.ok(append.seen[0].headers["idempotency-key"]);
  assert.equal(append.seen[0].headers["idempotency-key"], append.seen[1].headers["idempotency-key"]);
  const write = scripted(busy);
  await assert.rejects(write.client.writeMemory({ kind: "note", content: "c" }), (failure) => failure instanceof MemoryError && failure.status === 503);
  assert.equal(write.seen.length, 1);
});

test("an answer that is no problem of the API's has the code unknown, and the key is sent", async () => {
  const { client, seen } = scripted([{ status: 502 }], { apiKey: "k" });
  await assert.rejects(client.getSession("s"), (failure) => failure.code === "unknown" && failure.status === 502);
  assert.equal(seen[0].headers.authorization, "Bearer k");
});
