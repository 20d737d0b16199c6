-- Vectors of memories: in a table for each space, made with it; here for the spaces there are. They are of the current text, so a
-- commit that changes it, or has recall not find the memory any more, removes them, and wakes embed_memory:SPACE where there is a
-- text to be embedded.

DO $$
DECLARE
    space record;
BEGIN
    FOR space IN SELECT s.id, s.dimensions FROM spaces s LOOP
        EXECUTE format(
            'CREATE TABLE memory_vectors_%1$s (
                tenant     text   NOT NULL,
                memory_key bigint NOT NULL,
                embedding  halfvec(%2$s) NOT NULL,
                PRIMARY KEY (tenant, memory_key));
            ALTER TABLE memory_vectors_%1$s ALTER COLUMN embedding SET STORAGE %3$s;
            ALTER TABLE memory_vectors_%1$s ENABLE ROW LEVEL SECURITY;
            ALTER TABLE memory_vectors_%1$s FORCE ROW LEVEL SECURITY;
            CREATE POLICY own_tenant ON memory_vectors_%1$s USING (tenant = current_setting(''memory.tenant'', true))',
            space.id, space.dimensions, CASE WHEN space.dimensions <= 3900 THEN 'PLAIN' ELSE 'EXTERNAL' END);
    END LOOP;
END
$$;

-- What there is already is woken by the fill of each living space; a cursor of -1 begins with the memories.
-- Row-level security binds the tables' owner too; it is lifted for this statement, inside the migration's transaction.
ALTER TABLE owners NO FORCE ROW LEVEL SECURITY;
ALTER TABLE due NO FORCE ROW LEVEL SECURITY;
INSERT INTO due (tenant, subject, kind, due_at, created_at, cursor)
    SELECT DISTINCT o.tenant, '', 'fill:' || s.id, (extract(epoch FROM now()) * 1000000)::bigint, (extract(epoch FROM now()) * 1000000)::bigint, -1
    FROM owners o CROSS JOIN spaces s WHERE s.state < 2
    ON CONFLICT DO NOTHING;
ALTER TABLE owners FORCE ROW LEVEL SECURITY;
ALTER TABLE due FORCE ROW LEVEL SECURITY;

-- As before, and besides with the memories' vectors. It keeps its name, so that processes of the release before do the same.
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
            origin text, made_by smallint, operation text, content text, metadata text, topics text, entities text, claim text,
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
                made_by, operation, content, metadata, topics, entities, claim)
            VALUES (p_tenant, known.memory_key, w.version, w.kind, w.tier, w.status, w.agent_id, w.agent_class, w.session_id, w.importance,
                w.salience, w.salience_at, w.is_pinned, w.valid_from, w.valid_to, w.confirmed_at, w.recorded_at, w.superseded_by,
                w.sources, w.origin, w.made_by, w.operation, w.content, w.metadata, w.topics, w.entities, w.claim);
        INSERT INTO memory_keys (tenant, user_id, digest, memory_key)
            SELECT DISTINCT p_tenant, w.user_id, k.digest, known.memory_key FROM unnest(w.keys) k (digest);
        INSERT INTO memory_citations (tenant, session_id, memory_id)
            SELECT DISTINCT p_tenant, c.session_id, w.id FROM unnest(w.cited) c (session_id)
            ON CONFLICT DO NOTHING;
    END LOOP;

    FOR w IN
        SELECT * FROM jsonb_to_recordset(p_commit -> 'redacted') AS x (
            id text, version bigint, status smallint, sources text, content text, metadata text, topics text, entities text, claim text)
    LOOP
        UPDATE memory_versions v SET status = w.status, sources = w.sources, content = w.content, metadata = w.metadata,
                topics = w.topics, entities = w.entities, claim = w.claim
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
