using MemoryOrleans.Bench.Simulate;
using MemoryOrleans.Bench.Simulate.Worlds;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>The simulator's short run; bench/simulate makes long ones, and does a seed again that failed.</summary>
public sealed class SimulationTests
{
    private const int FaultsPerThousand = 25;

    [Fact]
    public async Task Of_a_hundred_seeds_of_deaths_faults_and_jumping_clocks_none_breaks_a_guarantee()
    {
        var faults = 0;
        await Parallel.ForEachAsync(Enumerable.Range(1, 100), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (seed, _) =>
        {
            await using var world = await EngineWorld.StartAsync(seed, FaultsPerThousand);
            var report = await new Simulation(world, seed, steps: 16).RunAsync();
            Interlocked.Add(ref faults, report.Faults);
        });
        Assert.True(faults > 100, $"{faults} faults are too few to say anything");
    }

    [Fact]
    public async Task A_few_seeds_over_silos_that_are_killed_break_none_either()
    {
        for (var seed = 1; seed <= 2; seed++)
        {
            await using var world = await ClusterWorld.StartAsync(seed, FaultsPerThousand);
            await new Simulation(world, seed, steps: 20).RunAsync();
        }
    }

    [Fact]
    public async Task A_store_that_is_away_is_told_as_such_by_a_gateway_that_stands_elsewhere()
    {
        await using var world = await ClusterWorld.StartAsync(7, faultsPerThousand: 1000);
        world.Faults.IsOn = true;
        var away = await Record.ExceptionAsync(() => world.Hosts[0].Sessions.AppendAsync(
            new AppendCommand(new SessionKey("red", "s1"), null, null,
            [new TurnDraft(null, "user", null, "Is anybody there?", null, null)]), CancellationToken.None));
        Assert.IsType<StoreUnavailableException>(away);
    }

    [Fact]
    public async Task A_broken_promise_is_found_and_says_how_to_see_it_again()
    {
        await using var world = new ForgetfulWorld(await EngineWorld.StartAsync(3, 0));
        var failure = await Assert.ThrowsAsync<SimulationFailure>(() => new Simulation(world, 3, steps: 60).RunAsync());
        Assert.Contains("bench/simulate --seed 3", failure.Message, StringComparison.Ordinal);
    }
}
