namespace MemoryOrleans.Text.Dates;

/// <summary>Words that name a day or a longer time, with the days they mean.</summary>
/// <param name="Start">Where the words begin in the text.</param>
/// <param name="Length">How many characters they take.</param>
/// <param name="From">First day meant, in UTC.</param>
/// <param name="To">Last day meant, inclusive.</param>
/// <param name="Preposition">What goes before <paramref name="Name"/> in a sentence: <c>on</c>, <c>in</c> or <c>around</c>.</param>
/// <param name="Name">The same time without reference to the moment of speaking: <c>7 May 2023</c>, <c>the week of 1 May 2023</c>.</param>
/// <param name="IsRelative">False when the words already named a year, so that they may stand as they are.</param>
public sealed record ResolvedDate(int Start, int Length, DateOnly From, DateOnly To, string Preposition, string Name, bool IsRelative)
{
    public int End => Start + Length;
}
