import { problemOf } from "./problem.js";

export interface ClientOptions {
  /** The server's address; a path in it is kept. Default http://127.0.0.1:8080. */
  address?: string;
  /** One of the memory's keys, where it asks for one. */
  apiKey?: string;
  /** Attempts in all of what may be repeated; default 4. */
  attempts?: number;
  /** For one attempt, in milliseconds; default 30,000. */
  timeout?: number;
  fetch?: typeof fetch;
}

export interface WriteOptions {
  /** The same key with the same body within 24 hours takes effect once; of turns alone. */
  idempotencyKey?: string;
  /** The version that must be the current one. */
  ifMatch?: number;
}

/** An answer with the version it speaks of, for ifMatch; replayed when an earlier request had already done the work. */
export type Versioned<T> = T & { readonly version: number | undefined; readonly replayed: boolean };

type Repeat = "no" | "safe" | "key";

const shortest = 200;
const longest = 30_000;

/** Sends requests, and again what may be sent again. */
export class Transport {
  readonly #root: string;
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#root = (options.address ?? "http://127.0.0.1:8080").replace(/\/+$/, "");
    this.#options = options;
  }

  get<T>(path: string, query: object = {}): Promise<T> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
    const text = given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
    return this.call("GET", path + text, undefined, undefined, "safe");
  }

  async call<T>(method: string, path: string, body?: object, write: WriteOptions = {}, repeat: Repeat = "no"): Promise<T> {
    const response = await this.#send(method, path, body, write, repeat);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** A write whose answer has a version; the version is no member of the record that JSON.stringify would show. */
  async write<T extends object>(method: string, path: string, body: object, write: WriteOptions = {}, repeat: Repeat = "no"): Promise<Versioned<T>> {
    const response = await this.#send(method, path, body, write, repeat);
    const tag = response.headers.get("etag")?.replaceAll('"', "");
    const answer = (await response.json()) as T;
    Object.defineProperty(answer, "replayed", { value: response.headers.has("idempotency-replayed"), enumerable: false });
    if (!("version" in answer)) Object.defineProperty(answer, "version", { value: tag === undefined ? undefined : Number(tag), enumerable: false });
    return answer as Versioned<T>;
  }

  /** The data of server-sent events, until the server or the signal ends it; a break is thrown. */
  async *events<T>(path: string, query: object, lastEventId: number | undefined, signal: AbortSignal | undefined): AsyncGenerator<T> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const headers: Record<string, string> = { accept: "text/event-stream" };
    if (this.#options.apiKey !== undefined) headers.authorization = `Bearer ${this.#options.apiKey}`;
    if (lastEventId !== undefined) headers["last-event-id"] = String(lastEventId);
    const url = `${this.#root}/v1/${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
    const response = await (this.#options.fetch ?? fetch)(url, { headers, ...(signal === undefined ? {} : { signal }) });
    if (!response.ok) throw await problemOf(response);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop()!;
        for (const block of blocks) {
          const data = block.split("\n").find((line) => line.startsWith("data: "));
          if (data !== undefined) yield JSON.parse(data.slice("data: ".length)) as T;
        }
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  async *pages<T>(ask: (cursor: { cursor?: string }) => Promise<{ items: T[]; next_cursor: string | null }>): AsyncGenerator<T> {
    let cursor: string | null = null;
    do {
      const page: { items: T[]; next_cursor: string | null } = await ask(cursor === null ? {} : { cursor });
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor !== null);
  }

  async #send(method: string, path: string, body: object | undefined, write: WriteOptions, repeat: Repeat): Promise<Response> {
    const headers: Record<string, string> = {};
    if (this.#options.apiKey !== undefined) headers.authorization = `Bearer ${this.#options.apiKey}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    const key = write.idempotencyKey ?? (repeat === "key" ? crypto.randomUUID() : undefined);
    if (key !== undefined) headers["idempotency-key"] = key;
    if (write.ifMatch !== undefined) headers["if-match"] = `"${write.ifMatch}"`;
    const request = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
    const attempts = repeat === "no" && key === undefined ? 1 : (this.#options.attempts ?? 4);
    for (let attempt = 1; ; attempt++) {
      const response = await this.#attempt(`${this.#root}/v1/${path}`, request, attempt < attempts);
      if (response?.ok) return response;
      if (response !== undefined && (attempt >= attempts || (response.status !== 429 && response.status !== 503))) throw await problemOf(response);
      const asked = Number(response?.headers.get("retry-after") ?? Number.NaN) * 1_000;
      await response?.body?.cancel();
      const wait = Number.isFinite(asked) ? asked : shortest * 2 ** (attempt - 1);
      await new Promise((done) => setTimeout(done, Math.min(longest, Math.max(shortest, wait))));
    }
  }

  /** Undefined when nobody answered and there is another attempt. */
  async #attempt(url: string, request: RequestInit, again: boolean): Promise<Response | undefined> {
    try {
      return await (this.#options.fetch ?? fetch)(url, { ...request, signal: AbortSignal.timeout(this.#options.timeout ?? 30_000) });
    } catch (silence) {
      if (!again) throw silence;
      return undefined;
    }
  }
}
