-- Journals of recurring jobs, and knowing what is late or dead without counting all there is.

-- One row of a tenant and job. "expected_at" is when the job is to move on next; counts are JSON, numbers by name.
CREATE TABLE job_runs (
    tenant       TEXT NOT NULL,
    kind         TEXT NOT NULL,
    expected_at  INTEGER NOT NULL,
    started_at   INTEGER,
    heartbeat_at INTEGER,
    position     TEXT,
    progress     TEXT NOT NULL,
    last_run_at  INTEGER,
    last_counts  TEXT NOT NULL,
    PRIMARY KEY (tenant, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_runs_expected ON job_runs (expected_at);

CREATE INDEX due_dead_of_kind ON due (kind) WHERE state = 1;
