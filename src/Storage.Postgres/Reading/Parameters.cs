using Npgsql;
using NpgsqlTypes;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Adds positional parameters without boxing, each with its type said.</summary>
internal static class Parameters
{
    public static void AddText(this NpgsqlParameterCollection parameters, string? value) =>
        parameters.Add(new NpgsqlParameter<string?> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text });

    public static void AddBigint(this NpgsqlParameterCollection parameters, long value) =>
        parameters.Add(new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint });

    public static void AddSmallint(this NpgsqlParameterCollection parameters, short value) =>
        parameters.Add(new NpgsqlParameter<short> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Smallint });

    public static void AddTexts(this NpgsqlParameterCollection parameters, string?[] values) =>
        AddArray(parameters, values, NpgsqlDbType.Text);

    public static void AddBigints(this NpgsqlParameterCollection parameters, long[] values) =>
        AddArray(parameters, values, NpgsqlDbType.Bigint);

    public static void AddArray<T>(this NpgsqlParameterCollection parameters, T[] values, NpgsqlDbType element) =>
        parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element });
}
