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

-- Moves of tenants from one database to another, the newest of each; in the home database, too. "state": 0 copying, 1 holding writes,
-- 2 switched (the tenant is in the target), 3 done, 4 failed. Who makes a move says so every few seconds, and who finds one that
-- nobody makes any more ends it.
CREATE TABLE moves (
    tenant       text     NOT NULL PRIMARY KEY,
    source       text     NOT NULL,
    target       text     NOT NULL,
    state        smallint NOT NULL,
    maker        text     NOT NULL,
    heartbeat_at bigint   NOT NULL,
    started_at   bigint   NOT NULL,
    ended_at     bigint,
    rows_copied  bigint   NOT NULL DEFAULT 0,
    held_from    bigint,
    held_until   bigint,
    error        text
);

ALTER TABLE moves ENABLE ROW LEVEL SECURITY;
ALTER TABLE moves FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON moves USING (tenant = current_setting('memory.tenant', true));
GRANT SELECT ON moves TO memory_worker;
CREATE POLICY any_tenant_move ON moves FOR SELECT TO memory_worker USING (true);

-- Tenants whose rows nobody may write in this database, but who moves them: they are on their way, or somewhere else by now. A process
-- that does not know it yet is refused here, whatever it believes.
CREATE TABLE fences (
    tenant text NOT NULL PRIMARY KEY
);

ALTER TABLE fences ENABLE ROW LEVEL SECURITY;
ALTER TABLE fences FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON fences USING (tenant = current_setting('memory.tenant', true));

-- The lock is held to the end of the transaction, so that who sets a fence waits for the writes that did not see it. What works over
-- all tenants (claims, expiry) names none, and changes nothing that would be missed.
CREATE FUNCTION hold_fence_1() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    name text := coalesce(current_setting('memory.tenant', true), '');
BEGIN
    IF name = '' OR current_setting('memory.moving', true) = name THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('fence:' || name, 0));
    IF EXISTS (SELECT FROM fences f WHERE f.tenant = name) THEN
        RAISE EXCEPTION 'the tenant is being moved to another database' USING ERRCODE = '57M01';
    END IF;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant'
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname NOT IN ('placements', 'moves', 'fences')
            AND c.relname !~ '^(memory_)?vectors_'
    LOOP
        EXECUTE format('CREATE TRIGGER fence BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION hold_fence_1()', name);
    END LOOP;
END
$$;

-- A trail that is moved keeps its hashes, and leaves nothing behind.
CREATE OR REPLACE FUNCTION chain_audit_1() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    previous text;
BEGIN
    IF current_setting('memory.moving', true) = NEW.tenant THEN
        RETURN NEW;
    END IF;
    SELECT a.hash INTO previous FROM audit a WHERE a.tenant = NEW.tenant ORDER BY a.audit_key DESC LIMIT 1;
    NEW.hash := encode(sha256(convert_to(
        coalesce(previous, '') || E'\n' || NEW.tenant || E'\n' || NEW.at::text || E'\n' || NEW.caller || E'\n' || NEW.action || E'\n'
        || NEW.subject || E'\n' || NEW.request_id || E'\n' || NEW.outcome, 'UTF8')), 'hex');
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION keep_audit_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND (current_setting('memory.moving', true) = OLD.tenant
        OR EXISTS (SELECT FROM audit_anchors a WHERE a.tenant = OLD.tenant AND OLD.audit_key <= a.through_key)) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail is only ever added to' USING ERRCODE = '42501';
END
$$;

CREATE OR REPLACE FUNCTION keep_audit_anchor_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('memory.moving', true) = OLD.tenant THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.tenant = OLD.tenant AND NEW.through_key > OLD.through_key THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an anchor of the audit trail only goes on' USING ERRCODE = '42501';
END
$$;
