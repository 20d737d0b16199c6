using System.Text.Encodings.Web;
using System.Text.Json;
using MemoryOrleans.Bench.Load.Measure;
using Spectre.Console;

namespace MemoryOrleans.Bench.Load.Drills;

/// <summary>Counts and violations of one drill; safe to use from several threads.</summary>
internal sealed class DrillReport(string drill)
{
    private const int ShownMax = 20;
    private static readonly JsonSerializerOptions Format =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _gate = new();
    private readonly List<string> _violations = [];
    private readonly Dictionary<string, double> _counts = new(StringComparer.Ordinal);

    public void Count(string what, double number = 1)
    {
        lock (_gate)
            _counts[what] = _counts.GetValueOrDefault(what) + number;
    }

    public void Violate(string what)
    {
        lock (_gate)
            _violations.Add(what);
    }

    /// <summary>Prints a table, or one line, and writes JSON where asked to.</summary>
    /// <returns>The exit code: 1 with any violation.</returns>
    public int Conclude(bool oneLine = false, string? json = null)
    {
        RunTable.Widen();
        if (oneLine)
            Console.WriteLine($"{drill}: {string.Join(", ", _counts.Select(c => $"{c.Key} {c.Value:N0}"))}, violations {_violations.Count:N0}");
        else
            PrintTable();
        foreach (var violation in _violations.Take(ShownMax))
            AnsiConsole.WriteLine($"  VIOLATION {violation}");
        if (_violations.Count > ShownMax)
            AnsiConsole.WriteLine($"  and {_violations.Count - ShownMax:N0} more");
        if (json is not null)
            File.WriteAllText(json, JsonSerializer.Serialize(new { drill, counts = _counts, violations = _violations }, Format) + "\n");
        return _violations.Count == 0 ? 0 : 1;
    }

    private void PrintTable()
    {
        var table = new Table().Border(TableBorder.Minimal).AddColumn(Markup.Escape(drill)).AddColumn(new TableColumn("").RightAligned());
        foreach (var (what, number) in _counts)
            table.AddRow(Markup.Escape(what), $"{number:#,##0.##}");
        table.AddRow("violations", $"{_violations.Count:N0}");
        AnsiConsole.Write(table);
    }
}
