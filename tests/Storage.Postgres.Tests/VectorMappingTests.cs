using Npgsql;
using Pgvector;

namespace MemoryOrleans.Storage.Postgres.Tests;

public sealed class VectorMappingTests
{
    [Fact]
    public async Task Vectors_and_half_vectors_go_there_and_back()
    {
        await using var source = DataSource.Build(await PostgresUnderTest.NewOptionsAsync());
        float[] floats = [1.5f, -2.25f, 0, float.Epsilon];
        Half[] halves = [(Half)1.5, (Half)(-2.25), Half.MaxValue];
        await using var command = source.CreateCommand("SELECT $1, $2, ($1 <=> $1)::float8, vector_dims($1)");
        command.Parameters.Add(new NpgsqlParameter { Value = new Vector(floats) });
        command.Parameters.Add(new NpgsqlParameter { Value = new HalfVector(halves) });
        await using var rows = await command.ExecuteReaderAsync();
        Assert.True(await rows.ReadAsync());

        Assert.Equal(floats, rows.GetFieldValue<Vector>(0).ToArray());
        Assert.Equal(halves, rows.GetFieldValue<HalfVector>(1).ToArray());
        Assert.Equal(0, rows.GetDouble(2), 6);
        Assert.Equal(4, rows.GetInt32(3));
    }

    [Fact]
    public async Task Vectors_are_copied_in_binary()
    {
        await using var source = DataSource.Build(await PostgresUnderTest.NewOptionsAsync());
        await using var connection = await source.OpenConnectionAsync();
        await using (var create = new NpgsqlCommand("CREATE TEMP TABLE copied (id int, v vector(3), h halfvec(3))", connection))
            await create.ExecuteNonQueryAsync();
        await using (var copy = await connection.BeginBinaryImportAsync("COPY copied FROM STDIN (FORMAT binary)"))
        {
            for (var i = 0; i < 100; i++)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(i);
                await copy.WriteAsync(new Vector(new[] { i, 0.5f, 1 }));
                await copy.WriteAsync(new HalfVector(new[] { (Half)i, (Half)0.5, (Half)1 }));
            }

            await copy.CompleteAsync();
        }

        await using var check = new NpgsqlCommand("SELECT count(*) FROM copied WHERE v = h::vector AND v::text = format('[%s,0.5,1]', id)",
            connection);
        Assert.Equal(100L, await check.ExecuteScalarAsync());
    }
}
