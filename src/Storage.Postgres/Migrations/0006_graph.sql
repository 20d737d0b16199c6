-- The knowledge graph. Times are microseconds since the Unix epoch, UTC.

-- A tenant's writers take turns at this row's lock and take the numbers of their changes from it, so that the numbers follow
-- the order of commits, and two commits never wait for each other halfway.
CREATE TABLE graph_tenants (
    tenant text   NOT NULL PRIMARY KEY,
    newest bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- A partition of the entities' search index: those of one user of a tenant, or, user_id '', those of none.
CREATE TABLE graph_owners (
    tenant  text   NOT NULL,
    user_id text   NOT NULL,
    head    bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, user_id)
) WITH (fillfactor = 50);

-- "change" numbers the changes of entities and their observations within the tenant. "observations" and "relations" count
-- what nothing has superseded; of relations, those without an end. agent_id '' is no agent.
CREATE TABLE graph_entities (
    tenant       text   NOT NULL,
    entity_key   bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    id           text   NOT NULL,
    user_id      text   NOT NULL,
    agent_id     text   NOT NULL,
    name         text   NOT NULL,
    name_digest  bytea  NOT NULL,
    type         text   NOT NULL,
    metadata     text,
    version      bigint NOT NULL,
    created_at   bigint NOT NULL,
    updated_at   bigint NOT NULL,
    change       bigint NOT NULL,
    observations bigint NOT NULL DEFAULT 0,
    relations    bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, entity_key),
    UNIQUE (tenant, id),
    UNIQUE (tenant, user_id, agent_id, name_digest),
    FOREIGN KEY (tenant, user_id) REFERENCES graph_owners
) WITH (fillfactor = 80);
CREATE INDEX graph_entities_by_change ON graph_entities (tenant, user_id, change);
CREATE INDEX graph_entities_newest ON graph_entities (tenant, created_at, entity_key);
CREATE INDEX graph_entities_newest_of_user ON graph_entities (tenant, user_id, created_at, entity_key);
CREATE INDEX graph_entities_newest_of_agent ON graph_entities (tenant, agent_id, created_at, entity_key);
CREATE INDEX graph_entities_newest_of_type ON graph_entities (tenant, type, created_at, entity_key);
CREATE INDEX graph_entities_most_connected ON graph_entities (tenant, relations, observations, entity_key);

-- "importance" in millionths.
CREATE TABLE graph_observations (
    tenant          text   NOT NULL,
    observation_key bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    id              text   NOT NULL,
    entity_key      bigint NOT NULL,
    content         text   NOT NULL,
    content_digest  bytea  NOT NULL,
    sources         text,
    importance      bigint,
    valid_from      bigint NOT NULL,
    valid_to        bigint,
    recorded_at     bigint NOT NULL,
    superseded_at   bigint,
    superseded_by   text,
    PRIMARY KEY (tenant, entity_key, observation_key),
    UNIQUE (tenant, id),
    FOREIGN KEY (tenant, entity_key) REFERENCES graph_entities ON DELETE CASCADE
);
CREATE UNIQUE INDEX graph_observations_said ON graph_observations (tenant, entity_key, content_digest) WHERE superseded_at IS NULL;

CREATE TABLE graph_relations (
    tenant        text   NOT NULL,
    relation_key  bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    id            text   NOT NULL,
    version       bigint NOT NULL,
    from_key      bigint NOT NULL,
    to_key        bigint NOT NULL,
    type          text   NOT NULL,
    metadata      text,
    valid_from    bigint NOT NULL,
    valid_to      bigint,
    recorded_at   bigint NOT NULL,
    superseded_at bigint,
    superseded_by text,
    PRIMARY KEY (tenant, id, version),
    FOREIGN KEY (tenant, from_key) REFERENCES graph_entities ON DELETE CASCADE,
    FOREIGN KEY (tenant, to_key) REFERENCES graph_entities ON DELETE CASCADE
);
CREATE INDEX graph_relations_from ON graph_relations (tenant, from_key, relation_key);
CREATE INDEX graph_relations_to ON graph_relations (tenant, to_key, relation_key);
CREATE INDEX graph_relations_current ON graph_relations (tenant, type) WHERE superseded_at IS NULL;
CREATE UNIQUE INDEX graph_relations_open ON graph_relations (tenant, from_key, to_key, type) WHERE superseded_at IS NULL AND valid_to IS NULL;

-- Deleted entities: what the search index must forget.
CREATE TABLE graph_removals (
    tenant    text   NOT NULL,
    user_id   text   NOT NULL,
    change    bigint NOT NULL,
    entity_id text   NOT NULL,
    PRIMARY KEY (tenant, user_id, change)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['graph_tenants', 'graph_owners', 'graph_entities', 'graph_observations', 'graph_relations', 'graph_removals'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_tenant ON %I USING (tenant = current_setting(''memory.tenant'', true))', name);
    END LOOP;
END
$$;
