using System.Globalization;
using System.Text;
using System.Text.Json;
using MemoryOrleans.Client;

namespace MemoryOrleans.Cli.Connecting;

/// <summary>What a command says, and its exit code, when it cannot do what it was asked.</summary>
internal readonly record struct Failure(string Message, int ExitCode)
{
    /// <summary>True for exceptions that have an explanation; the others are bugs.</summary>
    public static bool IsExpected(Exception exception, CancellationToken cancel) =>
        exception is UsageException or MemoryApiException or JsonException || IsSilence(exception)
        || (exception is OperationCanceledException && cancel.IsCancellationRequested);

    /// <summary>True when nobody answered, or the answer broke off.</summary>
    public static bool IsSilence(Exception exception) =>
        exception is HttpRequestException or HttpIOException or TaskCanceledException { InnerException: TimeoutException };

    public static Failure Of(Exception exception, string address) => exception switch
    {
        UsageException => new Failure(exception.Message, Cli.ExitCode.Usage),
        MemoryApiException refusal => new Failure(Describe(refusal), Cli.ExitCode.Refused),
        JsonException => new Failure($"What answers at {address} is not a memory: its answer is not the JSON of this API.",
        Cli.ExitCode.Unreachable),
        OperationCanceledException and not TaskCanceledException { InnerException: TimeoutException } =>
            new Failure("Interrupted.", Cli.ExitCode.Interrupted),
        TaskCanceledException => new Failure($"The memory at {address} took too long to answer.", Cli.ExitCode.Unreachable),
        _ => new Failure($"No memory answers at {address}; start one with ./run.sh or `memory serve`.", Cli.ExitCode.Unreachable),
    };

    /// <summary>Says it to the person, and answers with the exit code.</summary>
    public async Task<int> TellAsync()
    {
        await Console.Error.WriteLineAsync(Message);
        return ExitCode;
    }

    private static string Describe(MemoryApiException refusal)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The memory refused this ({refusal.Status} {refusal.Code}): {refusal.Problem.Detail}");
        foreach (var error in refusal.Errors)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {error.Field}: {error.Message}");
        if (refusal.RetryAfter is { } wait)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  Try again in {wait.TotalSeconds:0.#} s.");
        if (refusal.Problem.RequestId is { } id)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  Request id: {id}");
        return text.ToString();
    }
}
