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
            metadata?: components["schemas"]["JsonElement"];
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
            /** Format: date-time */
            at: string;
            /** @description Which credential, as in string ErasureResponse.Requester. */
            caller: string;
            /** @description For instance `erasure.requested`. */
            action: string;
            /** @description For instance `session:ID`. */
            subject: string;
        };
        /** @description One page of the audit trail, newest first. */
        AuditPage: {
            items: components["schemas"]["AuditEntryResponse"][];
            next_cursor: null | string;
        };
        /** @description A memory's salience after a citation, 0 to 1. */
        CitationResponse: {
            id: string;
            /** Format: double */
            salience: number;
            /** Format: date-time */
            salience_at: string;
        };
        /** @description What a fact claims. */
        ClaimResponse: {
            subject: string;
            attribute: string;
            value: string;
        };
        /** @description One part: `store`, `index`, `embedder` or `schedule`. */
        ComponentHealthResponse: {
            name: string;
            healthy: boolean;
            /** Format: double */
            latency_ms: number;
            detail: string;
        };
        /** @description An entity and how many relations without an end it has. */
        ConnectedEntityResponse: {
            entity: components["schemas"]["EntityResponse"];
            /** Format: int64 */
            relations: number;
        };
        /** @description What an entry of a context block rests on. */
        ContextCitationResponse: {
            /** @description How the text refers to it, for instance `[3]`. */
            label: string;
            /** @description `working_memory`, `summary` or `recalled`. */
            section: string;
            /** @description `turn`, or the memory's kind. */
            kind: string;
            /** @description Of a turn; null for a memory, as are the next two. */
            session_id: null | string;
            turn_id: null | string;
            /** Format: int64 */
            seq: null | number;
            /** @description Of a memory; null for a turn. */
            memory_id: null | string;
            /** @description The turn, or the turns the memory rests on: none for some that agents wrote. */
            sources: components["schemas"]["SourceResponse"][];
        };
        /** @description A prompt-ready block. Every entry of the text ends in the label of what it cites. */
        ContextResponse: {
            session_id: string;
            text: string;
            /**
             * Format: int32
             * @description Estimated tokens of the text; never more than MaxTokens.
             */
            tokens: number;
            /** Format: int32 */
            max_tokens: number;
            citations: components["schemas"]["ContextCitationResponse"][];
        };
        /** @description What a distillation made. */
        DistillationResponse: {
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
            episode_ids: string[];
            fact_ids: string[];
        };
        /** @description Body of `PATCH /v1/memories/{id}`: what is absent stays as it is. */
        EditMemoryRequest: {
            /** @description 1 to 100,000 characters; an episode's cannot be changed. */
            content?: null | string;
            /**
             * Format: double
             * @description 0 to 1; the salience moves by as much.
             */
            importance?: null | number;
            valid_to?: components["schemas"]["JsonElement"];
            metadata?: components["schemas"]["JsonElement"];
            /** @description Other names, which take the place of all it has; an empty list takes them away. */
            aliases?: null | string[];
            pinned?: null | boolean;
            /** @description `active` or `archived`. */
            status?: null | string;
            /** @description Of an agent's record: the active memory, of the same user, that takes its place. It ends when that one begins, or at `valid_to`; an undo takes it back. */
            superseded_by?: null | string;
        };
        /** @description All spaces, oldest first. */
        EmbeddingSpaceList: {
            items: components["schemas"]["EmbeddingSpaceResponse"][];
        };
        /** @description The vectors of one model, and how far they are for the caller's tenant. */
        EmbeddingSpaceResponse: {
            /** Format: int32 */
            id: number;
            model: string;
            /** Format: int32 */
            dimensions: number;
            /** @description `filling`, `active` (the one that recall asks) or `retired`. */
            state: string;
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
            /** Format: date-time */
            created_at: string;
        };
        /** @description One page of entities, most recently created first. */
        EntityPage: {
            items: components["schemas"]["EntityResponse"][];
            next_cursor: null | string;
        };
        /** @description Body of `PATCH /v1/entities/{id}`; what is absent stays. */
        EntityPatch: {
            /** @description A name no other entity of the scope has. */
            name?: null | string;
            type?: null | string;
            /** @description Other names, which take the place of all it has; an empty list takes them away. */
            aliases?: null | string[];
            metadata?: components["schemas"]["JsonElement"];
        };
        /** @description What a deletion took with it. */
        EntityReceiptResponse: {
            entity_id: string;
            /** Format: int32 */
            observations: number;
            /** Format: int32 */
            relations: number;
            /** Format: date-time */
            deleted_at: string;
        };
        /** @description A relation seen from one of its entities. */
        EntityRelationResponse: {
            /** @description `out` when the entity is where it starts, else `in`. */
            direction: string;
            other: components["schemas"]["EntityResponse"];
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
            metadata?: components["schemas"]["JsonElement"];
        };
        /** @description An entity. */
        EntityResponse: {
            id: string;
            name: string;
            type: string;
            user_id: null | string;
            agent_id: null | string;
            /**
             * Format: int64
             * @description Counts changes of names, type and metadata; also the ETag.
             */
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            metadata?: unknown;
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
            items: components["schemas"]["FoundEntityResponse"][];
            watermark: string;
            /** Format: date-time */
            evaluated_at: string;
            /** Format: double */
            took_ms: number;
        };
        /** @description An entity with what holds of it at the time asked for. */
        EntityViewResponse: {
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
            turn?: null | components["schemas"]["ErasedTurn"];
            /** @description One session, and what was derived from it. */
            session_id?: null | string;
            /** @description All sessions, memories and entities of a user, and what was derived from them. */
            user_id?: null | string;
        };
        /** @description A turn to be erased. */
        ErasedTurn: {
            session_id?: null | string;
            /** @description The turn's own id, or the one that recall answers with: session and seq with a colon between. */
            turn_id?: null | string;
        };
        /** @description What an erasure removed. */
        ErasureCountsResponse: {
            /** Format: int64 */
            turns: number;
            /** Format: int64 */
            vectors: number;
            /** Format: int64 */
            idempotency_records: number;
            /** Format: int64 */
            due_work: number;
            /** Format: int64 */
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
            /** Format: int64 */
            observations: number;
            /** Format: int64 */
            entities: number;
            /** Format: int64 */
            relations: number;
        };
        /** @description One page of erasures, newest first. */
        ErasurePage: {
            items: components["schemas"]["ErasureResponse"][];
            next_cursor: null | string;
        };
        /** @description An erasure and, once it is done, its receipt. It holds ids, never content. */
        ErasureResponse: {
            id: string;
            /** @description `running` or `done`. */
            state: string;
            memory_id: null | string;
            session_id: null | string;
            user_id: null | string;
            turn: null | components["schemas"]["ErasedTurn"];
            /** @description Which credential asked for it: `key:` and the beginning of the key's SHA-256, or `local`. */
            requester: string;
            /** Format: date-time */
            requested_at: string;
            /** Format: date-time */
            completed_at: null | string;
            counts: components["schemas"]["ErasureCountsResponse"];
            /** @description SHA-256 over what was erased, 64 hexadecimal digits; absent while it runs. */
            digest: null | string;
        };
        /** @description What is wrong with one field, header or parameter; elements are written `turns[3].content`. */
        FieldErrorResponse: {
            field: string;
            message: string;
        };
        /** @description One entity found. */
        FoundEntityResponse: {
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
            explanation?: components["schemas"]["ScoreExplanationResponse"];
        };
        /** @description How much the tenant's graph holds now. */
        GraphOverviewResponse: {
            /** Format: int64 */
            entities: number;
            /**
             * Format: int64
             * @description Those that nothing superseded; likewise relations.
             */
            observations: number;
            /** Format: int64 */
            relations: number;
            /** @description The most frequent 50; likewise of relations. */
            entity_types: components["schemas"]["TypeCountResponse"][];
            relation_types: components["schemas"]["TypeCountResponse"][];
            most_connected: components["schemas"]["ConnectedEntityResponse"][];
        };
        /** @description A shortest path between two entities, or that there is none. */
        GraphPathResponse: {
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
            /** Format: int32 */
            visited: number;
            /** @description False when the search gave up at a limit: there may be a path after all. */
            exhaustive: boolean;
        };
        /** @description The state of the service, each part checked just now. */
        HealthResponse: {
            /** @description `ok`, or `degraded` when a part is not healthy. */
            status: string;
            version: string;
            environment: string;
            /** Format: date-time */
            checked_at: string;
            components: components["schemas"]["ComponentHealthResponse"][];
        };
        /** @description What an import read and did. */
        ImportResponse: {
            /** @description The tenant imported into. */
            tenant: string;
            /** @description The tenant exported. */
            source_tenant: string;
            /** Format: date-time */
            exported_at: string;
            records: components["schemas"]["TransferCountsResponse"];
            added: components["schemas"]["TransferCountsResponse"];
            /** @description SHA-256 of the record lines, which another export of the same content has as well. */
            records_sha256: string;
        };
        /** @description One page of due work, oldest first. */
        JobPage: {
            items: components["schemas"]["JobResponse"][];
            next_cursor: null | string;
            /** @description The tenant's recurring jobs, which are among the items too; on the first page only. */
            recurring: components["schemas"]["RecurringJobResponse"][];
        };
        /** @description Due work: something to be done for the tenant, kept until it is done. */
        JobResponse: {
            /** Format: int64 */
            id: number;
            /** @description What is to be done, for instance `embed:1`: bring a session's vectors of space 1 up to date. */
            kind: string;
            /** @description A session's id, or empty for the tenant as a whole. */
            subject: string;
            /** @description `ready`: waits for its time, or is being done; `dead`: failed as often as it may. */
            state: string;
            /** Format: date-time */
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
            /** Format: date-time */
            last_run_at: null | string;
            /** Format: date-time */
            created_at: string;
        };
        JsonElement: unknown;
        /** @description An observation and how well it answers by itself, 0 to 1. */
        MatchedObservationResponse: {
            observation: components["schemas"]["ObservationResponse"];
            /** Format: double */
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
            items: components["schemas"]["MemoryResponse"][];
        };
        /** @description One page of memories, the most recently made first. */
        MemoryPage: {
            items: components["schemas"]["MemoryResponse"][];
            next_cursor: null | string;
        };
        /** @description A memory, or one of its versions. */
        MemoryResponse: {
            id: string;
            /** Format: int64 */
            version: number;
            kind: string;
            /** @description `episodic` or `semantic`. */
            tier: string;
            /** @description `candidate`, `active`, `archived` or `superseded`. */
            status: string;
            content: string;
            user_id: null | string;
            agent_id: null | string;
            agent_class: null | string;
            session_id: null | string;
            /** Format: double */
            importance: number;
            /**
             * Format: double
             * @description Stored for SalienceAt; it falls from then on (docs/ranking.md).
             */
            salience: number;
            /** Format: date-time */
            salience_at: string;
            pinned: boolean;
            /** Format: date-time */
            valid_from: string;
            /** Format: date-time */
            valid_to: null | string;
            /** Format: date-time */
            recorded_at: string;
            /** @description The memory that took this one's place. */
            superseded_by: null | string;
            sources: components["schemas"]["SourceResponse"][];
            topics: string[];
            entities: string[];
            origin: string;
            /** @description Why this version came to be. */
            change: string;
            /** @description The decision that made it; an undo takes back all of it. */
            operation: string;
            metadata?: unknown;
            claim?: components["schemas"]["ClaimResponse"];
            /**
             * Format: date-time
             * @description When a later version took this one's place; absent for the current one.
             */
            superseded_at?: null | string;
            /** @description Other names; absent where there are none. */
            aliases?: null | string[];
        };
        /** @description Body of `POST /v1/messages`: one turn of a conversation. */
        MessageRequest: {
            /** @description Must be the credential's tenant; a keyless caller may name any. */
            tenant_id?: null | string;
            /** @description The session. */
            conversation_id?: null | string;
            role?: null | string;
            content?: null | string;
        };
        /** @description Answer of `POST /v1/messages`; `id` and `message_id` both name the stored turn. */
        MessageResponse: {
            status: string;
            id: string;
            message_id: string;
            tenant_id: string;
            conversation_id: string;
            /** Format: int64 */
            seq: number;
            /** Format: date-time */
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
            id: string;
            entity_id: string;
            content: string;
            sources: components["schemas"]["SourceResponse"][];
            /** Format: double */
            importance: null | number;
            /** Format: date-time */
            valid_from: string;
            /** Format: date-time */
            valid_to: null | string;
            /** Format: date-time */
            recorded_at: string;
            /** Format: date-time */
            superseded_at: null | string;
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
            items: components["schemas"]["ObservationResponse"][];
            /**
             * Format: int32
             * @description How many of them are new.
             */
            created: number;
        };
        /** @description The answer of a probe. */
        ProbeResponse: {
            status: string;
        };
        /** @description RFC 9457 problem details, as `application/problem+json`; the form of every 4xx and 5xx answer. */
        ProblemResponse: {
            /** @description `urn:memoryorleans:problem:` and the code. */
            type: string;
            title: string;
            /** Format: int32 */
            status: number;
            detail: string;
            /** @description Stable; what programs decide on. */
            code: string;
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
            metadata?: null | Record<string, never>;
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
            as_of?: components["schemas"]["AsOfInput"];
            /** @description The asker's time zone, a name of the IANA database, by which "yesterday" is meant. Absent: the session's, else that of the user's newest session that has one, else UTC. */
            time_zone?: null | string;
            filter?: components["schemas"]["RecallFilterInput"];
            /**
             * Format: double
             * @description Least absolute relevance of an item, 0 to 1.
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
            items: components["schemas"]["RecalledItemResponse"][];
            intent: string;
            /** @description True when part of the ranking could not take part; DegradedArms names it. */
            degraded: boolean;
            degraded_arms: string[];
            /** @description What was visible: for the same watermark, EvaluatedAt and query the items are the same. */
            watermark: string;
            /** Format: date-time */
            evaluated_at: string;
            /** Format: double */
            took_ms: number;
        };
        /** @description One recalled item. */
        RecalledItemResponse: {
            /** @description Unique in the tenant. */
            id: string;
            /** @description `turn`, `episode`, `fact`, or an agent's own. */
            kind: string;
            /** @description `working`, `episodic` or `semantic`. */
            tier: string;
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
            /** Format: date-time */
            occurred_at: string;
            role: null | string;
            name: null | string;
            metadata?: unknown;
            explanation?: components["schemas"]["ScoreExplanationResponse"];
        };
        /** @description Work that comes again for the tenant: `retention`, `session_cleanup`, `decay_sweep`. */
        RecurringJobResponse: {
            kind: string;
            /**
             * @description `waiting` for its time, `running`: within a round, `failing`: tried again after a failure,
             *             `dead`: failed as often as it may, `new`: not in the schedule yet.
             */
            state: string;
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
            /** Format: date-time */
            valid_from?: null | string;
            /**
             * Format: date-time
             * @description When it ended, or will.
             */
            valid_to?: null | string;
            metadata?: components["schemas"]["JsonElement"];
        };
        /** @description Body of `POST /v1/relations`. */
        RelationRequest: {
            from_id: string;
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
            metadata?: components["schemas"]["JsonElement"];
        };
        /** @description A relation in one of its versions, with both its times. */
        RelationResponse: {
            id: string;
            /**
             * Format: int64
             * @description Also the ETag.
             */
            version: number;
            from_id: string;
            to_id: string;
            type: string;
            /** Format: date-time */
            valid_from: string;
            /** Format: date-time */
            valid_to: null | string;
            /** Format: date-time */
            recorded_at: string;
            /** Format: date-time */
            superseded_at: null | string;
            superseded_by: null | string;
            metadata?: unknown;
        };
        /** @description Memories of one kind by what became of them, or would. */
        RetentionCountResponse: {
            kind: string;
            /** Format: int64 */
            kept: number;
            /** Format: int64 */
            archived: number;
            /** Format: int64 */
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
            /** Format: double */
            max_age_days: number;
            /** Format: double */
            importance_threshold: number;
            /** Format: double */
            delete_after_days: number;
        };
        /** @description What a run of retention did, or would do. */
        RetentionRunResponse: {
            dry_run: boolean;
            /**
             * @description False when there were too many memories for one request: a dry run then speaks of the newest, and
             *                 after a real one the job goes on with the rest.
             */
            complete: boolean;
            /** @description By kind, in alphabetical order. */
            kinds: components["schemas"]["RetentionCountResponse"][];
        };
        /**
         * @description The parts of a score: lexical, vector, smoothing, session_prior, subject and, where they are, those of meaning and a
         *     memory's tier.part sum to it within 1e-6. The subject's part is (subject_multiplier − 1) × the sum of the others but the tier's.
         */
        ScoreExplanationResponse: {
            /** Format: double */
            lexical: number;
            /** Format: double */
            vector: number;
            /** Format: double */
            smoothing: number;
            /** Format: double */
            session_prior: number;
            /** Format: double */
            subject: number;
            /** Format: double */
            subject_multiplier: number;
            matched_terms: string[];
            /** @description The neural model whose vectors took part; absent when the static ones did. */
            vector_model?: null | string;
            tier?: components["schemas"]["TierExplanationResponse"];
            meaning?: components["schemas"]["MeaningExplanationResponse"];
        };
        /** @description Answer of `GET /v1/memory/search` and `POST /memory/recall`, best result first. */
        SearchResponse: {
            query: string;
            /** Format: int32 */
            count: number;
            results: components["schemas"]["SearchResultResponse"][];
        };
        /** @description One result; `conversation_id` and `session_id` are the same. */
        SearchResultResponse: {
            id: string;
            content: string;
            role: null | string;
            /** Format: double */
            score: number;
            /** Format: double */
            relevance: number;
            conversation_id: string;
            session_id: string;
            turn_id: string;
            /** Format: date-time */
            created_at: string;
            name?: null | string;
        };
        /** @description Body of `POST /memory/distill`. */
        SessionDistilRequest: {
            session_id?: null | string;
        };
        /** @description One page of sessions, most recently created first. */
        SessionPage: {
            items: components["schemas"]["SessionResponse"][];
            next_cursor: null | string;
        };
        /** @description Body of `POST /memory/recall`. */
        SessionRecallRequest: {
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
            id: string;
            user_id: null | string;
            agent_id: null | string;
            /** @description `open` or `closed`. */
            status: string;
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
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** @description The person's, an IANA name; null: none was given. */
            time_zone: null | string;
        };
        /** @description A turn that an observation cites. */
        SourceInput: {
            session_id: string;
            turn_id: string;
        };
        /** @description A turn, named fully. */
        SourceResponse: {
            session_id: string;
            turn_id: string;
            /** Format: int64 */
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
            text: string;
            /** Format: int32 */
            tokens: number;
            /** @description The episode it is the summary of; null for a sentence of a turn not distilled yet. */
            memory_id: null | string;
            /** @description The turns it rests on. */
            sources: components["schemas"]["SourceResponse"][];
        };
        /** @description How much the caller's tenant holds. */
        SummaryResponse: {
            tenant: string;
            /** Format: int64 */
            sessions: number;
            /** Format: int64 */
            turns: number;
            /** Format: int64 */
            users: number;
            /** Format: date-time */
            last_recorded_at: null | string;
        };
        /** @description The tenants that the caller administers: its own. */
        TenantPage: {
            items: components["schemas"]["TenantResponse"][];
            next_cursor: null | string;
        };
        /** @description A tenant and what is set for it. */
        TenantResponse: {
            tenant: string;
            /**
             * Format: int32
             * @description Turns that may be appended in a minute over all processes; null: as many as can be.
             */
            turns_per_minute_max: null | number;
        };
        /** @description What an operator sets for a tenant, in place of all that was set before. */
        TenantSettingsRequest: {
            /**
             * Format: int32
             * @description Turns that may be appended in a minute over all processes; null or not given: as many as can be.
             */
            turns_per_minute_max?: null | number;
        };
        /** @description A memory's own part of its score: (weight × salience_factor × recency_factor × scope_factor − 1) × the sum of the others. */
        TierExplanationResponse: {
            /** Format: double */
            part: number;
            /** Format: double */
            weight: number;
            /**
             * Format: double
             * @description How much the memory matters now, 0 to 1.
             */
            salience: number;
            /** Format: double */
            salience_factor: number;
            /** Format: double */
            recency_factor: number;
            /** @description Where it comes from: session, user, agent, agent_class or tenant. */
            scope: string;
            /** Format: double */
            scope_factor: number;
        };
        /** @description How many records of each kind. */
        TransferCountsResponse: {
            /** Format: int64 */
            session: number;
            /** Format: int64 */
            turn: number;
            /** Format: int64 */
            deleted_session: number;
            /**
             * Format: int64
             * @description Versions of memories; likewise relations.
             */
            memory: number;
            /** Format: int64 */
            entity: number;
            /** Format: int64 */
            observation: number;
            /** Format: int64 */
            relation: number;
        };
        /** @description The turns a batch stored, in the order sent. */
        TurnBatchResponse: {
            items: components["schemas"]["TurnResponse"][];
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
            metadata?: components["schemas"]["JsonElement"];
        };
        /** @description One page of a session's turns, by ascending `seq`. */
        TurnPage: {
            items: components["schemas"]["TurnResponse"][];
            next_cursor: null | string;
        };
        /** @description A stored turn. */
        TurnResponse: {
            id: string;
            session_id: string;
            /**
             * Format: int64
             * @description Its number in the session: from 1, without gaps.
             */
            seq: number;
            role: string;
            name: null | string;
            content: string;
            /** Format: date-time */
            occurred_at: string;
            /** Format: date-time */
            recorded_at: string;
            /**
             * Format: int32
             * @description Estimated tokens of the content.
             */
            tokens: number;
            metadata?: unknown;
        };
        /** @description A type and how many are of it. */
        TypeCountResponse: {
            type: string;
            /** Format: int64 */
            count: number;
        };
        /** @description What an undo did: its own operation, and the memories it changed as they are now. */
        UndoResponse: {
            operation: string;
            items: components["schemas"]["MemoryResponse"][];
        };
        /** @description A session's live window: its newest turns within both bounds, by ascending `seq`. */
        WorkingMemoryResponse: {
            session_id: string;
            user_id: null | string;
            agent_id: null | string;
            status: string;
            /** Format: int64 */
            version: number;
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
            metadata?: components["schemas"]["JsonElement"];
            /** @description Other names by which people ask for it, 1 to 256 characters each, at most 16; no other memory of the same owner may have one. */
            aliases?: null | string[];
            /** @description Pinned memories do not decay and are not retired. */
            pinned?: null | boolean;
            /** @description `semantic` (default) or `episodic`. */
            tier?: null | string;
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
