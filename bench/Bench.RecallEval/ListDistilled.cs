using System.Globalization;
using MemoryOrleans.Engine;
using MemoryOrleans.Host.InProcess;
using MemoryOrleans.Memories;
using MemoryOrleans.Models;
using MemoryOrleans.Storage.Sqlite;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Bench.RecallEval;

/// <summary>
/// Prints what distillation made of conversations, to be read and judged: the links between turns with both texts, or facts drawn by a
/// fixed seed. Sessions are appended and distilled one after another, as they would be while people talk.
/// </summary>
internal static class ListDistilled
{
    private const int PageSize = 100;

    /// <summary>All links, by class and rule.</summary>
    public static Task LinksAsync(EvalData data, CancellationToken cancel) => RunAsync(data, async host =>
    {
        var texts = data.Conversations.SelectMany(static conversation => conversation.Sessions.SelectMany(session => session.Turns.Select(
            turn => (Key: (Evaluate.KeyOf(conversation, session).Id, turn.Id), turn.Text)))).DistinctBy(static each => each.Key)
            .ToDictionary(static each => each.Key, static each => each.Text);
        var links = (await ReadAsync(host, new MemoryFilter(FactKeys.UpdateKind, Status: MemoryStatus.Candidate), cancel))
            .Select(UpdateLink.Of).OfType<UpdateLink>().ToList();
        var rows = links.OrderBy(static link => link.Class).ThenBy(static link => link.Rule, StringComparer.Ordinal)
            .ThenBy(static link => link.Newer.SessionId, StringComparer.Ordinal).ThenBy(static link => link.Newer.Seq);
        foreach (var link in rows)
        {
            Console.WriteLine($"{link.Class} {link.Rule}  {link.Older.SessionId}:{link.Older.Seq} -> {link.Newer.SessionId}:{link.Newer.Seq}");
            Console.WriteLine($"    was {OneLine(texts.GetValueOrDefault((link.Older.SessionId, link.Older.TurnId)))}");
            Console.WriteLine($"    now {OneLine(texts.GetValueOrDefault((link.Newer.SessionId, link.Newer.TurnId)))}");
        }

        foreach (var group in links.GroupBy(static link => (link.Class, link.Rule)).OrderBy(static group => group.Key))
            Console.WriteLine($"{group.Key.Class} {group.Key.Rule}: {group.Count()}");
        Console.WriteLine($"{links.Count} links in {CountTurns(data)} turns");
    }, cancel);

    /// <summary>So many of the promoted facts, drawn by a fixed seed; all where there are no more.</summary>
    public static Task FactsAsync(EvalData data, int count, CancellationToken cancel) => RunAsync(data, async host =>
    {
        var facts = new List<MemoryRecord>();
        foreach (var status in new[] { MemoryStatus.Active, MemoryStatus.Superseded })
            facts.AddRange((await ReadAsync(host, new MemoryFilter(Tier: MemoryTier.Semantic, Status: status), cancel))
                .Where(static fact => fact.Sources.Count > 0));
        var drawn = facts.OrderBy(static fact => fact.Owner.UserId, StringComparer.Ordinal)
            .ThenBy(static fact => fact.Sources[0].SessionId, StringComparer.Ordinal)
            .ThenBy(static fact => fact.Sources[0].Seq).ThenBy(static fact => fact.Content, StringComparer.Ordinal).ToArray();
        new Random(20_260_101).Shuffle(drawn);
        var listed = drawn.Take(count).OrderBy(static fact => fact.Owner.UserId, StringComparer.Ordinal)
            .ThenBy(static fact => fact.Sources[0].SessionId, StringComparer.Ordinal).ThenBy(static fact => fact.Sources[0].Seq);
        foreach (var fact in listed)
        {
            var claim = fact.Claim is { } told ? $" [{told.Subject} {told.Attribute}: {told.Value}]" : "";
            Console.WriteLine($"{fact.Sources[0].SessionId}:{fact.Sources[0].Seq} {fact.Status} {FactKind.Of(fact) ?? fact.Kind} ({fact.Sources.Count}) {OneLine(fact.Content)}{claim}");
        }

        var turns = CountTurns(data);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{facts.Count} promoted facts in {turns} turns, {100.0 * facts.Count / turns:F2} per 100; kinds {Counts(facts)}"));
    }, cancel);

    private static async Task RunAsync(EvalData data, Func<InProcessHost, Task> print, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("recall-eval-");
        try
        {
            await using var store = await SqliteStore.OpenAsync(
                new SqliteStoreOptions { Path = Path.Combine(folder.FullName, "memory.db") }, TimeProvider.System, cancel);
            var minted = 0;
            using var host = new InProcessHost(
                MemoryStores.Of(store), new EngineModels(new StaticEmbedder()), TimeProvider.System, () =>
                $"m{Interlocked.Increment(ref minted):d8}", new EngineOptions());
            foreach (var conversation in data.Conversations)
                await DistilAsync(host, conversation, cancel);
            await print(host);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task DistilAsync(InProcessHost host, EvalConversation conversation, CancellationToken cancel)
    {
        foreach (var session in conversation.Sessions.Where(static session => session.Turns.Count > 0))
        {
            await Evaluate.IngestAsync(host, conversation with { Sessions = [session] }, cancel);
            var made = await host.Memories.DistilAsync(Evaluate.KeyOf(conversation, session), cancel);
            if (!made.IsSuccess)
                throw new InvalidOperationException($"{conversation.Id}.{session.Id}: {made.Error.Detail}");
        }
    }

    private static async Task<List<MemoryRecord>> ReadAsync(InProcessHost host, MemoryFilter filter, CancellationToken cancel)
    {
        var found = new List<MemoryRecord>();
        string? cursor = null;
        do
        {
            var page = (await host.Memories.ListAsync(Evaluate.Tenant, filter, cursor, PageSize, cancel)).Value;
            found.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return found;
    }

    private static string Counts(List<MemoryRecord> facts) =>
        string.Join(", ", facts.GroupBy(static fact => FactKind.Of(fact) ?? fact.Kind)
        .OrderBy(static group => group.Key, StringComparer.Ordinal).Select(static group => $"{group.Key} {group.Count()}"));

    private static int CountTurns(EvalData data) =>
        data.Conversations.Sum(static conversation => conversation.Sessions.Sum(static session => session.Turns.Count));

    private static string OneLine(string? text) => (text ?? "").ReplaceLineEndings(" ");
}
