using System.Text;
using MemoryOrleans.Bench.Fuzz.Measure;

namespace MemoryOrleans.Bench.Fuzz.Api;

/// <summary>Sends requests of the document's making and judges the answers.</summary>
internal sealed class SendRequest(FuzzPlan plan, MakeRequest make, KnownIds known, Tally tally) : IDisposable
{
    // Answers of any length may come; whoever takes longer than this to be answered at all has failed anyway.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A stream takes as long as it is: what counts is when it begins. And an import is as long as its body.
    private static readonly HashSet<string> Streams = ["export", "exportAudit"];

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    }) { Timeout = Patience };

    public async Task SendAsync(int number, CancellationToken cancel)
    {
        var request = make.Make(number);
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            using var message = request.ToMessage(plan.Url);
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
            var began = TimeProvider.System.GetElapsedTime(started);
            // Events come for as long as somebody listens.
            var isEndless = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
            var text = isEndless ? string.Empty : await response.Content.ReadAsStringAsync(cancel);
            var took = Streams.Contains(request.Operation) ? began : TimeProvider.System.GetElapsedTime(started);
            tally.Count(request.Operation, (int)response.StatusCode, took);
            Judge(request, response, text, took);
        }
        catch (UriFormatException)
        {
            // The client does not send such an address; the raw requests do.
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException && !cancel.IsCancellationRequested)
        {
            tally.Count(request.Operation, Tally.Closed, TimeProvider.System.GetElapsedTime(started));
            tally.Fail(new FuzzFailure(number, request.Operation, $"was not answered: {e.Message}", request.Show()));
        }
    }

    public void Dispose() => http.Dispose();

    private void Judge(FuzzRequest request, HttpResponseMessage response, string text, TimeSpan took)
    {
        var others = plan.Tenants.Where(each => each.Tenant != request.Tenant).Select(static each => each.Mark);
        var hasId = response.Headers.Contains("X-Request-Id");
        var fault = CheckAnswer.FindFault((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, hasId, text, others,
            out var answer);
        if (fault is null && took > plan.SlowBound)
            fault = $"took {took.TotalMilliseconds:0} ms";
        if (fault is not null)
            tally.Fail(new FuzzFailure(request.Number, request.Operation, fault, request.Show()));
        else if (response.IsSuccessStatusCode)
            known.Learn(request.Tenant, request.Operation, answer);
    }
}
