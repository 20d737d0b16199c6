using MemoryOrleans.Updates;

namespace MemoryOrleans.Recall.Outdated;

/// <summary>What one turn states, read when first asked for. Several threads may read at once: they read the same.</summary>
internal sealed class StatedTurn(ReadStatements reader)
{
    private ushort[]? counts;
    private Reading? last;

    /// <summary>How often each language's function words stand in its beginning.</summary>
    /// <param name="content">The turn's, which is not kept here: what is read from it is enough.</param>
    public ushort[] LanguagesOf(string content) => counts ??= ReadStatements.CountAtStart(content);

    /// <param name="language">The language that its speaker mostly writes.</param>
    public IReadOnlyList<Statement> In(string language, string content)
    {
        if (last is { } known && known.Language == language)
            return known.Statements;
        var statements = reader.Of(content, ReadStatements.Mostly(language));
        last = new Reading(language, statements);
        return statements;
    }

    private sealed record Reading(string Language, IReadOnlyList<Statement> Statements);
}
