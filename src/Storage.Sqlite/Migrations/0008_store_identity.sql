-- Tells this store from any other, and from an empty one made in its place: <path>.identity beside the file says the same.
CREATE TABLE store_identity (
    only_row   INTEGER PRIMARY KEY CHECK (only_row = 1),
    id         TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
INSERT INTO store_identity (only_row, id, created_at)
SELECT 1, lower(hex(randomblob(16))), min(applied_at) FROM schema_migrations;
