using System.Globalization;
using MemoryOrleans.Bench.Simulate.Expected;
using MemoryOrleans.Bench.Simulate.Worlds;
using MemoryOrleans.Hosting;

namespace MemoryOrleans.Bench.Simulate;

/// <summary>What a run did.</summary>
internal sealed record SimulationReport(int Seed, int Steps, int Faults, IReadOnlyDictionary<string, int> Done);

/// <summary>
/// Random lives of tenants: steps drawn from a seed, over hosts that die, a store whose calls fail and a clock that jumps; after
/// each step what must hold is looked at, with the faults off.
/// </summary>
/// <param name="seed">Draws the steps; with an engine world all else too.</param>
internal sealed partial class Simulation(ISimulatedWorld world, int seed, int steps)
{
    // A put-back clock makes "what was known then" a question without an answer: such seeds do not ask it.
    private readonly bool goesBack = world.HasOwnClock && seed % 4 == 0;
    private readonly Random random = new(seed);
    private readonly List<string> journal = [];
    private readonly Dictionary<string, int> done = new(StringComparer.Ordinal);
    private readonly ExpectedTenant[] tenants = [new("red"), new("green")];
    private MadeUpWords words = null!;

    // Exports that were brought into tenants of their own, where nothing is erased.
    private readonly List<string> copied = [];

    /// <exception cref="SimulationFailure">Something does not hold; the message has the seed and the last steps.</exception>
    public async Task<SimulationReport> RunAsync()
    {
        words = new MadeUpWords(random);
        try
        {
            for (var step = 0; step < steps; step++)
            {
                world.Faults.IsOn = true;
                var tenant = tenants[random.Next(tenants.Length)];
                await StepAsync(tenant);
                world.Faults.IsOn = false;
                await CheckAsync(tenant);
            }

            await EndAsync();
        }
        catch (Exception e) when (e is SimulationFailure or InvalidOperationException or ArgumentException or NullReferenceException
            or KeyNotFoundException)
        {
            var last = string.Join("\n", journal.TakeLast(25));
            throw new SimulationFailure(
                $"seed {seed}: {e.Message}\n{last}\n{(e is SimulationFailure ? "" : e.StackTrace)}\nagain: bench/simulate --seed {seed} --seeds 1 --steps {steps}{(world.HasOwnClock ? "" : " --cluster")}");
        }

        return new SimulationReport(seed, steps, world.Faults.Injected, done);
    }

    private IMemoryHost AnyHost() => world.Hosts[random.Next(world.Hosts.Count)];

    private Task StepAsync(ExpectedTenant tenant) => random.Next(30) switch
    {
        < 8 => AppendAsync(tenant),
        < 10 => AppendTwinsAsync(tenant),
        < 12 => RetryAsync(tenant),
        < 15 => RecallAsync(tenant),
        < 17 => DistilAsync(tenant),
        < 19 => WriteNoteAsync(tenant),
        < 21 => EditNoteAsync(tenant),
        21 => UndoAsync(tenant),
        22 => EraseAsync(tenant),
        23 => RefuseAsync(tenant),
        24 => MoveAsync(tenant),
        25 => KillAsync(),
        26 => RestartAsync(),
        _ => PassAsync(),
    };

    private async Task KillAsync()
    {
        var host = random.Next(world.Hosts.Count);
        Note("kill", $"host {host}");
        await world.KillAsync(host);
        await CheckAllAsync();
    }

    private async Task RestartAsync()
    {
        Note("restart", "everything");
        await world.RestartAsync();
        await CheckAllAsync();
    }

    private async Task PassAsync()
    {
        if (goesBack && random.Next(3) == 0)
        {
            var by = TimeSpan.FromMinutes(random.Next(-90, 90));
            Note("clock", by.ToString());
            world.Jump(by);
            return;
        }

        var time = TimeSpan.FromMinutes(random.Next(5) == 0 ? random.Next(60, 600) : random.Next(1, 20));
        Note("pass", time.ToString());
        await world.PassAsync(time);
    }

    // Whatever was begun is done when nothing fails any more; then only the file is kept, and everything has to be as it was.
    private async Task EndAsync()
    {
        world.Faults.IsOn = false;
        for (var round = 0; round < 12 && (round == 0 || Array.Exists(tenants, static tenant => tenant.Running.Count > 0)); round++)
        {
            await world.PassAsync(TimeSpan.FromMinutes(2));
            foreach (var tenant in tenants)
                await FinishErasuresAsync(tenant, mustBeDone: round == 11);
        }

        await CheckAllAsync();
        await world.RestartAsync();
        await CheckAllAsync();
        foreach (var tenant in tenants)
            await CheckTenantAsync(tenant);
        var files = await world.ReadFilesAsync();
        foreach (var word in tenants.SelectMany(static tenant => tenant.ErasedWords)
            .Where(word => !copied.Exists(copy => copy.Contains(word, StringComparison.Ordinal))))
            Demand(!files.Contains(word, StringComparison.Ordinal), $"the erased {word} is in the files");
    }

    private void Note(string step, string what)
    {
        done[step] = done.GetValueOrDefault(step) + 1;
        journal.Add(string.Create(CultureInfo.InvariantCulture, $"{journal.Count,4} {world.Now:HH:mm:ss} {step} {what}"));
    }

    private void NoteEnd(string outcome) => journal[^1] += " -> " + outcome;

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
            throw new SimulationFailure(otherwise);
    }

    // An operation under faults: its outcome, or null when the store was away.
    private static async Task<Outcome<T>?> TryAsync<T>(Func<Task<Outcome<T>>> operation)
    {
        try
        {
            return await operation();
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    // What may be answered when a call of the store failed, or another host wrote the same.
    private static bool IsPassing(MemoryError error) =>
        error.Code is ErrorCode.StoreUnavailable or ErrorCode.Overloaded or ErrorCode.SessionMoved or ErrorCode.NotReady;
}
