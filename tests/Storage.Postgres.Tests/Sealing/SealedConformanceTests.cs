using MemoryOrleans.Storage.Conformance;

namespace MemoryOrleans.Storage.Postgres.Tests;

public sealed class SealedPostgresCommitTests : CommitConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenSealedAsync();
}

public sealed class SealedPostgresIdempotencyTests : IdempotencyConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenSealedAsync();
}

public sealed class SealedPostgresFeedTests : FeedConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenSealedAsync();
}

public sealed class SealedPostgresRandomOperationsTests : RandomOperationsConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenSealedAsync();
}

public sealed class SealedPostgresMemoryTests : MemoryStoreConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenSealedAsync();
}

public sealed class SealedPostgresGraphTests : GraphConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenSealedAsync();
}

public sealed class SealedPostgresMemoryFeedTests : MemoryFeedConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenSealedAsync();
}

public sealed class SealedPostgresRandomMemoriesTests : RandomMemoriesConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenSealedAsync();
}

public sealed class SealedPostgresGraphFeedTests : GraphFeedConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenSealedAsync();
}

public sealed class SealedPostgresTransferTests : TransferConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenSealedAsync();
}

public sealed class SealedPostgresEventTests : EventConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenSealedAsync();
}

public sealed class SealedPostgresEntityVectorTests : EntityVectorConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenSealedAsync();
}
