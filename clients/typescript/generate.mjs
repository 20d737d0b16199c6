// Writes src/schema.ts, the records of the API, from a running memory's OpenAPI document: node generate.mjs http://127.0.0.1:8080
import { writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const address = process.argv[2] ?? "http://127.0.0.1:8080";
const answer = await fetch(`${address.replace(/\/$/, "")}/openapi/v1.json`);
if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
const document = await answer.json();
// The calls are written by hand, in client.ts; only the records are wanted.
document.paths = {};
delete document.components.responses;
delete document.components.headers;
const text = astToString(await openapiTS(document));
await writeFile(new URL("src/schema.ts", import.meta.url), `// Made by generate.mjs from /openapi/v1.json. Do not edit.\n${text}`);
