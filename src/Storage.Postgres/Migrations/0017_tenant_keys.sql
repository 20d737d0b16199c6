-- The tenants' data keys, each wrapped under a master key that is not here. A destroyed one is emptied and keeps its number, which the
-- next one counts on from.
CREATE TABLE tenant_keys (
    tenant    text COLLATE "C" NOT NULL PRIMARY KEY,
    number    bigint           NOT NULL,
    master_id text             NOT NULL,
    wrapped   bytea
);

ALTER TABLE tenant_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON tenant_keys USING (tenant = current_setting('memory.tenant', true));
CREATE TRIGGER fence BEFORE INSERT OR UPDATE OR DELETE ON tenant_keys FOR EACH STATEMENT EXECUTE FUNCTION hold_fence_1();

-- Looked over when a process starts, and when the master key is rotated.
GRANT SELECT ON tenant_keys TO memory_worker;
CREATE POLICY any_tenant_key ON tenant_keys FOR SELECT TO memory_worker USING (true);
