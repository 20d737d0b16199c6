-- Which of an installation's databases each tenant is in. Only the first one's table is asked, that of MEMORY_DATABASE_URL; a tenant
-- without a row is there itself. It holds names, no content.
CREATE TABLE placements (
    tenant    text   NOT NULL PRIMARY KEY,
    database  text   NOT NULL,
    placed_at bigint NOT NULL
);

ALTER TABLE placements ENABLE ROW LEVEL SECURITY;
ALTER TABLE placements FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON placements USING (tenant = current_setting('memory.tenant', true));

-- Read whole when a process starts, and counted for each database before a new tenant is placed.
GRANT SELECT ON placements TO memory_worker;
CREATE POLICY any_tenant_placement ON placements FOR SELECT TO memory_worker USING (true);
