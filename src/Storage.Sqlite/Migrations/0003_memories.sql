-- Memories: episodes, facts and what agents write; and what erasing single turns needs.

-- One row of a memory: where its current version is, and what listings go by. Rows are never deleted. "change" is its newest
-- number in the feed of memories, null while recall was never to find it; "replaces" tells that the feed had it before, so
-- that a follower must drop that first (change - 1). No other counter is needed: a change is twice the key of the version that
-- made it, and versions are only ever added.
CREATE TABLE memories (
    memory_key  INTEGER PRIMARY KEY,
    tenant      TEXT NOT NULL,
    id          TEXT NOT NULL,
    owner_key   INTEGER NOT NULL REFERENCES owners,
    version_key INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    tier        INTEGER NOT NULL,
    status      INTEGER NOT NULL,
    agent_id    TEXT,
    session_id  TEXT,
    change      INTEGER,
    replaces    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant, id)
) STRICT;
CREATE INDEX memories_newest ON memories (tenant, created_at);
CREATE INDEX memories_newest_of_owner ON memories (owner_key, created_at);
CREATE INDEX memories_newest_of_agent ON memories (tenant, agent_id, created_at);
CREATE INDEX memories_newest_of_session ON memories (tenant, session_id, created_at);
CREATE INDEX memories_newest_of_kind ON memories (tenant, kind, created_at);
CREATE INDEX memories_changed ON memories (owner_key, change);

-- Sources are here as JSON, because they are read with their version; they are ids, not content.
CREATE TABLE memory_versions (
    version_key   INTEGER PRIMARY KEY,
    memory_key    INTEGER NOT NULL REFERENCES memories,
    tenant        TEXT NOT NULL,
    version       INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    tier          INTEGER NOT NULL,
    status        INTEGER NOT NULL,
    agent_id      TEXT,
    agent_class   TEXT,
    session_id    TEXT,
    importance    REAL NOT NULL,
    salience      REAL NOT NULL,
    salience_at   INTEGER NOT NULL,
    is_pinned     INTEGER NOT NULL,
    valid_from    INTEGER NOT NULL,
    valid_to      INTEGER,
    confirmed_at  INTEGER,
    recorded_at   INTEGER NOT NULL,
    superseded_at INTEGER,
    superseded_by TEXT,
    sources       TEXT,
    origin        TEXT NOT NULL,
    made_by       INTEGER NOT NULL,
    operation     TEXT NOT NULL,
    UNIQUE (memory_key, version)
) STRICT;
CREATE INDEX memory_versions_of_operation ON memory_versions (tenant, operation);

-- What they say, apart from their rows and emptied in place, as with turn_texts. Words and claim are JSON.
CREATE TABLE memory_texts (
    version_key INTEGER PRIMARY KEY,
    content     TEXT,
    metadata    TEXT,
    topics      TEXT,
    entities    TEXT,
    claim       TEXT
) STRICT;

-- Digests, so that no trace of a key says what the memory said.
CREATE TABLE memory_keys (
    owner_key  INTEGER NOT NULL,
    digest     BLOB NOT NULL,
    memory_key INTEGER NOT NULL,
    PRIMARY KEY (owner_key, digest, memory_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_keys_of_memory ON memory_keys (memory_key);

-- The sessions that a current version cites.
CREATE TABLE memory_citations (
    tenant     TEXT NOT NULL,
    session_id TEXT NOT NULL,
    memory_id  TEXT NOT NULL,
    PRIMARY KEY (tenant, session_id, memory_id)
) STRICT, WITHOUT ROWID;

-- How far a session's turns have been distilled; gone with the session.
ALTER TABLE sessions ADD COLUMN distilled INTEGER NOT NULL DEFAULT 0;

-- The turn that was erased; null: the whole session.
ALTER TABLE removals ADD COLUMN seq INTEGER;
