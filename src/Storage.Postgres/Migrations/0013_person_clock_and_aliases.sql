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

-- Other names of memories and of entities, JSON. An entity's are unique within its scope; digests, as of its name.
ALTER TABLE memory_versions ADD COLUMN aliases text;
ALTER TABLE graph_entities ADD COLUMN aliases text;
CREATE TABLE graph_aliases (
    tenant    text  NOT NULL,
    user_id   text  NOT NULL,
    agent_id  text  NOT NULL,
    digest    bytea NOT NULL,
    entity_id text  NOT NULL,
    PRIMARY KEY (tenant, user_id, agent_id, digest)
);
CREATE INDEX graph_aliases_of_entity ON graph_aliases (tenant, entity_id);

ALTER TABLE graph_aliases ENABLE ROW LEVEL SECURITY;
ALTER TABLE graph_aliases FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON graph_aliases USING (tenant = current_setting('memory.tenant', true));

-- As in 0012, and the aliases; processes of the release before write none.
CREATE OR REPLACE FUNCTION commit_memories_2(p_tenant text, p_commit jsonb, p_now bigint)
RETURNS smallint
LANGUAGE plpgsql AS $$
DECLARE
    users text[];
    writers text[];
    guarded text;
    expected bigint;
    heads bigint[];
    place int;
    known memories%ROWTYPE;
    is_news boolean;
    was_recallable boolean;
    said text;
    space integer;
    embedded text[] := '{}';
    w record;
    d record;
BEGIN
    PERFORM set_config('memory.tenant', p_tenant, true);
    SELECT * INTO d FROM jsonb_to_record(p_commit -> 'distilled') AS x (session text, from_seq bigint, to_seq bigint, version bigint, created bigint);
    SELECT x.user_id, x.version INTO guarded, expected FROM jsonb_to_record(p_commit -> 'owner') AS x (user_id text, version bigint);
    SELECT array_agg(DISTINCT x.user_id) INTO writers FROM jsonb_to_recordset(p_commit -> 'writes') AS x (user_id text);
    SELECT array_agg(u.user_id ORDER BY u.user_id) INTO users FROM (
        SELECT DISTINCT x.user_id FROM jsonb_to_recordset(p_commit -> 'writes') AS x (user_id text)
        UNION SELECT s.user_id FROM sessions s WHERE s.tenant = p_tenant AND s.id = d.session
        UNION SELECT guarded WHERE guarded IS NOT NULL) u;
    INSERT INTO owners (tenant, user_id)
        SELECT p_tenant, u.user_id FROM unnest(users) u (user_id)
        WHERE NOT EXISTS (SELECT FROM owners o WHERE o.tenant = p_tenant AND o.user_id = u.user_id)
        ORDER BY u.user_id
        ON CONFLICT DO NOTHING;
    SELECT array_agg(l.user_id), array_agg(l.memory_head) INTO users, heads
        FROM (SELECT o.user_id, o.memory_head FROM owners o WHERE o.tenant = p_tenant AND o.user_id = ANY (users)
              ORDER BY o.user_id FOR NO KEY UPDATE) l;
    IF guarded IS NOT NULL AND NOT EXISTS (
        SELECT FROM owners o WHERE o.tenant = p_tenant AND o.user_id = guarded AND o.memory_version = expected) THEN
        RETURN 1;
    END IF;
    IF d.session IS NOT NULL THEN
        PERFORM FROM sessions s WHERE s.tenant = p_tenant AND s.id = d.session
            AND s.distilled = d.from_seq - 1 AND s.last_seq >= d.to_seq
            AND s.created_at = d.created AND s.erased_version <= d.version FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            RETURN 1;
        END IF;
    END IF;

    -- All is looked at before anything is written.
    FOR w IN SELECT * FROM jsonb_to_recordset(p_commit -> 'writes') AS x (id text, user_id text, version bigint) ORDER BY x.id LOOP
        SELECT * INTO known FROM memories m WHERE m.tenant = p_tenant AND m.id = w.id FOR NO KEY UPDATE;
        IF coalesce(known.version, 0) <> w.version - 1 THEN
            RETURN 1;
        ELSIF known.user_id <> w.user_id THEN
            RETURN 2;
        END IF;
    END LOOP;

    FOR w IN
        SELECT * FROM jsonb_to_recordset(p_commit -> 'writes') AS x (
            id text, user_id text, version bigint, kind text, tier smallint, status smallint, agent_id text, agent_class text,
            session_id text, importance double precision, salience double precision, salience_at bigint, is_pinned boolean,
            valid_from bigint, valid_to bigint, confirmed_at bigint, recorded_at bigint, superseded_by text, sources text,
            origin text, made_by smallint, operation text, content text, metadata text, topics text, entities text, claim text, aliases text,
            is_recallable boolean, was_recallable smallint[], keys bytea[], cited text[])
    LOOP
        SELECT * INTO known FROM memories m WHERE m.tenant = p_tenant AND m.id = w.id;
        was_recallable := coalesce(known.status = ANY (w.was_recallable), false);
        is_news := w.is_recallable OR was_recallable;
        IF is_news THEN
            place := array_position(users, w.user_id);
            heads[place] := heads[place] + CASE WHEN known.change IS NULL THEN 1 ELSE 2 END;
        END IF;
        IF known.memory_key IS NULL THEN
            INSERT INTO memories (tenant, id, user_id, version, created_at, kind, tier, status, agent_id, session_id, change)
                VALUES (p_tenant, w.id, w.user_id, w.version, w.recorded_at, w.kind, w.tier, w.status, w.agent_id, w.session_id,
                        CASE WHEN is_news THEN heads[place] END)
                RETURNING memory_key INTO known.memory_key;
        ELSE
            UPDATE memories m SET version = w.version, kind = w.kind, tier = w.tier, status = w.status, agent_id = w.agent_id,
                    session_id = w.session_id, replaces = known.change IS NOT NULL,
                    change = CASE WHEN is_news THEN heads[place] ELSE m.change END
                WHERE m.tenant = p_tenant AND m.memory_key = known.memory_key;
            UPDATE memory_versions v SET superseded_at = w.recorded_at
                WHERE v.tenant = p_tenant AND v.memory_key = known.memory_key AND v.version = w.version - 1
                RETURNING v.content INTO said;
            DELETE FROM memory_keys k WHERE k.tenant = p_tenant AND k.memory_key = known.memory_key;
            -- Read after the memory's row was written: whoever opens or drops a space locks the table memories first.
            IF was_recallable AND (NOT w.is_recallable OR said IS DISTINCT FROM w.content) THEN
                -- A process of the release before may have opened one without the table.
                FOR space IN SELECT s.id FROM spaces s WHERE to_regclass('memory_vectors_' || s.id) IS NOT NULL LOOP
                    EXECUTE format('DELETE FROM memory_vectors_%s v WHERE v.tenant = $1 AND v.memory_key = $2', space)
                        USING p_tenant, known.memory_key;
                END LOOP;
            END IF;
        END IF;
        IF w.is_recallable AND (NOT was_recallable OR said IS DISTINCT FROM w.content) THEN
            embedded := embedded || w.id;
        END IF;
        INSERT INTO memory_versions (tenant, memory_key, version, kind, tier, status, agent_id, agent_class, session_id, importance,
                salience, salience_at, is_pinned, valid_from, valid_to, confirmed_at, recorded_at, superseded_by, sources, origin,
                made_by, operation, content, metadata, topics, entities, claim, aliases)
            VALUES (p_tenant, known.memory_key, w.version, w.kind, w.tier, w.status, w.agent_id, w.agent_class, w.session_id, w.importance,
                w.salience, w.salience_at, w.is_pinned, w.valid_from, w.valid_to, w.confirmed_at, w.recorded_at, w.superseded_by,
                w.sources, w.origin, w.made_by, w.operation, w.content, w.metadata, w.topics, w.entities, w.claim, w.aliases);
        INSERT INTO memory_keys (tenant, user_id, digest, memory_key)
            SELECT DISTINCT p_tenant, w.user_id, k.digest, known.memory_key FROM unnest(w.keys) k (digest);
        INSERT INTO memory_citations (tenant, session_id, memory_id)
            SELECT DISTINCT p_tenant, c.session_id, w.id FROM unnest(w.cited) c (session_id)
            ON CONFLICT DO NOTHING;
    END LOOP;

    FOR w IN
        SELECT * FROM jsonb_to_recordset(p_commit -> 'redacted') AS x (
            id text, version bigint, status smallint, sources text, content text, metadata text, topics text, entities text, claim text, aliases text)
    LOOP
        UPDATE memory_versions v SET status = w.status, sources = w.sources, content = w.content, metadata = w.metadata,
                topics = w.topics, entities = w.entities, claim = w.claim, aliases = w.aliases
            WHERE v.tenant = p_tenant AND v.version = w.version
              AND v.memory_key = (SELECT m.memory_key FROM memories m WHERE m.tenant = p_tenant AND m.id = w.id);
    END LOOP;

    FOR w IN SELECT DISTINCT x.id FROM jsonb_to_recordset(p_commit -> 'redacted') AS x (id text) LOOP
        DELETE FROM memory_citations c WHERE c.tenant = p_tenant AND c.memory_id = w.id AND NOT EXISTS (
            SELECT FROM memories m
            JOIN memory_versions v ON v.tenant = p_tenant AND v.memory_key = m.memory_key
            CROSS JOIN jsonb_array_elements(v.sources::jsonb) s (source)
            WHERE m.tenant = p_tenant AND m.id = w.id AND s.source ->> 0 = c.session_id);
    END LOOP;

    IF d.session IS NOT NULL THEN
        UPDATE sessions s SET distilled = d.to_seq WHERE s.tenant = p_tenant AND s.id = d.session;
    END IF;
    UPDATE owners o SET memory_head = h.head, memory_version = o.memory_version + 1
        FROM unnest(users, heads) h (user_id, head)
        WHERE o.tenant = p_tenant AND o.user_id = h.user_id AND o.user_id = ANY (writers);
    SELECT array_agg(x.subject) AS subjects, array_agg(x.kind) AS kinds, array_agg(x.due) AS dues INTO w
        FROM (SELECT y.subject, y.kind, y.due FROM jsonb_to_recordset(p_commit -> 'wakes') AS y (subject text, kind text, due bigint)
              UNION ALL
              SELECT e.id, 'embed_memory:' || s.id, p_now FROM unnest(embedded) e (id) CROSS JOIN spaces s WHERE s.state < 2) x;
    IF w.subjects IS NOT NULL THEN
        PERFORM wake_1(p_tenant, w.subjects, w.kinds, w.dues, p_now);
    END IF;
    RETURN 0;
END
$$;
