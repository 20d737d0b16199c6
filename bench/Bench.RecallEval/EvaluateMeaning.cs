using System.Diagnostics;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Feed;
using MemoryOrleans.Models;
using MemoryOrleans.Models.Local;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Meaning;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Bench.RecallEval;

/// <summary>What was asked, as the encoder read it, and what came of it.</summary>
internal sealed record MeaningRanking(Ranking Ranking, string EmbeddedAs);

/// <summary>
/// Ranks with the local encoder, without store or host: conversations go into partitions of the index with their turns' vectors
/// beside them, and every question over its conversation's.
/// </summary>
internal sealed class EvaluateMeaning(VectorFile vectors, VectorSpace space, StaticEmbedder statics, int limit)
{
    private const string Tenant = "eval";

    public static async Task<IReadOnlyList<MeaningRanking>> RunAsync(
        EvalData data, int limit, string? cacheFolder, CancellationToken cancel)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var embedder = new LocalEmbedder(
            new LocalModelOptions { ConcurrentTextsMax = 2 }, TimeProvider.System,
            services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        var dimensions = (await embedder.EmbedAsync(embedder.Model, null, ["memory"], TextRole.Stored, cancel))[0].Length;
        using var vectors = new VectorFile(embedder, dimensions, cacheFolder);
        var space = new VectorSpace(1, embedder.Model, dimensions, VectorSpaceState.Active, DateTimeOffset.UnixEpoch);
        var evaluate = new EvaluateMeaning(vectors, space, new StaticEmbedder(), limit);
        var rankings = new List<MeaningRanking>();
        var started = Stopwatch.GetTimestamp();
        foreach (var conversation in data.Conversations)
            rankings.AddRange(await evaluate.RunAsync(conversation, cancel));
        Console.WriteLine($"{vectors.Embedded} texts embedded, {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s in all");
        return rankings;
    }

    private async Task<List<MeaningRanking>> RunAsync(EvalConversation conversation, CancellationToken cancel)
    {
        var partition = await BuildAsync(conversation, cancel);
        var scope = new RankScope([partition.Snapshot], [null]);
        var ids = conversation.Sessions.ToDictionary(
            session => Evaluate.KeyOf(conversation, session).Id, static session =>
            session.Turns.Select(static turn => turn.Id).ToArray(), StringComparer.Ordinal);
        var rankings = new List<MeaningRanking>();
        foreach (var question in conversation.Questions)
        {
            var text = MeaningQuery.TextOf(question.Question, scope);
            var vector = (await vectors.ReadAsync([text], TextRole.Question, cancel))[0];
            var started = Stopwatch.GetTimestamp();
            var query = new QueryAnalyzer(statics).Analyze(question.Question, scope) with
            {
                Meaning = MeaningQuery.Of(question.Question, text, space, vector),
            };
            var ranked = new RankTurns(scope, query, new RankScratch()).Rank(limit);
            var items = ranked.Select(each => (ids[each.SessionId][each.Seq - 1], each.Score)).ToArray();
            rankings.Add(new MeaningRanking(new Ranking(conversation.Id, question.Id, items, Stopwatch.GetElapsedTime(started))
            {
                Best = ranked.Take(10).Select(static each => each.Relevance).DefaultIfEmpty(0).Max(),
            }, text));
        }

        return rankings;
    }

    private async Task<IndexPartition> BuildAsync(EvalConversation conversation, CancellationToken cancel)
    {
        var partition = new IndexPartition(new PartitionKey(Tenant, conversation.Id), statics.Dimensions);
        partition.KeepVectorsOf(space);
        var analysis = new TurnAnalyzer(statics, resolvesDays: true);
        var change = 0L;
        foreach (var session in conversation.Sessions)
        {
            var turns = TurnsOf(conversation, session);
            foreach (var turn in turns)
                partition.Append(analysis.Analyze(new TurnCommitted(++change, turn, null)));
            partition.Append(Evaluate.KeyOf(conversation, session).Id, await EmbedAsync(turns, cancel));
        }

        partition.Publish(change);
        return partition;
    }

    private async Task<Dictionary<long, NeuralTurn>> EmbedAsync(Turn[] turns, CancellationToken cancel)
    {
        var texts = turns.Select((turn, i) => EncoderTexts.Of(turn, i == 0 ? null : turns[i - 1])).ToArray();
        var made = await vectors.ReadAsync([.. texts.SelectMany(static each => each.Pieces.Prepend(each.Context))], TextRole.Stored,
            cancel);
        var found = new Dictionary<long, NeuralTurn>();
        var at = 0;
        for (var i = 0; i < turns.Length; i++)
        {
            found[turns[i].Seq] = NeuralTurn.Of(made[at], [.. made.Skip(at + 1).Take(texts[i].Pieces.Count)]);
            at += 1 + texts[i].Pieces.Count;
        }

        return found;
    }

    private static Turn[] TurnsOf(EvalConversation conversation, EvalSession session)
    {
        var at = EvalData.ParseDate(session.Date);
        var id = Evaluate.KeyOf(conversation, session).Id;
        return [.. session.Turns.Select((turn, i) => TurnOf(Evaluate.DraftOf(turn, at?.AddSeconds(20 * i)), id, i + 1))];
    }

    private static Turn TurnOf(TurnDraft draft, string session, long seq)
    {
        var at = draft.OccurredAt ?? TimeProvider.System.GetUtcNow();
        return new Turn(session, seq, draft.Id!, draft.Role, draft.Name, draft.Content, at, at, null, TokenEstimate.Of(draft.Content));
    }
}
