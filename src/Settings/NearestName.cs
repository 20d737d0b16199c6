namespace MemoryOrleans.Settings;

/// <summary>Finds what a misspelt name was meant to be.</summary>
internal static class NearestName
{
    private const int EditsMax = 4;

    /// <summary>The known name that is fewest edits away, at most four; else null.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        var best = known
            .Select(candidate => (candidate, edits: EditsBetween(name.ToUpperInvariant(), candidate)))
            .OrderBy(pair => pair.edits)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault((candidate: string.Empty, edits: int.MaxValue));
        return best.edits <= EditsMax ? best.candidate : null;
    }

    /// <summary>Levenshtein distance, row by row.</summary>
    private static int EditsBetween(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 0; i < a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < b.Length; j++)
            {
                var change = diagonal + (a[i] == b[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(change, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
