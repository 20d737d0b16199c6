using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Bench.Load.Measure;

/// <summary>One kind of operation. Latencies in milliseconds, of successful operations.</summary>
internal sealed record OperationFigures(
    string Kind, long Count, double PerSecond, double P50Ms, double P95Ms, double P99Ms, double MaxMs, double MeanMs,
    long BytesSent, long BytesReceived, long Failed, IReadOnlyDictionary<string, long> Errors, string? ErrorSample)
{
    public static OperationFigures Of(Tally tally, TimeSpan window) => new(
        tally.Kind,
        tally.Latency.Count,
        Math.Round(tally.InWindow / window.TotalSeconds, 2),
        Milliseconds(tally.Latency.ValueAt(0.5)),
        Milliseconds(tally.Latency.ValueAt(0.95)),
        Milliseconds(tally.Latency.ValueAt(0.99)),
        Milliseconds(tally.Latency.Max),
        Milliseconds(tally.Latency.Mean),
        tally.BytesSent,
        tally.BytesReceived,
        tally.Errors.Values.Sum(),
        tally.Errors,
        tally.ErrorSample);

    private static double Milliseconds(double nanoseconds) => Math.Round(nanoseconds / 1e6, 4);
}

/// <summary>Processor time in the measured window: seconds, and microseconds for each operation.</summary>
internal sealed record GeneratorFigures(double CpuSeconds, double CpuMicrosecondsPerOperation);

/// <summary>The server's process; null fields when it could not be seen.</summary>
internal sealed record ServerFigures(
    int Pid, double? CpuSeconds, double? CpuMicrosecondsPerOperation, double? RssBeforeMib, double? RssAfterMib, double? PeakRssMib);

internal sealed record MachineFigures(int Processors, string System, string Runtime)
{
    public static MachineFigures Here { get; } =
        new(Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription);
}

/// <summary>One measured run.</summary>
/// <param name="Settings">What it was asked to do, by option.</param>
/// <param name="Notes">Further numbers of this command's own, by name.</param>
internal sealed record RunFigures(
    string Command,
    IReadOnlyDictionary<string, object> Settings,
    double WindowSeconds,
    bool Complete,
    IReadOnlyList<OperationFigures> Operations,
    GeneratorFigures Generator,
    ServerFigures? Server,
    IReadOnlyDictionary<string, double> Notes);

/// <summary>What <c>--json</c> writes.</summary>
internal sealed record Figures(string WrittenAt, MachineFigures Machine, IReadOnlyList<RunFigures> Runs)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(string path, IReadOnlyList<RunFigures> runs)
    {
        var writtenAt = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ");
        File.WriteAllText(path, JsonSerializer.Serialize(new Figures(writtenAt, MachineFigures.Here, runs), Format) + "\n");
    }
}
