using System.Diagnostics;
using MemoryOrleans.Host.InProcess;
using MemoryOrleans.Engine;
using MemoryOrleans.Models;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sqlite;

namespace MemoryOrleans.Bench.RecallEval;

/// <summary>What recall answered to one question.</summary>
internal sealed record Ranking(string Conversation, string Question, IReadOnlyList<(string Turn, double Score)> Items, TimeSpan Took)
{
    /// <summary>The greatest relevance among the first ten.</summary>
    public double Best { get; init; }
}

/// <summary>Feeds conversations to an embedded memory over a throw-away SQLite file and asks every question.</summary>
internal sealed class Evaluate(InProcessHost host, int limit, double? minScore)
{
    public const string Tenant = "eval";
    private const int BatchTurns = 200;

    public static async Task<IReadOnlyList<Ranking>> RunAsync(EvalData data, int limit, double? minScore, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("recall-eval-");
        try
        {
            await using var store = await SqliteStore.OpenAsync(
                new SqliteStoreOptions { Path = Path.Combine(folder.FullName, "memory.db") }, TimeProvider.System, cancel);
            using var host = new InProcessHost(
                MemoryStores.Of(store), new EngineModels(new StaticEmbedder()), TimeProvider.System, static () =>
                Guid.CreateVersion7().ToString("n"), new EngineOptions());
            return await new Evaluate(host, limit, minScore).RunAsync(data, cancel);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<IReadOnlyList<Ranking>> RunAsync(EvalData data, CancellationToken cancel)
    {
        var rankings = new List<Ranking>();
        foreach (var conversation in data.Conversations)
        {
            await IngestAsync(host, conversation, cancel);
            foreach (var question in conversation.Questions)
                rankings.Add(await AskAsync(conversation, question, cancel));
        }

        return rankings;
    }

    public static async Task IngestAsync(InProcessHost host, EvalConversation conversation, CancellationToken cancel)
    {
        foreach (var session in conversation.Sessions)
        {
            var at = EvalData.ParseDate(session.Date);
            var drafts = session.Turns.Select((turn, i) => DraftOf(turn, at?.AddSeconds(20 * i)));
            foreach (var batch in drafts.Chunk(BatchTurns))
            {
                var key = KeyOf(conversation, session);
                var outcome = await host.Sessions.AppendAsync(new AppendCommand(key, conversation.Id, null, batch), cancel);
                if (!outcome.IsSuccess)
                    throw new InvalidOperationException($"{key.Id}: {outcome.Error.Detail}");
            }
        }
    }

    public static SessionKey KeyOf(EvalConversation conversation, EvalSession session) => new(Tenant, $"{conversation.Id}.{session.Id}");

    public static TurnDraft DraftOf(EvalTurn turn, DateTimeOffset? at) => turn.Speaker is "user" or "assistant"
        ? new TurnDraft(turn.Id, turn.Speaker, null, turn.Text, at, null)
        : new TurnDraft(turn.Id, "user", turn.Speaker, turn.Text, at, null);

    private async Task<Ranking> AskAsync(EvalConversation conversation, EvalQuestion question, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await host.Recall.RecallAsync(
            new RecallQuery(Tenant, question.Question, limit, UserId: conversation.Id, Kinds: ["turn"], MinScore: minScore), cancel);
        return new Ranking(
            conversation.Id, question.Id, [.. result.Value.Items.Select(static item => (item.Turn.Id, item.Score))],
            Stopwatch.GetElapsedTime(started))
        {
            Best = CutoffPolicy.LeastOf(1, question.Question, isMeant: false) > 0
                ? result.Value.Items.Take(10).Select(static item => item.Relevance).DefaultIfEmpty(0).Max() : 1,
        };
    }
}
