// Drives the client that openapi-typescript and openapi-fetch make: append, recall, edit, repeat, erase.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { paths } from "./made/schema.js";

const memory = createClient<paths>({ baseUrl: process.argv[2] });
const user = `fetch-${randomUUID()}`;

const turn = { id: "t1", role: "user", content: "My starter is called Hubert.", user_id: user };
const session = { params: { path: { id: user } } };
const first = await memory.POST("/v1/sessions/{id}/turns", { ...session, body: turn });
const repeated = await memory.POST("/v1/sessions/{id}/turns", { ...session, body: turn });
assert.equal(repeated.data?.seq, first.data?.seq);
assert.equal(repeated.response.headers.get("Idempotency-Replayed"), "true");

const found = await memory.POST("/v1/recall", { body: { query: "What is the starter called?", user_id: user, min_score: 0 } });
assert.equal(found.data?.items[0]?.content, turn.content);

const written = await memory.POST("/v1/memories", {
  body: { kind: "preference", content: "Night trains.", user_id: user, valid_to: "2040-01-01T00:00:00Z", metadata: { source: "test" } },
});
const id = written.data?.id ?? "";
const edited = await memory.PATCH("/v1/memories/{id}", { params: { path: { id } }, body: { content: "Morning trains.", status: "archived" } });
assert.deepEqual([edited.data?.valid_to, edited.data?.metadata?.source, edited.data?.status], ["2040-01-01T00:00:00Z", "test", "archived"]);
const ended = await memory.PATCH("/v1/memories/{id}", { params: { path: { id } }, body: { valid_to: null } });
assert.deepEqual([ended.data?.valid_to, ended.data?.metadata?.source], [null, "test"]);

const mira = await memory.POST("/v1/entities", { body: { name: "Mira", user_id: user } });
const again = await memory.POST("/v1/entities", { body: { name: "mira", user_id: user } });
assert.deepEqual([mira.response.status, again.response.status, again.data?.id], [201, 200, mira.data?.id]);

const erased = await memory.POST("/v1/admin/erasures", { body: { user_id: user } });
assert.equal(erased.data?.user_id, user);
const gone = await memory.GET("/v1/memories/{id}", { params: { path: { id } } });
assert.equal(gone.error?.code, "not_found");
console.log("openapi-typescript: append, recall, edit, repeat, erase: ok");
