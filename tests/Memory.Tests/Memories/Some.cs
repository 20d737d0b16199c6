using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Models;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Memories;

/// <summary>Memories and statements for tests, which change what matters to them.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Start = new(2025, 3, 3, 9, 0, 0, TimeSpan.Zero);
    public static readonly MemoryOwner Owner = new(UserId: "ann");
    public static readonly StaticEmbedder Embedder = new();
    public static readonly SalienceCurve Curve = new(new SalienceRules());

    public static DateTimeOffset Day(double day) => Start.AddDays(day);

    public static MemoryRecord Fact(string id) => new()
    {
        Id = id,
        Version = 1,
        Kind = "fact",
        Tier = MemoryTier.Semantic,
        Status = MemoryStatus.Active,
        Content = "Ann lives in Berlin.",
        Owner = Owner,
        Importance = 0.6,
        Salience = new Salience(0.6, Start),
        ValidFrom = Start,
        RecordedAt = Start,
        Sources = [Turn(1)],
        Origin = "extractive/1",
        Change = MemoryChange.Promoted,
        Operation = "op-0",
    };

    public static SourceTurn Turn(long seq, string session = "s1") => new(session, $"{session}-t{seq}", seq);

    public static FactClaim Home(string value, string subject = "ann") => new(subject, "home", value, IsSingleValued: true);

    public static FactCandidate Said(
        string content, FactClaim? claim, double day, string session = "s1", double importance = 0.6, DateTimeOffset? until = null) =>
        new(content, "fact", claim, [Turn((long)(day * 10) + 1000, session)], [], importance, Day(day), until);

    /// <summary>A statement of where Ann lives.</summary>
    public static FactCandidate Lives(string city, double day, string session = "s1", double importance = 0.6) =>
        Said($"Ann lives in {city}.", Home(city.ToLowerInvariant()), day, session, importance);

    public static FactStatements Statements(params FactCandidate[] candidates) => new(candidates, Owner, "extractive/1");
}
