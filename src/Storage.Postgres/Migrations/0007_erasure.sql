-- Erasure: what cites an erased turn is found whatever its version, what was read before an erasure cannot be written after
-- it, and each erasure is recorded until long after it is done.

-- The version a session had after turns of it were erased last; 0: none were.
ALTER TABLE sessions ADD COLUMN erased_version bigint NOT NULL DEFAULT 0;

-- Counts the commits that wrote memories of the user, so that a consolidation can tell that there was none since it read.
ALTER TABLE owners ADD COLUMN memory_version bigint NOT NULL DEFAULT 0;

-- From now on the sessions that any version cites.
-- Row-level security binds the tables' owner too; it is lifted for this statement, inside the migration's transaction.
ALTER TABLE memory_citations NO FORCE ROW LEVEL SECURITY;
ALTER TABLE memory_versions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE memories NO FORCE ROW LEVEL SECURITY;
INSERT INTO memory_citations (tenant, session_id, memory_id)
    SELECT DISTINCT v.tenant, s.source ->> 0, m.id
    FROM memory_versions v
    JOIN memories m ON m.tenant = v.tenant AND m.memory_key = v.memory_key
    CROSS JOIN jsonb_array_elements(v.sources::jsonb) s (source)
    ON CONFLICT DO NOTHING;
ALTER TABLE memory_citations FORCE ROW LEVEL SECURITY;
ALTER TABLE memory_versions FORCE ROW LEVEL SECURITY;
ALTER TABLE memories FORCE ROW LEVEL SECURITY;

-- The sessions that an observation cites.
CREATE TABLE graph_citations (
    tenant          text             NOT NULL,
    session_id      text             NOT NULL,
    observation_id  text COLLATE "C" NOT NULL,
    entity_key      bigint           NOT NULL,
    observation_key bigint           NOT NULL,
    PRIMARY KEY (tenant, session_id, observation_id),
    FOREIGN KEY (tenant, entity_key, observation_key) REFERENCES graph_observations ON DELETE CASCADE
);
CREATE INDEX graph_citations_of_observation ON graph_citations (tenant, entity_key, observation_key);

ALTER TABLE graph_observations NO FORCE ROW LEVEL SECURITY;
INSERT INTO graph_citations (tenant, session_id, observation_id, entity_key, observation_key)
    SELECT DISTINCT o.tenant, s.source ->> 0, o.id, o.entity_key, o.observation_key
    FROM graph_observations o CROSS JOIN jsonb_array_elements(o.sources::jsonb) s (source);
ALTER TABLE graph_observations FORCE ROW LEVEL SECURITY;

-- Receipts. "before": only what was recorded until then is meant. The counts that the items do not tell stand apart while it
-- runs; "counts" and "digest" come with its end. It holds ids, never content.
CREATE TABLE erasures (
    tenant       text     NOT NULL,
    erasure_key  bigint   NOT NULL GENERATED ALWAYS AS IDENTITY,
    id           text     NOT NULL,
    kind         smallint NOT NULL,
    subject      text     NOT NULL,
    requester    text     NOT NULL,
    requested_at bigint   NOT NULL,
    before       bigint   NOT NULL,
    completed_at bigint,
    vectors      bigint   NOT NULL DEFAULT 0,
    records      bigint   NOT NULL DEFAULT 0,
    works        bigint   NOT NULL DEFAULT 0,
    observations bigint   NOT NULL DEFAULT 0,
    relations    bigint   NOT NULL DEFAULT 0,
    counts       text,
    digest       text,
    PRIMARY KEY (tenant, erasure_key),
    UNIQUE (tenant, id)
);
CREATE INDEX erasures_newest ON erasures (tenant, requested_at, erasure_key);

-- What a running erasure has erased or is about to: ids and digests, gone when it is done.
CREATE TABLE erasure_items (
    tenant     text             NOT NULL,
    erasure_id text             NOT NULL,
    item       text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, erasure_id, item)
);

-- Who did what when, to which id.
CREATE TABLE audit (
    tenant    text   NOT NULL,
    audit_key bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    at        bigint NOT NULL,
    caller    text   NOT NULL,
    action    text   NOT NULL,
    subject   text   NOT NULL,
    PRIMARY KEY (tenant, audit_key)
);
CREATE INDEX audit_newest ON audit (tenant, at, audit_key);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['graph_citations', 'erasures', 'erasure_items', 'audit'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_tenant ON %I USING (tenant = current_setting(''memory.tenant'', true))', name);
    END LOOP;
END
$$;

-- commit_memories_1, which besides is stale when turns of the distilled session were erased since it was read (version,
-- created), or memories of a guarded owner were written since (owner: user_id, version); and which keeps the citations of
-- earlier versions until those are redacted.
CREATE FUNCTION commit_memories_2(p_tenant text, p_commit jsonb, p_now bigint)
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
        is_news := w.is_recallable OR coalesce(known.status = ANY (w.was_recallable), false);
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
                WHERE v.tenant = p_tenant AND v.memory_key = known.memory_key AND v.version = w.version - 1;
            DELETE FROM memory_keys k WHERE k.tenant = p_tenant AND k.memory_key = known.memory_key;
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
        FROM jsonb_to_recordset(p_commit -> 'wakes') AS x (subject text, kind text, due bigint);
    IF w.subjects IS NOT NULL THEN
        PERFORM wake_1(p_tenant, w.subjects, w.kinds, w.dues, p_now);
    END IF;
    RETURN 0;
END
$$;

-- erase_turns_1, which besides notes the version that the erasure made.
CREATE FUNCTION erase_turns_2(
    p_tenant text, p_session text, p_seqs bigint[], p_now bigint, OUT turns bigint, OUT vectors bigint, OUT records bigint, OUT works bigint)
LANGUAGE plpgsql AS $$
DECLARE
    erased_seqs bigint[];
    is_all boolean;
    session sessions%ROWTYPE;
    owner owners%ROWTYPE;
    space integer;
    removed bigint;
BEGIN
    PERFORM set_config('memory.tenant', p_tenant, true);
    turns := 0; vectors := 0; records := 0; works := 0;
    SELECT * INTO session FROM sessions s WHERE s.tenant = p_tenant AND s.id = p_session;
    SELECT * INTO owner FROM owners o WHERE o.tenant = p_tenant AND o.user_id = session.user_id FOR NO KEY UPDATE;
    -- A session made anew meanwhile may be another user's: then there is nothing left of the one that was meant.
    SELECT * INTO session FROM sessions s
        WHERE s.tenant = p_tenant AND s.id = p_session AND s.user_id = owner.user_id FOR UPDATE;
    SELECT array_agg(t.seq ORDER BY t.seq) FILTER (WHERE p_seqs IS NULL OR t.seq = ANY (p_seqs)),
           bool_and(p_seqs IS NULL OR t.seq = ANY (p_seqs))
        INTO erased_seqs, is_all
        FROM turns t WHERE t.tenant = p_tenant AND t.session_key = session.session_key AND NOT t.erased;
    IF erased_seqs IS NULL THEN
        RETURN;
    END IF;

    UPDATE turns t SET erased = true, name = NULL, content = '', metadata = NULL, tokens = 0
        WHERE t.tenant = p_tenant AND t.session_key = session.session_key AND t.seq = ANY (erased_seqs);
    turns := cardinality(erased_seqs);
    DELETE FROM idempotency i WHERE i.tenant = p_tenant AND i.session_key = session.session_key
        AND EXISTS (SELECT FROM unnest(erased_seqs) e (seq) WHERE e.seq >= i.first_seq AND e.seq < i.first_seq + i.count);
    GET DIAGNOSTICS records = ROW_COUNT;
    UPDATE sessions s SET version = s.version + 1, erased_version = s.version + 1, updated_at = greatest(s.updated_at, p_now)
        WHERE s.tenant = p_tenant AND s.session_key = session.session_key;
    -- Read after the session's row was written: whoever drops a space locks the table sessions first.
    FOR space IN SELECT s.id FROM spaces s LOOP
        EXECUTE format('DELETE FROM vectors_%s v WHERE v.tenant = $1 AND v.session_key = $2 AND v.seq = ANY ($3)', space)
            USING p_tenant, session.session_key, erased_seqs;
        GET DIAGNOSTICS removed = ROW_COUNT;
        vectors := vectors + removed;
    END LOOP;
    IF is_all THEN
        DELETE FROM due d WHERE d.tenant = p_tenant AND d.subject = p_session;
        GET DIAGNOSTICS works = ROW_COUNT;
        erased_seqs := ARRAY[NULL::bigint];
    END IF;
    INSERT INTO removals (tenant, owner_key, change, session_id, seq)
        SELECT p_tenant, owner.owner_key, owner.head + e.place, p_session, e.seq
        FROM unnest(erased_seqs) WITH ORDINALITY AS e (seq, place);
    UPDATE owners o SET head = owner.head + cardinality(erased_seqs)
        WHERE o.tenant = p_tenant AND o.user_id = owner.user_id;
END
$$;
