-- Keys of tenants: a JSON object each (KeyColumn), with salted hashes of the secrets and never a secret. "ends_at": microseconds, or
-- the greatest number for one without an end.
CREATE TABLE api_keys (
    key_no  INTEGER PRIMARY KEY NOT NULL,
    tenant  TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    version INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    record  TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX api_keys_by_id ON api_keys (tenant, id);
CREATE INDEX api_keys_newest ON api_keys (tenant, made_at, key_no);
CREATE INDEX api_keys_ended ON api_keys (tenant, ends_at);
