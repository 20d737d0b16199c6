using System.Reflection;
using MemoryOrleans.Grains;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using Orleans.CodeGeneration;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>
/// Releases next to each other are one cluster while an upgrade rolls on: what the one before calls must be there, as it calls it.
/// </summary>
public sealed class GrainVersionTests
{
    private const string Tenant = "acme";

    // Alias of the grain, alias of the call, what is sent, what is answered; of 0.1.0 before there was one topology (version 0).
    private static readonly string[] CalledByTheReleaseBefore =
    [
        "memory.ISessionGrain append(AppendCommand): Outcome<AppendResult>",
        "memory.ISessionGrain close(Nullable<Int64>): Outcome<Session>",
        "memory.ISessionGrain distil(): Outcome<DistillationReport>",
        "memory.IRecallGrain recall(RecallQuery): Outcome<RecallResult>",
        "memory.IRecallGrain context(SessionKey, String, Int32): Outcome<ContextBlock>",
        "memory.IRecallGrain entities(EntityQuery): Outcome<EntitySearchResult>",
        "memory.ITenantGrain cite(String): Outcome<Salience>",
        "memory.ITenantGrain settings(): memory.TenantSettings",
        "memory.ITenantGrain take(Int32): Int32",
        "memory.IShardGrain hold(): String",
    ];

    private static readonly Type[] Grains = [typeof(ISessionGrain), typeof(IRecallGrain), typeof(ITenantGrain), typeof(IShardGrain)];

    [Fact]
    public void What_the_release_before_calls_is_there_under_its_alias_and_in_its_form() =>
        Assert.Empty(CalledByTheReleaseBefore.Except(Grains.SelectMany(CallsOf)));

    // Placement sends a call to silos of at least its version: a grain that has new calls needs a higher one.
    [Fact]
    public void A_grain_with_calls_that_the_release_before_does_not_know_has_a_higher_version_than_there()
    {
        foreach (var grain in Grains)
        {
            var hasNew = CallsOf(grain).Except(CalledByTheReleaseBefore).Any();
            Assert.Equal(hasNew ? 1 : 0, grain.GetCustomAttribute<VersionAttribute>()?.Version ?? 0);
        }
    }

    [Fact]
    public async Task What_the_release_before_asks_is_answered()
    {
        await using var under = await ClusterUnderTest.StartAsync();
        var key = new SessionKey(Tenant, "s0");
        Assert.True((await under.Host.Sessions.AppendAsync(
            new AppendCommand(key, "ada", null, [new TurnDraft("t1", "user", null, "Ada's cat is called Countess.", null, null)]), default))
            .IsSuccess);
        Assert.True((await under.Host.Tenants.SetSettingsAsync(Tenant, new TenantSettings(10), default)).IsSuccess);
        CallContext.Tenant = Tenant;
        var tenant = under.Cluster.Client.GetGrain<ITenantGrain>(Tenant);

        Assert.Equal(10, (await tenant.ReadSettingsAsync()).TurnsPerMinuteMax);
        Assert.Equal((8, 0), (await tenant.TakeQuotaAsync(8), await tenant.TakeQuotaAsync(8)));
        var context = await under.Cluster.Client.GetGrain<IRecallGrain>(GrainKeys.OfScope(Tenant, "ada"))
            .BuildContextAsync(key, "cat", 200, default);
        Assert.Contains("Countess", context.Value.Text, StringComparison.Ordinal);
    }

    private static IEnumerable<string> CallsOf(Type grain) => grain.GetMethods().Select(method =>
        $"{AliasOf(grain)} {AliasOf(method)}({string.Join(", ", method.GetParameters().Select(static each => each.ParameterType)
            .Where(static type => type != typeof(CancellationToken)).Select(NameOf))}): {NameOf(method.ReturnType.GetGenericArguments()[0])}");

    private static string AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()!.Alias;

    private static string NameOf(Type type) => type.GetCustomAttribute<AliasAttribute>()?.Alias
        ?? (type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : type.Name);
}
