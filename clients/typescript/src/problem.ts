import type { components } from "./schema.js";

type Problem = components["schemas"]["ProblemResponse"];

/** The API answered with a problem (RFC 9457). */
export class MemoryError extends Error {
  /** The HTTP status. */
  readonly status: number;
  /** Stable; what programs decide on. */
  readonly code: string;
  /** The fields to blame; empty when there are none. */
  readonly errors: ReadonlyArray<{ field: string; message: string }>;
  readonly requestId: string | undefined;

  /** @param retryAfter Seconds to wait before asking again; undefined when that would not help. */
  constructor(readonly problem: Problem, readonly retryAfter: number | undefined) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = "MemoryError";
    this.status = Number(problem.status);
    this.code = problem.code;
    this.errors = (problem.errors ?? []) as ReadonlyArray<{ field: string; message: string }>;
    this.requestId = problem.request_id ?? undefined;
  }
}

/** Reads a failure; one without problem details, as of a proxy, has the code "unknown". */
export async function problemOf(response: Response): Promise<MemoryError> {
  const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isFinite(wait) ? wait : undefined;
  if (response.headers.get("content-type")?.startsWith("application/problem+json")) {
    return new MemoryError((await response.json()) as Problem, retryAfter);
  }
  await response.body?.cancel();
  const problem = {
    type: "about:blank", title: response.statusText, status: response.status, code: "unknown",
    detail: `The server answered ${response.status} without problem details.`,
  };
  return new MemoryError(problem as unknown as Problem, retryAfter);
}
