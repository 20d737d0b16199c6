-- Journals of recurring jobs, and knowing what is late or dead without counting all there is.

-- One row of a tenant and job. "expected_at" is when the job is to move on next; counts are JSON, numbers by name.
CREATE TABLE job_runs (
    tenant       text   NOT NULL,
    kind         text   NOT NULL,
    expected_at  bigint NOT NULL,
    started_at   bigint,
    heartbeat_at bigint,
    position     text,
    progress     text   NOT NULL,
    last_run_at  bigint,
    last_counts  text   NOT NULL,
    PRIMARY KEY (tenant, kind)
) WITH (fillfactor = 70);
CREATE INDEX job_runs_expected ON job_runs (expected_at, kind);

ALTER TABLE job_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE job_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON job_runs USING (tenant = current_setting('memory.tenant', true));

-- Which job is most behind is asked over all tenants, by the role that sees ids only, and of these not even the tenant's.
GRANT SELECT (kind, expected_at) ON job_runs TO memory_worker;
CREATE POLICY any_tenant_expected ON job_runs FOR SELECT TO memory_worker USING (true);

CREATE INDEX due_dead_of_kind ON due (kind) WHERE state = 1;
