namespace MemoryOrleans.Memories;

/// <summary>
/// How much a memory matters at a time (docs/ranking.md). Exponential decay by half-life, computed when it is asked for:
/// <c>s(t) = s₀ · 2^(−(t − t₀) / h)</c>; and reinforcement by a share of what is missing:
/// <c>s ← s + (1 − s) · gain</c>. Values stay within 0..1.
/// </summary>
public sealed class SalienceCurve(SalienceRules rules)
{
    public SalienceRules Rules => rules;

    /// <summary>What a memory of this importance starts with: its importance.</summary>
    public static Salience Initial(double importance, DateTimeOffset at) => new(Bounded(importance), at);

    /// <summary>A value after some time; a time that runs backwards changes nothing.</summary>
    /// <param name="halfLifeDays">More than 0.</param>
    public static double Decay(double value, TimeSpan elapsed, double halfLifeDays) => elapsed <= TimeSpan.Zero
        ? Bounded(value)
        : Bounded(value) * Math.Pow(2, -elapsed.TotalDays / halfLifeDays);

    /// <summary>The memory's salience at a time. A pinned memory keeps what it has.</summary>
    public double At(MemoryRecord memory, DateTimeOffset time) => memory.IsPinned
        ? Bounded(memory.Salience.Value)
        : Decay(memory.Salience.Value, time - memory.Salience.At, rules.HalfLifeDaysOf(memory.Kind, memory.Tier));

    /// <summary>
    /// The salience after a reinforcement, never less than before it. One that comes late, after a later one has been
    /// applied, counts from then: saliences are rewritten forwards only.
    /// </summary>
    public Salience Reinforce(MemoryRecord memory, Reinforcement reinforcement, DateTimeOffset time)
    {
        var at = time > memory.Salience.At ? time : memory.Salience.At;
        var value = At(memory, at);
        return new Salience(Bounded(value + ((1 - value) * rules.GainOf(reinforcement))), at);
    }

    /// <summary>The salience after its importance was rewritten: it moves by as much as the importance does.</summary>
    public Salience Shift(MemoryRecord memory, double importance, DateTimeOffset time)
    {
        var at = time > memory.Salience.At ? time : memory.Salience.At;
        return new Salience(Bounded(At(memory, at) + importance - memory.Importance), at);
    }

    private static double Bounded(double value) => Math.Clamp(value, 0, 1);
}
