namespace MemoryOrleans.Sessions;

/// <summary>A turn that something derived rests on: a memory, an observation, a summary.</summary>
public readonly record struct SourceTurn(string SessionId, string TurnId, long Seq);
