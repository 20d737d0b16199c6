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
    /// <param name="observations">Current contents, newest first, at most <see cref="GraphLimits.ObservationsSearchedMax"/>.</param>
    public static TurnCommitted Build(long change, Entity entity, IEnumerable<string> observations)
    {
        var text = new StringBuilder(entity.Name).Append(". ").Append(entity.Type);
        foreach (var content in observations)
            text.Append('\n').Append(content);
        var turn = new Turn(
            entity.Id, 1, entity.Id, entity.Type, Name: null, text.ToString(), entity.CreatedAt, entity.UpdatedAt, Metadata: null, Tokens: 0);
        return new TurnCommitted(change, turn, entity.Scope.AgentId) { IsDocument = true, Names = [entity.Name], Aliases = entity.Aliases };
    }
}
