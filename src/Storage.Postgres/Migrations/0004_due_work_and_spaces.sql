-- Durable due work, and the spaces that neural embedders' vectors live in.

-- The outbox and the schedule in one: what is to be done for a tenant, one row of a kind and subject, kept until it is done.
-- Written with the commit that asks for it. "claims" is the token of the latest claim, "wakes" tells whether there was news
-- while it was being done, "not_before" holds a failed attempt's pause against wakes. While claimed, due_at is the lease's
-- end, or what a wake since then asked for. It holds ids and reasons, never content.
CREATE TABLE due (
    tenant      text     NOT NULL,
    subject     text     NOT NULL,
    kind        text     NOT NULL,
    id          bigint   NOT NULL GENERATED ALWAYS AS IDENTITY,
    state       smallint NOT NULL DEFAULT 0,
    due_at      bigint   NOT NULL,
    not_before  bigint   NOT NULL DEFAULT 0,
    lease_until bigint   NOT NULL DEFAULT 0,
    cursor      bigint   NOT NULL DEFAULT 0,
    attempts    integer  NOT NULL DEFAULT 0,
    wakes       bigint   NOT NULL DEFAULT 1,
    claims      bigint   NOT NULL DEFAULT 0,
    last_error  text,
    last_run_at bigint,
    created_at  bigint   NOT NULL,
    PRIMARY KEY (tenant, subject, kind),
    UNIQUE (tenant, id)
) WITH (fillfactor = 70, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX due_ready ON due (kind, due_at) WHERE state = 0;
CREATE INDEX due_dead ON due (tenant, id) WHERE state = 1;

ALTER TABLE due ENABLE ROW LEVEL SECURITY;
ALTER TABLE due FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON due USING (tenant = current_setting('memory.tenant', true));

-- Work of all tenants is claimed and counted by the role that sees ids only. What ends a claim names its tenant and is
-- bound to it as everything else.
GRANT SELECT, UPDATE (claims, attempts, lease_until, due_at, last_run_at) ON due TO memory_worker;
CREATE POLICY any_tenant_claim_read ON due FOR SELECT TO memory_worker USING (true);
CREATE POLICY any_tenant_claim_update ON due FOR UPDATE TO memory_worker USING (true);

-- Names of tenants, so that a new space can be filled for each.
GRANT SELECT (tenant) ON owners TO memory_worker;
CREATE POLICY any_tenant_name ON owners FOR SELECT TO memory_worker USING (true);

-- The spaces are the installation's, not a tenant's: a model and its dimensions, no tenant's data, hence no row-level
-- security. State: 0 filling, 1 active, 2 retired. Each has a table vectors_ID, made with it.
CREATE TABLE spaces (
    id         integer  PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    model      text     NOT NULL,
    dimensions integer  NOT NULL,
    state      smallint NOT NULL,
    created_at bigint   NOT NULL
);
CREATE UNIQUE INDEX spaces_living ON spaces (model, dimensions) WHERE state < 2;
CREATE UNIQUE INDEX spaces_active ON spaces (state) WHERE state = 1;

-- Who needs no neural embedder needs no pgvector; who does is told when a space is opened.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;
EXCEPTION
    WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
        NULL;
END
$$;

-- Wakes work of one tenant. Rows are locked in one order everywhere, so that two that wake the same do not wait for each other.
CREATE FUNCTION wake_1(p_tenant text, p_subjects text[], p_kinds text[], p_dues bigint[], p_now bigint)
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('memory.tenant', p_tenant, true);
    INSERT INTO due AS d (tenant, subject, kind, due_at, created_at)
        SELECT p_tenant, w.subject, w.kind, min(w.due), p_now
        FROM unnest(p_subjects, p_kinds, p_dues) w (subject, kind, due)
        GROUP BY w.subject, w.kind ORDER BY w.subject, w.kind
        ON CONFLICT (tenant, subject, kind) DO UPDATE SET
            wakes = d.wakes + 1,
            state = 0,
            attempts = CASE d.state WHEN 0 THEN d.attempts ELSE 0 END,
            due_at = CASE d.state WHEN 0 THEN greatest(least(d.due_at, excluded.due_at), d.not_before) ELSE excluded.due_at END;
END
$$;

-- Wakes a kind for whole tenants.
CREATE FUNCTION wake_tenants_1(p_tenants text[], p_kind text, p_due bigint)
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY p_tenants LOOP
        PERFORM wake_1(name, ARRAY[''], ARRAY[p_kind], ARRAY[p_due], p_due);
    END LOOP;
END
$$;

-- Removes work of kinds that are no more.
CREATE FUNCTION forget_kinds_1(p_tenants text[], p_kinds text[])
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY p_tenants LOOP
        PERFORM set_config('memory.tenant', name, true);
        DELETE FROM due d WHERE d.tenant = name AND d.kind = ANY (p_kinds);
    END LOOP;
END
$$;

-- commit_turns_1, and what the commits wake: w_… has one element for each piece of work asked for, w_commit being the place
-- of its commit; besides, each space that is filling or active has the vectors of every session with new turns brought up
-- to date.
--
-- Commits of one tenant's sessions, in order; each may fail alone. Answers for each commit: 0 committed, 1 stale,
-- 2 the commit would move its session to another user or agent.
--
-- The owners concerned are locked first, in order, which keeps two processes from waiting for each other; the lock is held
-- until the commit is durable, so a reader who sees a change sees every change of the partition before it.
--
-- p_users: the users concerned, each once. c_…: one element a commit; c_owner is the place of its user in p_users and
-- c_turns how many turns it has; i_… are null where it has no idempotency key. t_…: one element a turn, in the order of
-- the commits, t_commit being the place of its commit. A turn id used before in its session fails the whole call
-- (unique_violation); the caller then sends each commit alone. Callers look ids up first, so that is a rare race.
CREATE FUNCTION commit_turns_2(
    p_tenant text, p_users text[],
    c_session text[], c_owner int[], c_agent text[], c_status smallint[], c_last_seq bigint[], c_version bigint[],
    c_created bigint[], c_updated bigint[], c_expected bigint[], c_tombstone bigint[], c_turns int[],
    i_scope text[], i_key text[], i_digest bytea[], i_version bigint[], i_expires bigint[],
    t_commit int[], t_seq bigint[], t_id text[], t_role text[], t_name text[], t_content text[], t_metadata text[],
    t_occurred bigint[], t_recorded bigint[], t_tokens int[], t_first int[],
    w_commit int[], w_kind text[], w_due bigint[])
RETURNS smallint[]
LANGUAGE plpgsql AS $$
DECLARE
    owner_keys bigint[];
    heads bigint[];
    heads_before bigint[];
    statuses smallint[] := '{}';
    session_keys bigint[] := '{}';
    bases bigint[] := '{}';
    session bigint;
    found_tombstone bigint;
    embeddings text[];
    woken record;
    c record;
BEGIN
    PERFORM set_config('memory.tenant', p_tenant, true);
    LOOP
        SELECT array_agg(l.owner_key ORDER BY l.place), array_agg(l.head ORDER BY l.place)
            INTO owner_keys, heads
            FROM (SELECT o.owner_key, o.head, array_position(p_users, o.user_id) AS place
                  FROM owners o WHERE o.tenant = p_tenant AND o.user_id = ANY (p_users)
                  ORDER BY o.user_id FOR NO KEY UPDATE) l;
        EXIT WHEN cardinality(owner_keys) = cardinality(p_users);
        INSERT INTO owners (tenant, user_id)
            SELECT p_tenant, u.user_id FROM unnest(p_users) u (user_id) ORDER BY u.user_id
            ON CONFLICT DO NOTHING;
    END LOOP;
    heads_before := heads;

    FOR c IN
        SELECT * FROM unnest(c_session, c_owner, c_agent, c_status, c_last_seq, c_version, c_created, c_updated,
                             c_expected, c_tombstone, c_turns, i_scope, i_key, i_digest, i_version, i_expires, t_first)
            AS x (session, owner, agent, status, last_seq, version, created, updated,
                  expected, tombstone, turns, scope, key, digest, answered, expires, first_turn)
    LOOP
        session := NULL;
        IF c.scope IS NOT NULL AND EXISTS (
            SELECT FROM idempotency i
            WHERE i.tenant = p_tenant AND i.scope = c.scope AND i.key = c.key AND i.expires_at > c.updated) THEN
            NULL;
        ELSIF c.expected > 0 THEN
            -- An update by way of ON CONFLICT: the index is named, not left to a plan made while the table was small. Should
            -- the session not exist after all, the row that appears (its key is none a session has) is taken back.
            INSERT INTO sessions AS s (tenant, session_key, id, user_id, agent_id, status, last_seq, version, created_at, updated_at)
                OVERRIDING SYSTEM VALUE
                VALUES (p_tenant, -1, c.session, p_users[c.owner], c.agent, c.status, c.last_seq, c.version, c.created, c.updated)
                ON CONFLICT (tenant, id) DO UPDATE SET
                    status = excluded.status, last_seq = excluded.last_seq, version = excluded.version, updated_at = excluded.updated_at
                WHERE s.version = c.expected AND s.last_seq = c.last_seq - c.turns
                  AND s.user_id = excluded.user_id AND s.agent_id IS NOT DISTINCT FROM excluded.agent_id
                RETURNING s.session_key INTO session;
            IF session = -1 THEN
                DELETE FROM sessions s WHERE s.tenant = p_tenant AND s.session_key = -1;
                session := NULL;
            ELSIF session IS NULL AND EXISTS (
                SELECT FROM sessions s WHERE s.tenant = p_tenant AND s.id = c.session AND s.version = c.expected
                AND (s.user_id <> p_users[c.owner] OR s.agent_id IS DISTINCT FROM c.agent)) THEN
                statuses := statuses || 2::smallint;
                session_keys := session_keys || NULL::bigint;
                bases := bases || NULL::bigint;
                CONTINUE;
            END IF;
        ELSIF c.last_seq = c.turns THEN
            INSERT INTO sessions (tenant, id, user_id, agent_id, status, last_seq, version, created_at, updated_at)
                VALUES (p_tenant, c.session, p_users[c.owner], c.agent, c.status, c.last_seq, c.version, c.created, c.updated)
                ON CONFLICT (tenant, id) DO NOTHING
                RETURNING session_key INTO session;
            IF session IS NOT NULL THEN
                -- Looked at only now that nobody else can make or delete a session of this id.
                DELETE FROM tombstones o WHERE o.tenant = p_tenant AND o.id = c.session AND o.version = c.tombstone
                    RETURNING o.version INTO found_tombstone;
                IF coalesce(found_tombstone, 0) <> c.tombstone
                   OR EXISTS (SELECT FROM tombstones o WHERE o.tenant = p_tenant AND o.id = c.session) THEN
                    DELETE FROM sessions s WHERE s.tenant = p_tenant AND s.session_key = session;
                    session := NULL;
                END IF;
            END IF;
        END IF;

        IF session IS NULL THEN
            statuses := statuses || 1::smallint;
            session_keys := session_keys || NULL::bigint;
            bases := bases || NULL::bigint;
            CONTINUE;
        END IF;

        IF c.scope IS NOT NULL THEN
            INSERT INTO idempotency AS i (tenant, scope, key, session_key, first_seq, count, version, expires_at, digest)
                VALUES (p_tenant, c.scope, c.key, session, c.last_seq - c.turns + 1, c.turns, c.answered, c.expires, c.digest)
                ON CONFLICT (tenant, scope, key) DO UPDATE SET
                    session_key = excluded.session_key, first_seq = excluded.first_seq, count = excluded.count,
                    version = excluded.version, expires_at = excluded.expires_at, digest = excluded.digest
                WHERE i.expires_at <= c.updated;
            IF NOT FOUND THEN
                -- Another process wrote the key since it was looked for above. Tried again, this commit is stale.
                RAISE EXCEPTION 'The idempotency key was written by another process.' USING ERRCODE = 'serialization_failure';
            END IF;
        END IF;
        statuses := statuses || 0::smallint;
        session_keys := session_keys || session;
        bases := bases || heads[c.owner];
        heads[c.owner] := heads[c.owner] + c.turns;
    END LOOP;

    INSERT INTO turns (tenant, owner_key, change, session_key, seq, occurred_at, recorded_at, tokens,
                       turn_id, role, name, content, metadata)
        SELECT p_tenant, owner_keys[c_owner[t.commit]], bases[t.commit] + t.place - t_first[t.commit] + 1,
               session_keys[t.commit], t.seq, t.occurred, t.recorded, t.tokens, t.id, t.role, t.name, t.content, t.metadata
        FROM unnest(t_commit, t_seq, t_id, t_role, t_name, t_content, t_metadata, t_occurred, t_recorded, t_tokens)
            WITH ORDINALITY AS t (commit, seq, id, role, name, content, metadata, occurred, recorded, tokens, place)
        WHERE statuses[t.commit] = 0;
    UPDATE owners o SET head = h.head
        FROM unnest(p_users, heads, heads_before) h (user_id, head, before)
        WHERE o.tenant = p_tenant AND o.user_id = h.user_id AND h.head > h.before;

    -- Read last: whoever opens a space locks the table sessions, and so waits for every commit that was not to see it.
    SELECT array_agg('embed:' || s.id) INTO embeddings FROM spaces s WHERE s.state < 2;
    IF embeddings IS NOT NULL OR w_commit <> '{}' THEN
        SELECT array_agg(w.subject) AS subjects, array_agg(w.kind) AS kinds, array_agg(w.due) AS dues, max(w.updated) AS updated INTO woken
            FROM (SELECT x.session, k.kind, x.updated, x.updated
                  FROM unnest(c_session, c_turns, c_updated, statuses) x (session, turns, updated, status)
                  CROSS JOIN unnest(embeddings) k (kind)
                  WHERE x.status = 0 AND x.turns > 0
                  UNION ALL
                  SELECT c_session[a.commit], a.kind, a.due, c_updated[a.commit]
                  FROM unnest(w_commit, w_kind, w_due) a (commit, kind, due)
                  WHERE statuses[a.commit] = 0) w (subject, kind, due, updated);
        IF woken.subjects IS NOT NULL THEN
            PERFORM wake_1(p_tenant, woken.subjects, woken.kinds, woken.dues, woken.updated);
        END IF;
    END IF;
    RETURN statuses;
END
$$;

-- Processes of the release before go on calling theirs, and what they commit is embedded as well.
CREATE OR REPLACE FUNCTION commit_turns_1(
    p_tenant text, p_users text[],
    c_session text[], c_owner int[], c_agent text[], c_status smallint[], c_last_seq bigint[], c_version bigint[],
    c_created bigint[], c_updated bigint[], c_expected bigint[], c_tombstone bigint[], c_turns int[],
    i_scope text[], i_key text[], i_digest bytea[], i_version bigint[], i_expires bigint[],
    t_commit int[], t_seq bigint[], t_id text[], t_role text[], t_name text[], t_content text[], t_metadata text[],
    t_occurred bigint[], t_recorded bigint[], t_tokens int[], t_first int[])
RETURNS smallint[]
LANGUAGE plpgsql AS $$
BEGIN
    RETURN commit_turns_2(
        p_tenant, p_users, c_session, c_owner, c_agent, c_status, c_last_seq, c_version, c_created, c_updated,
        c_expected, c_tombstone, c_turns, i_scope, i_key, i_digest, i_version, i_expires, t_commit, t_seq,
        t_id, t_role, t_name, t_content, t_metadata, t_occurred, t_recorded, t_tokens, t_first,
        '{}', '{}', '{}');
END
$$;

-- Removes a session of the expected version with its turns, idempotency records, vectors and due work, leaving a tombstone of
-- the version after it and a removal in the feed. 0 when done, 1 when stale. The owner is locked before the session, as above.
CREATE OR REPLACE FUNCTION delete_session_1(p_tenant text, p_session text, p_expected bigint, p_now bigint)
RETURNS smallint
LANGUAGE plpgsql AS $$
DECLARE
    session bigint;
    owner_user text;
    owner bigint;
    change bigint;
    space integer;
BEGIN
    PERFORM set_config('memory.tenant', p_tenant, true);
    SELECT s.user_id INTO owner_user FROM sessions s WHERE s.tenant = p_tenant AND s.id = p_session AND s.version = p_expected;
    IF NOT FOUND THEN
        RETURN 1;
    END IF;
    SELECT o.owner_key, o.head + 1 INTO owner, change
        FROM owners o WHERE o.tenant = p_tenant AND o.user_id = owner_user FOR NO KEY UPDATE;
    SELECT s.session_key INTO session
        FROM sessions s WHERE s.tenant = p_tenant AND s.id = p_session AND s.version = p_expected FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 1;
    END IF;
    DELETE FROM idempotency i WHERE i.tenant = p_tenant AND i.session_key = session;
    DELETE FROM turns t WHERE t.tenant = p_tenant AND t.session_key = session;
    DELETE FROM sessions s WHERE s.tenant = p_tenant AND s.session_key = session;
    DELETE FROM due d WHERE d.tenant = p_tenant AND d.subject = p_session;
    -- Read after the session's row is gone: whoever drops a space locks the table sessions first.
    FOR space IN SELECT s.id FROM spaces s LOOP
        EXECUTE format('DELETE FROM vectors_%s v WHERE v.tenant = $1 AND v.session_key = $2', space) USING p_tenant, session;
    END LOOP;
    INSERT INTO tombstones (tenant, id, version, deleted_at) VALUES (p_tenant, p_session, p_expected + 1, p_now);
    INSERT INTO removals (tenant, owner_key, change, session_id) VALUES (p_tenant, owner, change, p_session);
    UPDATE owners o SET head = change WHERE o.tenant = p_tenant AND o.user_id = owner_user;
    RETURN 0;
END
$$;
