-- Vectors of entities, each of what the entity is called and known for now. As those of memories: rows are emptied, not removed.
CREATE TABLE entity_vectors (
    vector_key INTEGER PRIMARY KEY,
    entity_key INTEGER NOT NULL,
    space      INTEGER NOT NULL,
    elements   BLOB
) STRICT;
CREATE UNIQUE INDEX entity_vectors_of_entity ON entity_vectors (entity_key, space);
CREATE INDEX entity_vectors_of_space ON entity_vectors (space);

-- Going through all entities of a tenant, from any of them on.
CREATE INDEX graph_entities_of_tenant ON graph_entities (tenant);

-- What there is already is woken by the fill of each living space; a cursor of -2^62 begins with the entities.
INSERT INTO due (tenant, kind, subject, due_at, created_at, cursor)
    SELECT DISTINCT o.tenant, 'fill:' || s.id, '', unixepoch() * 1000000, unixepoch() * 1000000, -4611686018427387904
    FROM graph_owners o CROSS JOIN spaces s WHERE s.state < 2
    ON CONFLICT DO NOTHING;
