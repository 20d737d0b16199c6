namespace MemoryOrleans.Recall.Outdated;

/// <summary>Why an item was moved, or which other one was moved above it.</summary>
/// <param name="Part">What it did to the score.</param>
/// <param name="Rule">By which rule (docs/memories.md).</param>
/// <param name="Updates">The older item's id, on the newer one; else null.</param>
/// <param name="UpdatedBy">The newer item's id, on the older one; else null.</param>
public sealed record UpdateNote(double Part, string Rule, string? Updates, string? UpdatedBy);

/// <summary>The turn that replaced what an item says.</summary>
/// <param name="Id">Of the turn, as recall answers it.</param>
public sealed record OutdatedNote(string Id, string SessionId, string TurnId, DateTimeOffset OccurredAt, string Rule);
