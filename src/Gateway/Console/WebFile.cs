using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Console;

/// <summary>A file of a page of ours, as it is sent.</summary>
/// <param name="ETag">In quotes: the beginning of the content's SHA-256.</param>
internal sealed record WebFile(string ContentType, byte[] Content, string ETag)
{
    private const int TagDigits = 24;

    public static WebFile Of(string contentType, byte[] content) =>
        new(contentType, content, $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..TagDigits]}\"");

    /// <summary>The embedded files whose names begin so, by the rest of their names.</summary>
    public static FrozenDictionary<string, WebFile> ReadEmbedded(string prefix)
    {
        var assembly = typeof(WebFile).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[prefix.Length..], Read, StringComparer.Ordinal);

        WebFile Read(string name)
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return Of(TypeOf(Path.GetExtension(name)), content);
        }
    }

    /// <summary>Sends it, or that the caller has it already.</summary>
    /// <param name="policy">What the page may load and run: its Content-Security-Policy.</param>
    public Task SendAsync(HttpContext http, string policy)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache"; // Kept, and asked for anew: a next release is seen at once.
        headers.ETag = ETag;
        if (http.Request.Headers.IfNoneMatch.ToString().Contains(ETag, StringComparison.Ordinal))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        http.Response.ContentType = ContentType;
        http.Response.ContentLength = Content.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask
            : http.Response.Body.WriteAsync(Content, http.RequestAborted).AsTask();
    }

    /// <summary>
    /// Leads from a folder's name without its slash to the folder. The page's addresses are relative to its folder, so that it
    /// also works behind a proxy with a path of its own.
    /// </summary>
    public static Task LeadInto(HttpContext http, string folder)
    {
        http.Response.Headers.Location = folder + "/";
        http.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        return Task.CompletedTask;
    }

    private static string TypeOf(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"A page has a file of a kind without a content type: {extension}"),
    };
}
