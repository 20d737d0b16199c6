using System.Text.Json.Serialization;

namespace MemoryOrleans.Cli.Bench;

/// <summary>What <c>memory bench</c> measured, a line for each kind of call.</summary>
internal sealed record BenchReport(int Workers, int Seconds, IReadOnlyList<BenchLine> Calls);

/// <param name="Answered">Calls that were answered; those that failed are counted apart and have no times.</param>
/// <param name="PerSecond">Answered calls in a second of the run.</param>
/// <param name="P50">Milliseconds, as this program met them; 0 where nothing was answered.</param>
internal sealed record BenchLine(string Call, long Answered, long Failed, double PerSecond, double P50, double P95, double P99);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
