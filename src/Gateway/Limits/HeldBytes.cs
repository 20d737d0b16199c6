using MemoryOrleans.Gateway.Access;

namespace MemoryOrleans.Gateway.Limits;

/// <summary>What a request's body and its answer take of MEMORY_BODIES_MEGABYTES, until the request has ended.</summary>
internal sealed class HeldBytes(SharedBudget bytes, Caller caller)
{
    /// <summary>As many bytes of each body and answer are free: there are no more of them than places.</summary>
    public const int Free = 64 * 1024;

    private const int Step = 256 * 1024;

    private long held;

    /// <summary>Holds that many bytes in all; false when they are not to be had.</summary>
    public bool TryHold(long wanted)
    {
        if (wanted <= Free || wanted <= held)
            return true;

        // A body that comes in pieces does not ask for each of them.
        var rounded = (wanted + Step - 1) / Step * Step;
        if (!bytes.TryTake(caller, rounded - held))
            return false;
        held = rounded;
        return true;
    }

    /// <summary>Holds so many more.</summary>
    public bool TryAdd(long more) => TryHold(held + more);

    public void Release()
    {
        if (held > 0)
            bytes.GiveBack(caller, held);
        held = 0;
    }
}
