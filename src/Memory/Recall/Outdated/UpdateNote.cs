namespace MemoryOrleans.Recall.Outdated;

/// <summary>Why an item was moved, or that another holds in its place.</summary>
/// <param name="Part">What it did to the score.</param>
/// <param name="Rule">By which rule (docs/memories.md).</param>
/// <param name="Updates">The older item's id, on the newer one; else null.</param>
/// <param name="UpdatedBy">The newer item's id, on the older one; else null.</param>
public sealed record UpdateNote(double Part, string Rule, string? Updates, string? UpdatedBy);
