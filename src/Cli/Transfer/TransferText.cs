using System.Globalization;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Cli.Transfer;

/// <summary>Counts in words.</summary>
internal static class TransferText
{
    public static string Of(TransferCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{counts.Sessions:N0} sessions, {counts.Turns:N0} turns, {counts.MemoryVersions:N0} versions of memories, {counts.Entities:N0} "
        + $"entities, {counts.Observations:N0} observations, {counts.Relations:N0} versions of relations");
}
