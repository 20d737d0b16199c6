using System.Globalization;
using System.Text.Json;
using MemoryOrleans.Host.InProcess;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Engine.Tests;

internal sealed record SampleQuestion(string Conversation, string Id, string Question, string[] Evidence)
{
    /// <summary>The conversation's language; ids of those that are not English begin with it.</summary>
    public string Language => Conversation.IndexOf('-', StringComparison.Ordinal) is var dash and > 0 ? Conversation[..dash] : "en";
}

/// <summary>What recall answered: turn ids with scores, best first.</summary>
internal sealed record SampleAnswer(SampleQuestion Question, (string Turn, double Score)[] Top)
{
    /// <summary>Share of the evidence among the answered turns.</summary>
    public double Recall => Question.Evidence.Count(turn =>
        Array.Exists(Top, each => each.Turn == turn)) / (double)Question.Evidence.Length;
}

/// <summary>
/// samples/conversations.json, in the form bench/recall-eval gives it to a memory: one user a conversation, one turn every
/// twenty seconds.
/// </summary>
internal static class SampleConversations
{
    private const string Tenant = "samples";

    public static string PathOf(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MemoryOrleans.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("Not inside the repository.");
        return Path.Combine(folder.FullName, "samples", file);
    }

    /// <summary>Appends every conversation and asks every question for its ten best turns.</summary>
    /// <param name="appended">Awaited between the two, given the turns so far.</param>
    public static async Task<IReadOnlyList<SampleAnswer>> AskAllAsync(InProcessHost host, Func<long, Task>? appended = null)
    {
        var turns = 0L;
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(PathOf("conversations.json")));
        var answers = new List<SampleAnswer>();
        foreach (var conversation in document.RootElement.GetProperty("conversations").EnumerateArray())
        {
            var user = TextOf(conversation, "id");
            foreach (var session in conversation.GetProperty("sessions").EnumerateArray())
                turns += await AppendAsync(host, user, session);
            if (appended is not null)
                await appended(turns);
            foreach (var question in conversation.GetProperty("questions").EnumerateArray().Select(each => QuestionOf(user, each)))
                answers.Add(new SampleAnswer(question, await AskAsync(host, question)));
        }

        return answers;
    }

    /// <summary>Appends every conversation; the sessions.</summary>
    public static async Task<IReadOnlyList<SessionKey>> AppendAllAsync(InProcessHost host)
    {
        var keys = new List<SessionKey>();
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(PathOf("conversations.json")));
        foreach (var conversation in document.RootElement.GetProperty("conversations").EnumerateArray())
        {
            var user = TextOf(conversation, "id");
            foreach (var session in conversation.GetProperty("sessions").EnumerateArray())
            {
                await AppendAsync(host, user, session);
                keys.Add(new SessionKey(Tenant, $"{user}.{TextOf(session, "id")}"));
            }
        }

        return keys;
    }

    private static async Task<int> AppendAsync(InProcessHost host, string user, JsonElement session)
    {
        var start = DateTimeOffset.ParseExact(TextOf(session, "date"), "h:mm tt 'on' d MMMM, yyyy", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal);
        var drafts = session.GetProperty("turns").EnumerateArray().Select((turn, i) => DraftOf(turn, start.AddSeconds(20 * i))).ToArray();
        var key = new SessionKey(Tenant, $"{user}.{TextOf(session, "id")}");
        var outcome = await host.Sessions.AppendAsync(new AppendCommand(key, user, null, drafts), CancellationToken.None);
        Assert.Equal(drafts.Length, outcome.Value.Turns.Count);
        return drafts.Length;
    }

    private static TurnDraft DraftOf(JsonElement turn, DateTimeOffset at) =>
        TextOf(turn, "speaker") is var speaker && speaker is "user" or "assistant"
        ? new TurnDraft(TextOf(turn, "id"), speaker, null, TextOf(turn, "text"), at, null)
        : new TurnDraft(TextOf(turn, "id"), "user", speaker, TextOf(turn, "text"), at, null);

    private static SampleQuestion QuestionOf(string conversation, JsonElement question) => new(
        conversation, TextOf(question, "id"), TextOf(question, "question"),
        [.. question.GetProperty("evidence").EnumerateArray().Select(static turn => turn.GetString()!)]);

    private static async Task<(string Turn, double Score)[]> AskAsync(InProcessHost host, SampleQuestion question)
    {
        var result = await host.Recall.RecallAsync(new RecallQuery(Tenant, question.Question, 10, UserId: question.Conversation),
            CancellationToken.None);
        Assert.Empty(result.Value.Degraded);
        return [.. result.Value.Items.Select(static item => (item.Turn.Id, item.Score))];
    }

    private static string TextOf(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
