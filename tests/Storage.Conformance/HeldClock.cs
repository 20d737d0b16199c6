namespace MemoryOrleans.Storage.Conformance;

/// <summary>A clock that stands still until told otherwise.</summary>
internal sealed class HeldClock(DateTimeOffset start) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = start;

    public override DateTimeOffset GetUtcNow() => Now;
}
