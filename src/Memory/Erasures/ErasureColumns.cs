using System.Globalization;

namespace MemoryOrleans.Erasures;

/// <summary>
/// The counts of a receipt as stores keep them: ten numbers with a space between, in the order of <see cref="ErasureCounts"/>.
/// </summary>
public static class ErasureColumns
{
    public static string OfCounts(ErasureCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{counts.Turns} {counts.Vectors} {counts.IdempotencyRecords} {counts.DueWork} {counts.Memories} {counts.Versions} "
        + $"{counts.Redacted} {counts.Observations} {counts.Entities} {counts.Relations}");

    public static ErasureCounts ReadCounts(string column)
    {
        var numbers = Array.ConvertAll(column.Split(' '), static number => long.Parse(number, CultureInfo.InvariantCulture));
        return new ErasureCounts(
            numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7], numbers[8], numbers[9]);
    }
}
