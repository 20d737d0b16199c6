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

-- Where a tenant's audit trail begins after its oldest entries were removed: the last hash of those, which the next entry is chained
-- to. Entries up to "through_key" may be removed, and no others.
CREATE TABLE audit_anchors (
    tenant      text   PRIMARY KEY,
    through_key bigint NOT NULL,
    removed     bigint NOT NULL,
    hash        text
);

ALTER TABLE audit_anchors ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_anchors FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON audit_anchors USING (tenant = current_setting('memory.tenant', true));

CREATE FUNCTION keep_audit_2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM audit_anchors a WHERE a.tenant = OLD.tenant AND OLD.audit_key <= a.through_key) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail is only ever added to' USING ERRCODE = '42501';
END
$$;

CREATE FUNCTION keep_audit_anchor_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.tenant = OLD.tenant AND NEW.through_key > OLD.through_key THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an anchor of the audit trail only goes on' USING ERRCODE = '42501';
END
$$;

DROP TRIGGER audit_is_kept ON audit;
CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION keep_audit_2();
CREATE TRIGGER audit_anchor_is_kept BEFORE UPDATE OR DELETE ON audit_anchors FOR EACH ROW EXECUTE FUNCTION keep_audit_anchor_1();

-- Removes a tenant's oldest entries, those before the first that is young enough and p_limit at most, after an entry that says so; how many.
CREATE FUNCTION prune_audit_1(p_tenant text, p_before bigint, p_limit bigint, p_now bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    last_key bigint;
    last_hash text;
    pruned bigint;
BEGIN
    PERFORM set_config('memory.tenant', p_tenant, true);
    PERFORM pg_advisory_xact_lock(hashtextextended('audit:' || p_tenant, 0));
    SELECT max(o.audit_key), count(*) INTO last_key, pruned FROM (
        SELECT f.audit_key, bool_and(f.at < p_before) OVER (ORDER BY f.audit_key) AS is_old FROM (
            SELECT a.audit_key, a.at FROM audit a WHERE a.tenant = p_tenant ORDER BY a.audit_key LIMIT p_limit) f) o
        WHERE o.is_old;
    IF pruned = 0 THEN
        RETURN 0;
    END IF;
    SELECT a.hash INTO last_hash FROM audit a WHERE a.tenant = p_tenant AND a.audit_key = last_key;
    INSERT INTO audit (tenant, at, caller, action, subject, request_id, outcome)
        VALUES (p_tenant, p_now, 'retention', 'audit.pruned', 'entries:' || pruned, '', coalesce(last_hash, ''));
    INSERT INTO audit_anchors AS n (tenant, through_key, removed, hash) VALUES (p_tenant, last_key, pruned, last_hash)
        ON CONFLICT (tenant) DO UPDATE SET through_key = excluded.through_key, removed = n.removed + excluded.removed, hash = excluded.hash;
    DELETE FROM audit a WHERE a.tenant = p_tenant AND a.audit_key <= last_key;
    RETURN pruned;
END
$$;
