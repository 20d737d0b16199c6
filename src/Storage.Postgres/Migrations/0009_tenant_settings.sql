-- What an operator has set for a tenant: a JSON object, limits by name.
CREATE TABLE tenant_settings (
    tenant   text PRIMARY KEY,
    settings text NOT NULL
);

ALTER TABLE tenant_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON tenant_settings USING (tenant = current_setting('memory.tenant', true));
