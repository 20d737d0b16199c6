-- The clock a person speaks by: a turn's offset from UTC in minutes, and a session's IANA time zone.
ALTER TABLE turns ADD COLUMN utc_offset smallint NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN time_zone text;
CREATE INDEX sessions_with_zone ON sessions (tenant, user_id, session_key) WHERE time_zone IS NOT NULL;

-- commit_turns_2 (0004 tells how it works), and the clocks: c_zone has one element a commit, the session's time zone as it is
-- afterwards or null, t_offset one a turn; both may be empty.
CREATE FUNCTION commit_turns_3(
    p_tenant text, p_users text[],
    c_session text[], c_owner int[], c_agent text[], c_status smallint[], c_last_seq bigint[], c_version bigint[],
    c_created bigint[], c_updated bigint[], c_expected bigint[], c_tombstone bigint[], c_turns int[],
    i_scope text[], i_key text[], i_digest bytea[], i_version bigint[], i_expires bigint[],
    t_commit int[], t_seq bigint[], t_id text[], t_role text[], t_name text[], t_content text[], t_metadata text[],
    t_occurred bigint[], t_recorded bigint[], t_tokens int[], t_first int[],
    w_commit int[], w_kind text[], w_due bigint[],
    c_zone text[], t_offset smallint[])
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
                             c_expected, c_tombstone, c_turns, i_scope, i_key, i_digest, i_version, i_expires, t_first, c_zone)
            AS x (session, owner, agent, status, last_seq, version, created, updated,
                  expected, tombstone, turns, scope, key, digest, answered, expires, first_turn, zone)
    LOOP
        session := NULL;
        IF c.scope IS NOT NULL AND EXISTS (
            SELECT FROM idempotency i
            WHERE i.tenant = p_tenant AND i.scope = c.scope AND i.key = c.key AND i.expires_at > c.updated) THEN
            NULL;
        ELSIF c.expected > 0 THEN
            -- An update by way of ON CONFLICT: the index is named, not left to a plan made while the table was small. Should
            -- the session not exist after all, the row that appears (its key is none a session has) is taken back.
            INSERT INTO sessions AS s (tenant, session_key, id, user_id, agent_id, status, last_seq, version, created_at, updated_at, time_zone)
                OVERRIDING SYSTEM VALUE
                VALUES (p_tenant, -1, c.session, p_users[c.owner], c.agent, c.status, c.last_seq, c.version, c.created, c.updated, c.zone)
                ON CONFLICT (tenant, id) DO UPDATE SET
                    status = excluded.status, last_seq = excluded.last_seq, version = excluded.version, updated_at = excluded.updated_at,
                    time_zone = coalesce(excluded.time_zone, s.time_zone)
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
            INSERT INTO sessions (tenant, id, user_id, agent_id, status, last_seq, version, created_at, updated_at, time_zone)
                VALUES (p_tenant, c.session, p_users[c.owner], c.agent, c.status, c.last_seq, c.version, c.created, c.updated, c.zone)
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
                       turn_id, role, name, content, metadata, utc_offset)
        SELECT p_tenant, owner_keys[c_owner[t.commit]], bases[t.commit] + t.place - t_first[t.commit] + 1,
               session_keys[t.commit], t.seq, t.occurred, t.recorded, t.tokens, t.id, t.role, t.name, t.content, t.metadata,
               coalesce(t.utc_offset, 0)
        FROM unnest(t_commit, t_seq, t_id, t_role, t_name, t_content, t_metadata, t_occurred, t_recorded, t_tokens, t_offset)
            WITH ORDINALITY AS t (commit, seq, id, role, name, content, metadata, occurred, recorded, tokens, utc_offset, place)
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

-- Processes of the release before go on calling theirs: their turns are told in UTC, and a session keeps the zone it has.
CREATE OR REPLACE FUNCTION commit_turns_2(
    p_tenant text, p_users text[],
    c_session text[], c_owner int[], c_agent text[], c_status smallint[], c_last_seq bigint[], c_version bigint[],
    c_created bigint[], c_updated bigint[], c_expected bigint[], c_tombstone bigint[], c_turns int[],
    i_scope text[], i_key text[], i_digest bytea[], i_version bigint[], i_expires bigint[],
    t_commit int[], t_seq bigint[], t_id text[], t_role text[], t_name text[], t_content text[], t_metadata text[],
    t_occurred bigint[], t_recorded bigint[], t_tokens int[], t_first int[],
    w_commit int[], w_kind text[], w_due bigint[])
RETURNS smallint[]
LANGUAGE plpgsql AS $$
BEGIN
    RETURN commit_turns_3(
        p_tenant, p_users, c_session, c_owner, c_agent, c_status, c_last_seq, c_version, c_created, c_updated,
        c_expected, c_tombstone, c_turns, i_scope, i_key, i_digest, i_version, i_expires, t_commit, t_seq,
        t_id, t_role, t_name, t_content, t_metadata, t_occurred, t_recorded, t_tokens, t_first,
        w_commit, w_kind, w_due, '{}', '{}');
END
$$;
