using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Memory.Tests.Tenancy;

public sealed class KeptSettingsTests
{
    private readonly List<TaskCompletionSource<TenantSettings>> reads = [];
    private readonly KeptSettings kept;
    private readonly TaskCompletionSource saving = new();

    public KeptSettingsTests() => kept = new KeptSettings(ScriptedPort.Of<ITenantStore>((method, _) =>
    {
        if (method == nameof(ITenantStore.SaveSettingsAsync))
            return new ValueTask(saving.Task);
        reads.Add(new TaskCompletionSource<TenantSettings>());
        return new ValueTask<TenantSettings>(reads[^1].Task);
    }));

    [Fact]
    public async Task What_was_read_is_kept_until_something_is_saved()
    {
        Assert.Equal(1, await ReadAsync(1));
        Assert.Equal(1, (await kept.ReadAsync("acme", default)).TurnsPerMinuteMax);
        saving.SetResult();
        await kept.SaveAsync("acme", new TenantSettings(2));
        Assert.Equal(2, await ReadAsync(2));
        Assert.Equal(2, reads.Count);
    }

    [Fact]
    public async Task A_save_that_failed_may_have_been_stored_and_is_read_again()
    {
        await ReadAsync(1);
        saving.SetException(new StoreUnavailableException("The connection broke after the commit."));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await kept.SaveAsync("acme", new TenantSettings(2)));
        Assert.Equal(2, await ReadAsync(2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_read_that_a_save_overtook_is_not_kept(bool begunBefore)
    {
        var early = begunBefore ? kept.ReadAsync("acme", default).AsTask() : null;
        var save = kept.SaveAsync("acme", new TenantSettings(2)).AsTask();
        early ??= kept.ReadAsync("acme", default).AsTask();
        saving.SetResult();
        await save;
        reads[0].SetResult(new TenantSettings(1));

        Assert.Equal(1, (await early).TurnsPerMinuteMax);
        Assert.Equal(2, await ReadAsync(2));
    }

    private async Task<int?> ReadAsync(int stored)
    {
        var read = kept.ReadAsync("acme", default).AsTask();
        reads[^1].TrySetResult(new TenantSettings(stored));
        return (await read).TurnsPerMinuteMax;
    }
}
