import type { components } from "./schema.js";
import { Transport, type ClientOptions, type Versioned, type WriteOptions } from "./transport.js";

export type { ClientOptions, Versioned, WriteOptions } from "./transport.js";

/** The records of the API, by name. */
export type Schemas = components["schemas"];

/** Request records with what may be absent left out. */
type Body<T> = { [K in keyof T]?: T[K] | undefined };

/** What is told of a tenant's memory: ids and kinds in `data`, and `content` where it was asked for. Streams are in no schema of the API. */
export interface MemoryEvent {
  type: string;
  timestamp: string;
  tenant: string;
  /** Its place in the tenant's log, from 1. */
  seq: number;
  data: Record<string, unknown>;
}

/** Which memories a listing names; what is absent does not restrict. */
export interface MemoryFilter {
  kind?: string;
  tier?: "episodic" | "semantic";
  /** Default active. */
  status?: "active" | "candidate" | "archived" | "superseded";
  user_id?: string;
  agent_id?: string;
  session_id?: string;
}

interface Paging {
  limit?: number;
  cursor?: string;
}

interface AsOf {
  as_of_valid?: string;
  as_of_known?: string;
}

const id = encodeURIComponent;
const ofTenant = (query: { tenant?: string }) => (query.tenant === undefined ? "" : `?tenant=${id(query.tenant)}`);

/**
 * Calls the HTTP API, v1. Every method throws MemoryError when the API answers with a problem. Reads, recalls, searches and keyed
 * writes are sent again when the memory is busy or silent.
 */
export class MemoryClient {
  readonly #http: Transport;

  constructor(options: ClientOptions = {}) {
    this.#http = new Transport(options);
  }

  /** Appends one turn. Without an id of its own it is given an Idempotency-Key: a repeat takes effect once. */
  appendTurn(sessionId: string, turn: Body<Schemas["AppendTurnRequest"]>, write?: WriteOptions): Promise<Versioned<Schemas["TurnResponse"]>> {
    return this.#http.write("POST", `sessions/${id(sessionId)}/turns`, turn, write, turn.id == null ? "key" : "safe");
  }

  /** Appends up to 1,000 turns, all or none. */
  appendTurns(sessionId: string, turns: Body<Schemas["AppendTurnsRequest"]>, write?: WriteOptions): Promise<Versioned<Schemas["TurnBatchResponse"]>> {
    const named = turns.turns?.every((turn) => turn.id != null) ?? false;
    return this.#http.write("POST", `sessions/${id(sessionId)}/turns/batch`, turns, write, named ? "safe" : "key");
  }

  getSession(sessionId: string): Promise<Schemas["SessionResponse"]> {
    return this.#http.get(`sessions/${id(sessionId)}`);
  }

  listSessions(query: { user_id?: string; agent_id?: string; status?: string } & Paging = {}): Promise<Schemas["SessionPage"]> {
    return this.#http.get("sessions", query);
  }

  listTurns(sessionId: string, query: Paging = {}): Promise<Schemas["TurnPage"]> {
    return this.#http.get(`sessions/${id(sessionId)}/turns`, query);
  }

  getWorkingMemory(sessionId: string): Promise<Schemas["WorkingMemoryResponse"]> {
    return this.#http.get(`sessions/${id(sessionId)}/working-memory`);
  }

  /** A prompt-ready block; with a query, also what recall finds beyond the window. */
  getContext(
    sessionId: string,
    query: {
      query?: string; max_tokens?: number; user_id?: string; agent_id?: string; min_score?: number;
      /** With commas between. */
      scopes?: string; kinds?: string;
      /** JSON text. */
      filter?: string;
    } = {},
  ): Promise<Schemas["ContextResponse"]> {
    return this.#http.get(`sessions/${id(sessionId)}/context`, query);
  }

  distil(sessionId: string): Promise<Schemas["DistillationResponse"]> {
    return this.#http.call("POST", `sessions/${id(sessionId)}/distill`);
  }

  /** How far the session is distilled. */
  getDistillation(sessionId: string): Promise<Schemas["DistillationProgressResponse"]> {
    return this.#http.call("GET", `sessions/${id(sessionId)}/distillation`);
  }

  closeSession(sessionId: string, write?: WriteOptions): Promise<Schemas["SessionResponse"]> {
    return this.#http.call("POST", `sessions/${id(sessionId)}/close`, undefined, write);
  }

  /** Erases a session with all that was made of it. */
  deleteSession(sessionId: string, write?: WriteOptions): Promise<void> {
    return this.#http.call("DELETE", `sessions/${id(sessionId)}`, undefined, write);
  }

  /** Erases a turn, by its own id or the one recall answers with, and what was made of it; its seq stays, empty. */
  deleteTurn(sessionId: string, turnId: string, write?: WriteOptions): Promise<void> {
    return this.#http.call("DELETE", `sessions/${id(sessionId)}/turns/${id(turnId)}`, undefined, write);
  }

  recall(recall: Body<Schemas["RecallRequest"]> & { query: string }): Promise<Schemas["RecallResponse"]> {
    return this.#http.call("POST", "recall", recall, undefined, "safe");
  }

  /** Writes a record of an agent's own. A second call writes a second record. */
  writeMemory(memory: Body<Schemas["WriteMemoryRequest"]> & { kind: string; content: string }): Promise<Versioned<Schemas["MemoryResponse"]>> {
    return this.#http.write("POST", "memories", memory);
  }

  getMemory(memoryId: string): Promise<Schemas["MemoryResponse"]> {
    return this.#http.get(`memories/${id(memoryId)}`);
  }

  listMemories(query: MemoryFilter & Paging = {}): Promise<Schemas["MemoryPage"]> {
    return this.#http.get("memories", query);
  }

  getMemoryHistory(memoryId: string): Promise<Schemas["MemoryHistoryResponse"]> {
    return this.#http.get(`memories/${id(memoryId)}/history`);
  }

  /** Changes a memory: what is absent stays, null takes valid_to or metadata away. */
  editMemory(
    memoryId: string,
    edit: { content?: string; importance?: number; valid_to?: string | null; metadata?: object | null; pinned?: boolean; status?: "active" | "archived" },
    write?: WriteOptions,
  ): Promise<Versioned<Schemas["MemoryResponse"]>> {
    return this.#http.write("PATCH", `memories/${id(memoryId)}`, edit, write);
  }

  /** Erases a memory in every version. */
  deleteMemory(memoryId: string, write?: WriteOptions): Promise<void> {
    return this.#http.call("DELETE", `memories/${id(memoryId)}`, undefined, write);
  }

  undoMemory(memoryId: string, write?: WriteOptions): Promise<Schemas["UndoResponse"]> {
    return this.#http.call("POST", `memories/${id(memoryId)}/undo`, undefined, write);
  }

  citeMemory(memoryId: string): Promise<Schemas["CitationResponse"]> {
    return this.#http.call("POST", `memories/${id(memoryId)}/citations`);
  }

  /** Makes an entity, or merges into the one of that name and scope. */
  upsertEntity(entity: Body<Schemas["EntityRequest"]> & { name: string }): Promise<Versioned<Schemas["EntityResponse"]>> {
    return this.#http.write("POST", "entities", entity, undefined, "safe");
  }

  listEntities(query: { type?: string; user_id?: string; agent_id?: string } & Paging = {}): Promise<Schemas["EntityPage"]> {
    return this.#http.get("entities", query);
  }

  getEntity(entityId: string, asOf: AsOf = {}): Promise<Schemas["EntityViewResponse"]> {
    return this.#http.get(`entities/${id(entityId)}`, asOf);
  }

  editEntity(entityId: string, edit: Body<Schemas["EntityPatch"]>, write?: WriteOptions): Promise<Versioned<Schemas["EntityResponse"]>> {
    return this.#http.write("PATCH", `entities/${id(entityId)}`, edit, write);
  }

  deleteEntity(entityId: string, write?: WriteOptions): Promise<Schemas["EntityReceiptResponse"]> {
    return this.#http.call("DELETE", `entities/${id(entityId)}`, undefined, write);
  }

  searchEntities(search: Body<Schemas["EntitySearchRequest"]> & { query: string }): Promise<Schemas["EntitySearchResponse"]> {
    return this.#http.call("POST", "entities/search", search, undefined, "safe");
  }

  /** Adds one observation, or up to 100, all or none. */
  addObservations(observations: Body<Schemas["ObservationsRequest"]>): Promise<Schemas["ObservationsResponse"]> {
    return this.#http.call("POST", "observations", observations, undefined, "safe");
  }

  deleteObservation(observationId: string): Promise<void> {
    return this.#http.call("DELETE", `observations/${id(observationId)}`);
  }

  addRelation(relation: Body<Schemas["RelationRequest"]> & { from_id: string; to_id: string; type: string }): Promise<Versioned<Schemas["RelationResponse"]>> {
    return this.#http.write("POST", "relations", relation, undefined, "safe");
  }

  editRelation(relationId: string, edit: Body<Schemas["RelationPatch"]>, write?: WriteOptions): Promise<Versioned<Schemas["RelationResponse"]>> {
    return this.#http.write("PATCH", `relations/${id(relationId)}`, edit, write);
  }

  deleteRelation(relationId: string, write?: WriteOptions): Promise<void> {
    return this.#http.call("DELETE", `relations/${id(relationId)}`, undefined, write);
  }

  findPath(from: string, to: string, query: { max_hops?: number } & AsOf = {}): Promise<Schemas["GraphPathResponse"]> {
    return this.#http.get("graph/path", { from, to, ...query });
  }

  getGraphOverview(): Promise<Schemas["GraphOverviewResponse"]> {
    return this.#http.get("graph/overview");
  }

  /** Erases a memory, a turn, a session, or all of a user, for good. */
  erase(
    target: { memory_id: string } | { turn: { session_id: string; turn_id: string } } | { session_id: string } | { user_id: string },
  ): Promise<Schemas["ErasureResponse"]> {
    return this.#http.call("POST", "admin/erasures", target);
  }

  getErasure(erasureId: string): Promise<Schemas["ErasureResponse"]> {
    return this.#http.get(`admin/erasures/${id(erasureId)}`);
  }

  /** Keys in the store, newest first; another tenant than the key's own is for operators. */
  listKeys(query: { tenant?: string } & Paging = {}): Promise<Schemas["KeyPage"]> {
    return this.#http.get("admin/keys", query);
  }

  getKey(keyId: string, query: { tenant?: string } = {}): Promise<Schemas["KeyResponse"]> {
    return this.#http.get(`admin/keys/${id(keyId)}`, query);
  }

  /** Makes a key. Its text is in this answer and nowhere else. */
  makeKey(key: Body<Schemas["MakeKeyRequest"]> & { name: string }, query: { tenant?: string } = {}): Promise<Schemas["ShownKeyResponse"]> {
    return this.#http.call("POST", `admin/keys${ofTenant(query)}`, key);
  }

  /** Gives a key a new secret; the one before stays good for the overlap. */
  rotateKey(keyId: string, rotation: Body<Schemas["RotateKeyRequest"]> = {}, query: { tenant?: string } = {}): Promise<Schemas["ShownKeyResponse"]> {
    return this.#http.call("POST", `admin/keys/${id(keyId)}/rotate${ofTenant(query)}`, rotation);
  }

  /** Ends a key for good. */
  revokeKey(keyId: string, query: { tenant?: string } = {}): Promise<Schemas["KeyResponse"]> {
    return this.#http.call("DELETE", `admin/keys/${id(keyId)}${ofTenant(query)}`);
  }

  listWebhooks(): Promise<Schemas["WebhookList"]> {
    return this.#http.get("webhooks");
  }

  getWebhook(webhookId: string): Promise<Schemas["WebhookResponse"]> {
    return this.#http.get(`webhooks/${id(webhookId)}`);
  }

  /** Makes a webhook. Its secret is in this answer and nowhere else. */
  makeWebhook(webhook: Body<Schemas["WebhookRequest"]> & { url: string; events: string[] }): Promise<Schemas["ShownWebhookResponse"]> {
    return this.#http.call("POST", "webhooks", webhook);
  }

  /** Changes a webhook; what is absent stays. */
  changeWebhook(webhookId: string, patch: Body<Schemas["WebhookPatch"]>): Promise<Schemas["WebhookResponse"]> {
    return this.#http.call("PATCH", `webhooks/${id(webhookId)}`, patch);
  }

  /** Gives a webhook a new secret; deliveries are signed with the one before too for the overlap. */
  rotateWebhook(webhookId: string, rotation: Body<Schemas["RotateWebhookRequest"]> = {}): Promise<Schemas["ShownWebhookResponse"]> {
    return this.#http.call("POST", `webhooks/${id(webhookId)}/rotate`, rotation);
  }

  /** Has a test sent; what comes of it is in listDeliveries. */
  testWebhook(webhookId: string): Promise<Schemas["DeliveryResponse"]> {
    return this.#http.call("POST", `webhooks/${id(webhookId)}/test`);
  }

  listDeliveries(webhookId: string, query: Paging = {}): Promise<Schemas["DeliveryPage"]> {
    return this.#http.get(`webhooks/${id(webhookId)}/deliveries`, query);
  }

  removeWebhook(webhookId: string): Promise<void> {
    return this.#http.call("DELETE", `webhooks/${id(webhookId)}`);
  }

  /**
   * Events as they come, from now on or behind `after` (0: all that are kept), until the loop is left or the connection breaks; then ask
   * again with the last seq that was read. One of type events.missed says that older ones are not kept any more.
   */
  events(
    query: { after?: number; types?: string[]; user_id?: string; agent_id?: string; signal?: AbortSignal } = {},
  ): AsyncGenerator<MemoryEvent | { type: "events.missed"; first: number }> {
    const { after, types, signal, ...scope } = query;
    return this.#http.events("events", { ...scope, types: types?.join(",") }, after, signal);
  }

  /** All turns of a session, page by page. */
  turns(sessionId: string): AsyncGenerator<Schemas["TurnResponse"]> {
    return this.#http.pages((cursor) => this.listTurns(sessionId, { limit: 100, ...cursor }));
  }

  /** All sessions, page by page. */
  sessions(query: { user_id?: string; agent_id?: string; status?: string } = {}): AsyncGenerator<Schemas["SessionResponse"]> {
    return this.#http.pages((cursor) => this.listSessions({ ...query, limit: 100, ...cursor }));
  }

  /** All memories that the filter lets through, page by page. */
  memories(query: MemoryFilter = {}): AsyncGenerator<Schemas["MemoryResponse"]> {
    return this.#http.pages((cursor) => this.listMemories({ ...query, limit: 100, ...cursor }));
  }

  /** All entities, page by page. */
  entities(query: { type?: string; user_id?: string; agent_id?: string } = {}): AsyncGenerator<Schemas["EntityResponse"]> {
    return this.#http.pages((cursor) => this.listEntities({ ...query, limit: 100, ...cursor }));
  }
}
