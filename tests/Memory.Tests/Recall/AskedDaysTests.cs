using MemoryOrleans.Memory.Tests.Recall.Ranking;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Recall;

/// <summary>"Yesterday" in a question, by the clock of the one who asks.</summary>
public sealed class AskedDaysTests
{
    // A Monday, half past one in the night.
    private static readonly DateTimeOffset Asked = new(2023, 5, 8, 1, 30, 0, TimeSpan.FromHours(2));

    [Theory]
    [InlineData("What did I cook yesterday?", "2023-5-7", "7 May 2023")]
    [InlineData("Whom did I meet last Tuesday?", "2023-5-2", "2 May 2023")]
    [InlineData("Where was I this morning?", "2023-5-8", "8 May 2023")]
    [InlineData("Where did I go last weekend?", "2023-5-6 2023-5-7", "")]
    [InlineData("Where did I go last month?", "2023-4-", "April 2023")]
    [InlineData("Where did I go last year?", "2022-0-", "")]
    [InlineData("Where did I sail last summer?", "2022-6- 2022-7- 2022-8-", "")]
    [InlineData("What did I do in May 2021?", "", "")]
    [InlineData("What did I do in June?", "", "")]
    [InlineData("Who is Ann?", "", "")]
    public void A_question_means_days_of_the_askers_calendar(string question, string dates, string words)
    {
        var days = AskedDays.MayName(question) ? AskedDays.Find(question, Asked) : AskedDays.None;

        Assert.Equal(dates, string.Join(' ', days.Dates.Select(static date => $"{date.Year}-{date.Month}-{date.Day}")));
        Assert.Equal(words, days.Words);
    }

    [Theory]
    [InlineData("Asia/Tokyo", null, null, "2 May")]
    [InlineData("America/New_York", null, null, "1 May")]
    [InlineData(null, "Asia/Tokyo", null, "2 May")]
    [InlineData(null, null, "Asia/Tokyo", "2 May")]
    [InlineData("America/New_York", "Asia/Tokyo", "Asia/Tokyo", "1 May")]
    [InlineData(null, null, null, "1 May")]
    public async Task Yesterday_is_by_the_zone_of_the_question_else_of_the_session_else_of_the_user(
        string? asked, string? session, string? user, string yesterday)
    {
        var store = new ScriptedStoreOfZones(session, user);
        var at = await new AskersClock(store.Store).AtAsync(
            new RecallQuery("acme", "What did I do yesterday?", 5, UserId: "ada") { TimeZone = asked }, store.Session, [],
            new DateTimeOffset(2025, 5, 2, 16, 0, 0, TimeSpan.Zero), CancellationToken.None);

        Assert.StartsWith(yesterday, AskedDays.Find("What did I do yesterday?", at).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_zone_the_users_newest_turn_says_how_late_it_is()
    {
        var turn = Turns.Said(1, "s", 1, "bread", at: new DateTimeOffset(2025, 5, 2, 9, 0, 0, TimeSpan.FromHours(9)));
        var at = await new AskersClock(new Sessions.ScriptedStore()).AtAsync(
            new RecallQuery("acme", "What did I do yesterday?", 5, UserId: "ada"), null, [Ranked.Build([turn]).Snapshot],
            new DateTimeOffset(2025, 5, 2, 16, 0, 0, TimeSpan.Zero), CancellationToken.None);

        Assert.Equal(TimeSpan.FromHours(9), at.Offset);
    }

    [Fact]
    public void What_was_said_on_that_day_comes_first()
    {
        // Near midnight in Berlin: the two days differ there and in UTC.
        var turns = new[] { "2025-05-01T00:30:00+02:00", "2025-05-02T00:30:00+02:00", "2025-05-03T00:30:00+02:00" }
            .Select(static (at, i) => Turns.Said(i + 1, $"s{i}", 1, "we baked bread", at: DateTimeOffset.Parse(at))).ToArray();
        var snapshot = Ranked.Build(turns).Snapshot;

        foreach (var (now, first) in new[] { ("2025-05-02T12:00:00+02:00", "s0"), ("2025-05-03T00:10:00+02:00", "s1"),
            ("2025-05-04T23:50:00+02:00", "s2") })
        {
            var days = AskedDays.Find("When did we bake bread yesterday?", DateTimeOffset.Parse(now));
            Assert.Equal(first, Ranked.Rank(snapshot, $"When did we bake bread yesterday? {days.Words}")[0].SessionId);
        }
    }

    private sealed class ScriptedStoreOfZones
    {
        public ScriptedStoreOfZones(string? session, string? user)
        {
            Session = new Session("s", "ada", null, SessionStatus.Open, 0, 1, Turns.Noon, Turns.Noon) { TimeZone = session };
            Store.Put("acme", Session with { Id = "other", TimeZone = user }, []);
        }

        public Session Session { get; }

        public Sessions.ScriptedStore Store { get; } = new();
    }
}
