using MemoryOrleans.Sessions;
using MemoryOrleans.Settings;
using MemoryOrleans.Silo.Configuration;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Cli.Tests.Serve;

public sealed class DistillationSettingsTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(12, "MEMORY_WM_MAX_TURNS=12")]
    [InlineData(20, "MEMORY_WM_MAX_TURNS=100")]
    [InlineData(40, "MEMORY_WM_MAX_TURNS=40", "MEMORY_DISTIL_EVERY_TURNS=40")]
    public void Unset_the_number_of_turns_follows_a_smaller_working_memory(int turns, params string[] values)
    {
        var (pace, errors) = Read(values);
        Assert.Empty(errors);
        Assert.Equal(new DistillationPace { EveryTurns = turns }, pace);
    }

    [Fact]
    public void More_turns_than_working_memory_holds_are_refused_by_name()
    {
        var error = Assert.Single(Read("MEMORY_WM_MAX_TURNS=10", "MEMORY_DISTIL_EVERY_TURNS=11").Errors);
        Assert.Equal("MEMORY_DISTIL_EVERY_TURNS: must be at most MEMORY_WM_MAX_TURNS (10), but is '11'", error);
    }

    [Theory]
    [InlineData("MEMORY_DISTIL_EVERY_TURNS=0")]
    [InlineData("MEMORY_DISTIL_IDLE_SECONDS=0")]
    [InlineData("MEMORY_DISTIL_IDLE_SECONDS=604801")]
    public void Values_outside_their_range_are_refused_by_name(string value) =>
        Assert.StartsWith(value[..value.IndexOf('=', StringComparison.Ordinal)], Assert.Single(Read(value).Errors),
        StringComparison.Ordinal);

    private static (DistillationPace Pace, IReadOnlyList<string> Errors) Read(params string[] values)
    {
        var pairs = values.Select(static value => value.Split('=', 2))
            .ToDictionary(static pair => pair[0], static pair => (string?)pair[1], StringComparer.Ordinal);
        var settings = new MemorySettings(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build());
        return (HostSettings.Read(settings).Memory.Distillation, settings.Errors);
    }
}
