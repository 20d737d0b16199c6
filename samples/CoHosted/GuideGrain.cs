using MemoryOrleans.Grains;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Samples.CoHosted;

/// <summary>A grain of the program's own, one for each user, which keeps what it hears in the memory beside it.</summary>
public interface IGuideGrain : IGrainWithStringKey
{
    Task HearAsync(string words);

    /// <summary>What was said that answers the question best; empty when nothing does.</summary>
    Task<string> RememberAsync(string question);
}

/// <summary>Calls the memory's grains as it would any other.</summary>
public sealed class GuideGrain : Grain, IGuideGrain
{
    private const string Tenant = "guides";

    private string User => this.GetPrimaryKeyString();

    public async Task HearAsync(string words)
    {
        // Every call says for which tenant it is made; the memory's grains answer no others.
        CallContext.Tenant = Tenant;
        var session = new SessionKey(Tenant, $"{User}:today");
        var turn = new TurnDraft(Id: null, "user", Name: null, words, OccurredAt: null, Metadata: null);
        var appended = await GrainFactory.GetGrain<ISessionGrain>(GrainKeys.Of(session))
            .AppendAsync(new AppendCommand(session, User, AgentId: null, [turn]), CancellationToken.None);
        if (!appended.IsSuccess)
            throw new InvalidOperationException(appended.Error.Detail);
    }

    public async Task<string> RememberAsync(string question)
    {
        CallContext.Tenant = Tenant;
        var query = new RecallQuery(Tenant, question, Limit: 1, UserId: User);
        var recalled = await GrainFactory.GetGrain<IRecallGrain>(GrainKeys.OfScope(query)).RecallAsync(query, CancellationToken.None);
        return recalled.IsSuccess && recalled.Value.Items is [var best, ..] ? best.Content : string.Empty;
    }
}
