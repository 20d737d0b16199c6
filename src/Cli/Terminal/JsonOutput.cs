using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Terminal;

/// <summary>
/// <c>--json</c>: in place of words and tables one line of JSON on stdout, in the one shape there is: what the API answers.
/// </summary>
internal static class JsonOutput
{
    public static readonly Option<bool> Option = new("--json") { Description = "Print the memory's answer as it is, for programs" };

    public static MemoryJsonContext Types => MemoryJsonContext.Default;

    /// <summary>Prints the answer, if that was asked for.</summary>
    /// <returns>False when it was not.</returns>
    public static bool TryPrint<T>(ParseResult parsed, T answer, JsonTypeInfo<T> type)
    {
        if (!parsed.GetValue(Option))
            return false;
        Console.Out.WriteLine(JsonSerializer.Serialize(answer, type));
        return true;
    }
}
