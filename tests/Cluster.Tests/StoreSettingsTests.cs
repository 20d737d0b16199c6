using MemoryOrleans.Settings;
using MemoryOrleans.Silo.Configuration;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Cluster.Tests;

public sealed class StoreSettingsTests
{
    private const string Home = "postgres://memory:secret@db-one/memory";

    [Fact]
    public void Further_databases_have_names_and_everything_else_of_the_first()
    {
        var store = Read(Home, "two=postgres://memory:p%20w@db-two/memory?sslmode=require  three-3=postgres://m@a:1,b:2/x", out var errors);
        Assert.Empty(errors);
        Assert.Equal(["home", "two", "three-3"], store.Databases.Select(static each => each.Name));
        Assert.Equal("postgres://memory:p%20w@db-two/memory?sslmode=require", store.Further["two"].Url);
        Assert.Equal(store.Postgres!.Schema, store.Further["two"].Schema);
        Assert.Equal(store.Postgres.PoolSize, store.Further["three-3"].PoolSize);
    }

    [Fact]
    public void Without_the_setting_there_is_the_one_database_or_the_file()
    {
        Assert.Equal(["home"], Read(Home, null, out var errors).Databases.Select(static each => each.Name));
        Assert.Empty(Read("sqlite:/tmp/memory.db", null, out _).Databases);
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData(Home, "two")]
    [InlineData(Home, "Two=postgres://m@h/d")]
    [InlineData(Home, "home=postgres://m@h/d")]
    [InlineData(Home, "two=postgres://m@h/d two=postgres://m@h/e")]
    [InlineData(Home, "two=sqlite:secret.db")]
    [InlineData(Home, "two=postgres://m:secret@h/d?sslmode=perhaps")]
    [InlineData("sqlite:/tmp/memory.db", "two=postgres://m@h/d")]
    public void What_is_wrong_is_said_without_a_password(string home, string further)
    {
        Read(home, further, out var errors);
        var error = Assert.Single(errors);
        Assert.StartsWith("MEMORY_DATABASES", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    private static StoreSettings Read(string home, string? further, out IReadOnlyList<string> errors)
    {
        var settings = new MemorySettings(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MEMORY_DATABASE_URL"] = home, ["MEMORY_DATABASES"] = further,
        }).Build());
        var store = StoreSettings.Read(settings);
        errors = settings.Errors;
        return store;
    }
}
