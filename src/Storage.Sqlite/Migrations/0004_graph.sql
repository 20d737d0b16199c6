-- The knowledge graph. Times are microseconds since the Unix epoch, UTC.

-- A partition of the entities' search index: those of one user of a tenant, or those of none.
CREATE TABLE graph_owners (
    owner_key INTEGER PRIMARY KEY,
    tenant    TEXT NOT NULL,
    user_id   TEXT
) STRICT;
CREATE UNIQUE INDEX graph_owners_by_user ON graph_owners (tenant, user_id);
CREATE UNIQUE INDEX graph_owners_without_user ON graph_owners (tenant) WHERE user_id IS NULL;

-- Names and what is said stand apart for the reason turn_texts gives: rows are only added, and emptied where they are. A
-- changed text is a new row.
CREATE TABLE graph_texts (
    text_key INTEGER PRIMARY KEY,
    name     TEXT,
    content  TEXT,
    sources  TEXT,
    metadata TEXT
) STRICT;

-- "change" numbers the changes of entities and their observations, over all tenants, in commit order. "observations" and
-- "relations" count what nothing has superseded; of relations, those without an end.
CREATE TABLE graph_entities (
    entity_key   INTEGER PRIMARY KEY,
    tenant       TEXT NOT NULL,
    id           TEXT NOT NULL,
    owner_key    INTEGER NOT NULL REFERENCES graph_owners,
    agent_id     TEXT,
    name_digest  BLOB NOT NULL,
    type         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    change       INTEGER NOT NULL,
    text_key     INTEGER NOT NULL,
    observations INTEGER NOT NULL DEFAULT 0,
    relations    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant, id)
) STRICT;
CREATE UNIQUE INDEX graph_entities_by_name ON graph_entities (owner_key, ifnull(agent_id, ''), name_digest);
CREATE UNIQUE INDEX graph_entities_by_change ON graph_entities (owner_key, change);
CREATE INDEX graph_entities_newest ON graph_entities (tenant, created_at);
CREATE INDEX graph_entities_newest_of_owner ON graph_entities (owner_key, created_at);
CREATE INDEX graph_entities_newest_of_agent ON graph_entities (tenant, agent_id, created_at);
CREATE INDEX graph_entities_newest_of_type ON graph_entities (tenant, type, created_at);
CREATE INDEX graph_entities_most_connected ON graph_entities (tenant, relations, observations);

-- "importance" in millionths.
CREATE TABLE graph_observations (
    observation_key INTEGER PRIMARY KEY,
    tenant          TEXT NOT NULL,
    id              TEXT NOT NULL,
    entity_key      INTEGER NOT NULL REFERENCES graph_entities,
    content_digest  BLOB NOT NULL,
    importance      INTEGER,
    valid_from      INTEGER NOT NULL,
    valid_to        INTEGER,
    recorded_at     INTEGER NOT NULL,
    superseded_at   INTEGER,
    superseded_by   TEXT,
    text_key        INTEGER NOT NULL,
    UNIQUE (tenant, id)
) STRICT;
CREATE INDEX graph_observations_of_entity ON graph_observations (entity_key);
CREATE UNIQUE INDEX graph_observations_said ON graph_observations (entity_key, content_digest) WHERE superseded_at IS NULL;

CREATE TABLE graph_relations (
    relation_key  INTEGER PRIMARY KEY,
    tenant        TEXT NOT NULL,
    id            TEXT NOT NULL,
    version       INTEGER NOT NULL,
    from_key      INTEGER NOT NULL REFERENCES graph_entities,
    to_key        INTEGER NOT NULL REFERENCES graph_entities,
    type          TEXT NOT NULL,
    valid_from    INTEGER NOT NULL,
    valid_to      INTEGER,
    recorded_at   INTEGER NOT NULL,
    superseded_at INTEGER,
    superseded_by TEXT,
    text_key      INTEGER,
    UNIQUE (tenant, id, version)
) STRICT;
CREATE INDEX graph_relations_from ON graph_relations (from_key);
CREATE INDEX graph_relations_to ON graph_relations (to_key);
CREATE INDEX graph_relations_current ON graph_relations (tenant, type) WHERE superseded_at IS NULL;
CREATE UNIQUE INDEX graph_relations_open ON graph_relations (from_key, to_key, type) WHERE superseded_at IS NULL AND valid_to IS NULL;

-- Deleted entities: what the search index must forget.
CREATE TABLE graph_removals (
    change    INTEGER PRIMARY KEY,
    owner_key INTEGER NOT NULL,
    entity_id TEXT NOT NULL
) STRICT;
CREATE INDEX graph_removals_of_owner ON graph_removals (owner_key);
