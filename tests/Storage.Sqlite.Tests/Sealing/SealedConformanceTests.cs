using MemoryOrleans.Storage.Conformance;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class SealedSqliteAppendTests : AppendConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteCommitTests : CommitConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteIdempotencyTests : IdempotencyConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteIsolationTests : IsolationConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteFeedTests : FeedConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteRandomOperationsTests : RandomOperationsConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteMemoryTests : MemoryStoreConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteGraphTests : GraphConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteMemoryFeedTests : MemoryFeedConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteRandomMemoriesTests : RandomMemoriesConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteErasureConformanceTests : ErasureConformance
{
    protected override bool TextsAreReadable => false;

    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteGraphFeedTests : GraphFeedConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteDistillationTests : DistillationConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteTransferTests : TransferConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteEntityVectorTests : EntityVectorConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteMemoryVectorTests : MemoryVectorConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}

public sealed class SealedSqliteEventTests : EventConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenSealedAsync();
}
