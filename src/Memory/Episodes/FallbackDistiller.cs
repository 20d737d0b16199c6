using MemoryOrleans.Sessions;

namespace MemoryOrleans.Episodes;

/// <summary>A distiller that stands in for another, and says so in the origin of what it makes.</summary>
public sealed class FallbackDistiller(IDistiller inner) : IDistiller
{
    public const string Mark = " (fallback)";

    public async ValueTask<Distillation> DistilAsync(
        Session session, IReadOnlyList<Turn> before, IReadOnlyList<Turn> turns, DistillationLimits limits, CancellationToken cancel)
    {
        var made = await inner.DistilAsync(session, before, turns, limits, cancel);
        return made with { Origin = made.Origin + Mark };
    }
}
