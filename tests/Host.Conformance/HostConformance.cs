using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Erasures;
using MemoryOrleans.Hosting;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Host.Conformance;

/// <summary>A host under test over a store of its own; disposing stops it.</summary>
public interface IHostUnderTest : IAsyncDisposable
{
    IMemoryHost Host { get; }

    /// <summary>Stops the host and starts another over the same data.</summary>
    Task RestartAsync();
}

/// <summary>
/// What every host of the memory promises, whichever process or cluster runs it. Inherited by each host's own tests.
/// </summary>
public abstract partial class HostConformance : IAsyncLifetime
{
    private const string Tenant = "acme";
    private IHostUnderTest? underTest;

    protected IMemoryHost Host => underTest!.Host;

    protected abstract Task<IHostUnderTest> StartAsync();

    public async ValueTask InitializeAsync() => underTest = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (underTest is not null)
            await underTest.DisposeAsync();
    }

    private Task<Outcome<Erasure>> EraseAsync(SessionKey key) => Host.Erasures.EraseAsync(
        key.Tenant, new ErasureTarget(ErasureKind.Session, key.Id), ifMatchVersion: null, "test", TimeSpan.MaxValue,
        CancellationToken.None);

    private Task RestartAsync() => underTest!.RestartAsync();

    private static SessionKey Key(string session, string tenant = Tenant) => new(tenant, session);

    private static TurnDraft Say(
        string content, string? id = null, string role = "user", string? name = null, DateTimeOffset? at = null, string? metadata = null) =>
        new(id, role, name, content, at, metadata);

    private static IdempotencyKey Once(string key, string body) =>
        new("POST /v1/sessions/s/turns", key, SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    private Task<Outcome<AppendResult>> AppendAsync(
        string session, TurnDraft turn, string? user = null, string? agent = null, IdempotencyKey? once = null, long? ifMatch = null,
        string tenant = Tenant) =>
        Host.Sessions.AppendAsync(new AppendCommand(Key(session, tenant), user, agent, [turn], once, ifMatch), CancellationToken.None);

    private async Task<IReadOnlyList<Turn>> LogAsync(string session, string tenant = Tenant)
    {
        var turns = new List<Turn>();
        while (true)
        {
            var page = await Host.Sessions.ListTurnsAsync(Key(session, tenant), turns.Count == 0 ? 0 : turns[^1].Seq, 100,
                CancellationToken.None);
            if (page.Value.Count == 0)
                return turns;
            turns.AddRange(page.Value);
        }
    }

    private async Task<RecallResult> RecallAsync(RecallQuery query) => (await Host.Recall.RecallAsync(query, CancellationToken.None)).Value;
}
