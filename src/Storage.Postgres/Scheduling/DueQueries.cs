using MemoryOrleans.Scheduling;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Which of a tenant's due work a page holds, from where on.</summary>
internal readonly record struct DueListing(DueState? State, string? KindPrefix, DuePosition After, int Limit);

/// <summary>Reads due work, and ends claims: each bound to its tenant.</summary>
internal static class DueQueries
{
    /// <summary>The columns <see cref="Read"/> takes but for when it was due, which stands last.</summary>
    public const string Columns = """
        d.id, d.tenant, d.kind, d.subject, d.state, d.cursor, d.attempts, d.wakes, d.claims, d.last_error, d.last_run_at, d.created_at
        """;

    private const string Mine = "d.tenant = $1 AND d.id = $2 AND d.claims = $3";

    private static readonly TenantQuery<DueListing, Page<DueWork>>[] Listings =
        [ListingOf(""), ListingOf(" AND d.state = 0"), ListingOf(" AND d.state = 1")];

    public static readonly TenantQuery<(string Kind, string Subject, long DueAt, long Now), bool> Wake = new(
        "wake",
        "SELECT wake_1($1::text, ARRAY[$3::text], ARRAY[$2::text], ARRAY[$4::bigint], $5::bigint)",
        static (parameters, wake) =>
        {
            parameters.AddText(wake.Kind);
            parameters.AddText(wake.Subject);
            parameters.AddBigint(wake.DueAt);
            parameters.AddBigint(wake.Now);
        },
        static (_, _, _) => Task.FromResult(true));

    /// <summary>The row's lock decides: a wake that comes later finds no row, one that came before keeps it from being deleted.</summary>
    public static readonly TenantQuery<DueWork, bool> Remove = new(
        "remove finished work",
        $"DELETE FROM due d WHERE {Mine} AND d.wakes = $4 RETURNING d.id",
        static (parameters, work) =>
        {
            AddClaim(parameters, work);
            parameters.AddBigint(work.Wakes);
        },
        AnyAsync);

    public static readonly TenantQuery<(DueWork Work, long Cursor), bool> FinishWoken = new(
        "finish woken work",
        $"""
        UPDATE due d SET cursor = $4, attempts = 0, last_error = NULL, not_before = 0, lease_until = 0
        WHERE {Mine} RETURNING d.id
        """,
        static (parameters, end) =>
        {
            AddClaim(parameters, end.Work);
            parameters.AddBigint(end.Cursor);
        },
        AnyAsync);

    public static readonly TenantQuery<(DueWork Work, long Cursor, long DueAt), bool> Postpone = new(
        "postpone work",
        $"""
        UPDATE due d SET cursor = $4, attempts = 0, last_error = NULL, not_before = 0, lease_until = 0,
            due_at = CASE WHEN d.wakes = $6 THEN $5 ELSE least($5, d.due_at) END
        WHERE {Mine} RETURNING d.id
        """,
        static (parameters, end) =>
        {
            AddClaim(parameters, end.Work);
            parameters.AddBigint(end.Cursor);
            parameters.AddBigint(end.DueAt);
            parameters.AddBigint(end.Work.Wakes);
        },
        AnyAsync);

    public static readonly TenantQuery<(DueWork Work, long Cursor, long DueAt, string Reason), bool> Retry = new(
        "retry work",
        $"""
        UPDATE due d SET cursor = $4, last_error = $6, not_before = $5, lease_until = 0, due_at = $5
        WHERE {Mine} RETURNING d.id
        """,
        static (parameters, end) =>
        {
            AddClaim(parameters, end.Work);
            parameters.AddBigint(end.Cursor);
            parameters.AddBigint(end.DueAt);
            parameters.AddText(end.Reason);
        },
        AnyAsync);

    public static readonly TenantQuery<(DueWork Work, long Cursor, long Now, string Reason), bool> Bury = new(
        "bury work",
        $"""
        UPDATE due d SET state = 1, cursor = $4, last_error = $6, not_before = 0, lease_until = 0, due_at = $5
        WHERE {Mine} RETURNING d.id
        """,
        static (parameters, end) =>
        {
            AddClaim(parameters, end.Work);
            parameters.AddBigint(end.Cursor);
            parameters.AddBigint(end.Now);
            parameters.AddText(end.Reason);
        },
        AnyAsync);

    public static readonly TenantQuery<(long Id, long Now), DueWork?> Requeue = new(
        "requeue work",
        $"""
        UPDATE due d SET state = 0, attempts = 0, due_at = $3 WHERE d.tenant = $1 AND d.id = $2 AND d.state = 1
        RETURNING {Columns}, d.due_at
        """,
        static (parameters, requeue) =>
        {
            parameters.AddBigint(requeue.Id);
            parameters.AddBigint(requeue.Now);
        },
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? Read(rows) : null);

    public static readonly TenantQuery<(string Kind, string Subject), DueWork?> Find = new(
        "find work",
        $"SELECT {Columns}, d.due_at FROM due d WHERE d.tenant = $1 AND d.subject = $3 AND d.kind = $2",
        static (parameters, work) =>
        {
            parameters.AddText(work.Kind);
            parameters.AddText(work.Subject);
        },
        static async (rows, _, cancel) => await rows.ReadAsync(cancel) ? Read(rows) : null);

    public static readonly TenantQuery<string, IReadOnlyList<DueBacklog>> Count = new(
        "count due work",
        "SELECT d.kind, count(*) FILTER (WHERE d.state = 0), count(*) FILTER (WHERE d.state = 1), min(d.due_at) FILTER (WHERE d.state = 0) "
        + "FROM due d WHERE d.tenant = $1 GROUP BY d.kind ORDER BY d.kind",
        static (_, _) => { },
        static (rows, _, cancel) => ReadBacklogAsync(rows, cancel));

    /// <summary>Every query here, for the test of plans.</summary>
    public static IEnumerable<(string Name, string Sql)> All =>
    [
        .. Listings.Select(static listing => listing.Text),
        Wake.Text, Remove.Text, FinishWoken.Text, Postpone.Text, Retry.Text, Bury.Text, Requeue.Text, Count.Text, Find.Text,
    ];

    public static TenantQuery<DueListing, Page<DueWork>> List(DueState? state) => Listings[state is null ? 0 : (int)state + 1];

    public static async Task<IReadOnlyList<DueBacklog>> ReadBacklogAsync(TenantRows rows, CancellationToken cancel)
    {
        var backlog = new List<DueBacklog>();
        while (await rows.ReadAsync(cancel))
            backlog.Add(new DueBacklog(rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2), TimeOrNull(rows, 3)));
        return backlog;
    }

    public static DueWork Read(TenantRows rows) => new(
        rows.GetInt64(0),
        rows.GetString(1),
        rows.GetString(2),
        rows.GetString(3),
        (DueState)rows.GetInt16(4),
        Timestamp.Read(rows.GetInt64(12)),
        rows.GetInt64(5),
        rows.GetInt32(6),
        rows.GetInt64(7),
        rows.GetInt64(8),
        rows.IsDBNull(9) ? null : rows.GetString(9),
        TimeOrNull(rows, 10),
        Timestamp.Read(rows.GetInt64(11)));

    private static TenantQuery<DueListing, Page<DueWork>> ListingOf(string state) => new(
        $"list due work{state}",
        $"""
        SELECT {Columns}, d.due_at FROM due d
        WHERE d.tenant = $1 AND d.id > $2{state} AND starts_with(d.kind, $4) ORDER BY d.id LIMIT $3
        """,
        static (parameters, listing) =>
        {
            parameters.AddBigint(listing.After.Id);
            parameters.AddBigint(listing.Limit + 1L);
            parameters.AddText(listing.KindPrefix ?? string.Empty);
        },
        ReadPageAsync);

    private static async Task<Page<DueWork>> ReadPageAsync(TenantRows rows, DueListing listing, CancellationToken cancel)
    {
        var works = new List<DueWork>();
        while (await rows.ReadAsync(cancel))
        {
            if (works.Count == listing.Limit)
                return new Page<DueWork>(works, new DuePosition(works[^1].Id).ToCursor());
            works.Add(Read(rows));
        }

        return new Page<DueWork>(works, NextCursor: null);
    }

    private static void AddClaim(NpgsqlParameterCollection parameters, DueWork work)
    {
        parameters.AddBigint(work.Id);
        parameters.AddBigint(work.Claims);
    }

    private static async Task<bool> AnyAsync<TArgs>(TenantRows rows, TArgs args, CancellationToken cancel) => await rows.ReadAsync(cancel);

    public static DateTimeOffset? TimeOrNull(TenantRows rows, int column) =>
        rows.IsDBNull(column) ? null : Timestamp.Read(rows.GetInt64(column));
}
