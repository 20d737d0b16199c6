using System.Net;
using System.Net.Http.Headers;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Client;

/// <content>Whole tenants as streams.</content>
public sealed partial class MemoryClient
{
    private const string NdjsonType = "application/x-ndjson";

    /// <summary>
    /// The tenant's export as it comes; dispose of it to end it. Read to its end it is whole only when its last line is the trailer:
    /// an import checks that.
    /// </summary>
    public async Task<Stream> ExportAsync(CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Get, "v1/admin/export", null);
        var response = await SendAsync(request, cancel);
        return await response.Content.ReadAsStreamAsync(cancel);
    }

    /// <summary>
    /// Imports an export. Safe to repeat: what is there already is recognised. The answer comes at the end, so the client's
    /// <see cref="HttpClient.Timeout"/> has to allow for all of it.
    /// </summary>
    public async Task<ImportResponse> ImportAsync(Stream export, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Post, "v1/admin/import", null);
        request.Content = new StreamContent(export) { Headers = { ContentType = new MediaTypeHeaderValue(NdjsonType) } };
        // So that a refusal can be read while the rest is still being sent.
        request.Headers.ExpectContinue = true;
        request.Version = HttpVersion.Version11;
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.ImportResponse, cancel);
    }
}
