-- The clock a person speaks by: a turn's offset from UTC in minutes, and a session's IANA time zone.
ALTER TABLE turns ADD COLUMN utc_offset INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN time_zone TEXT;
CREATE INDEX sessions_with_zone ON sessions (owner_key, session_key) WHERE time_zone IS NOT NULL;

-- Other names of memories and of entities, JSON. An entity's are unique within its scope; digests, so that no trace of a name
-- says what it was.
ALTER TABLE memory_texts ADD COLUMN aliases TEXT;
ALTER TABLE graph_texts ADD COLUMN aliases TEXT;
CREATE TABLE graph_aliases (
    owner_key  INTEGER NOT NULL,
    agent_id   TEXT NOT NULL,
    digest     BLOB NOT NULL,
    entity_key INTEGER NOT NULL,
    PRIMARY KEY (owner_key, agent_id, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX graph_aliases_of_entity ON graph_aliases (entity_key);
