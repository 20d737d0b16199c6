using MemoryOrleans.Facts;
using MemoryOrleans.Kinds;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Episodes;

/// <summary>What a distillation made.</summary>
/// <param name="Facts">Facts and candidates it wrote or changed.</param>
/// <param name="Turns">Turns it went through, erased ones included.</param>
/// <param name="Distilled">The last seq distilled.</param>
/// <param name="IsComplete">False when turns are left for the next call.</param>
public sealed record DistillationReport(
    IReadOnlyList<string> Episodes, IReadOnlyList<string> Facts, long Turns, long Distilled, bool IsComplete);

/// <summary>
/// Makes episodes and facts of a session's turns that have not been distilled yet, slice by slice. Each slice is one commit:
/// its episodes, what became of its statements, and the seq up to which the session is distilled. So whatever stops it, and
/// wherever, a slice is there whole or not at all, and doing it again doubles nothing.
/// </summary>
public sealed class SessionDistiller(
    ISessionStore sessions, IMemoryStore memories, IDistiller distiller, FactConsolidator consolidate, TimeProvider clock, Func<string> ids,
    DistillationLimits limits, IFindUpdates? updates = null)
{
    private const int TurnsBefore = 10;
    private const int AttemptsMax = 8;

    /// <summary>
    /// Distils all that is left, or so many slices of it. NotFound when there is no session; StoreUnavailable when the store
    /// does not take a slice, or others keep changing the same facts. What was committed before stays.
    /// </summary>
    /// <exception cref="DistillerException">The distiller made nothing of the turns.</exception>
    public async Task<Outcome<DistillationReport>> RunAsync(SessionKey key, CancellationToken cancel, int slicesMax = int.MaxValue)
    {
        var report = new DistillationReport([], [], 0, 0, IsComplete: false);
        for (var (slices, attempts) = (0, 0); ;)
        {
            if ((await sessions.FindSessionAsync(key, cancel)).Session is not { } session)
                return new MemoryError(ErrorCode.NotFound, "There is no such session.");
            var distilled = await memories.FindDistilledAsync(key, cancel);
            report = report with { Distilled = distilled, IsComplete = distilled >= session.LastSeq };
            if (report.IsComplete || slices == slicesMax)
                return report;
            var (status, slice) = await TryAsync(key, session, distilled, cancel);
            if (status == CommitStatus.Committed)
            {
                report = Add(report, slice);
                (slices, attempts) = (slices + 1, 0);
            }
            else if (status != CommitStatus.Stale || ++attempts == AttemptsMax)
            {
                return new MemoryError(
                    ErrorCode.StoreUnavailable, $"The store did not take what was distilled ({status}); nothing is lost.",
                    RetryAfter: TimeSpan.FromSeconds(1));
            }
        }
    }

    private static DistillationReport Add(DistillationReport report, DistillationReport slice) => report with
    {
        Episodes = [.. report.Episodes, .. slice.Episodes],
        Facts = [.. report.Facts.Union(slice.Facts, StringComparer.Ordinal)],
        Turns = report.Turns + slice.Turns,
    };

    private async Task<(CommitStatus Status, DistillationReport Slice)> TryAsync(
        SessionKey key, Session session, long distilled, CancellationToken cancel)
    {
        var before = distilled == 0
            ? [] : await sessions.ReadTurnsAsync(key, Math.Max(0, distilled - TurnsBefore), (int)Math.Min(distilled, TurnsBefore), cancel);
        var turns = await sessions.ReadTurnsAsync(key, distilled, limits.EpisodesPerSlice * limits.TurnsMax, cancel);
        if (turns.Count == 0)
            return (CommitStatus.Stale, new DistillationReport([], [], 0, distilled, IsComplete: false));
        var made = await DistilAsync(session, before, turns, cancel);
        var episodes = EpisodesOf(made, session);
        var range = new DistilledRange(session, distilled + 1, turns[^1].Seq);
        var statements = new FactStatements([.. made.Facts.Select(ReadFactKind.Mark)], OwnerOfFacts(session), made.Origin);
        var links = updates is null
            ? [] : LinksOf(await updates.FindAsync(key, session, [.. turns.Where(static turn => !turn.IsErased)], cancel), session);
        var (status, facts) = await consolidate.CommitAsync(key.Tenant, statements, [.. episodes, .. links], range, cancel);
        if (status == CommitStatus.Committed && links.Count > 0)
            await new RetireFacts(memories).RunAsync(key.Tenant, [.. links.Select(static write => write.After)], cancel);
        return (status, new DistillationReport([.. episodes.Select(static write => write.After.Id)], facts, turns.Count, range.ToSeq,
            IsComplete: false));
    }

    private async Task<Distillation> DistilAsync(
        Session session, IReadOnlyList<Turn> before, IReadOnlyList<Turn> turns, CancellationToken cancel)
    {
        var present = turns.Where(IsReadable).ToList();
        return present.Count == 0
            ? new Distillation([], [], string.Empty)
            : await distiller.DistilAsync(session, [.. before.Where(IsReadable)], present, limits, cancel);
    }

    private static bool IsReadable(Turn turn) => !turn.IsErased && !UnreadableText.Is(turn.Content);

    // Turns without a sentence (code, pictures) get no summary; an episode of them would be empty.
    private List<MemoryWrite> EpisodesOf(Distillation made, Session session)
    {
        var now = Timestamp.Read(Timestamp.Of(clock.GetUtcNow()));
        return [.. made.Episodes.Where(static episode => !string.IsNullOrWhiteSpace(episode.Summary))
            .Select(episode => MemoryVersions.First(new MemoryRecord
        {
            Id = ids(),
            Version = 1,
            Kind = "episode",
            Tier = MemoryTier.Episodic,
            Status = MemoryStatus.Active,
            Content = episode.Summary,
            Owner = new MemoryOwner(session.UserId, session.AgentId, AgentClass: null, session.Id),
            Importance = episode.Importance,
            Salience = SalienceCurve.Initial(episode.Importance, now),
            ValidFrom = episode.OccurredFrom,
            RecordedAt = now,
            Sources = episode.Sources,
            Topics = episode.Topics,
            Entities = episode.Entities,
            Origin = episode.Origin ?? made.Origin,
            Change = MemoryChange.Distilled,
            Operation = ids(),
        }))];
    }

    private List<MemoryWrite> LinksOf(IReadOnlyList<UpdateLink> links, Session session)
    {
        var now = Timestamp.Read(Timestamp.Of(clock.GetUtcNow()));
        return [.. links.Select(link => MemoryVersions.First(link.ToMemory(OwnerOfFacts(session), ids(), ids(), now)))];
    }

    // Facts are the user's, whichever agent was told. Without a user "I" is somebody else in every session.
    private static MemoryOwner OwnerOfFacts(Session session) =>
        session.UserId is { } user ? new MemoryOwner(user) : new MemoryOwner(SessionId: session.Id);
}
