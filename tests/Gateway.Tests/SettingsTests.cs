using System.Text.RegularExpressions;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Gateway.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void Defaults_are_loopback_without_keys_and_without_limit()
    {
        var options = GatewayOptions.Read(Settings());
        Assert.Equal(["http://127.0.0.1:8080"], options.Urls);
        Assert.True(options.Keyless && options.LoopbackOnly && options.MetricsEnabled);
        Assert.Null(options.Limits.RateLimit);
        Assert.Equal(TimeSpan.FromSeconds(30), options.RequestTimeout);
        Assert.Equal(TimeSpan.FromSeconds(20), options.ShutdownTimeout);
    }

    [Fact]
    public void All_errors_are_reported_at_once_by_name()
    {
        var settings = Settings(
            "MEMORY_URLS=ftp://x", "MEMORY_API_KEYS=acme:key1:read+fly", "MEMORY_GLOBAL_RATE_LIMIT=lots",
            "MEMORY_REQUEST_TIMEOUT_SECONDS=0",
            "MEMORY_SHUTDOWN_TIMEOUT_SECONDS=ten", "MEMORY_LOG_LEVEL=loud", "MEMORY_METRICS_ENABLED=maybe",
            "MEMORY_ALLOWED_ORIGINS=example.com",
            "MEMORY_ALLOWED_HOSTS=a b", "MEMORY_MAX_RESULTS=1000");
        settings.Integer("MEMORY_WM_MAX_TURNS", 20, 1, 100, "turns", "Of the host.");
        GatewayOptions.Read(settings);
        var error = Assert.Throws<SettingsException>(settings.ThrowIfInvalid);
        string[] names =
        [
            "MEMORY_URLS", "MEMORY_API_KEYS", "MEMORY_GLOBAL_RATE_LIMIT", "MEMORY_REQUEST_TIMEOUT_SECONDS",
            "MEMORY_SHUTDOWN_TIMEOUT_SECONDS",
            "MEMORY_LOG_LEVEL", "MEMORY_METRICS_ENABLED", "MEMORY_ALLOWED_ORIGINS", "MEMORY_ALLOWED_HOSTS", "MEMORY_MAX_RESULTS",
        ];
        Assert.All(names, name => Assert.Contains(error.Errors, e => e.StartsWith(name + ": ", StringComparison.Ordinal)));
        Assert.Equal(names.Length, error.Errors.Count);
        Assert.All(names, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
        Assert.Contains(error.Errors,
            e => e == "MEMORY_REQUEST_TIMEOUT_SECONDS: must be a whole number of seconds from 1 to 600, but is '0'");
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://*:8080")]
    [InlineData("http://+:8080")]
    [InlineData("http://192.168.1.5:8080")]
    [InlineData("http://memory.example:8080")]
    [InlineData("http://127.0.0.1:8080;http://0.0.0.0:8081")]
    public void Beyond_loopback_without_keys_nothing_starts(string urls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["MEMORY_URLS"] = urls });
        var error = Assert.Throws<SettingsException>(() => builder.AddMemoryGateway(new MemorySettings(builder.Configuration)));
        Assert.Contains("MEMORY_API_KEYS", Assert.Single(error.Errors), StringComparison.Ordinal);
        Assert.StartsWith("MEMORY_URLS: ", error.Errors[0], StringComparison.Ordinal);
        Assert.Empty(Read("MEMORY_URLS=" + urls, "MEMORY_API_KEYS=a-key").Errors);
    }

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://127.0.0.2:1, http://[::1]:2")]
    public void Loopback_addresses_need_no_keys(string urls) => Assert.Empty(Read("MEMORY_URLS=" + urls).Errors);

    [Fact]
    public void Beyond_loopback_there_is_a_rate_limit_unless_it_is_none()
    {
        Assert.Equal(new RateLimit(1_000, TimeSpan.FromSeconds(1)),
            GatewayOptions.Read(Settings("MEMORY_URLS=http://*:1", "MEMORY_API_KEYS=k")).Limits.RateLimit);
        Assert.Null(GatewayOptions.Read(Settings("MEMORY_URLS=http://*:1", "MEMORY_API_KEYS=k", "MEMORY_GLOBAL_RATE_LIMIT=none"))
            .Limits.RateLimit);
        Assert.Equal(new RateLimit(200, TimeSpan.FromMinutes(1)),
            GatewayOptions.Read(Settings("MEMORY_GLOBAL_RATE_LIMIT=200/minute")).Limits.RateLimit);
        Assert.Equal(new RateLimit(5, TimeSpan.FromHours(1)),
            GatewayOptions.Read(Settings("MEMORY_GLOBAL_RATE_LIMIT= 5 / Hour ")).Limits.RateLimit);
    }

    [Theory]
    [InlineData("a:b:c:d")]
    [InlineData("ten ant:key")]
    [InlineData("acme:")]
    [InlineData(":key")]
    [InlineData("acme:ke y")]
    [InlineData("acme:key:")]
    [InlineData("acme:key:read+")]
    [InlineData("acme:key:root")]
    [InlineData("acme:one,globex:one")]
    [InlineData("schlüssel")]
    public void Bad_keys_are_refused_without_being_shown(string keys)
    {
        var error = Assert.Single(Read("MEMORY_API_KEYS=" + keys).Errors);
        Assert.StartsWith("MEMORY_API_KEYS: entry ", error, StringComparison.Ordinal);
        Assert.DoesNotContain(keys, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" , ,")]
    public void No_keys_is_keyless(string keys) => Assert.True(GatewayOptions.Read(Settings("MEMORY_API_KEYS=" + keys)).Keyless);

    [Fact]
    public void Any_origin_is_not_allowed_without_keys()
    {
        Assert.StartsWith("MEMORY_ALLOWED_ORIGINS: ", Assert.Single(Read("MEMORY_ALLOWED_ORIGINS=*").Errors), StringComparison.Ordinal);
        Assert.Empty(Read("MEMORY_ALLOWED_ORIGINS=*", "MEMORY_API_KEYS=k").Errors);
    }

    [Fact]
    public void Every_setting_is_listed_with_name_range_and_description()
    {
        var settings = Read();
        Assert.All(settings.Definitions, d =>
        {
            Assert.Matches(new Regex("^MEMORY_[A-Z_]+$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), d.Name);
            Assert.NotEmpty(d.Range);
            Assert.NotEmpty(d.Description);
        });
        Assert.Equal(settings.Definitions.Count, settings.Definitions.Select(d => d.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.True(settings.Definitions.Single(d => d.Name == "MEMORY_API_KEYS").Secret);
        Assert.Equal("seconds", settings.Definitions.Single(d => d.Name == "MEMORY_REQUEST_TIMEOUT_SECONDS").Unit);
    }

    [Fact]
    public void Unknown_names_are_reported_with_the_nearest_one()
    {
        var warnings = Read("MEMORY_URL=x", "MEMORY_SOMETHING_ELSE_ENTIRELY=x", "OTHER=x", "memory_log_level=debug").UnknownNames();
        Assert.Equal(
            ["MEMORY_SOMETHING_ELSE_ENTIRELY is not a setting of this version",
            "MEMORY_URL is not a setting of this version; did you mean MEMORY_URLS?"],
            warnings);
    }

    [Fact]
    public void Readers_take_trimmed_values_and_treat_empty_as_unset()
    {
        var settings = Settings("MEMORY_A= 7 ", "MEMORY_B=", "MEMORY_C=0.5", "MEMORY_D=a, b ;c", "MEMORY_E=NO");
        Assert.Equal(7, settings.Integer("MEMORY_A", 1, 1, 10, "things", "A."));
        Assert.Equal(3, settings.Integer("MEMORY_B", 3, 1, 10, "things", "B."));
        Assert.Equal(0.5, settings.Number("MEMORY_C", 1, 0, 1, "parts", "C."));
        Assert.Equal(["a", "b", "c"], settings.List("MEMORY_D", string.Empty, "words", "D."));
        Assert.False(settings.Flag("MEMORY_E", true, "E."));
        settings.ThrowIfInvalid();
    }

    private static MemorySettings Read(params string[] values)
    {
        var settings = Settings(values);
        GatewayOptions.Read(settings);
        return settings;
    }

    private static MemorySettings Settings(params string[] values) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(v =>
        KeyValuePair.Create(v[..v.IndexOf('=', StringComparison.Ordinal)], (string?)v[(v.IndexOf('=', StringComparison.Ordinal) + 1)..])))
        .Build());
}
