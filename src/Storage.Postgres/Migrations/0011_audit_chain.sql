-- The audit trail is a chain of hashes (AuditChain), tells of requests how they ended, and is only ever added to. It is chained
-- by triggers, so that releases without a chain go on with it during an upgrade.
ALTER TABLE audit ADD COLUMN request_id text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN outcome text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN hash text;

-- Before keys are given out: entries of a tenant are committed in the order of their keys.
CREATE FUNCTION audit_in_order_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit:' || coalesce(current_setting('memory.tenant', true), ''), 0));
    RETURN NULL;
END
$$;

CREATE FUNCTION chain_audit_1() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    previous text;
BEGIN
    SELECT a.hash INTO previous FROM audit a WHERE a.tenant = NEW.tenant ORDER BY a.audit_key DESC LIMIT 1;
    NEW.hash := encode(sha256(convert_to(
        coalesce(previous, '') || E'\n' || NEW.tenant || E'\n' || NEW.at::text || E'\n' || NEW.caller || E'\n' || NEW.action || E'\n'
        || NEW.subject || E'\n' || NEW.request_id || E'\n' || NEW.outcome, 'UTF8')), 'hex');
    RETURN NEW;
END
$$;

CREATE FUNCTION keep_audit_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only ever added to' USING ERRCODE = '42501';
END
$$;

CREATE TRIGGER audit_in_order BEFORE INSERT ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_in_order_1();
CREATE TRIGGER audit_is_chained BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION chain_audit_1();
CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION keep_audit_1();
