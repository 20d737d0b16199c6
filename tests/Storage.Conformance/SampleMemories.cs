using System.Text.Json;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Memories with every field in use, and their next versions.</summary>
public sealed class SampleMemories(Func<DateTimeOffset> tick)
{
    public MemoryRecord New(string id, string content, string? userId = "ada", params SourceTurn[] sources)
    {
        var now = tick();
        return new MemoryRecord
        {
            Id = id,
            Version = 1,
            Kind = "fact",
            Tier = MemoryTier.Semantic,
            Status = MemoryStatus.Active,
            Content = content,
            Owner = new MemoryOwner(userId, "agent", "class", "session"),
            Importance = 0.25,
            Salience = new Salience(0.5, now),
            IsPinned = true,
            ValidFrom = now.AddDays(-2),
            ValidTo = now.AddDays(300),
            ConfirmedAt = now.AddDays(-1),
            RecordedAt = now,
            SupersededBy = "another",
            Sources = sources,
            Claim = new FactClaim("user", "home", "\"berlin\"", IsSingleValued: true),
            Topics = ["bread", "baking & more"],
            Entities = ["Ada Müller"],
            Aliases = ["Addie", "the \"Ä\" one"],
            Metadata = """{"a":1}""",
            Origin = "rules-1",
            Change = MemoryChange.Distilled,
            Operation = $"op-{id}-1",
        };
    }

    public MemoryRecord Plain(string id, string content, string? userId = "ada") => New(id, content, userId) with
    {
        Owner = new MemoryOwner(userId), IsPinned = false, ValidTo = null, ConfirmedAt = null, SupersededBy = null, Claim = null,
            Topics = [],
        Entities = [], Aliases = [], Metadata = null,
    };

    /// <summary>The version after it, made now.</summary>
    public MemoryRecord Next(MemoryRecord before, string? content = null, MemoryStatus? status = null) => before with
    {
        Version = before.Version + 1,
        Content = content ?? before.Content,
        Status = status ?? before.Status,
        RecordedAt = tick(),
        Change = MemoryChange.Edited,
        Operation = $"op-{before.Id}-{before.Version + 1}",
    };

    public static MemoryWrite Write(MemoryRecord after, params string[] keys) => new(after.Version - 1, after) { Keys = keys };

    /// <summary>All that the record says; records themselves compare lists by reference.</summary>
    public static string Say(MemoryRecord? memory) => JsonSerializer.Serialize(memory);

    public static void AssertSame(IEnumerable<MemoryRecord?> expected, IEnumerable<MemoryRecord?> actual) =>
        Assert.Equal(expected.Select(Say), actual.Select(Say));
}
