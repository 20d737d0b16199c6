// Made by generate.mjs from /openapi/v1.json. Do not edit.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Body of `POST /v1/sessions/{id}/turns`. */
        AppendTurnRequest: {
            /** @description The session's user; a later change is a conflict. */
            user_id?: null | string;
            /** @description The session's agent; a later change is a conflict. */
            agent_id?: null | string;
            /** @description The person's time zone, a name of the IANA database ("Europe/Berlin"), kept with the session: given once, it says by whose clock times in UTC are meant. Absent: as it was; of a new session, that of the user's newest session that has one. */
            time_zone?: null | string;
            /** @description Unique within the session; minted when absent. Sent again with the same fields it is a replay. */
            id?: null | string;
            /** @description Who speaks: user, assistant, system, tool, or another word of 1 to 64 characters of `[A-Za-z0-9_.-]`. */
            role: string;
            /** @description The speaker's name, 1 to 128 characters. */
            name?: null | string;
            /** @description 1 to 100,000 characters (UTF-16 code units), not blank. */
            content: string;
            /**
             * Format: date-time
             * @description When it was said; an RFC 3339 time with any offset, which is kept: it is the speaker's clock. Default: now. To the microsecond.
             */
            occurred_at?: null | string;
            /** @description A JSON object of at most 16 KiB. Kept with its members sorted by name and without white space. */
            metadata?: null | {
                [key: string]: unknown;
            };
        };
        /** @description Body of `POST /v1/sessions/{id}/turns/batch`: all of them, or none. */
        AppendTurnsRequest: {
            /** @description The session's user; a later change is a conflict. */
            user_id?: null | string;
            /** @description The session's agent; a later change is a conflict. */
            agent_id?: null | string;
            /** @description The person's time zone, a name of the IANA database ("Europe/Berlin"), kept with the session: given once, it says by whose clock times in UTC are meant. Absent: as it was; of a new session, that of the user's newest session that has one. */
            time_zone?: null | string;
            /** @description 1 to 1,000 turns, in order. */
            turns: components["schemas"]["TurnInput"][];
        };
        /** @description The time to answer for: what was true, and what was known to the service. */
        AsOfInput: {
            /**
             * Format: date-time
             * @description True in the world at this time.
             */
            valid?: null | string;
            /**
             * Format: date-time
             * @description Recorded by this time.
             */
            known?: null | string;
        };
        /** @description Who did what, when, to what. */
        AuditEntryResponse: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description Which credential, as in string ErasureResponse.Requester. */
            caller: string;
            /** @description For instance `erasure.requested`. */
            action: string;
            /** @description For instance `session:ID`. */
            subject: string;
            /**
             * @description The X-Request-Id of the request that did it; empty for what no request did.
             * @default
             */
            request_id: string;
            /**
             * @description The status it was answered with; empty for what no request did.
             * @default
             */
            outcome: string;
        };
        /** @description One page of the audit trail, newest first. */
        AuditPage: {
            /** @description The page, in the order the call says. */
            items: components["schemas"]["AuditEntryResponse"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: null | string;
        };
        /** @description Whether a tenant's audit trail is whole. */
        AuditVerificationResponse: {
            /** @description Every entry follows from the one before it. */
            whole: boolean;
            /**
             * Format: int64
             * @description How many entries the trail has.
             */
            entries: number;
            /**
             * Format: int64
             * @description Entries at its beginning, of releases that did not chain them.
             */
            unchained: number;
            /** @description The last hash: kept elsewhere, it tells later whether entries were cut off the end. */
            head: null | string;
            /**
             * Format: int64
             * @description The place, counted from 1, of the first entry that does not follow; absent when the trail is whole.
             */
            broken_at?: null | number;
            /**
             * Format: date-time
             * @description The time of that entry; absent when the trail is whole.
             */
            broken_entry_at?: null | string;
            /**
             * Format: int64
             * @description Entries that retention removed from its beginning, over all time.
             * @default 0
             */
            removed: number;
        };
        /** @description A memory's salience after a citation, 0 to 1. */
        CitationResponse: {
            /** @description The memory cited. */
            id: string;
            /**
             * Format: double
             * @description How much it matters now, 0 to 1.
             */
            salience: number;
            /**
             * Format: date-time
             * @description The time the salience is of.
             */
            salience_at: string;
        };
        /** @description What a fact claims. */
        ClaimResponse: {
            /** @description Whom or what it is about. */
            subject: string;
            /** @description What of the subject. */
            attribute: string;
            /** @description What that is. */
            value: string;
        };
        /** @description One part: `store`, `index`, `embedder` or `schedule`. */
        ComponentHealthResponse: {
            /** @description Which part. */
            name: string;
            /** @description Whether it works. */
            healthy: boolean;
            /**
             * Format: double
             * @description How long the check took, in milliseconds.
             */
            latency_ms: number;
            /** @description What it says of itself. */
            detail: string;
        };
        /** @description An entity and how many relations without an end it has. */
        ConnectedEntityResponse: {
            /** @description The entity. */
            entity: components["schemas"]["EntityResponse"];
            /**
             * Format: int64
             * @description How many relations.
             */
            relations: number;
        };
        /** @description What an entry of a context block rests on. */
        ContextCitationResponse: {
            /** @description How the text refers to it, for instance `[3]`. */
            label: string;
            /**
             * @description `working_memory`, `summary` or `recalled`.
             * @enum {string}
             */
            section: "working_memory" | "summary" | "recalled";
            /** @description `turn`, or the memory's kind. */
            kind: string;
            /** @description Of a turn; null for a memory, as are the next two. */
            session_id: null | string;
            /** @description Of a turn: its own id. */
            turn_id: null | string;
            /**
             * Format: int64
             * @description Of a turn: its number in the session.
             */
            seq: null | number;
            /** @description Of a memory; null for a turn. */
            memory_id: null | string;
            /** @description The turn, or the turns the memory rests on: none for some that agents wrote. */
            sources: components["schemas"]["SourceResponse"][];
        };
        /** @description A prompt-ready block. Every entry of the text ends in the label of what it cites. */
        ContextResponse: {
            /** @description The session. */
            session_id: string;
            /** @description The block. */
            text: string;
            /**
             * Format: int32
             * @description Estimated tokens of the text; never more than MaxTokens.
             */
            tokens: number;
            /**
             * Format: int32
             * @description The budget.
             */
            max_tokens: number;
            /** @description What the labels stand for. */
            citations: components["schemas"]["ContextCitationResponse"][];
        };
        /** @description How many of the turns and memories that were ranked are left out of the answer, and why. */
        CutResponse: {
            /**
             * Format: int32
             * @description Less relevant than `min_score`, or than its default.
             */
            below_score: number;
            /**
             * Format: int32
             * @description Too long for what `max_tokens` left.
             */
            over_budget: number;
        };
        /** @description All of them, home first. */
        DatabaseList: {
            /** @description Each asked just now. */
            items: components["schemas"]["DatabaseResponse"][];
        };
        /** @description One of the databases that tenants are in. */
        DatabaseResponse: {
            /** @description home, or the name that MEMORY_DATABASES gives it. */
            name: string;
            /**
             * Format: int64
             * @description Tenants placed there; those that home had before there were several are not counted.
             */
            tenants: number;
            /**
             * Format: int64
             * @description Its size on the server's disk; null when it cannot be reached, or there is one database only.
             */
            bytes: null | number;
            /** @description Why it cannot be used just now; null when it can. */
            fault: null | string;
        };
        /** @description A page of a webhook's deliveries, the newest event's first. */
        DeliveryPage: {
            /** @description The page. */
            items: components["schemas"]["DeliveryResponse"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: null | string;
        };
        /** @description How the telling of one event to a webhook stands. */
        DeliveryResponse: {
            /** @description The header `webhook-id`, the same however often it is sent. */
            id: string;
            /**
             * Format: int64
             * @description The event's place in the tenant's log.
             */
            seq: number;
            /** @description What is told. */
            type: string;
            /**
             * @description `pending`: to be sent, or sent again; `delivered`: the receiver answered 2xx; `dead`: failed as often as it may; `dropped`: the webhook was switched off.
             * @enum {string}
             */
            state: "pending" | "delivered" | "dead" | "dropped";
            /**
             * Format: date-time
             * @description When it happened.
             */
            event_at: string;
            /**
             * Format: int32
             * @description Sent so often.
             */
            attempts: number;
            /**
             * Format: int32
             * @description The HTTP status of the last answer; null: none came.
             */
            last_status: null | number;
            /** @description Why the last attempt failed; null when it did not. */
            last_error: null | string;
            /**
             * Format: date-time
             * @description When the last attempt ended.
             */
            last_at: null | string;
        };
        /** @description How far a session is distilled. */
        DistillationProgressResponse: {
            /** @description The session. */
            session_id: string;
            /**
             * Format: int64
             * @description How many turns it has.
             */
            turns: number;
            /**
             * Format: int64
             * @description How many of them, from the first, are distilled.
             */
            distilled_turns: number;
            /**
             * Format: int64
             * @description How many are not yet.
             */
            pending_turns: number;
            /**
             * @description `complete` when none is left, else `pending`.
             * @enum {string}
             */
            status: "complete" | "pending";
        };
        /** @description What a distillation made. */
        DistillationResponse: {
            /** @description The session. */
            session_id: string;
            /**
             * Format: int32
             * @description How many episodes.
             */
            episodes: number;
            /**
             * Format: int32
             * @description How many facts and candidates were written or changed.
             */
            facts: number;
            /**
             * Format: int64
             * @description How many turns were distilled.
             */
            turns: number;
            /** @description Their ids. */
            episode_ids: string[];
            /** @description Their ids. */
            fact_ids: string[];
            /**
             * @description `complete`; or `running`, with 202, while a long distillation goes on: asked again, the call waits for the same one.
             * @default complete
             * @enum {string}
             */
            status: "complete" | "running";
        };
        /** @description Body of `PATCH /v1/memories/{id}`: what is absent stays as it is; null takes `valid_to` and `metadata` away, and says nothing elsewhere. */
        EditMemoryRequest: {
            /** @description 1 to 100,000 characters; an episode's cannot be changed. */
            content?: null | string;
            /**
             * Format: double
             * @description 0 to 1; the salience moves by as much.
             */
            importance?: null | number;
            /**
             * Format: date-time
             * @description A time, or null to take the end away.
             */
            valid_to?: null | string;
            /** @description A JSON object of at most 16 KiB, or null to take it away. */
            metadata?: null | {
                [key: string]: unknown;
            };
            /** @description Other names, which take the place of all it has; an empty list takes them away. */
            aliases?: null | string[];
            /** @description Pinned memories do not decay and are not retired. */
            pinned?: null | boolean;
            /**
             * @description `active` or `archived`.
             * @enum {null|string}
             */
            status?: "active" | "archived" | null;
            /** @description Of an agent's record: the active memory, of the same user, that takes its place. It ends when that one begins, or at `valid_to`; an undo takes it back. */
            superseded_by?: null | string;
        };
        /** @description What an operator changes for a tenant: what is absent stays as it is, null unsets it. */
        EditTenantRequest: {
            /**
             * Format: int64
             * @description Turns that may be appended in a minute over all processes, 1 to 10,000,000.
             */
            turns_per_minute_max?: null | number;
            /**
             * Format: int64
             * @description Requests in a minute over all processes, 1 to 100,000,000.
             */
            requests_per_minute_max?: null | number;
            /**
             * Format: int64
             * @description Memories that agents write in a minute, 1 to 100,000,000.
             */
            memories_per_minute_max?: null | number;
            /**
             * Format: int64
             * @description Bytes of JSON bodies in a minute, 1 to 1,000,000,000,000.
             */
            bytes_per_minute_max?: null | number;
            /**
             * Format: int64
             * @description Recalls in a minute, those for a context among them, 1 to 100,000,000.
             */
            recalls_per_minute_max?: null | number;
            /**
             * Format: int64
             * @description What one key may have of each of these limits, 1 to 100.
             */
            key_share_percent?: null | number;
            /** @description What is taken out of texts before they are stored: of secrets, emails, ibans, cards, addresses and phones, each once; empty: nothing. */
            redact?: null | string[];
        };
        /** @description All spaces, oldest first. */
        EmbeddingSpaceList: {
            /** @description The spaces. */
            items: components["schemas"]["EmbeddingSpaceResponse"][];
        };
        /** @description The vectors of one model, and how far they are for the caller's tenant. */
        EmbeddingSpaceResponse: {
            /**
             * Format: int32
             * @description The space's number in this installation.
             */
            id: number;
            /** @description The model, by its provider's name. */
            model: string;
            /**
             * Format: int32
             * @description Numbers in each vector.
             */
            dimensions: number;
            /**
             * @description `filling`, `active` (the one that recall asks) or `retired`.
             * @enum {string}
             */
            state: "filling" | "active" | "retired";
            /**
             * Format: int64
             * @description Turns of the tenant that have vectors in the space.
             */
            turns_embedded: number;
            /**
             * Format: int64
             * @description Turns of the tenant in all.
             */
            turns: number;
            /**
             * Format: int64
             * @description Memories of the tenant that have a vector in the space; none unless the model is the local one.
             */
            memories_embedded: number;
            /**
             * Format: int64
             * @description Memories of the tenant that recall may find.
             */
            memories: number;
            /**
             * Format: int64
             * @description Entities of the tenant that have a vector in the space; none unless the model is the local one.
             */
            entities_embedded: number;
            /**
             * Format: int64
             * @description Entities of the tenant in all.
             */
            entities: number;
            /**
             * Format: int64
             * @description Jobs of the tenant still to be done for the space.
             */
            jobs_ready: number;
            /**
             * Format: int64
             * @description Jobs of the tenant that failed as often as they may.
             */
            jobs_dead: number;
            /**
             * Format: date-time
             * @description When the longest overdue of the ready jobs was due.
             */
            oldest_due_at: null | string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
        };
        /** @description One page of entities, most recently created first. */
        EntityPage: {
            /** @description The page, in the order the call says. */
            items: components["schemas"]["EntityResponse"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: null | string;
        };
        /** @description Body of `PATCH /v1/entities/{id}`; what is absent stays. */
        EntityPatch: {
            /** @description A name no other entity of the scope has. */
            name?: null | string;
            /** @description Like `person`: 1 to 64 letters, digits, '.', '_' or '-'. */
            type?: null | string;
            /** @description Other names, which take the place of all it has; an empty list takes them away. */
            aliases?: null | string[];
            /** @description Takes the place of the whole; an empty object removes it. */
            metadata?: null | {
                [key: string]: unknown;
            };
        };
        /** @description What a deletion took with it. */
        EntityReceiptResponse: {
            /** @description The entity deleted. */
            entity_id: string;
            /**
             * Format: int32
             * @description Observations deleted with it.
             */
            observations: number;
            /**
             * Format: int32
             * @description Relations deleted with it.
             */
            relations: number;
            /**
             * Format: date-time
             * @description When.
             */
            deleted_at: string;
        };
        /** @description A relation seen from one of its entities. */
        EntityRelationResponse: {
            /**
             * @description `out` when the entity is where it starts, else `in`.
             * @enum {string}
             */
            direction: "out" | "in";
            /** @description The entity at the other end. */
            other: components["schemas"]["EntityResponse"] | null;
            /** @description The relation itself. */
            relation: components["schemas"]["RelationResponse"];
        };
        /** @description Body of `POST /v1/entities`: the entity of that name in that scope, made when there is none. */
        EntityRequest: {
            /** @description 1 to 256 characters; unique in its scope whatever the case, width and accents. */
            name: string;
            /** @description Like `person` or `project`: 1 to 64 letters, digits, '.', '_' or '-'; `thing` when nobody says. */
            type?: null | string;
            /** @description The scope: this user's entity; absent: no user's. */
            user_id?: null | string;
            /** @description The scope: this agent's entity; absent: no agent's. */
            agent_id?: null | string;
            /** @description Other names, 1 to 256 characters each, at most 16; unique in the scope as names are, and added to those of an existing entity. */
            aliases?: null | string[];
            /** @description A JSON object of at most 16 KiB; its members are merged into those of an existing entity. */
            metadata?: null | {
                [key: string]: unknown;
            };
        };
        /** @description An entity. */
        EntityResponse: {
            /** @description The entity's id. */
            id: string;
            /** @description Its name, as first given or last edited. */
            name: string;
            /** @description Like `person`; `thing` when nobody said. */
            type: string;
            /** @description The user whose it is; null: no user's. */
            user_id: null | string;
            /** @description The agent whose it is; null: no agent's. */
            agent_id: null | string;
            /**
             * Format: int64
             * @description Counts changes of names, type and metadata; also the ETag.
             */
            version: number;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updated_at: string;
            /** @description The metadata given; absent: none. */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description Other names; absent where there are none. */
            aliases?: null | string[];
        };
        /** @description Body of `POST /v1/entities/search`. */
        EntitySearchRequest: {
            /** @description What to look for, in words: 1 to 4,000 characters. */
            query: string;
            /**
             * Format: int32
             * @description Most items to answer; default 10.
             */
            limit?: null | number;
            /** @description Only entities of this type. */
            type?: null | string;
            /** @description This user's entities and those of no user. */
            user_id?: null | string;
            /** @description This agent's entities and those of no agent. */
            agent_id?: null | string;
            /**
             * Format: double
             * @description Least absolute relevance of an item, 0 to 1.
             */
            min_score?: null | number;
            /** @description Also answer the parts that each score is the sum of. */
            explain?: null | boolean;
        };
        /** @description The answer to a search, best first. */
        EntitySearchResponse: {
            /** @description The entities found. */
            items: components["schemas"]["FoundEntityResponse"][];
            /** @description True when part of the ranking could not take part; DegradedArms names it. */
            degraded: boolean;
            /** @description The parts of the ranking that could not take part. */
            degraded_arms: string[];
            /** @description What was visible to the call. */
            watermark: string;
            /**
             * Format: date-time
             * @description The time it was answered for.
             */
            evaluated_at: string;
            /**
             * Format: double
             * @description How long the service took, in milliseconds.
             */
            took_ms: number;
        };
        /** @description An entity with what holds of it at the time asked for. */
        EntityViewResponse: {
            /** @description The entity itself, as it is now. */
            entity: components["schemas"]["EntityResponse"];
            /** @description Newest first, at most 200. */
            observations: components["schemas"]["ObservationResponse"][];
            /** @description Both ways, in the order recorded, at most 200. */
            relations: components["schemas"]["EntityRelationResponse"][];
            /** @description True when there are more than these. */
            partial: boolean;
        };
        /** @description Body of `POST /v1/admin/erasures`: exactly one of the four. */
        EraseRequest: {
            /** @description Every version of one memory. */
            memory_id?: null | string;
            /** @description One turn, and what was derived from it; its place in the session stays. */
            turn?: components["schemas"]["ErasedTurn"] | null;
            /** @description One session, and what was derived from it. */
            session_id?: null | string;
            /** @description All sessions, memories and entities of a user, and what was derived from them. */
            user_id?: null | string;
        };
        /** @description A turn to be erased. */
        ErasedTurn: {
            /** @description The turn's session. */
            session_id?: null | string;
            /** @description The turn's own id, or the one that recall answers with: session and seq with a colon between. */
            turn_id?: null | string;
        };
        /** @description What an erasure removed. */
        ErasureCountsResponse: {
            /**
             * Format: int64
             * @description Turns that lost their content.
             */
            turns: number;
            /**
             * Format: int64
             * @description Vectors removed.
             */
            vectors: number;
            /**
             * Format: int64
             * @description Kept answers of idempotent requests removed.
             */
            idempotency_records: number;
            /**
             * Format: int64
             * @description Jobs removed.
             */
            due_work: number;
            /**
             * Format: int64
             * @description Memories removed.
             */
            memories: number;
            /**
             * Format: int64
             * @description Versions of memories that lost content.
             */
            versions: number;
            /**
             * Format: int64
             * @description Memories that stay, because a turn that stays says the same.
             */
            redacted: number;
            /**
             * Format: int64
             * @description Observations removed.
             */
            observations: number;
            /**
             * Format: int64
             * @description Entities removed.
             */
            entities: number;
            /**
             * Format: int64
             * @description Relations removed.
             */
            relations: number;
        };
        /** @description One page of erasures, newest first. */
        ErasurePage: {
            /** @description The page, in the order the call says. */
            items: components["schemas"]["ErasureResponse"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: null | string;
        };
        /** @description An erasure and, once it is done, its receipt. It holds ids, never content. */
        ErasureResponse: {
            /** @description The erasure's id. */
            id: string;
            /**
             * @description `running` or `done`.
             * @enum {string}
             */
            state: "running" | "done";
            /** @description The memory erased; null: not a memory. */
            memory_id: null | string;
            /** @description The session erased; null: not a session. */
            session_id: null | string;
            /** @description The user erased; null: not a user. */
            user_id: null | string;
            /** @description The turn erased; null: not a turn. */
            turn: components["schemas"]["ErasedTurn"] | null;
            /** @description Which credential asked for it: `key:` and the beginning of the key's SHA-256, or `local`. */
            requester: string;
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            requested_at: string;
            /**
             * Format: date-time
             * @description When it was done; null while it runs.
             */
            completed_at: null | string;
            /** @description Of a running one, what is known so far. */
            counts: components["schemas"]["ErasureCountsResponse"];
            /** @description SHA-256 over what was erased, 64 hexadecimal digits; absent while it runs. */
            digest: null | string;
        };
        /** @description What is wrong with one field, header or parameter; elements are written `turns[3].content`. */
        FieldErrorResponse: {
            /** @description Which one. */
            field: string;
            /** @description What it must be. */
            message: string;
        };
        /** @description One entity found. */
        FoundEntityResponse: {
            /** @description The entity. */
            entity: components["schemas"]["EntityResponse"];
            /**
             * Format: double
             * @description Relative to the query; orders the items.
             */
            score: number;
            /**
             * Format: double
             * @description Absolute, 0 to 1; what `min_score` speaks of.
             */
            relevance: number;
            /** @description Those that have to do with the query, best first, at most 5. */
            observations: components["schemas"]["MatchedObservationResponse"][];
            /** @description The parts of the score, when asked for. */
            explanation?: components["schemas"]["ScoreExplanationResponse"];
        };
        /** @description How much the tenant's graph holds now. */
        GraphOverviewResponse: {
            /**
             * Format: int64
             * @description How many entities there are.
             */
            entities: number;
            /**
             * Format: int64
             * @description Those that nothing superseded; likewise relations.
             */
            observations: number;
            /**
             * Format: int64
             * @description Relations that nothing superseded.
             */
            relations: number;
            /** @description The most frequent 50; likewise of relations. */
            entity_types: components["schemas"]["TypeCountResponse"][];
            /** @description The most frequent 50 types of relations. */
            relation_types: components["schemas"]["TypeCountResponse"][];
            /** @description The ten entities with the most relations without an end. */
            most_connected: components["schemas"]["ConnectedEntityResponse"][];
        };
        /** @description A shortest path between two entities, or that there is none. */
        GraphPathResponse: {
            /** @description Whether there is one. */
            found: boolean;
            /**
             * Format: int32
             * @description Steps; null when not found.
             */
            hops: null | number;
            /** @description From the first to the last; empty when not found. */
            entities: components["schemas"]["EntityResponse"][];
            /** @description One for each step, which may be taken against its direction. */
            relations: components["schemas"]["RelationResponse"][];
            /**
             * Format: int32
             * @description How many entities the search went through.
             */
            visited: number;
            /** @description False when the search gave up at a limit: there may be a path after all. */
            exhaustive: boolean;
        };
        /** @description The state of the service, each part checked just now. */
        HealthResponse: {
            /**
             * @description `ok`, or `degraded` when a part is not healthy.
             * @enum {string}
             */
            status: "ok" | "degraded";
            /** @description The release. */
            version: string;
            /** @description Where it runs, by setting. */
            environment: string;
            /**
             * Format: date-time
             * @description When.
             */
            checked_at: string;
            /** @description Its parts. */
            components: components["schemas"]["ComponentHealthResponse"][];
        };
        /** @description What an import read and did. */
        ImportResponse: {
            /** @description The tenant imported into. */
            tenant: string;
            /** @description The tenant exported. */
            source_tenant: string;
            /**
             * Format: date-time
             * @description When it was exported.
             */
            exported_at: string;
            /** @description The records of the export. */
            records: components["schemas"]["TransferCountsResponse"];
            /** @description Those the tenant did not have; all others were there already. */
            added: components["schemas"]["TransferCountsResponse"];
            /** @description SHA-256 of the record lines, which another export of the same content has as well. */
            records_sha256: string;
        };
        /** @description One page of due work, oldest first. */
        JobPage: {
            /** @description The due work. */
            items: components["schemas"]["JobResponse"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: null | string;
            /** @description The tenant's recurring jobs, which are among the items too; on the first page only. */
            recurring: components["schemas"]["RecurringJobResponse"][];
        };
        /** @description Due work: something to be done for the tenant, kept until it is done. */
        JobResponse: {
            /**
             * Format: int64
             * @description The job's number.
             */
            id: number;
            /** @description What is to be done, for instance `embed:1`: bring a session's vectors of space 1 up to date. */
            kind: string;
            /** @description A session's id, or empty for the tenant as a whole. */
            subject: string;
            /**
             * @description `ready`: waits for its time, or is being done; `dead`: failed as often as it may.
             * @enum {string}
             */
            state: "ready" | "dead";
            /**
             * Format: date-time
             * @description When it is to be done.
             */
            due_at: string;
            /**
             * Format: int64
             * @description How far it got, in the kind's own count.
             */
            cursor: number;
            /**
             * Format: int32
             * @description Failures in a row.
             */
            attempts: number;
            /** @description Why the last attempt failed; null when it did not. */
            last_error: null | string;
            /**
             * Format: date-time
             * @description When it was last tried; null: never.
             */
            last_run_at: null | string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
        };
        /** @description A page of keys, newest first. */
        KeyPage: {
            /** @description The page, in the order the call says. */
            items: components["schemas"]["KeyResponse"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: null | string;
        };
        /** @description A key, without its secret. */
        KeyResponse: {
            /** @description Whose it is. */
            tenant: string;
            /** @description A part of the key that is no secret; the audit trail names it as `key:ID`. */
            id: string;
            /** @description How the key's text begins. */
            prefix: string;
            /** @description What people call it. */
            name: string;
            /** @description What it may do: `read`, `write` and `admin`. */
            scopes: string[];
            /** @description The only users it may speak of; empty: any. */
            users: string[];
            /** @description The only agents it may speak of; empty: any. */
            agents: string[];
            /** @description Whether its recalls must name their user_id. */
            requires_user: boolean;
            /**
             * Format: date-time
             * @description When it was made.
             */
            made_at: string;
            /** @description Which credential made it. */
            made_by: string;
            /**
             * Format: date-time
             * @description When it ends; null: never.
             */
            expires_at: null | string;
            /**
             * Format: date-time
             * @description When it got its present secret; null while that is the first one.
             */
            rotated_at: null | string;
            /**
             * Format: date-time
             * @description Until when the secret before the last rotation is good.
             */
            previous_until: null | string;
            /**
             * Format: date-time
             * @description When it was revoked; null while it was not.
             */
            revoked_at: null | string;
        };
        /** @description What a new key is to be. */
        MakeKeyRequest: {
            /** @description What people call it; 1 to 100 characters. */
            name: string;
            /** @description Of `read`, `write` and `admin`; default read and write. */
            scopes?: null | string[];
            /** @description The only users it may speak of, at most 64; none: any. Such a key cannot have the scope admin. */
            users?: null | string[];
            /** @description The only agents it may speak of, at most 64; none: any. Such a key cannot have the scope admin. */
            agents?: null | string[];
            /** @description Whether its recalls must name their user_id. */
            requires_user?: null | boolean;
            /**
             * Format: date-time
             * @description When it ends; null: never.
             */
            expires_at?: null | string;
        };
        /** @description An observation and how well it answers by itself, 0 to 1. */
        MatchedObservationResponse: {
            /** @description The observation. */
            observation: components["schemas"]["ObservationResponse"];
            /**
             * Format: double
             * @description Absolute, 0 to 1.
             */
            relevance: number;
        };
        /** @description Parts of a turn's score that the local model, windows of neighbouring turns and dates give. */
        MeaningExplanationResponse: {
            /**
             * Format: double
             * @description Of the turn's best piece.
             */
            piece: number;
            /**
             * Format: double
             * @description Of the turn with the one before it.
             */
            context: number;
            /**
             * Format: double
             * @description Of a turn not embedded yet, in place of the two before it.
             */
            stand_in: number;
            /**
             * Format: double
             * @description Of the words of the turns around it.
             */
            window: number;
            /**
             * Format: double
             * @description Of a date that question and turn agree on.
             */
            date: number;
        };
        /** @description Every version of a memory, oldest first. */
        MemoryHistoryResponse: {
            /** @description The versions. */
            items: components["schemas"]["MemoryResponse"][];
        };
        /** @description One page of memories, the most recently made first. */
        MemoryPage: {
            /** @description The page, in the order the call says. */
            items: components["schemas"]["MemoryResponse"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: null | string;
        };
        /** @description A memory, or one of its versions. */
        MemoryResponse: {
            /** @description The memory's id, the same in all its versions. */
            id: string;
            /**
             * Format: int64
             * @description Grows by one with every change; also the ETag.
             */
            version: number;
            /** @description `episode`, `fact`, or an agent's own word. */
            kind: string;
            /**
             * @description `episodic` or `semantic`.
             * @enum {string}
             */
            tier: "episodic" | "semantic";
            /**
             * @description `candidate`, `active`, `archived` or `superseded`.
             * @enum {string}
             */
            status: "candidate" | "active" | "archived" | "superseded";
            /** @description The text. */
            content: string;
            /** @description The user whose it is; null: no user's. */
            user_id: null | string;
            /** @description The agent whose it is; null: no agent's. */
            agent_id: null | string;
            /** @description The class of agents whose it is; null: none. */
            agent_class: null | string;
            /** @description The session whose it is; null: none. */
            session_id: null | string;
            /**
             * Format: double
             * @description How much it matters, set when written: 0 to 1.
             */
            importance: number;
            /**
             * Format: double
             * @description Stored for SalienceAt; it falls from then on (docs/ranking.md).
             */
            salience: number;
            /**
             * Format: date-time
             * @description The time the salience is of.
             */
            salience_at: string;
            /** @description Pinned memories do not decay and are not retired. */
            pinned: boolean;
            /**
             * Format: date-time
             * @description True in the world from here.
             */
            valid_from: string;
            /**
             * Format: date-time
             * @description True in the world until just before; null: still.
             */
            valid_to: null | string;
            /**
             * Format: date-time
             * @description When the service came to know it.
             */
            recorded_at: string;
            /** @description The memory that took this one's place. */
            superseded_by: null | string;
            /** @description The turns it rests on. */
            sources: components["schemas"]["SourceResponse"][];
            /** @description What it is about, in words. */
            topics: string[];
            /** @description Names that it speaks of. */
            entities: string[];
            /** @description Who made it: `agent`, or the name of the distiller or of the rules of updates. */
            origin: string;
            /** @description Why this version came to be. */
            change: string;
            /** @description The decision that made it; an undo takes back all of it. */
            operation: string;
            /** @description The metadata given; absent: none. */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description Of a fact: what it claims; absent of others. */
            claim?: components["schemas"]["ClaimResponse"];
            /**
             * Format: date-time
             * @description When a later version took this one's place; absent for the current one.
             */
            superseded_at?: null | string;
            /** @description Other names; absent where there are none. */
            aliases?: null | string[];
            /**
             * @description In lists, true when Content is a part of a long content.
             * @default false
             */
            snippet: boolean;
            /** @description Of a fact: `preference`, `plan`, `event`, `state` or `relation`, the metadata's `fact_kind`; absent of others. */
            fact_kind?: null | string;
        };
        /** @description Body of `POST /v1/messages`: one turn of a conversation. */
        MessageRequest: {
            /** @description Must be the credential's tenant; a keyless caller may name any. */
            tenant_id?: null | string;
            /** @description The session. */
            conversation_id?: null | string;
            /** @description Who speaks: a word of 1 to 64 characters of `[A-Za-z0-9_.-]`. */
            role?: null | string;
            /** @description 1 to 100,000 characters, not blank. */
            content?: null | string;
        };
        /** @description Answer of `POST /v1/messages`; `id` and `message_id` both name the stored turn. */
        MessageResponse: {
            /** @description Always `ok`. */
            status: string;
            /** @description The stored turn. */
            id: string;
            /** @description The same. */
            message_id: string;
            /** @description The tenant it was stored for. */
            tenant_id: string;
            /** @description The session. */
            conversation_id: string;
            /**
             * Format: int64
             * @description The turn's number in its session, from 1.
             */
            seq: number;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
        };
        /** @description Something known of an entity. */
        ObservationInput: {
            /** @description The entity it is about. */
            entity_id?: null | string;
            /** @description 1 to 100,000 characters. What a current observation of the entity says word for word is that one again. */
            content?: null | string;
            /** @description Turns it rests on; at most 16. */
            sources?: null | components["schemas"]["SourceInput"][];
            /**
             * Format: double
             * @description 0 to 1.
             */
            importance?: null | number;
            /**
             * Format: date-time
             * @description True in the world from here; default now.
             */
            valid_from?: null | string;
            /**
             * Format: date-time
             * @description True in the world until just before; absent: still.
             */
            valid_to?: null | string;
            /** @description A current observation of the same entity whose place it takes. */
            supersedes?: null | string;
        };
        /** @description An observation, with both its times. */
        ObservationResponse: {
            /** @description The observation's id. */
            id: string;
            /** @description The entity it is about. */
            entity_id: string;
            /** @description The text. */
            content: string;
            /** @description The turns it rests on. */
            sources: components["schemas"]["SourceResponse"][];
            /**
             * Format: double
             * @description How much it matters, set when written: 0 to 1; null: nobody said.
             */
            importance: null | number;
            /**
             * Format: date-time
             * @description True in the world from here.
             */
            valid_from: string;
            /**
             * Format: date-time
             * @description True in the world until just before; null: still.
             */
            valid_to: null | string;
            /**
             * Format: date-time
             * @description When the service came to know it.
             */
            recorded_at: string;
            /**
             * Format: date-time
             * @description When another took its place; null: it is current.
             */
            superseded_at: null | string;
            /** @description What took its place; null: nothing. */
            superseded_by: null | string;
        };
        /** @description Body of `POST /v1/observations`: one, or `observations` with 1 to 100, all or none. */
        ObservationsRequest: {
            /** @description Several; then the other members must be absent. */
            observations?: null | components["schemas"]["ObservationInput"][];
            /** @description The entity it is about. */
            entity_id?: null | string;
            /** @description 1 to 100,000 characters. What a current observation of the entity says word for word is that one again. */
            content?: null | string;
            /** @description Turns it rests on; at most 16. */
            sources?: null | components["schemas"]["SourceInput"][];
            /**
             * Format: double
             * @description 0 to 1.
             */
            importance?: null | number;
            /**
             * Format: date-time
             * @description True in the world from here; default now.
             */
            valid_from?: null | string;
            /**
             * Format: date-time
             * @description True in the world until just before; absent: still.
             */
            valid_to?: null | string;
            /** @description A current observation of the same entity whose place it takes. */
            supersedes?: null | string;
        };
        /** @description The observations asked for, in the order sent. */
        ObservationsResponse: {
            /** @description The observations. */
            items: components["schemas"]["ObservationResponse"][];
            /**
             * Format: int32
             * @description How many of them are new.
             */
            created: number;
        };
        /** @description The turn that replaced what an item says. */
        OutdatedByResponse: {
            /** @description The newer item's id. */
            id: string;
            /** @description The session. */
            session_id: string;
            /** @description The turn's own id, unique in its session. */
            turn_id: string;
            /**
             * Format: date-time
             * @description When it was said.
             */
            occurred_at: string;
            /** @description By which rule (docs/memories.md). */
            rule: string;
        };
        /** @description The answer of a probe. */
        ProbeResponse: {
            /** @description Always `ok`. */
            status: string;
        };
        /** @description RFC 9457 problem details, as `application/problem+json`; the form of every 4xx and 5xx answer. */
        ProblemResponse: {
            /** @description `urn:memoryorleans:problem:` and the code. */
            type: string;
            /** @description The same for every problem of the code. */
            title: string;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description What happened this time, for a person. */
            detail: string;
            /** @description Stable; what programs decide on. */
            code: string;
            /** @description The X-Request-Id of the request. */
            request_id?: null | string;
            /** @description The fields to blame, where there are any. */
            errors?: null | components["schemas"]["FieldErrorResponse"][];
        };
        /** @description Masks on recalled items; what is absent does not restrict. */
        RecallFilterInput: {
            /** @description The speaker's role. */
            role?: null | string;
            /** @description The speaker's name. */
            name?: null | string;
            /**
             * Format: date-time
             * @description Said at or after.
             */
            occurred_from?: null | string;
            /**
             * Format: date-time
             * @description Said at or before.
             */
            occurred_to?: null | string;
            /** @description Top-level metadata members that must be, or hold when they are lists, these strings, numbers, booleans or nulls; or meet these conditions: `any`, `not`, `gt`, `gte`, `lt`, `lte`. At most 16. */
            metadata?: null | {
                [key: string]: unknown;
            };
        };
        /** @description Body of `POST /v1/recall`. */
        RecallRequest: {
            /** @description What to look for, in words: 1 to 4,000 characters. */
            query: string;
            /**
             * Format: int32
             * @description Most items to answer; default 10.
             */
            limit?: null | number;
            /** @description Only this user's sessions. */
            user_id?: null | string;
            /** @description Only this agent's sessions. */
            agent_id?: null | string;
            /** @description Alone: only this session. Beside a user: that session too, with its working memory. */
            session_id?: null | string;
            /** @description Only these kinds; at most 16. */
            kinds?: null | string[];
            /** @description Only these tiers: working, episodic, semantic. */
            tiers?: null | string[];
            /** @description Only memories of these scopes: session, user, agent, agent_class, tenant. Absent: the named ones and all that are wider. */
            scopes?: null | string[];
            /** @description The agent class or skill whose memories apply too. */
            agent_class?: null | string;
            /** @description Archived memories answer too. */
            archived?: null | boolean;
            /** @description Leave out what is known to be outdated; else it is marked as `outdated_by`. */
            current?: null | boolean;
            /** @description Answer as of another time. */
            as_of?: components["schemas"]["AsOfInput"] | null;
            /** @description The asker's time zone, a name of the IANA database, by which "yesterday" is meant. Absent: the session's, else that of the user's newest session that has one, else UTC. */
            time_zone?: null | string;
            /** @description Masks on the items. */
            filter?: components["schemas"]["RecallFilterInput"] | null;
            /**
             * Format: double
             * @description Least absolute relevance of an item, 0 to 1; 0 leaves nothing out. Absent: nothing is answered where none of the first ten reaches the server's default.
             */
            min_score?: null | number;
            /**
             * Format: int32
             * @description Budget for the items' contents, in estimated tokens.
             */
            max_tokens?: null | number;
            /** @description Also answer the parts that each score is the sum of. */
            explain?: null | boolean;
        };
        /** @description The answer to a recall, best item first. */
        RecallResponse: {
            /** @description What was found. */
            items: components["schemas"]["RecalledItemResponse"][];
            /** @description What the question seems to be after. */
            intent: string;
            /** @description True when part of the ranking could not take part; DegradedArms names it. */
            degraded: boolean;
            /** @description The parts of the ranking that could not take part. */
            degraded_arms: string[];
            /** @description What was visible: for the same watermark, EvaluatedAt and query the items are the same. */
            watermark: string;
            /**
             * Format: date-time
             * @description The time it was answered for.
             */
            evaluated_at: string;
            /**
             * Format: double
             * @description How long the service took, in milliseconds.
             */
            took_ms: number;
            /** @description What was found and not answered. */
            cut?: components["schemas"]["CutResponse"];
        };
        /** @description One recalled item. */
        RecalledItemResponse: {
            /** @description Unique in the tenant. */
            id: string;
            /** @description `turn`, `episode`, `fact`, or an agent's own. */
            kind: string;
            /**
             * @description `working`, `episodic` or `semantic`.
             * @enum {string}
             */
            tier: "working" | "episodic" | "semantic";
            /** @description The text. */
            content: string;
            /**
             * Format: double
             * @description Relative to the query; orders the items.
             */
            score: number;
            /**
             * Format: double
             * @description Absolute, 0 to 1; what `min_score` speaks of.
             */
            relevance: number;
            /** @description A turn's session; of a memory the one it belongs to, or null. */
            session_id: null | string;
            /** @description The turns it cites, by their own ids. */
            turn_ids: string[];
            /** @description The same turns, named fully. */
            sources: components["schemas"]["SourceResponse"][];
            /**
             * Format: date-time
             * @description When it was said; of a memory, from when it is true.
             */
            occurred_at: string;
            /** @description Who said it; null for a memory. */
            role: null | string;
            /** @description The speaker's name; null: none. */
            name: null | string;
            /** @description The metadata given; absent: none. */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description The parts of the score, when asked for. */
            explanation?: components["schemas"]["ScoreExplanationResponse"];
            /** @description How it came right above or below another; absent: it did not. */
            update?: components["schemas"]["UpdateNoteResponse"];
            /** @description What replaced it; absent: nothing that is known. */
            outdated_by?: components["schemas"]["OutdatedByResponse"];
            /** @description Other turns in which the same speaker says the same word for word, newest first; absent where there are none. */
            also_said?: null | components["schemas"]["SaidAgainResponse"][];
            /**
             * @description True when Content is a part of a long content; the whole is the turn's or memory's own.
             * @default false
             */
            snippet: boolean;
        };
        /** @description Work that comes again for the tenant: `retention`, `session_cleanup`, `decay_sweep`. */
        RecurringJobResponse: {
            /** @description Which of them. */
            kind: string;
            /**
             * @description `waiting` for its time, `running`: within a round, `failing`: tried again after a failure, `dead`: failed as often as it may, `new`: not in the schedule yet.
             * @enum {string}
             */
            state: "waiting" | "running" | "failing" | "dead" | "new";
            /**
             * Format: date-time
             * @description When it last got a page further.
             */
            heartbeat_at: null | string;
            /**
             * Format: date-time
             * @description When its last whole round ended.
             */
            last_run_at: null | string;
            /** @description Why the last attempt failed; null when it did not. */
            last_error: null | string;
            /**
             * Format: date-time
             * @description When its next page or round is due.
             */
            next_due_at: null | string;
            /**
             * Format: int64
             * @description The due work it is, for a requeue; null when new.
             */
            job_id: null | number;
            /** @description What its last whole round did, numbers by name; of retention `KIND/kept`, `KIND/archived`, `KIND/deleted`. */
            counts: {
                [key: string]: number;
            };
        };
        /** @description Body of `PATCH /v1/relations/{id}`: ends it, or corrects it. What is absent stays. */
        RelationPatch: {
            /**
             * Format: date-time
             * @description When it began, corrected.
             */
            valid_from?: null | string;
            /**
             * Format: date-time
             * @description When it ended, or will.
             */
            valid_to?: null | string;
            /** @description Takes the place of the whole; an empty object removes it. */
            metadata?: null | {
                [key: string]: unknown;
            };
        };
        /** @description Body of `POST /v1/relations`. */
        RelationRequest: {
            /** @description The entity it starts at. */
            from_id: string;
            /** @description The entity it ends at. */
            to_id: string;
            /** @description Like `works_at`: 1 to 64 letters, digits, '.', '_' or '-'. */
            type: string;
            /**
             * Format: date-time
             * @description True in the world from here; default now.
             */
            valid_from?: null | string;
            /**
             * Format: date-time
             * @description True in the world until just before; absent: still.
             */
            valid_to?: null | string;
            /** @description A current relation whose place it takes. */
            supersedes?: null | string;
            /** @description A JSON object of at most 16 KiB. */
            metadata?: null | {
                [key: string]: unknown;
            };
        };
        /** @description A relation in one of its versions, with both its times. */
        RelationResponse: {
            /** @description The relation's id, the same in all its versions. */
            id: string;
            /**
             * Format: int64
             * @description Also the ETag.
             */
            version: number;
            /** @description The entity it starts at. */
            from_id: string;
            /** @description The entity it ends at. */
            to_id: string;
            /** @description Like `works_at`. */
            type: string;
            /**
             * Format: date-time
             * @description True in the world from here.
             */
            valid_from: string;
            /**
             * Format: date-time
             * @description True in the world until just before; null: still.
             */
            valid_to: null | string;
            /**
             * Format: date-time
             * @description When the service came to know it.
             */
            recorded_at: string;
            /**
             * Format: date-time
             * @description When another took its place; null: it is current.
             */
            superseded_at: null | string;
            /** @description What took its place; null: nothing. */
            superseded_by: null | string;
            /** @description The metadata given; absent: none. */
            metadata?: {
                [key: string]: unknown;
            };
        };
        /** @description Memories of one kind by what became of them, or would. */
        RetentionCountResponse: {
            /** @description The kind. */
            kind: string;
            /**
             * Format: int64
             * @description Left as they are.
             */
            kept: number;
            /**
             * Format: int64
             * @description Put away.
             */
            archived: number;
            /**
             * Format: int64
             * @description Deleted.
             */
            deleted: number;
        };
        /** @description Body of a run of retention. */
        RetentionRequest: {
            /** @description True, the default: only says what would be done. False: does it. */
            dry_run?: null | boolean;
            /** @description For a dry run: rules in place of those in force; at most 1,000. */
            rules?: null | components["schemas"]["RetentionRuleInput"][];
        };
        /** @description The tenant's rules, and what its job last did. */
        RetentionResponse: {
            /** @description Empty: nothing is ever archived or deleted by itself. */
            rules: components["schemas"]["RetentionRuleResponse"][];
            /**
             * Format: date-time
             * @description When the job's last whole round ended; null before the first.
             */
            last_run_at: null | string;
            /** @description What that one did. */
            last_report: components["schemas"]["RetentionCountResponse"][];
        };
        /** @description When memories of a kind are put away, and when they are deleted. */
        RetentionRuleInput: {
            /** @description Null: every kind without a rule of its own. */
            kind?: null | string;
            /**
             * Format: double
             * @description Older ones are archived, in days; 365 when not given.
             */
            max_age_days?: null | number;
            /**
             * Format: double
             * @description Only those of less importance are; 0.3 when not given.
             */
            importance_threshold?: null | number;
            /**
             * Format: double
             * @description Days from archiving to deletion; 90 when not given.
             */
            delete_after_days?: null | number;
        };
        /** @description A rule in force. */
        RetentionRuleResponse: {
            /** @description Null: every kind without a rule of its own. */
            kind: null | string;
            /**
             * Format: double
             * @description Older ones are archived, in days.
             */
            max_age_days: number;
            /**
             * Format: double
             * @description Only those of less importance are.
             */
            importance_threshold: number;
            /**
             * Format: double
             * @description Days from archiving to deletion.
             */
            delete_after_days: number;
        };
        /** @description What a run of retention did, or would do. */
        RetentionRunResponse: {
            /** @description True when nothing was done. */
            dry_run: boolean;
            /** @description False when there were too many memories for one request: a dry run then speaks of the newest, and after a real one the job goes on with the rest. */
            complete: boolean;
            /** @description By kind, in alphabetical order. */
            kinds: components["schemas"]["RetentionCountResponse"][];
        };
        /** @description How a key gets a new secret. */
        RotateKeyRequest: {
            /**
             * Format: int32
             * @description How long the secret before stays good, in seconds; default MEMORY_KEY_OVERLAP_SECONDS. 0 ends it at once.
             */
            overlap_seconds?: null | number;
        };
        /** @description How a webhook gets a new secret. */
        RotateWebhookRequest: {
            /**
             * Format: int32
             * @description How long deliveries are signed with the secret before as well, in seconds; default a day.
             */
            overlap_seconds?: null | number;
        };
        /** @description Another turn that says what an item says. */
        SaidAgainResponse: {
            /** @description The session. */
            session_id: string;
            /** @description The turn's own id, unique in its session. */
            turn_id: string;
            /**
             * Format: int64
             * @description The turn's number in its session, from 1.
             */
            seq: number;
            /**
             * Format: date-time
             * @description When it was said.
             */
            occurred_at: string;
        };
        /** @description The parts of a score: lexical, vector, smoothing, session_prior, subject, quote and, where they are, those of meaning, a memory's tier.part and that of an update sum to it within 1e-6. The subject's part is (subject_multiplier − 1) × the sum of the others but quote, the tier's and the update's. */
        ScoreExplanationResponse: {
            /**
             * Format: double
             * @description For the words they share.
             */
            lexical: number;
            /**
             * Format: double
             * @description For words of like meaning.
             */
            vector: number;
            /**
             * Format: double
             * @description For what the turns around it say.
             */
            smoothing: number;
            /**
             * Format: double
             * @description For what the whole session says.
             */
            session_prior: number;
            /**
             * Format: double
             * @description For being said by whom the question is about, or not.
             */
            subject: number;
            /**
             * Format: double
             * @description The factor behind the subject's part.
             */
            subject_multiplier: number;
            /** @description The words they share, as the index has them. */
            matched_terms: string[];
            /** @description The neural model whose vectors took part; absent when the static ones did. */
            vector_model?: null | string;
            /** @description A memory's own part; absent for a turn. */
            tier?: components["schemas"]["TierExplanationResponse"];
            /** @description What a local model adds; absent without one. */
            meaning?: components["schemas"]["MeaningExplanationResponse"];
            /**
             * Format: double
             * @description For repeating four or more of the query's words in their order.
             * @default 0
             */
            quote: number;
            /**
             * Format: double
             * @description What the score of the item right below it was more, which it took over.
             */
            update?: null | number;
        };
        /** @description Answer of `GET /v1/memory/search` and `POST /memory/recall`, best result first. */
        SearchResponse: {
            /** @description What was asked. */
            query: string;
            /**
             * Format: int32
             * @description How many results there are.
             */
            count: number;
            /** @description The results. */
            results: components["schemas"]["SearchResultResponse"][];
        };
        /** @description One result; `conversation_id` and `session_id` are the same. */
        SearchResultResponse: {
            /** @description Unique in the tenant. */
            id: string;
            /** @description The text. */
            content: string;
            /** @description Who spoke; null where nobody did. */
            role: null | string;
            /**
             * Format: double
             * @description Relative to the query; orders the results.
             */
            score: number;
            /**
             * Format: double
             * @description Absolute, 0 to 1.
             */
            relevance: number;
            /** @description The session. */
            conversation_id: string;
            /** @description The session. */
            session_id: string;
            /** @description The turn's own id, unique in its session. */
            turn_id: string;
            /**
             * Format: date-time
             * @description When it was said.
             */
            created_at: string;
            /** @description The speaker's name; absent: none was given. */
            name?: null | string;
            /**
             * @description True when the content is a part of a long content; else absent.
             * @default false
             */
            snippet: boolean;
        };
        /** @description Body of `POST /memory/distill`. */
        SessionDistilRequest: {
            /** @description The session to distil. */
            session_id?: null | string;
        };
        /** @description One page of sessions, most recently created first. */
        SessionPage: {
            /** @description The page, in the order the call says. */
            items: components["schemas"]["SessionResponse"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: null | string;
        };
        /** @description Body of `POST /memory/recall`. */
        SessionRecallRequest: {
            /** @description What to look for, in words: 1 to 4,000 characters. */
            query?: null | string;
            /** @description Only this session; absent: everything. */
            session_id?: null | string;
            /**
             * Format: int32
             * @description Most results, 1 to 100; default 5.
             */
            k?: null | number;
        };
        /** @description A session. */
        SessionResponse: {
            /** @description The session's id. */
            id: string;
            /** @description The user whose it is; null: no user's. */
            user_id: null | string;
            /** @description The agent whose it is; null: no agent's. */
            agent_id: null | string;
            /**
             * @description `open` or `closed`.
             * @enum {string}
             */
            status: "open" | "closed";
            /**
             * Format: int64
             * @description How many turns it has; also the newest turn's `seq`.
             */
            turns: number;
            /**
             * Format: int64
             * @description Grows by one with every change; the ETag.
             */
            version: number;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updated_at: string;
            /** @description The person's, an IANA name; null: none was given. */
            time_zone?: null | string;
        };
        /** @description A key just made or rotated. */
        ShownKeyResponse: {
            /** @description Its text, which is shown this once and kept nowhere. */
            key: string;
            /** @description All else about it. */
            details: components["schemas"]["KeyResponse"];
        };
        /** @description A webhook just made or given a new secret. */
        ShownWebhookResponse: {
            /** @description What deliveries are signed with, `whsec_` and base64; shown this once. */
            secret: string;
            /** @description All else about it. */
            details: components["schemas"]["WebhookResponse"];
        };
        /** @description A turn that an observation cites. */
        SourceInput: {
            /** @description The turn's session. */
            session_id: string;
            /** @description The turn's own id, unique in its session. */
            turn_id: string;
        };
        /** @description A turn, named fully. */
        SourceResponse: {
            /** @description The session. */
            session_id: string;
            /** @description The turn's own id, unique in its session. */
            turn_id: string;
            /**
             * Format: int64
             * @description The turn's number in its session, from 1.
             */
            seq: number;
        };
        /** @description Body of `POST /v1/admin/embeddings`. */
        StartEmbeddingRequest: {
            /** @description A model of the configured provider, by the provider's name for it: 1 to 200 characters. */
            model: string;
            /**
             * Format: int32
             * @description Dimensions to ask the model for; default: its own.
             */
            dimensions?: null | number;
        };
        /** @description A piece of what a session said before its window. */
        SummaryPartResponse: {
            /** @description What it says. */
            text: string;
            /**
             * Format: int32
             * @description Estimated tokens of the text.
             */
            tokens: number;
            /** @description The episode it is the summary of; null for a sentence of a turn not distilled yet. */
            memory_id: null | string;
            /** @description The turns it rests on. */
            sources: components["schemas"]["SourceResponse"][];
        };
        /** @description How much the caller's tenant holds. */
        SummaryResponse: {
            /** @description The tenant. */
            tenant: string;
            /**
             * Format: int64
             * @description Its sessions.
             */
            sessions: number;
            /**
             * Format: int64
             * @description Its turns.
             */
            turns: number;
            /**
             * Format: int64
             * @description Its users.
             */
            users: number;
            /**
             * Format: date-time
             * @description When its newest turn was recorded; null: it has none.
             */
            last_recorded_at: null | string;
        };
        /** @description Where a tenant is to be. */
        TenantDatabaseRequest: {
            /** @description One of the databases of GET /v1/admin/databases. */
            database: string;
        };
        /** @description Where a tenant is. */
        TenantDatabaseResponse: {
            /** @description The tenant. */
            tenant: string;
            /** @description Its database; null while it has none: its first write gives it the emptiest. */
            database: null | string;
        };
        /** @description A tenant's newest move from one database to another. */
        TenantMoveResponse: {
            /** @description The tenant. */
            tenant: string;
            /** @description The database that it was in. */
            source: string;
            /** @description The database that it is to be in. */
            target: string;
            /** @description copying: reads and writes go on; holding: writes are answered 503; switched: the tenant is in the target, and the source is cleared; done; failed: the tenant is in the source. */
            state: string;
            /**
             * Format: int64
             * @description Rows copied so far.
             */
            rows: number;
            /**
             * Format: date-time
             * @description When it began.
             */
            started_at: string;
            /**
             * Format: date-time
             * @description When it was done or had failed; null before.
             */
            ended_at: null | string;
            /**
             * Format: date-time
             * @description When writes were first held; null before.
             */
            held_from: null | string;
            /**
             * Format: date-time
             * @description When they were taken again; null before.
             */
            held_until: null | string;
            /** @description Why it failed; null when it did not. */
            error: null | string;
        };
        /** @description The tenants that the caller administers: its own. */
        TenantPage: {
            /** @description The page, in the order the call says. */
            items: components["schemas"]["TenantResponse"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: null | string;
        };
        /** @description A tenant and what is set for it; null: nothing is. */
        TenantResponse: {
            /** @description The tenant. */
            tenant: string;
            /**
             * Format: int32
             * @description Turns that may be appended in a minute over all processes; null: as many as can be.
             */
            turns_per_minute_max: null | number;
            /**
             * Format: int32
             * @description Requests in a minute over all processes.
             */
            requests_per_minute_max: null | number;
            /**
             * Format: int32
             * @description Memories that agents write in a minute.
             */
            memories_per_minute_max: null | number;
            /**
             * Format: int64
             * @description Bytes of JSON bodies in a minute.
             */
            bytes_per_minute_max: null | number;
            /**
             * Format: int32
             * @description Recalls in a minute, those for a context among them.
             */
            recalls_per_minute_max: null | number;
            /**
             * Format: int32
             * @description What one key may have of each of these limits.
             */
            key_share_percent: null | number;
            /** @description What is taken out of texts before they are stored; empty: nothing. */
            redact: null | string[];
        };
        /** @description What an operator sets for a tenant, in place of all that was set before. */
        TenantSettingsRequest: {
            /**
             * Format: int32
             * @description Turns that may be appended in a minute over all processes; null or not given: as many as can be.
             */
            turns_per_minute_max?: null | number;
            /**
             * Format: int32
             * @description Requests in a minute over all processes; null or not given: what MEMORY_TENANT_REQUESTS_PER_MINUTE says.
             */
            requests_per_minute_max?: null | number;
            /**
             * Format: int32
             * @description Memories that agents write in a minute; null or not given: what MEMORY_TENANT_MEMORIES_PER_MINUTE says.
             */
            memories_per_minute_max?: null | number;
            /**
             * Format: int64
             * @description Bytes of JSON bodies in a minute; null or not given: what MEMORY_TENANT_KILOBYTES_PER_MINUTE says.
             */
            bytes_per_minute_max?: null | number;
            /**
             * Format: int32
             * @description Recalls in a minute, those for a context among them; null or not given: what MEMORY_TENANT_RECALLS_PER_MINUTE says.
             */
            recalls_per_minute_max?: null | number;
            /**
             * Format: int32
             * @description What one key may have of each of these limits; null or not given: what MEMORY_TENANT_KEY_SHARE_PERCENT says.
             */
            key_share_percent?: null | number;
            /** @description What is taken out of texts before they are stored: of secrets, emails, ibans, cards, addresses and phones, each once; empty: nothing; null or not given: what MEMORY_REDACT says. */
            redact?: null | string[];
        };
        /** @description A memory's own part of its score: (weight × salience_factor × recency_factor × scope_factor − 1) × the sum of the others. */
        TierExplanationResponse: {
            /**
             * Format: double
             * @description The part itself.
             */
            part: number;
            /**
             * Format: double
             * @description The tier's weight for the intent.
             */
            weight: number;
            /**
             * Format: double
             * @description How much the memory matters now, 0 to 1.
             */
            salience: number;
            /**
             * Format: double
             * @description For how much it matters.
             */
            salience_factor: number;
            /**
             * Format: double
             * @description For how new it is.
             */
            recency_factor: number;
            /** @description Where it comes from: session, user, agent, agent_class or tenant. */
            scope: string;
            /**
             * Format: double
             * @description For how near its scope is.
             */
            scope_factor: number;
        };
        /** @description How many records of each kind. */
        TransferCountsResponse: {
            /**
             * Format: int64
             * @description Sessions.
             */
            session: number;
            /**
             * Format: int64
             * @description Turns.
             */
            turn: number;
            /**
             * Format: int64
             * @description Sessions that were deleted.
             */
            deleted_session: number;
            /**
             * Format: int64
             * @description Versions of memories; likewise relations.
             */
            memory: number;
            /**
             * Format: int64
             * @description Entities.
             */
            entity: number;
            /**
             * Format: int64
             * @description Observations.
             */
            observation: number;
            /**
             * Format: int64
             * @description Versions of relations.
             */
            relation: number;
        };
        /** @description The turns a batch stored, in the order sent. */
        TurnBatchResponse: {
            /** @description The turns. */
            items: components["schemas"]["TurnResponse"][];
            /** @description Spans that were taken out of all of them before storing, by kind; absent: none. */
            redacted?: null | {
                [key: string]: number;
            };
        };
        /** @description One turn as a caller supplies it. */
        TurnInput: {
            /** @description Unique within the session; minted when absent. Sent again with the same fields it is a replay. */
            id?: null | string;
            /** @description Who speaks: user, assistant, system, tool, or another word of 1 to 64 characters of `[A-Za-z0-9_.-]`. */
            role: string;
            /** @description The speaker's name, 1 to 128 characters. */
            name?: null | string;
            /** @description 1 to 100,000 characters (UTF-16 code units), not blank. */
            content: string;
            /**
             * Format: date-time
             * @description When it was said; an RFC 3339 time with any offset, which is kept: it is the speaker's clock. Default: now. To the microsecond.
             */
            occurred_at?: null | string;
            /** @description A JSON object of at most 16 KiB. Kept with its members sorted by name and without white space. */
            metadata?: null | {
                [key: string]: unknown;
            };
        };
        /** @description One page of a session's turns, by ascending `seq`. */
        TurnPage: {
            /** @description The page, in the order the call says. */
            items: components["schemas"]["TurnResponse"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: null | string;
        };
        /** @description A stored turn. */
        TurnResponse: {
            /** @description Unique in its session. */
            id: string;
            /** @description The session. */
            session_id: string;
            /**
             * Format: int64
             * @description Its number in the session: from 1, without gaps.
             */
            seq: number;
            /** @description Who speaks. */
            role: string;
            /** @description The speaker's name; null: none was given. */
            name: null | string;
            /** @description What was said; empty when it was erased. */
            content: string;
            /**
             * Format: date-time
             * @description When it was said, with the offset it was given with; one given in UTC, by the clock of the session's time zone.
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the service came to know it.
             */
            recorded_at: string;
            /**
             * Format: int32
             * @description Estimated tokens of the content.
             */
            tokens: number;
            /** @description The metadata given; absent: none. */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description In the answer to an append: spans that were taken out before storing, by kind (secret, email, iban, card, address, phone); absent: none. */
            redacted?: null | {
                [key: string]: number;
            };
        };
        /** @description A type and how many are of it. */
        TypeCountResponse: {
            /** @description The type. */
            type: string;
            /**
             * Format: int64
             * @description How many are of it.
             */
            count: number;
        };
        /** @description What an undo did: its own operation, and the memories it changed as they are now. */
        UndoResponse: {
            /** @description The undo's own operation, which can be undone in turn. */
            operation: string;
            /** @description The memories it changed, as they are now. */
            items: components["schemas"]["MemoryResponse"][];
        };
        /** @description Why an item stands where it does: a newer one was put right above the older one that it updates (docs/memories.md). */
        UpdateNoteResponse: {
            /** @description By which rule. */
            rule: string;
            /** @description On the newer item: the older one's id. */
            updates: null | string;
            /** @description On the older item: the newer one's id. */
            updated_by: null | string;
        };
        /** @description A tenant's webhooks, the first made first. */
        WebhookList: {
            /** @description All of them. */
            items: components["schemas"]["WebhookResponse"][];
        };
        /** @description Changes to a webhook; what is left out stays. */
        WebhookPatch: {
            /** @description Where to post. */
            url?: null | string;
            /** @description What to be told of. */
            events?: null | string[];
            /** @description What people call it. */
            name?: null | string;
            /** @description Whether to be sent memories' texts too. */
            include_content?: null | boolean;
            /** @description Whether it is told anything; false drops what is under way. */
            enabled?: null | boolean;
        };
        /** @description What a new webhook is to be. */
        WebhookRequest: {
            /** @description Where to post: an absolute https:// or http:// address of the internet. */
            url: string;
            /** @description What to be told of: `memory.made`, `memory.superseded`, `memory.erased`, `session.distilled`, `job.dead`. */
            events: string[];
            /** @description What people call it; at most 100 characters. */
            name?: null | string;
            /** @description Whether to be sent memories' texts too; default false: ids and kinds. */
            include_content?: null | boolean;
            /** @description Whether it is told anything; default true. */
            enabled?: null | boolean;
        };
        /** @description A webhook, without its secret. */
        WebhookResponse: {
            /** @description The webhook's id; the audit trail names it as `webhook:ID`. */
            id: string;
            /** @description Where deliveries are posted. */
            url: string;
            /** @description What it is told of. */
            events: string[];
            /** @description What people call it. */
            name: string;
            /** @description Whether it is sent memories' texts too. */
            include_content: boolean;
            /** @description Whether it is told anything. */
            enabled: boolean;
            /**
             * Format: int64
             * @description Grows by one with each change.
             */
            version: number;
            /**
             * Format: date-time
             * @description When it was made.
             */
            made_at: string;
            /** @description Which credential made it. */
            made_by: string;
            /**
             * Format: date-time
             * @description When it got its present secret; null while that is the first one.
             */
            rotated_at: null | string;
            /**
             * Format: date-time
             * @description Until when deliveries are signed with the secret before the last rotation too.
             */
            previous_until: null | string;
        };
        /** @description A session's live window: its newest turns within both bounds, by ascending `seq`. */
        WorkingMemoryResponse: {
            /** @description The session. */
            session_id: string;
            /** @description The user whose it is; null: no user's. */
            user_id: null | string;
            /** @description The agent whose it is; null: no agent's. */
            agent_id: null | string;
            /**
             * @description `open` or `closed`.
             * @enum {string}
             */
            status: "open" | "closed";
            /**
             * Format: int64
             * @description The session's version.
             */
            version: number;
            /** @description The turns in it. */
            turns: components["schemas"]["TurnResponse"][];
            /**
             * Format: int32
             * @description Estimated tokens of the window.
             */
            tokens: number;
            /**
             * Format: int64
             * @description How many older turns have left it; they are in the log.
             */
            turns_before: number;
            /** @description What those said, the most important of it, ascending. */
            summary: components["schemas"]["SummaryPartResponse"][];
        };
        /** @description Body of `POST /v1/memories`. */
        WriteMemoryRequest: {
            /** @description A word of your own, like `preference` or `procedure`; `turn` and `episode` are taken. */
            kind: string;
            /** @description 1 to 100,000 characters (UTF-16 code units), not blank. */
            content: string;
            /** @description The user it is about. */
            user_id?: null | string;
            /** @description The agent whose it is. */
            agent_id?: null | string;
            /** @description The class of agents whose it is. */
            agent_class?: null | string;
            /** @description The session whose it is. */
            session_id?: null | string;
            /**
             * Format: double
             * @description 0 to 1; default 0.5.
             */
            importance?: null | number;
            /**
             * Format: date-time
             * @description True in the world from here; default: now.
             */
            valid_from?: null | string;
            /**
             * Format: date-time
             * @description True in the world until just before; absent: still.
             */
            valid_to?: null | string;
            /** @description Turns it rests on, which must exist; at most 500. */
            sources?: null | components["schemas"]["SourceInput"][];
            /** @description A JSON object of at most 16 KiB. */
            metadata?: null | {
                [key: string]: unknown;
            };
            /** @description Other names by which people ask for it, 1 to 256 characters each, at most 16; no other memory of the same owner may have one. */
            aliases?: null | string[];
            /** @description Pinned memories do not decay and are not retired. */
            pinned?: null | boolean;
            /**
             * @description `semantic` (default) or `episodic`.
             * @enum {null|string}
             */
            tier?: "semantic" | "episodic" | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
