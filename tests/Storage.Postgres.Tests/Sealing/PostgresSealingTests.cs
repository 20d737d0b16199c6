using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Storage.Sealing.Tests;

namespace MemoryOrleans.Storage.Postgres.Tests;

public sealed class PostgresSealingTests : SealingConformance
{
    private protected override async Task<ISealedUnderTest> OpenAsync(IMasterKeys? masters) =>
        await PostgresUnderTest.OpenAsync(options => options with { MasterKeys = masters });
}
