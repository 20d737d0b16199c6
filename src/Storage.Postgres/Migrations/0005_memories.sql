-- Memories: episodes, facts and what agents write; and what erasing single turns needs.

-- The feed of memories is numbered apart from that of turns, under the same lock.
ALTER TABLE owners ADD COLUMN memory_head bigint NOT NULL DEFAULT 0;

-- How far a session's turns have been distilled; gone with the session.
ALTER TABLE sessions ADD COLUMN distilled bigint NOT NULL DEFAULT 0;

-- One row of a memory: which version is current, and what listings go by. Rows are never deleted. "change" is its newest
-- number in the feed of memories, null while recall was never to find it; "replaces" tells that the feed had it before, so
-- that a follower must drop that first, which has the number before.
CREATE TABLE memories (
    tenant     text     NOT NULL,
    memory_key bigint   NOT NULL GENERATED ALWAYS AS IDENTITY,
    id         text     NOT NULL,
    user_id    text     NOT NULL,
    version    bigint   NOT NULL,
    created_at bigint   NOT NULL,
    kind       text     NOT NULL,
    tier       smallint NOT NULL,
    status     smallint NOT NULL,
    agent_id   text,
    session_id text,
    change     bigint,
    replaces   boolean  NOT NULL DEFAULT false,
    PRIMARY KEY (tenant, memory_key),
    UNIQUE (tenant, id)
);
CREATE INDEX memories_newest ON memories (tenant, created_at, memory_key);
CREATE INDEX memories_newest_of_user ON memories (tenant, user_id, created_at, memory_key);
CREATE INDEX memories_newest_of_agent ON memories (tenant, agent_id, created_at, memory_key);
CREATE INDEX memories_newest_of_session ON memories (tenant, session_id, created_at, memory_key);
CREATE INDEX memories_newest_of_kind ON memories (tenant, kind, created_at, memory_key);
CREATE INDEX memories_changed ON memories (tenant, user_id, change);

-- Written by the functions below only. Sources, words and claim are JSON as text: they are read with their version and come
-- back as they were written.
CREATE TABLE memory_versions (
    tenant        text             NOT NULL,
    memory_key    bigint           NOT NULL,
    version       bigint           NOT NULL,
    kind          text             NOT NULL,
    tier          smallint         NOT NULL,
    status        smallint         NOT NULL,
    agent_id      text,
    agent_class   text,
    session_id    text,
    importance    double precision NOT NULL,
    salience      double precision NOT NULL,
    salience_at   bigint           NOT NULL,
    is_pinned     boolean          NOT NULL,
    valid_from    bigint           NOT NULL,
    valid_to      bigint,
    confirmed_at  bigint,
    recorded_at   bigint           NOT NULL,
    superseded_at bigint,
    superseded_by text,
    sources       text,
    origin        text             NOT NULL,
    made_by       smallint         NOT NULL,
    operation     text             NOT NULL,
    content       text             NOT NULL,
    metadata      text,
    topics        text,
    entities      text,
    claim         text,
    PRIMARY KEY (tenant, memory_key, version)
) WITH (fillfactor = 80);
CREATE INDEX memory_versions_of_operation ON memory_versions (tenant, operation);

CREATE TABLE memory_keys (
    tenant     text   NOT NULL,
    user_id    text   NOT NULL,
    digest     bytea  NOT NULL,
    memory_key bigint NOT NULL,
    PRIMARY KEY (tenant, user_id, digest, memory_key)
);
CREATE INDEX memory_keys_of_memory ON memory_keys (tenant, memory_key);

-- The sessions that a current version cites; read by pages in the order of ids, the same on every server.
CREATE TABLE memory_citations (
    tenant     text             NOT NULL,
    session_id text             NOT NULL,
    memory_id  text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, session_id, memory_id)
);
CREATE INDEX memory_citations_of_memory ON memory_citations (tenant, memory_id);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['memories', 'memory_versions', 'memory_keys', 'memory_citations'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_tenant ON %I USING (tenant = current_setting(''memory.tenant'', true))', name);
    END LOOP;
END
$$;

-- A commit of memories, applied whole or not at all: 0 committed, 1 stale, 2 it would move a memory to another user.
--
-- p_commit: {writes: [...], redacted: [...], wakes: [...], distilled: {...}}, each array's elements with the columns named
-- below. A memory made by two at once fails the later call (unique_violation), which is stale too.
--
-- Locks are taken in one order everywhere: owners by name, then sessions, then memories by id, then due work. The owners'
-- are held until the commit is durable, so a reader who sees a change sees every change of the partition before it.
CREATE FUNCTION commit_memories_1(p_tenant text, p_commit jsonb, p_now bigint)
RETURNS smallint
LANGUAGE plpgsql AS $$
DECLARE
    users text[];
    heads bigint[];
    place int;
    known memories%ROWTYPE;
    is_news boolean;
    w record;
    d record;
BEGIN
    PERFORM set_config('memory.tenant', p_tenant, true);
    SELECT * INTO d FROM jsonb_to_record(p_commit -> 'distilled') AS x (session text, from_seq bigint, to_seq bigint);
    SELECT array_agg(u.user_id ORDER BY u.user_id) INTO users FROM (
        SELECT DISTINCT x.user_id FROM jsonb_to_recordset(p_commit -> 'writes') AS x (user_id text)
        UNION SELECT s.user_id FROM sessions s WHERE s.tenant = p_tenant AND s.id = d.session) u;
    INSERT INTO owners (tenant, user_id)
        SELECT p_tenant, u.user_id FROM unnest(users) u (user_id)
        WHERE NOT EXISTS (SELECT FROM owners o WHERE o.tenant = p_tenant AND o.user_id = u.user_id)
        ORDER BY u.user_id
        ON CONFLICT DO NOTHING;
    SELECT array_agg(l.user_id), array_agg(l.memory_head) INTO users, heads
        FROM (SELECT o.user_id, o.memory_head FROM owners o WHERE o.tenant = p_tenant AND o.user_id = ANY (users)
              ORDER BY o.user_id FOR NO KEY UPDATE) l;
    IF d.session IS NOT NULL THEN
        PERFORM FROM sessions s WHERE s.tenant = p_tenant AND s.id = d.session
            AND s.distilled = d.from_seq - 1 AND s.last_seq >= d.to_seq FOR NO KEY UPDATE;
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
            DELETE FROM memory_citations c WHERE c.tenant = p_tenant AND c.memory_id = w.id;
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
            SELECT DISTINCT p_tenant, c.session_id, w.id FROM unnest(w.cited) c (session_id);
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

    IF d.session IS NOT NULL THEN
        UPDATE sessions s SET distilled = d.to_seq WHERE s.tenant = p_tenant AND s.id = d.session;
    END IF;
    UPDATE owners o SET memory_head = h.head
        FROM unnest(users, heads) h (user_id, head)
        WHERE o.tenant = p_tenant AND o.user_id = h.user_id AND h.head > o.memory_head;
    SELECT array_agg(x.subject) AS subjects, array_agg(x.kind) AS kinds, array_agg(x.due) AS dues INTO w
        FROM jsonb_to_recordset(p_commit -> 'wakes') AS x (subject text, kind text, due bigint);
    IF w.subjects IS NOT NULL THEN
        PERFORM wake_1(p_tenant, w.subjects, w.kinds, w.dues, p_now);
    END IF;
    RETURN 0;
END
$$;

-- Writes saliences that are newer than what is stored. Memories are locked by id, as by commits.
CREATE FUNCTION save_salience_1(p_tenant text, p_ids text[], p_values double precision[], p_ats bigint[])
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    u record;
    current record;
BEGIN
    PERFORM set_config('memory.tenant', p_tenant, true);
    FOR u IN SELECT * FROM unnest(p_ids, p_values, p_ats) WITH ORDINALITY AS x (id, salience, at, place) ORDER BY x.id, x.place LOOP
        SELECT m.memory_key, m.version INTO current FROM memories m WHERE m.tenant = p_tenant AND m.id = u.id FOR NO KEY UPDATE;
        UPDATE memory_versions v SET salience = u.salience, salience_at = u.at
            WHERE v.tenant = p_tenant AND v.memory_key = current.memory_key AND v.version = current.version AND v.salience_at < u.at;
    END LOOP;
END
$$;

-- Erased turns stay as rows, so that seq has no gaps; "seq" of a removal is the turn that was erased, null: the whole session.
ALTER TABLE turns ADD COLUMN erased boolean NOT NULL DEFAULT false;
ALTER TABLE removals ADD COLUMN seq bigint;

-- Empties turns of a session (p_seqs null: all) and removes what was made of them; how much of each there was. The owner is
-- locked before the session, as everywhere.
CREATE FUNCTION erase_turns_1(
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
    UPDATE sessions s SET version = s.version + 1, updated_at = greatest(s.updated_at, p_now)
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
