using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Console;

/// <summary>
/// The web console at /console: static files that hold no data and ask for no key. What the page shows it asks the API for,
/// with the key of whoever sits before it.
/// </summary>
internal sealed class ConsoleEndpoints(IEndpointRouteBuilder routes, GatewayOptions options)
{
    private const string Root = "/console";
    private const string About = "about.json";

    // Only the page's own files and the service itself, nothing inline, no frame around it.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly FrozenDictionary<string, WebFile> files = WebFile.ReadEmbedded("console/");
    private WebFile? about;

    /// <summary>Maps the console and the API's reference, unless they are switched off.</summary>
    public static void Map(IEndpointRouteBuilder routes, GatewayOptions options)
    {
        if (!options.ConsoleEnabled)
            return;
        routes.MapMethods(Root + "/{file?}", ["GET", "HEAD"], new ConsoleEndpoints(routes, options).AnswerAsync)
            .WithMetadata(Open("console", "A file of the web console")).WithDisplayName("console");
        ReferenceEndpoints.Map(routes);
    }

    /// <summary>A page's file: no key, no limit, no part of the API.</summary>
    public static Operation Open(string id, string summary) =>
        new(id, "Operations", summary, Requirement.Open) { IsListed = false, Unmetered = true };

    private Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path.Value == Root)
            return WebFile.LeadInto(http, "console");
        var name = http.GetRouteValue("file") as string ?? "index.html";
        var file = name == About ? about ??= DescribeProcess() : files.GetValueOrDefault(name);
        return file?.SendAsync(http, Policy)
            ?? http.AnswerAsync(ProblemMap.FromStatus(StatusCodes.Status404NotFound, http.Request.Method, http.Request.Path));
    }

    /// <summary>
    /// What the page has to know before the first call: whether a key is needed, which calls there are, whether Orleans'
    /// dashboard is on. None of it is a secret: the OpenAPI document is open too.
    /// </summary>
    private WebFile DescribeProcess()
    {
        // What is mapped after the gateway, as the dashboard, is there by the time of a request.
        var paths = routes.DataSources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(static endpoint => '/' + endpoint.RoutePattern.RawText!.TrimStart('/'))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            var release = typeof(ConsoleEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
            writer.WriteStartObject();
            writer.WriteString("version", release?.InformationalVersion.Split('+')[0]);
            writer.WriteBoolean("keyless", options.Keyless);
            writer.WriteBoolean("dashboard", paths.Exists(static path => path.StartsWith("/dashboard", StringComparison.Ordinal)));
            writer.WriteStartArray("calls");
            foreach (var path in paths.Where(static path => path.StartsWith("/v1/", StringComparison.Ordinal)))
                writer.WriteStringValue(path);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return WebFile.Of("application/json", json.ToArray());
    }
}
