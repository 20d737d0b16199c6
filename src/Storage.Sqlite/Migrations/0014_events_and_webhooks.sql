-- What is told of a tenant's memory: ids and kinds, never content. "seq" counts a tenant's events from 1; event_heads has the last one
-- given, which stays when events are removed.
CREATE TABLE event_heads (
    tenant TEXT    PRIMARY KEY NOT NULL,
    head   INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
    tenant       TEXT    NOT NULL,
    seq          INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    subject      TEXT    NOT NULL,
    subject_kind TEXT,
    other        TEXT,
    number       INTEGER NOT NULL,
    user_id      TEXT,
    agent_id     TEXT,
    session_id   TEXT,
    PRIMARY KEY (tenant, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_oldest ON events (at);

-- A JSON object each (WebhookColumn), with the secret, as deliveries are signed with it. "kinds": those it is told of, each between two
-- spaces; empty while it is switched off.
CREATE TABLE webhooks (
    webhook_no INTEGER PRIMARY KEY NOT NULL,
    tenant     TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    kinds      TEXT    NOT NULL,
    record     TEXT    NOT NULL,
    UNIQUE (tenant, id)
) STRICT;
CREATE INDEX webhooks_of_tenant ON webhooks (tenant);

-- How the telling of an event to a webhook stands; its due work has the subject WEBHOOK-SEQ. "at" is the event's.
-- State: 0 pending, 1 delivered, 2 dead, 3 dropped.
CREATE TABLE webhook_deliveries (
    tenant      TEXT    NOT NULL,
    webhook_id  TEXT    NOT NULL,
    seq         INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    state       INTEGER NOT NULL DEFAULT 0,
    attempts    INTEGER NOT NULL DEFAULT 0,
    last_status INTEGER,
    last_error  TEXT,
    last_at     INTEGER,
    PRIMARY KEY (tenant, webhook_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_deliveries_oldest ON webhook_deliveries (at);
