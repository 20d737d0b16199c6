-- The turn log. Times are microseconds since the Unix epoch, UTC.

-- A partition of the recall index: the sessions of one user of a tenant, or those without a user.
CREATE TABLE owners (
    owner_key INTEGER PRIMARY KEY,
    tenant    TEXT NOT NULL,
    user_id   TEXT
) STRICT;
CREATE UNIQUE INDEX owners_by_user ON owners (tenant, user_id);
CREATE UNIQUE INDEX owners_without_user ON owners (tenant) WHERE user_id IS NULL;

CREATE TABLE sessions (
    session_key INTEGER PRIMARY KEY,
    tenant      TEXT NOT NULL,
    id          TEXT NOT NULL,
    owner_key   INTEGER NOT NULL REFERENCES owners,
    agent_id    TEXT,
    status      INTEGER NOT NULL,
    last_seq    INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    UNIQUE (tenant, id)
) STRICT;
CREATE INDEX sessions_newest ON sessions (tenant, created_at);
CREATE INDEX sessions_newest_of_owner ON sessions (owner_key, created_at);
CREATE INDEX sessions_newest_of_agent ON sessions (tenant, agent_id, created_at);

-- "change" is one counter over turns and removals, in commit order, never used twice.
CREATE TABLE turns (
    change      INTEGER PRIMARY KEY,
    owner_key   INTEGER NOT NULL,
    session_key INTEGER NOT NULL REFERENCES sessions,
    seq         INTEGER NOT NULL,
    turn_id     TEXT NOT NULL,
    role        TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    tokens      INTEGER NOT NULL,
    UNIQUE (session_key, seq),
    UNIQUE (session_key, turn_id)
) STRICT;
CREATE INDEX turns_of_owner ON turns (owner_key);

-- What people said stands apart from its row, because rows here are never deleted, only emptied where they are.
-- Deleting rows makes SQLite move their neighbours between pages, and secure_delete does not wipe where those were:
-- a copy of a row deleted later would stay in the file for good.
CREATE TABLE turn_texts (
    change   INTEGER PRIMARY KEY,
    name     TEXT,
    content  TEXT,
    metadata TEXT
) STRICT;

-- Deleted sessions: what the recall index must forget, and the version a new session of that id goes on from.
CREATE TABLE removals (
    change     INTEGER PRIMARY KEY,
    owner_key  INTEGER NOT NULL,
    session_id TEXT NOT NULL
) STRICT;
CREATE INDEX removals_of_owner ON removals (owner_key);

CREATE TABLE tombstones (
    tenant     TEXT NOT NULL,
    id         TEXT NOT NULL,
    version    INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- Named by the first turn the key stored: that says the session and seq, finds a session's records without an index of
-- their own, and puts records written together on one page.
CREATE TABLE idempotency (
    change     INTEGER PRIMARY KEY REFERENCES turns,
    tenant     TEXT NOT NULL,
    scope      TEXT NOT NULL,
    key        TEXT NOT NULL,
    digest     BLOB NOT NULL,
    count      INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (tenant, scope, key)
) STRICT;
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

-- One row that health checks write to.
CREATE TABLE probe (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    probed_at INTEGER NOT NULL
) STRICT;
