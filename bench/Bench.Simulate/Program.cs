using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Bench.Simulate;
using MemoryOrleans.Bench.Simulate.Worlds;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "the first seed" };
var seeds = new Option<int>("--seeds") { DefaultValueFactory = _ => 100, Description = "how many, one after another's number" };
var steps = new Option<int>("--steps") { DefaultValueFactory = _ => 60, Description = "steps of each" };
var faults = new Option<int>("--faults") { DefaultValueFactory = _ => 20,
    Description = "of a thousand calls of the store, so many go wrong (0..500)" };
var cluster = new Option<bool>("--cluster") { Description =
    "over two silos of Orleans in this process instead of two engines: slower, and on the machine's clock" };
var command = new RootCommand(
    "Lives random lives of tenants over hosts that die, a store whose calls fail and a clock that jumps, and looks after each step at what must hold. "
    + "Exit code 1: it does not; the last line is the command that does it again.")
{
    seed, seeds, steps, faults, cluster,
};
command.SetAction(async (parsed, cancel) =>
{
    var (first, count, perThousand) = (parsed.GetValue(seed), parsed.GetValue(seeds), parsed.GetValue(faults));
    var (totalFaults, totalSteps) = (0, 0);
    var done = new SortedDictionary<string, int>(StringComparer.Ordinal);
    for (var number = first; number < first + count && !cancel.IsCancellationRequested; number++)
    {
        await using ISimulatedWorld world = parsed.GetValue(cluster)
            ? await ClusterWorld.StartAsync(number, perThousand) : await EngineWorld.StartAsync(number, perThousand);
        try
        {
            var report = await new Simulation(world, number, parsed.GetValue(steps)).RunAsync();
            totalFaults += report.Faults;
            totalSteps += report.Steps;
            foreach (var (step, times) in report.Done)
                done[step] = done.GetValueOrDefault(step) + times;
        }
        catch (SimulationFailure failure)
        {
            Console.WriteLine(failure.Message);
            return 1;
        }
    }

    Console.WriteLine($"{count} seeds from {first}, {totalSteps} steps, {totalFaults} faults, nothing that does not hold: {string.Join(", ", done.Select(static each => $"{each.Value} {each.Key}"))}");
    return 0;
});
return await command.Parse(args).InvokeAsync();
