-- Erasures of tenants as a whole, and, once they are done, their certificates; they outlive what they erased. "rows_removed": how many of
-- each table, TABLE=COUNT with a space between.
CREATE TABLE tenant_erasures (
    tenant           text   NOT NULL,
    erasure_key      bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    id               text   NOT NULL,
    requester        text   NOT NULL,
    requester_tenant text   NOT NULL,
    requested_at     bigint NOT NULL,
    completed_at     bigint,
    rows_removed     text   NOT NULL,
    PRIMARY KEY (tenant, erasure_key),
    UNIQUE (tenant, id)
);

ALTER TABLE tenant_erasures ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_erasures FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON tenant_erasures USING (tenant = current_setting('memory.tenant', true));
CREATE TRIGGER fence BEFORE INSERT OR UPDATE OR DELETE ON tenant_erasures FOR EACH STATEMENT EXECUTE FUNCTION hold_fence_1();

-- Why nobody writes: 0 the tenant is being moved, 1 it is being erased.
ALTER TABLE fences ADD COLUMN reason smallint NOT NULL DEFAULT 0;

-- While a tenant is erased its trail goes on, and claims of its work are ended; rows of work go with the rest.
CREATE OR REPLACE FUNCTION hold_fence_1() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    name text := coalesce(current_setting('memory.tenant', true), '');
    why smallint;
BEGIN
    IF name = '' OR current_setting('memory.moving', true) = name OR current_setting('memory.erasing', true) = name THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('fence:' || name, 0));
    SELECT f.reason INTO why FROM fences f WHERE f.tenant = name;
    IF NOT FOUND OR (why = 1 AND TG_TABLE_NAME IN ('audit', 'due')) THEN
        RETURN NULL;
    END IF;
    IF why = 1 THEN
        RAISE EXCEPTION 'the tenant is being erased' USING ERRCODE = '57M02';
    END IF;
    RAISE EXCEPTION 'the tenant is being moved to another database' USING ERRCODE = '57M01';
END
$$;
