namespace MemoryOrleans.Scheduling;

/// <summary>How an attempt at due work ended.</summary>
/// <param name="Cursor">How far it got, in the kind's own count.</param>
public abstract record DueOutcome(long Cursor);

/// <summary>All is done.</summary>
public sealed record DueFinished(long Cursor) : DueOutcome(Cursor);

/// <summary>Some is done; the rest is due at <paramref name="DueAt"/>.</summary>
public sealed record DueGoesOn(long Cursor, DateTimeOffset DueAt) : DueOutcome(Cursor);

/// <summary>It failed, after getting as far as <paramref name="Cursor"/>.</summary>
/// <param name="Reason">Why, without content.</param>
/// <param name="IsPassing">
/// True when the cause lies elsewhere and will pass: it is tried again however often. False: after so many attempts it is dead.
/// </param>
/// <param name="RetryAfter">How long whoever failed asked to be left alone; null when it did not say.</param>
public sealed record DueFailed(long Cursor, string Reason, bool IsPassing, TimeSpan? RetryAfter = null) : DueOutcome(Cursor);
