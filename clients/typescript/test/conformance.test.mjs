// Runs clients/conformance.json against the memory at MEMORY_TEST_URL.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { MemoryClient, MemoryError } from "../dist/index.js";

const address = process.env.MEMORY_TEST_URL;
const { steps } = JSON.parse(await readFile(new URL("../../conformance.json", import.meta.url), "utf8"));
const saved = { run: `ts-${randomUUID()}` };

const fill = (value) =>
  typeof value === "string" ? value.replace(/\$\{(\w+)\}/g, (_, name) => saved[name])
  : Array.isArray(value) ? value.map(fill)
  : value !== null && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fill(each)]))
  : value;
const at = (answer, path) => path === "@version" ? answer.version : path === "" ? answer : path.split(".").reduce((value, part) => value?.[part], answer);
const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

async function call(client, step) {
  const args = fill(step.args).map((each) =>
    each !== null && typeof each === "object" && ("if_match" in each || "idempotency_key" in each)
      ? { ifMatch: each.if_match, idempotencyKey: each.idempotency_key } : each);
  const answer = client[camel(step.call)](...args);
  if (typeof answer[Symbol.asyncIterator] !== "function") return await answer;
  const all = [];
  for await (const item of answer) all.push(item);
  return all;
}

test("the client does what every client must do", async (run) => {
  const client = new MemoryClient({ address });
  for (const [number, step] of steps.entries()) {
    await run.test(`${number + 1} ${step.call}`, async () => {
      if (step.problem !== undefined) {
        const problem = await call(client, step).then(() => assert.fail("no problem came"), (failure) => failure);
        assert.ok(problem instanceof MemoryError, String(problem));
        assert.equal(problem.code, step.problem);
        for (const field of step.fields ?? []) assert.ok(problem.errors.some((each) => each.field === field), field);
        return;
      }
      const answer = await call(client, step);
      for (const [path, value] of Object.entries(fill(step.expect ?? {}))) assert.deepEqual(at(answer, path) ?? null, value, path);
      for (const [path, length] of Object.entries(step.count ?? {})) assert.equal(at(answer, path).length, length, path);
      if (step.replayed !== undefined) assert.equal(answer.replayed, step.replayed);
      for (const [name, path] of Object.entries(step.save ?? {})) saved[name] = at(answer, path);
    });
  }
});

test("events come as they happen and from the beginning", async () => {
  const client = new MemoryClient({ address });
  const user_id = `ts-${randomUUID()}`;
  const write = async (content) => (await client.writeMemory({ kind: "note", content, user_id })).id;
  const made = [await write("Rye."), await write("Oats.")];
  const seen = [];
  for await (const told of client.events({ after: 0, types: ["memory.made"], user_id })) {
    seen.push(told.data.memory_id);
    if (seen.length === 2) made.push(await write("Spelt."));
    if (seen.length === 3) break;
  }
  assert.deepEqual(seen, made);
  await assert.rejects(client.events({ types: ["turn.made"] }).next(), MemoryError);
});

test("what README.md shows works as it stands there", async () => {
  const page = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const run = `ts-${randomUUID()}`;
  const shown = page.match(/```ts\n(.*?)```/s)[1].replace(/^import .*$/m, "").replaceAll('"mira"', `"${run}"`).replace('"s1"', `"${run}"`)
    .replace("http://127.0.0.1:8080", address);
  const items = await new Function("MemoryClient", `return (async () => { ${shown}; return items; })()`)(MemoryClient);
  assert.equal(items[0].content, "My starter is called Hubert.");
});
