using System.Security.Cryptography;
using System.Text;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Erasures;

/// <summary>
/// What an erasure erased, a line each: fields separated by a tab, the last being the SHA-256 of the content in UTF-8, 64
/// lower-case hexadecimal digits. In the order of their bytes, each followed by a line feed, they are what a receipt's digest
/// is the SHA-256 of (docs/operations.md says how to check one).
/// </summary>
public static class ErasureItems
{
    private const char Separator = '\t';

    public static string Of(Turn turn) => Line("turn", turn.SessionId, turn.Id, turn.Content);

    /// <summary>A version of which the content, or some of it, goes.</summary>
    public static string OfVersion(MemoryRecord version) => Line("version", version.Id, Number(version.Version), version.Content);

    /// <summary>A memory of which nothing is left.</summary>
    public static string OfErased(string memoryId) => $"memory{Separator}{memoryId}";

    /// <summary>A memory that stays, without what rested on erased turns alone.</summary>
    public static string OfRedacted(string memoryId) => $"redacted{Separator}{memoryId}";

    public static string Of(Observation observation) => Line("observation", observation.EntityId, observation.Id, observation.Content);

    /// <summary>An entity with all that was said of it; the digest is its name's.</summary>
    public static string Of(Entity entity) => Line("entity", entity.Id, Number(entity.Version), entity.Name);

    /// <summary>What the items tell of the counts.</summary>
    public static ErasureCounts Count(string item) => item[..item.IndexOf(Separator, StringComparison.Ordinal)] switch
    {
        "turn" => new ErasureCounts(Turns: 1),
        "version" => new ErasureCounts(Versions: 1),
        "memory" => new ErasureCounts(Memories: 1),
        "redacted" => new ErasureCounts(Redacted: 1),
        "observation" => new ErasureCounts(Observations: 1),
        "entity" => new ErasureCounts(Entities: 1),
        var kind => throw new InvalidOperationException($"There are no items of kind {kind}."),
    };

    /// <summary>Adds an item to a digest; to be called in the items' order.</summary>
    public static void AddTo(IncrementalHash digest, string item) => digest.AppendData(Encoding.UTF8.GetBytes(item + "\n"));

    private static string Line(string kind, string id, string part, string content) =>
        string.Join(Separator, kind, id, part, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))));

    private static string Number(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
