namespace MemoryOrleans.Gateway.Limits;

/// <summary>
/// How much the managed heap may take. A runtime that runs out of it while it starts may abort in words of its own, so it is looked at
/// before anything is built.
/// </summary>
public static class HeapRoom
{
    /// <summary>Bytes below which a process does not start: it would have room for hardly any turn.</summary>
    public const long Least = 64L << 20;

    /// <summary>What the runtime takes for its limit: that of the process's container, or DOTNET_GCHeapHardLimit; bytes.</summary>
    public static long Limit() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>What to tell whoever starts it; null where there is room enough.</summary>
    /// <param name="bytes">The limit; 0: not known.</param>
    public static string? Shortage(long bytes) => bytes is <= 0 or >= Least ? null
        : $"There is not enough memory to start: the heap may take {bytes >> 20} MiB, and at least {Least >> 20} are needed. "
            + "Raise the limit of its container, or DOTNET_GCHeapHardLimit.";
}
