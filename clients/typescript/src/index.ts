export { MemoryClient } from "./client.js";
export type { ClientOptions, WriteOptions, Versioned, MemoryEvent, MemoryFilter, Schemas } from "./client.js";
export { MemoryError } from "./problem.js";
