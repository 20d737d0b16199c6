using MemoryOrleans.Storage.Conformance;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class SqliteAppendTests : AppendConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteCommitTests : CommitConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteIdempotencyTests : IdempotencyConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteListingTests : ListingConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteDeletionTests : DeletionConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteIsolationTests : IsolationConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteFeedTests : FeedConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteTenantTests : TenantConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteRandomOperationsTests : RandomOperationsConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteDueTests : DueConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteVectorTests : VectorConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteMemoryTests : MemoryStoreConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteGraphTests : GraphConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteMemoryFeedTests : MemoryFeedConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteRandomMemoriesTests : RandomMemoriesConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteErasureConformanceTests : ErasureConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteGraphFeedTests : GraphFeedConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteDistillationTests : DistillationConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteJobTests : JobConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteTransferTests : TransferConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteMemoryVectorTests : MemoryVectorConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteEntityVectorTests : EntityVectorConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}

public sealed class SqliteEventTests : EventConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await SqliteUnderTest.OpenAsync();
}
