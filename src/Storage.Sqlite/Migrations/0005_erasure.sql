-- Erasure: what cites an erased turn is found whatever its version, what was read before an erasure cannot be written after
-- it, and each erasure is recorded until long after it is done.

-- The version a session had after turns of it were erased last; 0: none were.
ALTER TABLE sessions ADD COLUMN erased_version INTEGER NOT NULL DEFAULT 0;

-- Counts the commits that wrote memories of the user, so that a consolidation can tell that there was none since it read.
ALTER TABLE owners ADD COLUMN memory_version INTEGER NOT NULL DEFAULT 0;

-- From now on the sessions that any version cites.
INSERT OR IGNORE INTO memory_citations (tenant, session_id, memory_id)
    SELECT m.tenant, s.value ->> 0, m.id
    FROM memory_versions v JOIN memories m ON m.memory_key = v.memory_key CROSS JOIN json_each(v.sources) s
    WHERE v.sources IS NOT NULL;

-- The sessions that an observation cites.
CREATE TABLE graph_citations (
    tenant         TEXT NOT NULL,
    session_id     TEXT NOT NULL,
    observation_id TEXT NOT NULL,
    PRIMARY KEY (tenant, session_id, observation_id)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO graph_citations (tenant, session_id, observation_id)
    SELECT o.tenant, s.value ->> 0, o.id
    FROM graph_observations o JOIN graph_texts x ON x.text_key = o.text_key CROSS JOIN json_each(x.sources) s
    WHERE x.sources IS NOT NULL;

-- Receipts. "before": only what was recorded until then is meant. The counts that the items do not tell stand apart while it
-- runs; "counts" and "digest" come with its end. It holds ids, never content.
CREATE TABLE erasures (
    erasure_key  INTEGER PRIMARY KEY,
    tenant       TEXT NOT NULL,
    id           TEXT NOT NULL,
    kind         INTEGER NOT NULL,
    subject      TEXT NOT NULL,
    requester    TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    before       INTEGER NOT NULL,
    completed_at INTEGER,
    vectors      INTEGER NOT NULL DEFAULT 0,
    records      INTEGER NOT NULL DEFAULT 0,
    works        INTEGER NOT NULL DEFAULT 0,
    observations INTEGER NOT NULL DEFAULT 0,
    relations    INTEGER NOT NULL DEFAULT 0,
    counts       TEXT,
    digest       TEXT,
    UNIQUE (tenant, id)
) STRICT;
CREATE INDEX erasures_newest ON erasures (tenant, requested_at);

-- What a running erasure has erased or is about to: ids and digests, gone when it is done.
CREATE TABLE erasure_items (
    tenant     TEXT NOT NULL,
    erasure_id TEXT NOT NULL,
    item       TEXT NOT NULL,
    PRIMARY KEY (tenant, erasure_id, item)
) STRICT, WITHOUT ROWID;

-- Who did what when, to which id.
CREATE TABLE audit (
    audit_key INTEGER PRIMARY KEY,
    tenant    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    caller    TEXT NOT NULL,
    action    TEXT NOT NULL,
    subject   TEXT NOT NULL
) STRICT;
CREATE INDEX audit_newest ON audit (tenant, at);
