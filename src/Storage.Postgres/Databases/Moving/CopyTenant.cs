using System.Data;
using System.Globalization;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Copies the rows of one tenant from one database into another as they are, numbers and all, so that versions, feeds and the audit
/// trail's hashes go on where they were: first all there is, while writes go on, then what has changed since, while they are held.
/// </summary>
internal sealed class CopyTenant(PostgresStoreOptions source, PostgresStoreOptions target, string tenant)
{
    /// <summary>What a sequence is ahead of the copied numbers; more than others can take of it in the moment it is set.</summary>
    private const long SequenceLead = 1_000_000;

    // In a literal, since COPY takes no parameters. Names of tenants have no quotes; should one come, it is doubled.
    private readonly string literal = $"'{tenant.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Called from time to time with the rows copied so far.</summary>
    public Func<long, Task> Progress { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Copies everything but work to be done; writes go on meanwhile, and none may go to the target.</summary>
    /// <returns>The moment of the copy, for <see cref="CatchUpAsync"/>: the oldest transaction that it may not have seen.</returns>
    public async Task<string> CopyAllAsync(CancellationToken cancel)
    {
        await using var from = await MoveConnection.OpenAsync(source, tenant, cancel);
        await using var into = await MoveConnection.OpenAsync(target, tenant, cancel);
        await using var reading = await from.Connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var moment = await from.AskAsync<string>("SELECT (pg_snapshot_xmin(pg_current_snapshot())::xid)::text", cancel);
        await using var writing = await BeginAsync(into, cancel);
        var rows = 0L;
        foreach (var table in (await TenantTable.ListAsync(from.Connection, cancel)).Where(static table => !table.IsWork))
        {
            rows += await CopyRowsAsync(from, into, table, $"SELECT {table.ColumnList} FROM {table.Name} x WHERE x.tenant = {literal}",
                cancel);
            await Progress(rows);
        }

        await SetSequencesAsync(from, into, cancel);
        await writing.CommitAsync(cancel);
        return moment;
    }

    /// <summary>Makes the copy what the source is now. The source's fence must be set, so that it stays so.</summary>
    public async Task CatchUpAsync(string moment, CancellationToken cancel)
    {
        await using var from = await MoveConnection.OpenAsync(source, tenant, cancel);
        await using var into = await MoveConnection.OpenAsync(target, tenant, cancel);
        await using var reading = await from.Connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        await using var writing = await BeginAsync(into, cancel);
        var tables = await TenantTable.ListAsync(from.Connection, cancel);
        foreach (var table in tables.Reverse().Where(static table => !table.IsCounted))
            await RemoveGoneAsync(from, into, table, cancel);
        var rows = 0L;
        foreach (var table in tables)
        {
            var changed = table.IsWork ? "true" : $"age(x.xmin) <= age('{moment}'::xid)";
            rows += await CopyRowsAsync(from, into, table,
                $"SELECT {table.ColumnList} FROM {table.Name} x WHERE x.tenant = {literal} AND {changed}", cancel);
        }

        foreach (var table in tables.Where(static table => table.IsCounted))
        {
            // Every row of the source is there by now: more than that are rows that are gone.
            if (await CountAsync(from, table, cancel) != await CountAsync(into, table, cancel))
                await RemoveGoneAsync(from, into, table, cancel);
        }

        foreach (var table in tables)
        {
            if (await CountAsync(from, table, cancel) is var wanted && await CountAsync(into, table, cancel) is var copied
                && wanted != copied)
                throw new InvalidOperationException($"Of {wanted} rows of {table.Name} {copied} were copied.");
        }

        await SetSequencesAsync(from, into, cancel);
        await writing.CommitAsync(cancel);
        await Progress(rows);
    }

    /// <summary>Removes every row of the tenant from a database.</summary>
    public static async Task EraseAsync(PostgresStoreOptions options, string tenant, CancellationToken cancel)
    {
        await using var connection = await MoveConnection.OpenAsync(options, tenant, cancel);
        await using var writing = await BeginAsync(connection, cancel);
        foreach (var table in (await TenantTable.ListAsync(connection.Connection, cancel)).Reverse())
            await connection.ExecuteAsync($"DELETE FROM {table.Name} x WHERE x.tenant = $1", cancel);
        await writing.CommitAsync(cancel);
    }

    /// <summary>Keeps everybody else from writing the tenant's rows in a database; returns when no write is under way any more.</summary>
    public static async Task SetFenceAsync(PostgresStoreOptions options, string tenant, CancellationToken cancel)
    {
        await using var connection = await MoveConnection.OpenAsync(options, tenant, cancel);
        await using var writing = await connection.Connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended('fence:' || $1, 0))", cancel);
        await connection.ExecuteAsync("INSERT INTO fences (tenant) VALUES ($1) ON CONFLICT DO NOTHING", cancel);
        await writing.CommitAsync(cancel);
    }

    public static async Task LiftFenceAsync(PostgresStoreOptions options, string tenant, CancellationToken cancel)
    {
        await using var connection = await MoveConnection.OpenAsync(options, tenant, cancel);
        await connection.ExecuteAsync("DELETE FROM fences f WHERE f.tenant = $1 AND f.reason = 0", cancel);
    }

    /// <summary>
    /// One at a time writes a copy or removes one: what a process that was thought dead has begun ends before it is cleared away.
    /// </summary>
    private static async Task<NpgsqlTransaction> BeginAsync(MoveConnection connection, CancellationToken cancel)
    {
        var transaction = await connection.Connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync("SET LOCAL lock_timeout = '90s'", cancel);
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended('move:' || $1, 0))", cancel);
        return transaction;
    }

    /// <summary>Puts rows in the place of those with their keys. Rows that others point at are changed instead of put anew.</summary>
    private static async Task<long> CopyRowsAsync(
        MoveConnection from, MoveConnection into, TenantTable table, string query, CancellationToken cancel)
    {
        var staged = $"moved_{table.Name}";
        await into.ExecuteAsync($"CREATE TEMP TABLE {staged} ON COMMIT DROP AS SELECT {table.ColumnList} FROM {table.Name} WITH NO DATA",
            cancel);
        await from.CopyAsync(query, into, staged, cancel);
        var insert = $"INSERT INTO {table.Name} ({table.ColumnList}) OVERRIDING SYSTEM VALUE SELECT {table.ColumnList} FROM {staged}";
        if (!table.IsReferenced)
            await into.ExecuteAsync($"DELETE FROM {table.Name} x USING {staged} s WHERE x.tenant = $1 AND {SameKey(table)}", cancel);
        else
            insert += $" ON CONFLICT ({string.Join(", ", table.Key)}) DO UPDATE SET {string.Join(", ", Assignments(table))}";
        var rows = await into.ExecuteAsync(insert, cancel);
        await into.ExecuteAsync($"DROP TABLE {staged}", cancel);
        return rows;
    }

    private async Task RemoveGoneAsync(MoveConnection from, MoveConnection into, TenantTable table, CancellationToken cancel)
    {
        var (staged, keys) = ($"kept_{table.Name}", string.Join(", ", table.Key));
        await into.ExecuteAsync($"CREATE TEMP TABLE {staged} ON COMMIT DROP AS SELECT {keys} FROM {table.Name} WITH NO DATA", cancel);
        await from.CopyAsync($"SELECT {keys} FROM {table.Name} x WHERE x.tenant = {literal}", into, staged, cancel);
        await into.ExecuteAsync($"DELETE FROM {table.Name} x WHERE x.tenant = $1 AND NOT EXISTS (SELECT FROM {staged} s WHERE "
            + $"{SameKey(table)})", cancel);
        await into.ExecuteAsync($"DROP TABLE {staged}", cancel);
    }

    private static Task<long> CountAsync(MoveConnection connection, TenantTable table, CancellationToken cancel) =>
        connection.AskAsync<long>($"SELECT count(*) FROM {table.Name} x WHERE x.tenant = $1", cancel);

    /// <summary>Numbers that the target gives from now on are above those that came.</summary>
    private static async Task SetSequencesAsync(MoveConnection from, MoveConnection into, CancellationToken cancel)
    {
        foreach (var table in (await TenantTable.ListAsync(from.Connection, cancel)).Where(static table => table.Identity is not null))
        {
            var sequence = await into.AskAsync<string>($"SELECT pg_get_serial_sequence('{table.Name}', '{table.Identity}')", cancel);
            await into.ExecuteAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"""
                    SELECT setval('{sequence}', m.most + {SequenceLead})
                    FROM (SELECT max(x.{table.Identity}) AS most FROM {table.Name} x WHERE x.tenant = $1) m, {sequence} s WHERE m.most >= s.last_value
                    """),
                cancel);
        }
    }

    // A row keeps its number for as long as it has its key.
    private static IEnumerable<string> Assignments(TenantTable table) =>
        table.Columns.Except(table.Key, StringComparer.Ordinal).Where(name => name != table.Identity)
        .Select(static name => $"{name} = excluded.{name}");

    private static string SameKey(TenantTable table) => string.Join(" AND ", table.Key.Select(static name => $"x.{name} = s.{name}"));
}
