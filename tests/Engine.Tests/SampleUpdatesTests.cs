using System.Text.Json;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Engine.Tests;

/// <summary>samples/updates.json end to end: whether what holds now comes first, and what nothing replaced stays where it is.</summary>
public sealed class SampleUpdatesTests(SampleUpdatesTests.Asked asked) : IClassFixture<SampleUpdatesTests.Asked>
{
    [Theory]
    [InlineData("update", true, 32)]
    [InlineData("update", false, 28)]
    [InlineData("keep", true, 24)]
    [InlineData("keep", false, 15)]
    [InlineData("past", true, 9)]
    [InlineData("past", false, 2)]
    public void So_many_cases_are_right_and_not_fewer(string kind, bool isEnglish, int least)
    {
        var cases = asked.Answers.Where(answer => answer.Kind == kind && (answer.Language == "en") == isEnglish).ToArray();
        var wrong = cases.Where(static answer => !answer.IsRight).Select(static answer => $"{answer.Id}: {answer.First}").ToArray();

        Assert.True(cases.Length - wrong.Length >= least,
            $"{cases.Length - wrong.Length} of {cases.Length} are right, not {least}:\n{string.Join('\n', wrong)}");
    }

    /// <summary>A case with the text of the first item that was answered.</summary>
    public sealed record Answer(string Id, string Kind, string Language, bool IsRight, string First);

    /// <summary>All cases, asked once.</summary>
    public sealed class Asked : IAsyncLifetime
    {
        internal IReadOnlyList<Answer> Answers { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            await using var under = await EngineOnSqlite.StartAsync();
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(SampleConversations.PathOf("updates.json")));
            var answers = new List<Answer>();
            foreach (var each in document.RootElement.GetProperty("cases").EnumerateArray())
                answers.Add(await AskAsync(under, each));
            Answers = answers;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static async Task<Answer> AskAsync(EngineOnSqlite under, JsonElement each)
        {
            var id = each.GetProperty("id").GetString()!;
            var steps = each.GetProperty("steps").EnumerateArray().ToArray();
            for (var i = 0; i < steps.Length; i++)
            {
                var key = new SessionKey("acme", $"{id}.{i}");
                var at = new DateTimeOffset(2026, 1, 1, 10, i, 0, TimeSpan.Zero).AddDays(steps[i].GetProperty("day").GetInt32());
                await under.Host.Sessions.AppendAsync(
                    new AppendCommand(key, id, null,
                    [new TurnDraft(null, "user", null, steps[i].GetProperty("content").GetString()!, at, null)]), default);
                await under.Host.Memories.DistilAsync(key, default);
            }

            var query = new RecallQuery("acme", each.GetProperty("question").GetString()!, 5, UserId: id);
            var texts = (await under.Host.Recall.RecallAsync(query, default)).Value.Items.Select(static item => item.Content).ToArray();
            return new Answer(
                id, each.GetProperty("kind").GetString()!, each.GetProperty("lang").GetString()!,
                IsRight(texts, WordsOf(each, "want"), WordsOf(each, "stale")), texts.FirstOrDefault() ?? "nothing");
        }

        private static bool IsRight(string[] texts, string[] want, string[] stale)
        {
            if (stale.Length == 0)
                return Array.TrueForAll(want, word => Array.Exists(texts, text => Says(text, word)));
            var first = Array.Find(texts, text => Array.Exists(want, word => Says(text, word))
                || Array.Exists(stale, word => Says(text, word)));
            return first is not null && Array.Exists(want, word => Says(first, word));
        }

        private static bool Says(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

        private static string[] WordsOf(JsonElement each, string name) =>
            [.. each.GetProperty(name).EnumerateArray().Select(static word => word.GetString()!)];
    }
}
