using MemoryOrleans.Storage.Conformance;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Storage.Sealing.Tests;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class SqliteSealingTests : SealingConformance
{
    [Fact]
    public async Task The_write_ahead_log_holds_no_word_either()
    {
        await using var store = await SqliteUnderTest.OpenSealedAsync();
        await store.Sessions.CommitAsync(new SampleTurns("s").Next("zebra"));

        await using var log = new FileStream(store.Path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        await log.CopyToAsync(copy);
        var text = System.Text.Encoding.Latin1.GetString(copy.ToArray());
        Assert.Contains("turn-1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("zebra", text, StringComparison.Ordinal);
    }

    private protected override async Task<ISealedUnderTest> OpenAsync(IMasterKeys? masters) =>
        await SqliteUnderTest.OpenAsync(options => options with { MasterKeys = masters });
}
