using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads the spaces there are.</summary>
internal static class SpaceQueries
{
    private const string Columns = "SELECT id, model, dimensions, state, created_at FROM spaces";
    private const string ListSpacesSql = $"{Columns} ORDER BY id";
    private const string LivingSpacesSql = "SELECT id FROM spaces WHERE state < 2";
    private const string FindLivingSql = $"{Columns} WHERE model = ?1 AND dimensions = ?2 AND state < 2";
    private const string FindSql = $"{Columns} WHERE id = ?1";

    public static IReadOnlyList<VectorSpace> List(Connection connection)
    {
        var spaces = new List<VectorSpace>();
        using var rows = connection.Prepared(ListSpacesSql).Query();
        while (rows.Next())
            spaces.Add(Read(rows));
        return spaces;
    }

    /// <summary>Ids of those filling or active.</summary>
    public static List<int> ListLiving(Connection connection)
    {
        var ids = new List<int>();
        using var rows = connection.Prepared(LivingSpacesSql).Query();
        while (rows.Next())
            ids.Add((int)rows.Int64(0));
        return ids;
    }

    public static VectorSpace? FindLiving(Connection connection, string model, int dimensions)
    {
        using var rows = connection.Prepared(FindLivingSql).Bind(1, model).Bind(2, dimensions).Query();
        return rows.Next() ? Read(rows) : null;
    }

    public static VectorSpace? Find(Connection connection, int id)
    {
        using var rows = connection.Prepared(FindSql).Bind(1, id).Query();
        return rows.Next() ? Read(rows) : null;
    }

    private static VectorSpace Read(Statement.Rows rows) =>
        new((int)rows.Int64(0), rows.Text(1), (int)rows.Int64(2), (VectorSpaceState)rows.Int64(3), rows.Time(4));
}
