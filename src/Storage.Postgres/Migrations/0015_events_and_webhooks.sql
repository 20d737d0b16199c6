-- What is told of a tenant's memory: ids and kinds, never content. "seq" counts a tenant's events from 1; event_heads has the last one
-- given, which stays when events are removed.
CREATE TABLE event_heads (
    tenant text   PRIMARY KEY,
    head   bigint NOT NULL
);

CREATE TABLE events (
    tenant       text   NOT NULL,
    seq          bigint NOT NULL,
    kind         text   NOT NULL,
    at           bigint NOT NULL,
    subject      text   NOT NULL,
    subject_kind text,
    other        text,
    number       bigint NOT NULL,
    user_id      text,
    agent_id     text,
    session_id   text,
    PRIMARY KEY (tenant, seq)
);
CREATE INDEX events_oldest ON events (at);

-- A JSON object each (WebhookColumn), with the secret, as deliveries are signed with it. "kinds": those it is told of, each between two
-- spaces; empty while it is switched off.
CREATE TABLE webhooks (
    tenant     text             NOT NULL,
    webhook_no bigint           NOT NULL GENERATED ALWAYS AS IDENTITY,
    id         text COLLATE "C" NOT NULL,
    version    bigint           NOT NULL,
    kinds      text             NOT NULL,
    record     text             NOT NULL,
    PRIMARY KEY (tenant, id)
);

-- How the telling of an event to a webhook stands; its due work has the subject WEBHOOK-SEQ. "at" is the event's.
-- State: 0 pending, 1 delivered, 2 dead, 3 dropped.
CREATE TABLE webhook_deliveries (
    tenant      text             NOT NULL,
    webhook_id  text COLLATE "C" NOT NULL,
    seq         bigint           NOT NULL,
    at          bigint           NOT NULL,
    state       smallint         NOT NULL DEFAULT 0,
    attempts    int              NOT NULL DEFAULT 0,
    last_status int,
    last_error  text,
    last_at     bigint,
    PRIMARY KEY (tenant, webhook_id, seq)
);
CREATE INDEX webhook_deliveries_oldest ON webhook_deliveries (at);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['event_heads', 'events', 'webhooks', 'webhook_deliveries'] LOOP
        EXECUTE format(
            'ALTER TABLE %1$I ENABLE ROW LEVEL SECURITY;
            ALTER TABLE %1$I FORCE ROW LEVEL SECURITY;
            CREATE POLICY own_tenant ON %1$I USING (tenant = current_setting(''memory.tenant'', true))', name);
    END LOOP;
END
$$;

-- Old ones are removed for all tenants at once, by the role that sees ids only.
GRANT DELETE, SELECT (tenant, seq, at) ON events TO memory_worker;
CREATE POLICY any_tenant_old_read ON events FOR SELECT TO memory_worker USING (true);
CREATE POLICY any_tenant_old_delete ON events FOR DELETE TO memory_worker USING (true);
GRANT DELETE, SELECT (tenant, webhook_id, seq, at) ON webhook_deliveries TO memory_worker;
CREATE POLICY any_tenant_old_read ON webhook_deliveries FOR SELECT TO memory_worker USING (true);
CREATE POLICY any_tenant_old_delete ON webhook_deliveries FOR DELETE TO memory_worker USING (true);

-- Writes an event with its deliveries and the work of sending them; its place in the tenant's log. The row of event_heads is locked until
-- the transaction is durable, so that a reader who sees an event sees all before it. It is the last lock that any transaction takes:
-- events of commits are written by deferred triggers.
CREATE FUNCTION tell_1(
    p_tenant text, p_now bigint, p_kind text, p_subject text, p_subject_kind text, p_other text, p_number bigint, p_user text, p_agent text,
    p_session text)
RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    place bigint;
BEGIN
    INSERT INTO event_heads AS h (tenant, head) VALUES (p_tenant, 1)
        ON CONFLICT (tenant) DO UPDATE SET head = h.head + 1 RETURNING h.head INTO place;
    INSERT INTO events (tenant, seq, kind, at, subject, subject_kind, other, number, user_id, agent_id, session_id)
        VALUES (p_tenant, place, p_kind, p_now, p_subject, p_subject_kind, p_other, p_number, nullif(p_user, ''), p_agent, p_session);
    -- Chosen by its kind; a test is its webhook's alone.
    WITH told AS (
        INSERT INTO webhook_deliveries (tenant, webhook_id, seq, at)
            SELECT w.tenant, w.id, place, p_now FROM webhooks w
            WHERE w.tenant = p_tenant
              AND (position(' ' || p_kind || ' ' IN w.kinds) > 0 OR (p_kind = 'webhook.test' AND w.id = p_subject))
            RETURNING webhook_id)
    INSERT INTO due (tenant, kind, subject, due_at, created_at)
        SELECT p_tenant, 'webhook', t.webhook_id || '-' || place, p_now, p_now FROM told t
        ON CONFLICT (tenant, subject, kind) DO NOTHING;
    RETURN place;
END
$$;

-- The time that the transaction's commit says, as processes have clocks of their own.
CREATE FUNCTION told_at_1() RETURNS bigint LANGUAGE sql AS $$
    SELECT coalesce(nullif(current_setting('memory.now', true), '')::bigint, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
$$;

CREATE FUNCTION is_told_1() RETURNS boolean LANGUAGE sql AS $$
    SELECT coalesce(current_setting('memory.quiet', true), '') <> 'on'
$$;

-- Status: 0 candidate, 1 active, 2 archived, 3 superseded, 4 erased. The same rules as EventKinds.Of.
CREATE FUNCTION tell_memory_1() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before smallint := 0;
    what text;
    successor text;
BEGIN
    IF NOT is_told_1() THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        before := OLD.status;
    END IF;
    what := CASE
        WHEN before = 0 AND NEW.status = 1 THEN 'memory.made'
        WHEN before IN (1, 2) AND NEW.status = 3 THEN 'memory.superseded'
        WHEN before <> 4 AND NEW.status = 4 THEN 'memory.erased' END;
    IF what IS NULL THEN
        RETURN NULL;
    END IF;
    IF what = 'memory.superseded' THEN
        SELECT v.superseded_by INTO successor FROM memory_versions v
            WHERE v.tenant = NEW.tenant AND v.memory_key = NEW.memory_key AND v.version = NEW.version;
    END IF;
    PERFORM tell_1(
        NEW.tenant, told_at_1(), what, NEW.id, NEW.kind, successor, NEW.version, NEW.user_id, NEW.agent_id, NEW.session_id);
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER memory_is_told AFTER INSERT ON memories DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status IN (1, 4)) EXECUTE FUNCTION tell_memory_1();
CREATE CONSTRAINT TRIGGER memory_change_is_told AFTER UPDATE OF status ON memories DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION tell_memory_1();

CREATE FUNCTION tell_distilled_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF is_told_1() THEN
        PERFORM tell_1(
            NEW.tenant, told_at_1(), 'session.distilled', NEW.id, NULL, NULL, NEW.distilled, NEW.user_id, NEW.agent_id, NEW.id);
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER distillation_is_told AFTER UPDATE OF distilled ON sessions DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.distilled < NEW.distilled) EXECUTE FUNCTION tell_distilled_1();

-- Of deliveries nothing: they would tell of themselves.
CREATE FUNCTION tell_dead_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_1(NEW.tenant, NEW.due_at, 'job.dead', NEW.id::text, NEW.kind, NEW.subject, NEW.attempts, NULL, NULL, NULL);
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER death_is_told AFTER UPDATE OF state ON due DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.state = 0 AND NEW.state = 1 AND NEW.kind <> 'webhook') EXECUTE FUNCTION tell_dead_1();
