-- What Orleans' ADO.NET providers keep in PostgreSQL: the members of the cluster, reminders, and the state of grains. The
-- providers read their statements by name from OrleansQuery and care for nothing else here but names of parameters and columns.
-- Applied at every start of a silo, under an advisory lock; doing it again changes nothing.

CREATE TABLE IF NOT EXISTS OrleansQuery (
    QueryKey  varchar(64) PRIMARY KEY,
    QueryText text        NOT NULL
);

-- One row of a cluster: its version grows with every change of membership, and a change names the version it follows.
CREATE TABLE IF NOT EXISTS cluster_versions (
    cluster    varchar(150) PRIMARY KEY,
    version    integer      NOT NULL DEFAULT 0,
    changed_at timestamptz  NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS cluster_members (
    cluster       varchar(150)   NOT NULL REFERENCES cluster_versions (cluster) ON DELETE CASCADE,
    address       varchar(45)    NOT NULL,
    port          integer        NOT NULL,
    generation    integer        NOT NULL,
    silo_name     varchar(150)   NOT NULL,
    host_name     varchar(150)   NOT NULL,
    status        integer        NOT NULL,
    proxy_port    integer,
    suspect_times text,
    started_at    timestamptz(3) NOT NULL,
    alive_at      timestamptz(3) NOT NULL,
    PRIMARY KEY (cluster, address, port, generation)
);

CREATE TABLE IF NOT EXISTS cluster_reminders (
    service    varchar(150)   NOT NULL,
    grain      text           NOT NULL,
    name       text           NOT NULL,
    started_at timestamptz(3) NOT NULL,
    period     bigint         NOT NULL,
    hash       integer        NOT NULL,
    version    integer        NOT NULL DEFAULT 0,
    PRIMARY KEY (service, grain, name)
);
CREATE INDEX IF NOT EXISTS cluster_reminders_by_hash ON cluster_reminders (service, hash);

-- A grain's key is two numbers, or a text beside them; state that was cleared keeps its version.
CREATE TABLE IF NOT EXISTS cluster_grains (
    service    varchar(150) NOT NULL,
    type       text         NOT NULL,
    key_0      bigint       NOT NULL,
    key_1      bigint       NOT NULL,
    key_text   text         NOT NULL,
    version    integer      NOT NULL,
    state      bytea,
    changed_at timestamptz  NOT NULL DEFAULT now(),
    PRIMARY KEY (service, type, key_0, key_1, key_text)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
-- Membership ---------------------------------------------------------------------------------------------------------------
('InsertMembershipVersionKey', $q$
    WITH added AS (INSERT INTO cluster_versions (cluster) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*)::integer FROM added
$q$),
('InsertMembershipKey', $q$
    WITH next AS (
        UPDATE cluster_versions v SET version = v.version + 1, changed_at = now()
        WHERE v.cluster = @DeploymentId AND v.version = @Version
            AND NOT EXISTS (SELECT FROM cluster_members m WHERE (m.cluster, m.address, m.port, m.generation) = (@DeploymentId, @Address, @Port, @Generation))
        RETURNING v.cluster),
    added AS (
        INSERT INTO cluster_members (cluster, address, port, generation, silo_name, host_name, status, proxy_port, started_at, alive_at)
        SELECT n.cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM next n
        RETURNING 1)
    SELECT count(*)::integer FROM added
$q$),
('UpdateMembershipKey', $q$
    WITH next AS (
        UPDATE cluster_versions v SET version = v.version + 1, changed_at = now()
        WHERE v.cluster = @DeploymentId AND v.version = @Version
            AND EXISTS (SELECT FROM cluster_members m WHERE (m.cluster, m.address, m.port, m.generation) = (@DeploymentId, @Address, @Port, @Generation))
        RETURNING v.cluster),
    changed AS (
        UPDATE cluster_members m SET status = @Status, suspect_times = @SuspectTimes, alive_at = @IAmAliveTime FROM next n
        WHERE (m.cluster, m.address, m.port, m.generation) = (n.cluster, @Address, @Port, @Generation)
        RETURNING 1)
    SELECT count(*)::integer FROM changed
$q$),
('UpdateIAmAlivetimeKey', $q$
    UPDATE cluster_members SET alive_at = @IAmAliveTime
    WHERE (cluster, address, port, generation) = (@DeploymentId, @Address, @Port, @Generation)
$q$),
('MembershipReadRowKey', $q$
    SELECT v.cluster AS DeploymentId, m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
        m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes,
        m.started_at AS StartTime, m.alive_at AS IAmAliveTime, v.version AS Version
    FROM cluster_versions v
    LEFT JOIN cluster_members m ON (m.cluster, m.address, m.port, m.generation) = (v.cluster, @Address, @Port, @Generation)
    WHERE v.cluster = @DeploymentId
$q$),
('MembershipReadAllKey', $q$
    SELECT v.cluster AS DeploymentId, m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
        m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes,
        m.started_at AS StartTime, m.alive_at AS IAmAliveTime, v.version AS Version
    FROM cluster_versions v LEFT JOIN cluster_members m ON m.cluster = v.cluster
    WHERE v.cluster = @DeploymentId
$q$),
('GatewaysQueryKey', $q$
    SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM cluster_members
    WHERE cluster = @DeploymentId AND status = @Status AND proxy_port > 0
$q$),
('DeleteMembershipTableEntriesKey', $q$
    DELETE FROM cluster_versions WHERE cluster = @DeploymentId
$q$),
-- 3: an active silo, which is never swept away by its age.
('CleanupDefunctSiloEntriesKey', $q$
    DELETE FROM cluster_members WHERE cluster = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3
$q$),
-- Reminders ----------------------------------------------------------------------------------------------------------------
('UpsertReminderRowKey', $q$
    INSERT INTO cluster_reminders AS r (service, grain, name, started_at, period, hash)
    VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash)
    ON CONFLICT (service, grain, name) DO UPDATE SET
        started_at = excluded.started_at, period = excluded.period, hash = excluded.hash, version = r.version + 1
    RETURNING version AS Version
$q$),
('ReadReminderRowsKey', $q$
    SELECT grain AS GrainId, name AS ReminderName, started_at AS StartTime, period AS Period, version AS Version
    FROM cluster_reminders WHERE service = @ServiceId AND grain = @GrainId
$q$),
('ReadReminderRowKey', $q$
    SELECT grain AS GrainId, name AS ReminderName, started_at AS StartTime, period AS Period, version AS Version
    FROM cluster_reminders WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName
$q$),
('ReadRangeRows1Key', $q$
    SELECT grain AS GrainId, name AS ReminderName, started_at AS StartTime, period AS Period, version AS Version
    FROM cluster_reminders WHERE service = @ServiceId AND hash > @BeginHash AND hash <= @EndHash
$q$),
-- The range that goes around the end of the ring.
('ReadRangeRows2Key', $q$
    SELECT grain AS GrainId, name AS ReminderName, started_at AS StartTime, period AS Period, version AS Version
    FROM cluster_reminders WHERE service = @ServiceId AND (hash > @BeginHash OR hash <= @EndHash)
$q$),
('DeleteReminderRowKey', $q$
    WITH removed AS (
        DELETE FROM cluster_reminders
        WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName AND version = @Version::integer RETURNING 1)
    SELECT count(*)::integer FROM removed
$q$),
('DeleteReminderRowsKey', $q$
    DELETE FROM cluster_reminders WHERE service = @ServiceId
$q$),
-- State of grains: a write names the version it follows, or none for the first; what follows no other answers the version it named.
('WriteToStorageKey', $q$
    WITH changed AS (
        UPDATE cluster_grains g SET state = @PayloadBinary, version = g.version + 1, changed_at = now()
        WHERE (g.service, g.type, g.key_0, g.key_1, g.key_text)
                = (@ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString::text, ''))
            AND g.version = @GrainStateVersion::integer
        RETURNING g.version),
    added AS (
        INSERT INTO cluster_grains (service, type, key_0, key_1, key_text, version, state)
        SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString::text, ''), 1, @PayloadBinary
        WHERE @GrainStateVersion::integer IS NULL
        ON CONFLICT DO NOTHING
        RETURNING version)
    SELECT coalesce((SELECT version FROM changed), (SELECT version FROM added), @GrainStateVersion::integer) AS NewGrainStateVersion
$q$),
('ReadFromStorageKey', $q$
    SELECT state AS PayloadBinary, version AS Version FROM cluster_grains
    WHERE (service, type, key_0, key_1, key_text)
        = (@ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString::text, ''))
$q$),
('ClearStorageKey', $q$
    UPDATE cluster_grains SET state = NULL, version = version + 1, changed_at = now()
    WHERE (service, type, key_0, key_1, key_text)
            = (@ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString::text, ''))
        AND version = @GrainStateVersion::integer
    RETURNING version AS NewGrainStateVersion
$q$),
('DeleteStorageKey', $q$
    DELETE FROM cluster_grains
    WHERE (service, type, key_0, key_1, key_text)
            = (@ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString::text, ''))
        AND version = @GrainStateVersion::integer
    RETURNING version + 1 AS NewGrainStateVersion
$q$)
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText WHERE OrleansQuery.QueryText <> excluded.QueryText;
