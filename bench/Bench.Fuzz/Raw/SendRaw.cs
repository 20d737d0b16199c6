using System.Net.Sockets;
using MemoryOrleans.Bench.Fuzz.Measure;

namespace MemoryOrleans.Bench.Fuzz.Raw;

/// <summary>
/// Sends requests on bare connections. The server may refuse or end them, but must not fail, and not leave a whole one waiting.
/// </summary>
internal sealed class SendRaw(FuzzPlan plan, Tally tally)
{
    public async Task SendAsync(int number, CancellationToken cancel)
    {
        var random = plan.RandomOf(number);
        var tenant = plan.Tenants[random.Next(plan.Tenants.Count)];
        var request = MakeRaw.Of(random, tenant);
        var name = "raw:" + request.Name;
        RawResult result;
        try
        {
            result = await RawExchange.RunAsync(plan.Url, request.Parts, request.AnswersMax, request.IsCut, plan.SlowBound * 2, cancel);
        }
        catch (SocketException e)
        {
            tally.Count(name, Tally.Closed, TimeSpan.Zero);
            tally.Fail(new FuzzFailure(number, name, $"could not connect: {e.Message}", request.Show()));
            return;
        }

        foreach (var status in result.Statuses.DefaultIfEmpty(Tally.Closed))
            tally.Count(name, status, result.Took);
        if (FindFault(request, result) is { } fault)
            tally.Fail(new FuzzFailure(number, name, fault, request.Show()));
    }

    // 505 is what a version of HTTP that is none gets.
    private string? FindFault(RawRequest request, RawResult result)
    {
        if (result.Statuses.FirstOrDefault(static status => status >= 500 && status is not 503 and not 505) is var bad and > 0)
            return $"is {bad}";
        if (request.IsWhole && !result.HasEnded && result.Statuses.Count < request.AnswersMax)
            return $"{result.Statuses.Count} of {request.AnswersMax} answers, and the connection is held";
        if (request.Name == "pipelined" && result.Statuses.Count != request.AnswersMax)
            return $"{result.Statuses.Count} of {request.AnswersMax} answers";
        return result.Took > plan.SlowBound ? $"took {result.Took.TotalMilliseconds:0} ms" : null;
    }
}
