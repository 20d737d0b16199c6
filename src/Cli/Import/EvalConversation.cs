namespace MemoryOrleans.Cli.Import;

/// <summary>A conversation of the eval format; its questions are not read. Whatever is missing is found out later.</summary>
internal sealed record EvalConversation(string? Id, IReadOnlyList<EvalSession?>? Sessions);

internal sealed record EvalSession(string? Id, string? Date, IReadOnlyList<EvalTurn?>? Turns);

internal sealed record EvalTurn(string? Id, string? Speaker, string? Text);
