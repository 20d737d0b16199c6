using MemoryOrleans.Memories;

namespace MemoryOrleans.Memory.Tests.Memories;

public sealed class ReinforcementBufferTests : IDisposable
{
    private readonly HashSet<string> away = [];
    private readonly List<string> saved = [];
    private readonly ReinforcementBuffer buffer;

    public ReinforcementBufferTests() => buffer = new ReinforcementBuffer(ScriptedPort.Of<IMemoryStore>((method, arguments) =>
    {
        var tenant = (string)arguments[0]!;
        if (method == nameof(IMemoryStore.FindMemoriesAsync))
            return new ValueTask<IReadOnlyList<MemoryRecord>>([Some.Fact("m") with { Status = MemoryStatus.Candidate }]);
        if (away.Contains(tenant))
            throw new StoreUnavailableException("Its database is away.");
        saved.Add(tenant);
        return Task.CompletedTask;
    }), Some.Curve);

    public void Dispose() => buffer.Dispose();

    [Fact]
    public async Task A_tenant_that_cannot_be_written_holds_up_no_other()
    {
        away.Add("a");
        Add("a", "b");
        var first = await buffer.SaveAsync(default);
        Assert.IsType<StoreUnavailableException>(first.Failure);
        Assert.Equal(["b"], first.Candidates.Select(static each => each.Tenant));

        Add("a", "b", "c");
        var second = await buffer.SaveAsync(default);
        Assert.NotNull(second.Failure);
        Assert.Equal(["b", "c"], second.Candidates.Select(static each => each.Tenant).Order());

        away.Clear();
        saved.Clear();
        Assert.Null((await buffer.SaveAsync(default)).Failure);
        // What was left behind, and then what had to wait behind it.
        Assert.Equal(["a", "a"], saved);
        Assert.Empty((await buffer.SaveAsync(default)).Candidates);
    }

    private void Add(params string[] tenants)
    {
        foreach (var tenant in tenants)
            Assert.True(buffer.TryAdd(tenant, "m", Reinforcement.Citation, Some.Day(1)));
    }
}
