using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Import;

/// <summary>One turn of an import with the session it belongs to.</summary>
/// <param name="Place">Where it stands in the input, for people: <c>line 12</c>.</param>
internal sealed record ImportTurn(string Place, string SessionId, string? UserId, string? AgentId, TurnInput Turn)
{
    /// <summary>The id, when it can be part of an address; the memory checks all else.</summary>
    /// <exception cref="BadTurnException">It cannot.</exception>
    public static string CheckedSession(string id, string place) =>
        Identifiers.IsValid(id) ? id : throw new BadTurnException(place, "session_id", $"must be {Identifiers.Form}, but is '{id}'");

    /// <summary>True when both can go in one request.</summary>
    public bool SharesRequestWith(ImportTurn other) =>
        SessionId == other.SessionId && UserId == other.UserId && AgentId == other.AgentId;
}

/// <summary>A turn that cannot be imported, found by this program or by the memory.</summary>
/// <param name="place">Where it stands in the input.</param>
/// <param name="field">The field to blame; null when it is the whole.</param>
internal sealed class BadTurnException(string place, string? field, string fault)
    : Exception(field is null ? $"{place} {fault}." : $"{place}: {field} {fault}.");
