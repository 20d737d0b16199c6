-- The writes, each one call and so one round trip. A changed version of a function gets a new name, so that processes of
-- the release before go on calling theirs.

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
CREATE FUNCTION commit_turns_1(
    p_tenant text, p_users text[],
    c_session text[], c_owner int[], c_agent text[], c_status smallint[], c_last_seq bigint[], c_version bigint[],
    c_created bigint[], c_updated bigint[], c_expected bigint[], c_tombstone bigint[], c_turns int[],
    i_scope text[], i_key text[], i_digest bytea[], i_version bigint[], i_expires bigint[],
    t_commit int[], t_seq bigint[], t_id text[], t_role text[], t_name text[], t_content text[], t_metadata text[],
    t_occurred bigint[], t_recorded bigint[], t_tokens int[], t_first int[])
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
    c record;
BEGIN
    PERFORM set_config('memory.tenant', p_tenant, true);
    INSERT INTO owners (tenant, user_id)
        SELECT p_tenant, u.user_id FROM unnest(p_users) u (user_id)
        WHERE NOT EXISTS (SELECT FROM owners o WHERE o.tenant = p_tenant AND o.user_id = u.user_id)
        ORDER BY u.user_id
        ON CONFLICT DO NOTHING;
    SELECT array_agg(l.owner_key ORDER BY l.place), array_agg(l.head ORDER BY l.place)
        INTO owner_keys, heads
        FROM (SELECT o.owner_key, o.head, array_position(p_users, o.user_id) AS place
              FROM owners o WHERE o.tenant = p_tenant AND o.user_id = ANY (p_users)
              ORDER BY o.user_id FOR NO KEY UPDATE) l;
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
    RETURN statuses;
END
$$;

-- Removes a session of the expected version with its turns and idempotency records, leaving a tombstone of the version
-- after it and a removal in the feed. 0 when done, 1 when stale. The owner is locked before the session, as above.
CREATE FUNCTION delete_session_1(p_tenant text, p_session text, p_expected bigint, p_now bigint)
RETURNS smallint
LANGUAGE plpgsql AS $$
DECLARE
    session bigint;
    owner_user text;
    owner bigint;
    change bigint;
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
    INSERT INTO tombstones (tenant, id, version, deleted_at) VALUES (p_tenant, p_session, p_expected + 1, p_now);
    INSERT INTO removals (tenant, owner_key, change, session_id) VALUES (p_tenant, owner, change, p_session);
    UPDATE owners o SET head = change WHERE o.tenant = p_tenant AND o.user_id = owner_user;
    RETURN 0;
END
$$;
