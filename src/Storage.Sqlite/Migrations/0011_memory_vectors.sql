-- Vectors of memories, each of its memory's current text. Rows stay and are emptied, as those of turns are; null: none. The index
-- holds keys alone.
CREATE TABLE memory_vectors (
    vector_key INTEGER PRIMARY KEY,
    memory_key INTEGER NOT NULL,
    space      INTEGER NOT NULL,
    elements   BLOB
) STRICT;
CREATE UNIQUE INDEX memory_vectors_of_memory ON memory_vectors (memory_key, space);
CREATE INDEX memory_vectors_of_space ON memory_vectors (space);

-- Going through all memories of a tenant, from any of them on.
CREATE INDEX memories_of_tenant ON memories (tenant);

-- What there is already is woken by the fill of each living space; a cursor of -1 begins with the memories.
INSERT INTO due (tenant, kind, subject, due_at, created_at, cursor)
    SELECT DISTINCT o.tenant, 'fill:' || s.id, '', unixepoch() * 1000000, unixepoch() * 1000000, -1
    FROM owners o CROSS JOIN spaces s WHERE s.state < 2
    ON CONFLICT DO NOTHING;
