-- Durable due work, and the spaces that neural embedders' vectors live in.

-- The outbox and the schedule in one: what is to be done for a tenant, one row of a kind and subject, kept until it is done.
-- Written with the commit that asks for it. "claims" is the token of the latest claim, "wakes" tells whether there was news
-- while it was being done, "not_before" holds a failed attempt's pause against wakes. While claimed, due_at is the lease's
-- end, or what a wake since then asked for. It holds ids and reasons, never content. Ids are never used twice, else a claim
-- could be taken for one of the row that came after.
CREATE TABLE due (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant      TEXT NOT NULL,
    subject     TEXT NOT NULL,
    kind        TEXT NOT NULL,
    state       INTEGER NOT NULL DEFAULT 0,
    due_at      INTEGER NOT NULL,
    not_before  INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0,
    cursor      INTEGER NOT NULL DEFAULT 0,
    attempts    INTEGER NOT NULL DEFAULT 0,
    wakes       INTEGER NOT NULL DEFAULT 1,
    claims      INTEGER NOT NULL DEFAULT 0,
    last_error  TEXT,
    last_run_at INTEGER,
    created_at  INTEGER NOT NULL,
    UNIQUE (tenant, subject, kind)
) STRICT;
CREATE INDEX due_of_tenant ON due (tenant);
CREATE INDEX due_ready ON due (kind, due_at) WHERE state = 0;
CREATE INDEX due_dead ON due (tenant) WHERE state = 1;

-- Going through all sessions of a tenant, from any of them on.
CREATE INDEX sessions_of_tenant ON sessions (tenant);

-- State: 0 filling, 1 active, 2 retired.
CREATE TABLE spaces (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    model      TEXT NOT NULL,
    dimensions INTEGER NOT NULL,
    state      INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX spaces_living ON spaces (model, dimensions) WHERE state < 2;
CREATE UNIQUE INDEX spaces_active ON spaces (state) WHERE state = 1;

-- Where a turn's vectors are. As with texts, what can be read back stands apart in rows that are emptied, not deleted.
CREATE TABLE vectors (
    session_key INTEGER NOT NULL,
    space       INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    piece       INTEGER NOT NULL,
    vector_key  INTEGER NOT NULL,
    PRIMARY KEY (session_key, space, seq, piece)
) STRICT, WITHOUT ROWID;
CREATE INDEX vectors_of_space ON vectors (space);

-- Elements of two bytes, IEEE 754 half precision, little-endian.
CREATE TABLE vector_elements (
    vector_key INTEGER PRIMARY KEY,
    elements   BLOB
) STRICT;
