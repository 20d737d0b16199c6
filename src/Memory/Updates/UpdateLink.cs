using System.Globalization;
using System.Text.Json;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Updates;

/// <summary>What a link may do: order the newer before the older, or mark the older one outdated as well.</summary>
public enum UpdateClass
{
    Lifts,
    Replaces,
}

/// <summary>
/// A turn that updates an older one of the same speaker. Stored as a record of the kind <see cref="FactKeys.UpdateKind"/>, which is
/// never recalled itself: so it has sources and versions, is undone, exported and erased as everything that was derived is.
/// </summary>
/// <param name="Confidence">0..1: the share of the rule's links that were found right on samples.</param>
public sealed record UpdateLink(
    SourceTurn Newer, SourceTurn Older, string Rule, UpdateClass Class, double Confidence, DateTimeOffset NewerAt)
{
    private const double Importance = 1;

    public MemoryRecord ToMemory(MemoryOwner owner, string id, string operation, DateTimeOffset now) => new()
    {
        Id = id,
        Version = 1,
        Kind = FactKeys.UpdateKind,
        Tier = MemoryTier.Episodic,
        Status = MemoryStatus.Candidate,
        Content = $"An update by the rule {Rule}.",
        Owner = owner,
        Importance = Importance,
        Salience = SalienceCurve.Initial(Importance, now),
        ValidFrom = NewerAt,
        RecordedAt = now,
        Sources = [Newer, Older],
        Metadata = ToMetadata(),
        Origin = FactKeys.UpdateOrigin,
        Change = MemoryChange.Distilled,
        Operation = operation,
    };

    /// <summary>The link that a record holds; null where it holds none, or none any more.</summary>
    public static UpdateLink? Of(MemoryRecord memory)
    {
        if (memory.Origin != FactKeys.UpdateOrigin || memory.Status != MemoryStatus.Candidate || memory.Metadata is null)
            return null;
        using var json = JsonDocument.Parse(memory.Metadata);
        var root = json.RootElement;
        var newer = Find(memory, root, "newer");
        var older = Find(memory, root, "older");
        return newer is not { } to || older is not { } from
            ? null
            : new UpdateLink(
                to, from, root.GetProperty("rule").GetString()!, root.GetProperty("class").GetString() == "replaces"
                ? UpdateClass.Replaces : UpdateClass.Lifts,
                root.GetProperty("confidence").GetDouble(), memory.ValidFrom);
    }

    private static SourceTurn? Find(MemoryRecord memory, JsonElement root, string side) =>
        memory.Sources.Select(static source => (SourceTurn?)source).FirstOrDefault(
        source => source!.Value.SessionId == root.GetProperty($"{side}_session").GetString()
        && source.Value.Seq == root.GetProperty($"{side}_seq").GetInt64());

    // Members in the order of their names. Ids of sessions hold nothing that JSON escapes.
    private string ToMetadata() => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"class":"{{(Class == UpdateClass.Replaces ? "replaces" : "lifts")}}","confidence":{{Confidence}},"newer_seq":{{Newer.Seq}}"""
        + $$""","newer_session":"{{Newer.SessionId}}","older_seq":{{Older.Seq}}"""
        + $$""","older_session":"{{Older.SessionId}}","rule":"{{Rule}}"}""");
}

/// <summary>Finds what turns of a session update of what their speakers said before.</summary>
public interface IFindUpdates
{
    /// <summary>The links, at most one for an older turn.</summary>
    /// <param name="turns">New turns of the session, none erased.</param>
    Task<IReadOnlyList<UpdateLink>> FindAsync(SessionKey key, Session session, IReadOnlyList<Turn> turns, CancellationToken cancel);
}
