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

-- Where a tenant's audit trail begins after its oldest entries were removed: the last hash of those, which the next entry is chained
-- to. Entries up to "through_key" may be removed, and no others.
CREATE TABLE audit_anchors (
    tenant      TEXT    PRIMARY KEY NOT NULL,
    through_key INTEGER NOT NULL,
    removed     INTEGER NOT NULL,
    hash        TEXT
) STRICT;

DROP TRIGGER audit_is_not_removed;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
WHEN NOT EXISTS (SELECT 1 FROM audit_anchors a WHERE a.tenant = OLD.tenant AND OLD.audit_key <= a.through_key) BEGIN
    SELECT RAISE(ABORT, 'the audit trail is only ever added to');
END;
CREATE TRIGGER audit_anchor_goes_on BEFORE UPDATE ON audit_anchors WHEN NEW.through_key <= OLD.through_key BEGIN
    SELECT RAISE(ABORT, 'an anchor of the audit trail only goes on');
END;
CREATE TRIGGER audit_anchor_stays BEFORE DELETE ON audit_anchors BEGIN
    SELECT RAISE(ABORT, 'an anchor of the audit trail is not removed');
END;
