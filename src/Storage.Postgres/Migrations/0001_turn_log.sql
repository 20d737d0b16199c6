-- The turn log. Times are microseconds since the Unix epoch, UTC, as the embedded store has them.
--
-- Every key of a tenant's table begins with the tenant: the row-level security below is then an index condition, and no
-- uniqueness rule can tell one tenant what another has.

-- A partition of the recall index: the sessions of one user of a tenant, or, user_id '' (no user is named so), those
-- without a user. "head" is the number of the newest change. Writers take the numbers of their changes from it while they
-- hold this row's lock, so that within a partition the numbers follow the order of commits, whatever the number of processes.
CREATE TABLE owners (
    tenant    text   NOT NULL,
    user_id   text   NOT NULL,
    owner_key bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    head      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, user_id)
) WITH (fillfactor = 50);

CREATE TABLE sessions (
    tenant      text     NOT NULL,
    session_key bigint   NOT NULL GENERATED ALWAYS AS IDENTITY,
    id          text     NOT NULL,
    user_id     text     NOT NULL,
    agent_id    text,
    status      smallint NOT NULL,
    last_seq    bigint   NOT NULL,
    version     bigint   NOT NULL,
    created_at  bigint   NOT NULL,
    updated_at  bigint   NOT NULL,
    PRIMARY KEY (tenant, session_key),
    UNIQUE (tenant, id),
    FOREIGN KEY (tenant, user_id) REFERENCES owners
) WITH (fillfactor = 70);
CREATE INDEX sessions_newest ON sessions (tenant, created_at, session_key);
CREATE INDEX sessions_newest_of_user ON sessions (tenant, user_id, created_at, session_key);
CREATE INDEX sessions_newest_of_agent ON sessions (tenant, agent_id, created_at, session_key);

-- "change" is numbered within the partition (owner_key). Turns are written and removed by the functions of 0003 only, which
-- keep them to their session; a foreign key would cost every turn a look-up of what was just locked. metadata is text, not json: it comes back as it was written.
CREATE TABLE turns (
    tenant      text    NOT NULL,
    owner_key   bigint  NOT NULL,
    change      bigint  NOT NULL,
    session_key bigint  NOT NULL,
    seq         bigint  NOT NULL,
    occurred_at bigint  NOT NULL,
    recorded_at bigint  NOT NULL,
    tokens      integer NOT NULL,
    turn_id     text    NOT NULL,
    role        text    NOT NULL,
    name        text,
    content     text    NOT NULL,
    metadata    text,
    PRIMARY KEY (tenant, session_key, seq),
    UNIQUE (tenant, session_key, turn_id),
    UNIQUE (tenant, owner_key, change)
);

-- Deleted sessions: what the recall index must forget, and the version a new session of that id goes on from.
CREATE TABLE removals (
    tenant     text   NOT NULL,
    owner_key  bigint NOT NULL,
    change     bigint NOT NULL,
    session_id text   NOT NULL,
    PRIMARY KEY (tenant, owner_key, change)
);

CREATE TABLE tombstones (
    tenant     text   NOT NULL,
    id         text   NOT NULL,
    version    bigint NOT NULL,
    deleted_at bigint NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE idempotency (
    tenant      text    NOT NULL,
    scope       text    NOT NULL,
    key         text    NOT NULL,
    session_key bigint  NOT NULL,
    first_seq   bigint  NOT NULL,
    count       integer NOT NULL,
    version     bigint  NOT NULL,
    expires_at  bigint  NOT NULL,
    digest      bytea   NOT NULL,
    PRIMARY KEY (tenant, scope, key)
);
CREATE INDEX idempotency_of_session ON idempotency (session_key);
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

-- One row that health checks write to.
CREATE TABLE probe (
    id        integer PRIMARY KEY CHECK (id = 1),
    probed_at bigint NOT NULL
);

-- Row-level security, forced so that it binds the tables' owner too. The setting is made for one transaction at a time;
-- without it, current_setting is null or '' and no row matches.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['owners', 'sessions', 'turns', 'removals', 'tombstones', 'idempotency'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_tenant ON %I USING (tenant = current_setting(''memory.tenant'', true))', name);
    END LOOP;
END
$$;
