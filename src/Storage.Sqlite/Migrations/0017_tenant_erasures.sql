-- Erasures of tenants as a whole, and, once they are done, their certificates; they outlive what they erased. While one runs, nothing of
-- its tenant is written. "rows": what it removed, TABLE=COUNT with a space between. "newest_change": the newest of all turns when rows were
-- removed last; texts of removed turns stay, empty, so no later turn may have their numbers.
CREATE TABLE tenant_erasures (
    erasure_key      INTEGER PRIMARY KEY,
    tenant           TEXT NOT NULL,
    id               TEXT NOT NULL,
    requester        TEXT NOT NULL,
    requester_tenant TEXT NOT NULL,
    requested_at     INTEGER NOT NULL,
    completed_at     INTEGER,
    rows             TEXT NOT NULL,
    newest_change    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant, id)
) STRICT;
CREATE INDEX tenant_erasures_newest ON tenant_erasures (tenant, erasure_key);
CREATE INDEX tenant_erasures_running ON tenant_erasures (tenant) WHERE completed_at IS NULL;
