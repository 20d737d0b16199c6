using System.Net;
using System.Text;
using System.Text.Json;
using MemoryOrleans.Bench.Fuzz.Api;
using MemoryOrleans.Bench.Fuzz.Measure;

namespace MemoryOrleans.Bench.Fuzz;

/// <summary>
/// Reads back everything of a tenant, however it got there: what was taken must never break a read, and what is exported must
/// be what the service itself would take.
/// </summary>
internal sealed class SweepStored(FuzzPlan plan, TenantKey tenant, Tally tally) : IDisposable
{
    private const int PagesMax = 1_000;
    private static readonly string[] Statuses = ["active", "candidate", "archived", "superseded"];
    private static readonly string[] Questions =
        ["Where does Nora live?", "What did we say about the boat yesterday?", "image", "\"the old bridge\"", "漢 かな é"];

    private readonly HttpClient http =
        new() { BaseAddress = plan.Url, Timeout = TimeSpan.FromSeconds(120), DefaultRequestHeaders = { { "X-Api-Key", tenant.Key } } };

    /// <summary>Reads that answered as they should.</summary>
    public int Read { get; private set; }

    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var session in await IdsAsync("/v1/sessions", cancel))
        {
            var address = "/v1/sessions/" + Uri.EscapeDataString(session);
            await GetAsync(address, cancel);
            await GetAsync(address + "/working-memory", cancel);
            await GetAsync(address + "/distillation", cancel);
            await PagesAsync(address + "/turns", static _ => { }, cancel);
            await GetAsync(address + "/context", cancel);
            await GetAsync(address + "/context?query=" + Uri.EscapeDataString(Questions[0]), cancel);
            await AskAsync(Questions[1], session, cancel);
        }

        foreach (var status in Statuses)
        {
            foreach (var memory in await IdsAsync("/v1/memories?status=" + status, cancel))
                await GetAsync($"/v1/memories/{Uri.EscapeDataString(memory)}/history", cancel);
        }

        foreach (var entity in await IdsAsync("/v1/entities", cancel))
            await GetAsync("/v1/entities/" + Uri.EscapeDataString(entity), cancel);
        foreach (var question in Questions)
            await AskAsync(question, null, cancel);
        foreach (var list in new[] { "/v1/admin/audit", "/v1/admin/keys", "/v1/admin/jobs", "/v1/admin/erasures" })
            await PagesAsync(list, static _ => { }, cancel);
        foreach (var address in new[] { "/v1/graph/overview", "/v1/admin/summary", "/v1/admin/audit/verification", "/v1/admin/retention",
            "/health/ready" })
            await GetAsync(address, cancel);
    }

    /// <summary>All of the tenant, as a file; null when it cannot be had.</summary>
    public Task<string?> ExportAsync(CancellationToken cancel) => GetAsync("/v1/admin/export", cancel);

    /// <summary>Brings another tenant's export into this one.</summary>
    public async Task ImportAsync(string export, CancellationToken cancel)
    {
        using var body = new StringContent(export, Encoding.UTF8, "application/x-ndjson");
        using var answer = await http.PostAsync(new Uri("/v1/admin/import", UriKind.Relative), body, cancel);
        await JudgeAsync("import of the export", answer, [], cancel);
    }

    public void Dispose() => http.Dispose();

    private async Task AskAsync(string question, string? session, CancellationToken cancel)
    {
        var json = JsonSerializer.Serialize(session is null
            ? new Dictionary<string, string> { ["query"] = question }
            : new Dictionary<string, string> { ["query"] = question, ["session_id"] = session });
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/v1/recall", UriKind.Relative), body, cancel);
        await JudgeAsync("recall of " + (session ?? "all"), answer, Others(), cancel);
    }

    private async Task<List<string>> IdsAsync(string list, CancellationToken cancel)
    {
        var ids = new List<string>();
        await PagesAsync(list, item => ids.Add(item.GetProperty("id").ToString()), cancel);
        return ids;
    }

    private async Task PagesAsync(string list, Action<JsonElement> each, CancellationToken cancel)
    {
        var cursor = "";
        for (var page = 0; page < PagesMax; page++)
        {
            var separator = list.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            if (await GetAsync($"{list}{separator}limit=100{cursor}", cancel) is not { } text)
                return;
            var json = JsonElement.Parse(text);
            foreach (var item in json.GetProperty("items").EnumerateArray())
                each(item);
            if (!json.TryGetProperty("next_cursor", out var next) || next.ValueKind != JsonValueKind.String)
                return;
            cursor = "&cursor=" + Uri.EscapeDataString(next.GetString()!);
        }
    }

    private async Task<string?> GetAsync(string address, CancellationToken cancel)
    {
        using var answer = await http.GetAsync(new Uri(address, UriKind.Relative), cancel);
        return await JudgeAsync(address, answer, Others(), cancel);
    }

    private async Task<string?> JudgeAsync(string what, HttpResponseMessage answer, IEnumerable<string> others, CancellationToken cancel)
    {
        var text = await answer.Content.ReadAsStringAsync(cancel);
        var fault = CheckAnswer.FindFault(
            (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.Contains("X-Request-Id"), text, others,
            out _);
        if (fault is null && answer.StatusCode is not HttpStatusCode.OK)
            fault = $"is {(int)answer.StatusCode}: {text}";
        if (fault is null)
        {
            Read++;
            return text;
        }

        tally.Fail(new FuzzFailure(-1, "sweep", $"{tenant.Tenant}: {what} {fault[..Math.Min(fault.Length, 600)]}", what));
        return null;
    }

    // A tenant that no request was sent to holds an import, and so a text of another.
    private IEnumerable<string> Others() =>
        plan.Tenants.Contains(tenant) ? plan.Tenants.Where(each => each != tenant).Select(static each => each.Mark) : [];
}
