using System.Globalization;
using MemoryOrleans.Events;
using MemoryOrleans.Memories;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes events with their deliveries and the work of sending them, inside the committer's transaction.</summary>
internal sealed class EventWrites(Connection connection)
{
    private const string AdvanceSql = """
        INSERT INTO event_heads (tenant, head) VALUES (?1, 1) ON CONFLICT (tenant) DO UPDATE SET head = head + 1 RETURNING head
        """;

    private const string InsertSql = """
        INSERT INTO events (tenant, seq, kind, at, subject, subject_kind, other, number, user_id, agent_id, session_id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """;

    // Chosen by its kind; a test is its webhook's alone.
    private const string Chosen = "w.tenant = ?1 AND (instr(w.kinds, ' ' || ?3 || ' ') > 0 OR (?3 = 'webhook.test' AND w.id = ?5))";

    private const string DeliverSql = $"""
        INSERT INTO webhook_deliveries (tenant, webhook_id, seq, at) SELECT w.tenant, w.id, ?2, ?4 FROM webhooks w WHERE {Chosen}
        """;

    private const string WakeSql = $"""
        INSERT OR IGNORE INTO due (tenant, kind, subject, due_at, created_at)
        SELECT w.tenant, '{DueKinds.Webhook}', w.id || '-' || ?2, ?4, ?4 FROM webhooks w WHERE {Chosen}
        """;

    private const string SessionSql = """
        SELECT o.user_id, s.agent_id FROM sessions s JOIN owners o ON o.owner_key = s.owner_key WHERE s.tenant = ?1 AND s.id = ?2
        """;

    /// <summary>Tells what a memory's new version changed, when that is anything.</summary>
    /// <param name="before">Its status until now; null: it was not there.</param>
    public void TellMemory(string tenant, MemoryStatus? before, MemoryRecord after, DateTimeOffset now)
    {
        if (EventKinds.Of(before, after.Status) is not { } kind)
            return;
        Tell(tenant, new MemoryEvent(0, kind, now, after.Id)
        {
            SubjectKind = after.Kind, Number = after.Version, UserId = after.Owner.UserId, AgentId = after.Owner.AgentId,
            SessionId = after.Owner.SessionId, Other = kind == EventKinds.MemorySuperseded ? after.SupersededBy : null,
        });
    }

    public void TellDistilled(string tenant, DistilledRange range, DateTimeOffset now)
    {
        var (userId, agentId) = FindOwner(tenant, range.SessionId);
        Tell(tenant, new MemoryEvent(0, EventKinds.SessionDistilled, now, range.SessionId)
        {
            Number = range.ToSeq, UserId = userId, AgentId = agentId, SessionId = range.SessionId,
        });
    }

    /// <summary>Nothing of deliveries: they would tell of themselves.</summary>
    public void TellDead(DueWork work, DateTimeOffset now)
    {
        if (work.Kind == DueKinds.Webhook)
            return;
        Tell(work.Tenant, new MemoryEvent(0, EventKinds.JobDead, now, work.Id.ToString(CultureInfo.InvariantCulture))
        {
            SubjectKind = work.Kind, Other = work.Subject, Number = work.Attempts,
        });
    }

    /// <summary>Gives the event its place in the tenant's log.</summary>
    public MemoryEvent Tell(string tenant, MemoryEvent told)
    {
        long seq;
        using (var rows = connection.Prepared(AdvanceSql).Bind(1, tenant).Query())
        {
            rows.Next();
            seq = rows.Int64(0);
        }

        connection.Prepared(InsertSql)
            .Bind(1, tenant).Bind(2, seq).Bind(3, told.Kind).Bind(4, Timestamp.Of(told.At)).Bind(5, told.Subject).Bind(6, told.SubjectKind)
            .Bind(7, told.Other).Bind(8, told.Number).Bind(9, told.UserId).Bind(10, told.AgentId).Bind(11, told.SessionId)
            .Run();
        foreach (var sql in new[] { DeliverSql, WakeSql })
            connection.Prepared(sql).Bind(1, tenant).Bind(2, seq).Bind(3, told.Kind).Bind(4, Timestamp.Of(told.At)).Bind(5, told.Subject)
                .Run();
        return told with { Seq = seq };
    }

    private (string? UserId, string? AgentId) FindOwner(string tenant, string sessionId)
    {
        using var rows = connection.Prepared(SessionSql).Bind(1, tenant).Bind(2, sessionId).Query();
        return rows.Next() ? (rows.TextOrNull(0), rows.TextOrNull(1)) : default;
    }
}
