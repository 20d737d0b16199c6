using Npgsql;

namespace MemoryOrleans.Storage.Postgres.Tests;

public sealed class PostgresUrlTests
{
    [Fact]
    public void Every_part_is_read_and_percent_decoded()
    {
        Assert.True(PostgresUrl.TryParse(
            "postgresql://ad%40a:p%2Fw%3A%C3%A9%25@db.example:6543/my%20db?sslmode=verify-full&application_name=a%26b", out var parsed,
            out _));
        Assert.Equal(("db.example", 6543, "my db", "ad@a", "p/w:é%"),
            (parsed.Host, parsed.Port, parsed.Database, parsed.Username, parsed.Password));
        Assert.Equal((SslMode.VerifyFull, "a&b"), (parsed.SslMode, parsed.ApplicationName));
    }

    [Fact]
    public void Port_password_and_parameters_may_be_left_out()
    {
        Assert.True(PostgresUrl.TryParse("postgres://ada@[::1]/memory", out var parsed, out _));
        Assert.Equal(("::1", 5432, "memory", "ada", null), (parsed.Host, parsed.Port, parsed.Database, parsed.Username, parsed.Password));
    }

    [Theory]
    [InlineData("postgres://ada@db.example/memory", SslMode.VerifyFull)]
    [InlineData("postgres://ada@10.1.2.3/memory?application_name=x", SslMode.VerifyFull)]
    [InlineData("postgres://ada@[fd00::1]:5432/memory", SslMode.VerifyFull)]
    [InlineData("postgres://ada@localhost.example/memory", SslMode.VerifyFull)]
    [InlineData("postgres://ada@localhost/memory", SslMode.Prefer)]
    [InlineData("postgres://ada@127.0.0.1:5432/memory", SslMode.Prefer)]
    [InlineData("postgres://ada@[::1]/memory", SslMode.Prefer)]
    [InlineData("postgres://ada@db.example/memory?sslmode=require", SslMode.Require)]
    [InlineData("postgres://ada@localhost/memory?sslmode=verify-full", SslMode.VerifyFull)]
    public void A_server_elsewhere_must_prove_its_name_unless_the_url_says_otherwise(string url, SslMode mode)
    {
        Assert.True(PostgresUrl.TryParse(url, out var parsed, out _));
        Assert.Equal(mode, parsed.SslMode);
    }

    [Theory]
    [InlineData("postgres://ada@db.example/memory", null)]
    [InlineData("postgres://ada@db.example/memory?sslmode=verify-full", null)]
    [InlineData("postgres://ada@localhost/memory?sslmode=disable", null)]
    [InlineData("postgres://ada@db.example/memory?sslmode=verify-ca", "name")]
    [InlineData("postgres://ada@db.example/memory?sslmode=require", "does not verify the server")]
    [InlineData("postgres://ada@db.example/memory?sslmode=prefer", "in the clear")]
    [InlineData("postgres://ada@db.example/memory?sslmode=disable", "in the clear")]
    public void What_is_lowered_is_warned_of(string url, string? warning)
    {
        var weakness = PostgresUrl.FindWeakness(url);
        Assert.Equal(warning is null, weakness is null);
        Assert.Contains(warning ?? string.Empty, weakness ?? string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_hosts_whichever_is_the_primary_is_connected_to()
    {
        Assert.True(PostgresUrl.TryParse("postgres://ada:a,b@db-one.example,db-two.example:6432,[fd00::1]:5433/memory", out var parsed,
            out _));
        Assert.Equal("db-one.example:5432,db-two.example:6432,[fd00::1]:5433", parsed.Host);
        Assert.Equal(("primary", "ada", "a,b", SslMode.VerifyFull),
            (parsed.TargetSessionAttributes, parsed.Username, parsed.Password, parsed.SslMode));
        Assert.True(PostgresUrl.TryParse("postgres://ada@127.0.0.1:5001,localhost:5002/memory?target_session_attrs=read-write", out parsed,
            out _));
        Assert.Equal(("read-write", SslMode.Prefer), (parsed.TargetSessionAttributes, parsed.SslMode));
        Assert.True(PostgresUrl.TryParse("postgres://ada@127.0.0.1,db.example/memory", out parsed, out _));
        Assert.Equal(SslMode.VerifyFull, parsed.SslMode);
    }

    [Theory]
    [InlineData("sqlite:memory.db")]
    [InlineData("postgres://")]
    [InlineData("postgres://user:secret@host")]
    [InlineData("postgres://:secret@host/db")]
    [InlineData("postgres://user:secret@host/db?sslmode=maybe")]
    [InlineData("postgres://user:secret@host/db?colour=red")]
    [InlineData("postgres://user:secret@host,/db")]
    [InlineData("postgres://user:secret@one:5432,two:port/db")]
    [InlineData("postgres://user:secret@one,two/db?target_session_attrs=standby")]
    public void What_is_wrong_is_said_without_the_password(string url)
    {
        Assert.False(PostgresUrl.TryParse(url, out _, out var wrong));
        Assert.DoesNotContain("secret", wrong, StringComparison.Ordinal);
    }
}
