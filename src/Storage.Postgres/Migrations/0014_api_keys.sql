-- Keys of tenants: a JSON object each (KeyColumn), with salted hashes of the secrets and never a secret. "ends_at": microseconds, or
-- the greatest number for one without an end.
CREATE TABLE api_keys (
    tenant  text             NOT NULL,
    key_no  bigint           NOT NULL GENERATED ALWAYS AS IDENTITY,
    id      text COLLATE "C" NOT NULL,
    version bigint           NOT NULL,
    made_at bigint           NOT NULL,
    ends_at bigint           NOT NULL,
    record  text             NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX api_keys_newest ON api_keys (tenant, made_at, key_no);
CREATE INDEX api_keys_ended ON api_keys (tenant, ends_at);

ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON api_keys USING (tenant = current_setting('memory.tenant', true));
