using Npgsql;

namespace MemoryOrleans.Storage.Postgres.Tests;

public sealed class PostgresUrlTests
{
    [Fact]
    public void Every_part_is_read_and_percent_decoded()
    {
        Assert.True(PostgresUrl.TryParse("postgresql://ad%40a:p%2Fw%3A%C3%A9%25@db.example:6543/my%20db?sslmode=verify-full&application_name=a%26b", out var parsed, out _));
        Assert.Equal(("db.example", 6543, "my db", "ad@a", "p/w:é%"), (parsed.Host, parsed.Port, parsed.Database, parsed.Username, parsed.Password));
        Assert.Equal((SslMode.VerifyFull, "a&b"), (parsed.SslMode, parsed.ApplicationName));
    }

    [Fact]
    public void Port_password_and_parameters_may_be_left_out()
    {
        Assert.True(PostgresUrl.TryParse("postgres://ada@[::1]/memory", out var parsed, out _));
        Assert.Equal(("::1", 5432, "memory", "ada", null), (parsed.Host, parsed.Port, parsed.Database, parsed.Username, parsed.Password));
    }

    [Theory]
    [InlineData("sqlite:memory.db")]
    [InlineData("postgres://")]
    [InlineData("postgres://user:secret@host")]
    [InlineData("postgres://:secret@host/db")]
    [InlineData("postgres://user:secret@host/db?sslmode=maybe")]
    [InlineData("postgres://user:secret@host/db?colour=red")]
    public void What_is_wrong_is_said_without_the_password(string url)
    {
        Assert.False(PostgresUrl.TryParse(url, out _, out var wrong));
        Assert.DoesNotContain("secret", wrong, StringComparison.Ordinal);
    }
}
