using System.Globalization;

namespace MemoryOrleans.Erasures;

/// <summary>The rows that a tenant's erasure removed as stores keep them: <c>TABLE=COUNT</c> with a space between.</summary>
public static class ErasedRowsColumn
{
    public static string Of(IReadOnlyList<ErasedRows> rows) =>
        string.Join(' ', rows.Select(static each => string.Create(CultureInfo.InvariantCulture, $"{each.Table}={each.Count}")));

    public static IReadOnlyList<ErasedRows> Read(string column) =>
    [
        .. column.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static each => each.Split('='))
            .Select(static pair => new ErasedRows(pair[0], long.Parse(pair[1], CultureInfo.InvariantCulture))),
    ];

    /// <summary>The sum of both, table by table, without tables that lost nothing.</summary>
    public static IReadOnlyList<ErasedRows> Add(IReadOnlyList<ErasedRows> rows, IEnumerable<ErasedRows> more) =>
    [
        .. rows.Concat(more).GroupBy(static each => each.Table, StringComparer.Ordinal)
            .Select(static table => new ErasedRows(table.Key, table.Sum(static each => each.Count)))
            .Where(static each => each.Count > 0).OrderBy(static each => each.Table, StringComparer.Ordinal),
    ];
}
