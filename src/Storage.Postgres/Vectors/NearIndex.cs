using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// The HNSW index over one tenant's vectors of one space. Partial, so that a search never walks through other tenants'
/// vectors to find its own, and small tenants cost no index at all.
/// </summary>
internal static class NearIndex
{
    /// <summary>Links and breadth while building, pgvector's own defaults.</summary>
    private const int Links = 16, BuildBreadth = 64;

    public static string PrefixOf(int spaceId) => $"{SpaceTable.NameOf(spaceId)}_near_";

    /// <summary>A tenant's name is longer than an index's may be, so its digest stands for it.</summary>
    public static string NameOf(int spaceId, string tenant) =>
        PrefixOf(spaceId) + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant)).AsSpan(0, 16));

    public static string CreateSql(int spaceId, string tenant) => string.Create(CultureInfo.InvariantCulture, $"""
        CREATE INDEX CONCURRENTLY {NameOf(spaceId, tenant)} ON {SpaceTable.NameOf(spaceId)}
        USING hnsw (embedding halfvec_cosine_ops) WITH (m = {Links}, ef_construction = {BuildBreadth}) WHERE tenant = {Literal(tenant)}
        """);

    public static string DropSql(string name) => $"DROP INDEX CONCURRENTLY IF EXISTS {name}";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
