namespace MemoryOrleans.Storage.Postgres;

/// <summary>"Without a user" as stored: the empty name, which no user has, so that one unique key covers both.</summary>
internal static class UserName
{
    public static string ToColumn(string? userId) => userId ?? string.Empty;

    public static string? FromColumn(string column) => column.Length == 0 ? null : column;
}
