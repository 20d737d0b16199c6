using System.Globalization;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Cli.Transfer;

/// <summary>Says now and then how far a transfer has come.</summary>
internal sealed class TransferLines(TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private long shownAt = time.GetTimestamp();

    public void Show(long records)
    {
        if (time.GetElapsedTime(shownAt) < Between)
            return;
        shownAt = time.GetTimestamp();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{records:N0} records"));
    }
}

/// <summary>Counts in words.</summary>
internal static class TransferText
{
    public static string Of(TransferCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{counts.Sessions:N0} sessions, {counts.Turns:N0} turns, {counts.MemoryVersions:N0} versions of memories, {counts.Entities:N0} entities, {counts.Observations:N0} observations, {counts.Relations:N0} versions of relations");
}
