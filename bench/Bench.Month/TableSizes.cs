using SQLitePCL;

namespace MemoryOrleans.Bench.Month;

/// <summary>Rows of each table of a SQLite file that a store has open.</summary>
internal static class TableSizes
{
    private static readonly string[] Tables =
        ["sessions", "turns", "memories", "memory_versions", "memory_keys", "memory_citations", "removals", "tombstones", "idempotency",
            "due", "job_runs"];

    public static IReadOnlyDictionary<string, long> Read(string path)
    {
        Check(raw.sqlite3_open_v2(path, out var database, raw.SQLITE_OPEN_READONLY, null));
        try
        {
            return Tables.ToDictionary(static table => table, table => Count(database, table), StringComparer.Ordinal);
        }
        finally
        {
            raw.sqlite3_close_v2(database);
        }
    }

    private static long Count(sqlite3 database, string table)
    {
        Check(raw.sqlite3_prepare_v2(database, $"SELECT count(*) FROM {table}", out var statement));
        try
        {
            return raw.sqlite3_step(statement) == raw.SQLITE_ROW
                ? raw.sqlite3_column_int64(statement, 0) : throw new InvalidOperationException($"{table} cannot be counted.");
        }
        finally
        {
            raw.sqlite3_finalize(statement);
        }
    }

    private static void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw new InvalidOperationException($"SQLite answered {result}.");
    }
}
