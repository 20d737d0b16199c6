using MemoryOrleans.Storage.Conformance;

namespace MemoryOrleans.Storage.Postgres.Tests;

public sealed class PostgresAppendTests : AppendConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresCommitTests : CommitConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresIdempotencyTests : IdempotencyConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresListingTests : ListingConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresDeletionTests : DeletionConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresIsolationTests : IsolationConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresFeedTests : FeedConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresTenantTests : TenantConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresRandomOperationsTests : RandomOperationsConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresDueTests : DueConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresVectorTests : VectorConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresMemoryTests : MemoryStoreConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresGraphTests : GraphConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresMemoryFeedTests : MemoryFeedConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresRandomMemoriesTests : RandomMemoriesConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresErasureConformanceTests : ErasureConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresGraphFeedTests : GraphFeedConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresDistillationTests : DistillationConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresJobTests : JobConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresTransferTests : TransferConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresMemoryVectorTests : MemoryVectorConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresEntityVectorTests : EntityVectorConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}

public sealed class PostgresEventTests : EventConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync();
}
