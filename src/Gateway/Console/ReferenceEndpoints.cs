using MemoryOrleans.Gateway.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace MemoryOrleans.Gateway.Console;

/// <summary>
/// The API's reference at /docs, by Scalar over /openapi/v1.json. The page is ours, because Scalar's own needs a script inline;
/// the library's script comes from its package, so that no other server is asked.
/// </summary>
internal static class ReferenceEndpoints
{
    private const string Root = "/docs";

    // The library writes its styles into the page; scripts are only ours and its own.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var files = WebFile.ReadEmbedded("reference/");
        var operation = ConsoleEndpoints.Open("reference", "A file of the API's reference");
        routes.MapScalarApiReference(Root).WithMetadata(operation);
        routes.MapMethods(Root, ["GET", "HEAD"], AnswerAsync)
            .WithMetadata(operation).WithDisplayName("reference");
        routes.MapMethods(Root + "/start.js", ["GET", "HEAD"], http => files["start.js"].SendAsync(http, Policy))
            .WithMetadata(operation).WithDisplayName("reference");

        // Scalar's own page has no policy: nothing leads to it, and a name with a constraint goes before its names without.
        routes.Map(Root + "/{page:minlength(1)}", static http => http.AnswerAsync(
                ProblemMap.FromStatus(StatusCodes.Status404NotFound, http.Request.Method, http.Request.Path)))
            .WithMetadata(operation).WithDisplayName("reference");

        Task AnswerAsync(HttpContext http) =>
            http.Request.Path.Value == Root ? WebFile.LeadInto(http, "docs") : files["index.html"].SendAsync(http, Policy);
    }
}
