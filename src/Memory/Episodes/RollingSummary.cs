using MemoryOrleans.Embeddings;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;
using MemoryOrleans.Text.Prose;

namespace MemoryOrleans.Episodes;

/// <summary>
/// The rolling summary of a session: what was said before its window. Of distilled turns it is the summaries of their
/// episodes; what came after the last episode that lies wholly before the window is summarised on the spot, by choosing
/// sentences. Nothing of it is kept, so what was erased is in it no more, and no model is asked. What is read is bounded,
/// however long the session: <see cref="EpisodesMax"/> and <see cref="TailTurnsMax"/>.
/// </summary>
public sealed class RollingSummary(ISessionStore sessions, IMemoryStore memories, IEmbedder embedder)
{
    /// <summary>The newest episodes of the session that are read.</summary>
    public const int EpisodesMax = 200;

    /// <summary>The newest turns before the window that are summarised on the spot.</summary>
    public const int TailTurnsMax = 80;

    /// <summary>Estimated tokens of the sentences chosen of those.</summary>
    public const int TailTokensMax = 400;

    private const int PageSize = 100;

    /// <summary>All parts, ascending; empty while the window holds the whole session.</summary>
    public async Task<IReadOnlyList<SummaryPart>> ReadAsync(string tenant, WorkingMemoryView view, CancellationToken cancel)
    {
        if (view.TurnsBefore <= 0)
            return [];
        var parts = await ReadEpisodesAsync(tenant, view, cancel);
        var covered = parts.Count == 0 ? 0 : parts.Max(static part => part.Sources[^1].Seq);
        var after = Math.Max(covered, view.TurnsBefore - TailTurnsMax);
        var tail = after >= view.TurnsBefore
            ? []
            : await sessions.ReadTurnsAsync(new SessionKey(tenant, view.Session.Id), after, (int)(view.TurnsBefore - after), cancel);
        parts.AddRange(Choose([.. tail.Where(static turn => !turn.IsErased && !UnreadableText.Is(turn.Content))]));
        return [.. parts.OrderBy(static part => part.FromSeq)];
    }

    private async Task<List<SummaryPart>> ReadEpisodesAsync(string tenant, WorkingMemoryView view, CancellationToken cancel)
    {
        var parts = new List<SummaryPart>();
        var filter = new MemoryFilter("episode", SessionId: view.Session.Id);
        string? cursor = null;
        for (var read = 0; read < EpisodesMax; read += PageSize)
        {
            var page = (await memories.ListMemoriesAsync(tenant, filter, cursor, PageSize, cancel)).Value;
            parts.AddRange(page.Items.Where(episode => IsBefore(episode, view)).Select(static episode => new SummaryPart(
                episode.Content, TokenEstimate.Of(episode.Content), episode.Importance, episode.ValidFrom, episode.Id,
                [.. episode.Sources.OrderBy(static source => source.Seq)])));
            if ((cursor = page.NextCursor) is null)
                break;
        }

        return parts;
    }

    // An episode that reaches into the window would repeat what the window shows.
    private static bool IsBefore(MemoryRecord episode, WorkingMemoryView view) =>
        !UnreadableText.Is(episode.Content) && episode.Sources.Count > 0
        && episode.Sources.All(source => source.SessionId == view.Session.Id && source.Seq <= view.TurnsBefore);

    private IEnumerable<SummaryPart> Choose(List<Turn> turns)
    {
        var entities = new FindEntities();
        var weighed = ExtractiveDistiller.ReadNames(turns, entities)
            .Select(sentence => new WeighedSentence(sentence, ImportancePolicy.Of(sentence.Text, entities.In(sentence.Text).Count)))
            .ToList();
        foreach (var (sentence, line) in SummarizeTurns.Pick(weighed, TailTokensMax, embedder))
        {
            var turn = turns[sentence.Sentence.Turn];
            yield return new SummaryPart(
                line, TokenEstimate.Of(line), sentence.Importance, turn.OccurredAt, Memory: null,
                [new SourceTurn(turn.SessionId, turn.Id, turn.Seq)]);
        }
    }
}
