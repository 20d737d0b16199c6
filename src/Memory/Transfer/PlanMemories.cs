using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Transfer;

/// <summary>
/// What is to be written of a file's memories: the versions that the tenant does not have, after those it has, which must be
/// the same. Saliences may have moved since, later versions may have come, and what was erased here stays so.
/// </summary>
internal sealed class PlanMemories(string tenant, IMemoryStore memories, CheckSources sources)
{
    /// <summary>Writes of one memory stand in the order of their versions.</summary>
    public async Task<Outcome<ImportPlan<MemoryWrite>>> PlanAsync(IReadOnlyList<NumberedRecord> records, CancellationToken cancel)
    {
        var stored = await ReadStoredAsync(records, cancel);
        var ended = stored.Values.Where(static history => history[^1].Status == MemoryStatus.Erased)
            .Select(static history => history[0].Id).ToHashSet(StringComparer.Ordinal);
        var writes = new List<MemoryWrite>();
        var written = new List<SourcedRecord>();
        foreach (var (line, record) in records)
        {
            var (version, keys) = (MemoryVersionRecord)record;
            if (!stored.TryGetValue(version.Id, out var history))
                stored.Add(version.Id, history = []);
            if (version.Version <= history.Count)
            {
                if (!IsSame(history, version))
                    return ImportErrors.Different(line);
                continue;
            }

            if (version.Version > history.Count + 1)
                return ImportErrors.Different(line);
            history.Add(version);
            writes.Add(new MemoryWrite(version.Version - 1, version with { SupersededAt = null }) { KeyDigests = keys });
            written.Add(new SourcedRecord(line, version.Sources, version.RecordedAt));
        }

        var erased = await sources.FindErasedAsync(written, cancel);
        if (!erased.IsSuccess)
            return erased.Error;
        return new ImportPlan<MemoryWrite>(
            WithoutErased(writes, erased.Value, ended), new TransferCounts(MemoryVersions: writes.Count));
    }

    /// <summary>
    /// Versions that rest on turns erased here keep their place without their words, as after the erasure, and so do those that follow
    /// them, which may repeat what they said.
    /// </summary>
    /// <param name="ended">Memories that are erased here already.</param>
    private static List<MemoryWrite> WithoutErased(List<MemoryWrite> writes, HashSet<SourceTurn> erased, HashSet<string> ended) =>
        writes.ConvertAll(write =>
        {
            if (write.After.Sources.Any(erased.Contains))
                ended.Add(write.After.Id);
            return ended.Contains(write.After.Id) ? new MemoryWrite(write.ExpectedVersion, EraseMemory.Tombstone(write.After)) : write;
        });

    private async Task<Dictionary<string, List<MemoryRecord>>> ReadStoredAsync(
        IReadOnlyList<NumberedRecord> records, CancellationToken cancel)
    {
        var ids = records.Select(static numbered => ((MemoryVersionRecord)numbered.Record).Version.Id).ToHashSet(StringComparer.Ordinal);
        var stored = new Dictionary<string, List<MemoryRecord>>(StringComparer.Ordinal);
        foreach (var memory in await memories.FindMemoriesAsync(tenant, ids, cancel))
            stored.Add(memory.Id, memory.Version == 1 ? [memory] : [.. await memories.ReadHistoryAsync(tenant, memory.Id, cancel)]);
        return stored;
    }

    private static bool IsSame(List<MemoryRecord> history, MemoryRecord version)
    {
        var place = (int)version.Version - 1;
        var stored = history[place];
        if (stored.RecordedAt != version.RecordedAt || stored.Operation != version.Operation || stored.Change != version.Change
            || stored.Owner != version.Owner || stored.Kind != version.Kind || stored.ValidFrom != version.ValidFrom)
            return false;
        return WasRedacted(history, place) || (
            stored.Content == version.Content && stored.Metadata == version.Metadata && stored.Status == version.Status
            && stored.Claim == version.Claim
            && stored.Sources.SequenceEqual(version.Sources) && stored.Aliases.SequenceEqual(version.Aliases, StringComparer.Ordinal)
            && stored.ValidTo == version.ValidTo && stored.IsPinned == version.IsPinned);
    }

    /// <summary>Erasures and redactions take words out of the versions before theirs.</summary>
    private static bool WasRedacted(List<MemoryRecord> history, int place) =>
        history[place].Status == MemoryStatus.Erased
        || history.Skip(place + 1).Any(static later => later.Change is MemoryChange.Erased or MemoryChange.Redacted);
}
