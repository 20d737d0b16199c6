-- The tenants' data keys, each wrapped under a master key that is not here. A destroyed one is emptied where it is and keeps its number,
-- which the next one counts on from.
CREATE TABLE tenant_keys (
    key_no    INTEGER PRIMARY KEY NOT NULL,
    tenant    TEXT    NOT NULL UNIQUE,
    number    INTEGER NOT NULL,
    master_id TEXT    NOT NULL,
    wrapped   BLOB
) STRICT;
