using System.Text;
using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Graph;

/// <summary>
/// An entity as the ranker reads it: one text of name, type and observations, as the only turn of a session of the entity's
/// id. The type stands as the role, so that a mask can choose by it.
/// </summary>
public static class EntityDocument
{
    // An encoder reads 256 tokens, some 1,200 characters of English, and leaves out the rest itself.
    private const int EncoderCharactersMax = 2_000;

    /// <param name="observations">Current contents, newest first, at most <see cref="GraphLimits.ObservationsSearchedMax"/>.</param>
    public static TurnCommitted Build(long change, Entity entity, IEnumerable<string> observations)
    {
        var isNamed = !UnreadableText.Is(entity.Name);
        var text = new StringBuilder();
        if (isNamed)
            text.Append(entity.Name).Append(". ");
        text.Append(entity.Type);
        foreach (var content in observations.Where(static each => !UnreadableText.Is(each)))
            text.Append('\n').Append(content);
        var turn = new Turn(
            entity.Id, 1, entity.Id, entity.Type, Name: null, text.ToString(), entity.CreatedAt, entity.UpdatedAt, Metadata: null,
            Tokens: 0);
        return new TurnCommitted(change, turn, entity.Scope.AgentId) { IsDocument = true, Names = isNamed ? [entity.Name] : [],
            Aliases = entity.Aliases };
    }

    /// <summary>
    /// What an encoder embeds of a document: name, type, aliases and the newest observations, as many as it reads. What is
    /// beyond that is found by its words.
    /// </summary>
    public static string EncoderText(TurnCommitted document)
    {
        var content = document.Turn.Content;
        if (document.Aliases.Count > 0)
        {
            var end = content.IndexOf('\n', StringComparison.Ordinal);
            var (head, rest) = end < 0 ? (content, string.Empty) : (content[..end], content[end..]);
            content = $"{head}. {string.Join(", ", document.Aliases)}{rest}";
        }

        // Never between the halves of a surrogate pair.
        return content.Length <= EncoderCharactersMax
            ? content
            : content[..(char.IsHighSurrogate(content[EncoderCharactersMax - 1]) ? EncoderCharactersMax - 1 : EncoderCharactersMax)];
    }
}
