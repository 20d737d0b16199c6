using System.Text;

namespace MemoryOrleans.Bench.Fuzz.Api;

/// <param name="Target">Path and query, escaped as it is to be sent.</param>
/// <param name="Headers">Without Content-Type.</param>
internal sealed record FuzzRequest(
    int Number, string Operation, string Tenant, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers,
    string? ContentType, byte[]? Body)
{
    private const int ShownMax = 600;

    /// <summary>The request for a report, its body cut.</summary>
    public string Show()
    {
        var text = new StringBuilder($"{Method} {Clip(Target)}");
        foreach (var (name, value) in Headers.Where(static each => each.Name is not ("X-Api-Key" or "Authorization")))
            text.Append($"\n  {name}: {Clip(value)}");
        if (Body is not null)
            text.Append($"\n  Content-Type: {ContentType}\n  {Body.Length} bytes: {Clip(Encoding.UTF8.GetString(Body))}");
        return text.ToString();
    }

    public HttpRequestMessage ToMessage(Uri url)
    {
        var message = new HttpRequestMessage(
            new HttpMethod(Method), new Uri(url.GetLeftPart(UriPartial.Authority) + Target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        if (Body is null)
            return message;
        message.Content = new ByteArrayContent(Body);
        if (ContentType is not null)
            message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        return message;
    }

    private static string Clip(string text) => text.Length <= ShownMax ? text : text[..ShownMax] + "…";
}
