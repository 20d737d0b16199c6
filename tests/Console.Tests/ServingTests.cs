using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace MemoryOrleans.Console.Tests;

/// <summary>The console's files over HTTP, without a browser.</summary>
public sealed class ServingTests(SeededMemory seeded)
{
    private const long BytesMax = 500 * 1024;

    private static readonly string Assets = Checkout.PathOf("src/Gateway/Console/Assets");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Assets).Select(static path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_file_comes_with_a_policy_that_allows_nothing_inline(string file)
    {
        using var answer = await seeded.Memory.Http.GetAsync(new Uri($"console/{file}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Assets, file)), await answer.Content.ReadAsByteArrayAsync());
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            policy);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-cache", answer.Headers.GetValues("Cache-Control").Single());
        var expected = Path.GetExtension(file) switch
        {
            ".js" => "text/javascript", ".css" => "text/css", ".html" => "text/html", _ => "image/svg+xml",
        };
        Assert.Equal(expected, answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_file_that_the_browser_has_is_not_sent_again()
    {
        using var first = await seeded.Memory.Http.GetAsync(new Uri("console/main.js", UriKind.Relative));
        using var again = new HttpRequestMessage(HttpMethod.Get, "console/main.js");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await seeded.Memory.Http.SendAsync(again);
        again.Headers.IfNoneMatch.Clear();

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());

        using var other = new HttpRequestMessage(HttpMethod.Get, "console/main.js");
        other.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"another\""));
        using var third = await seeded.Memory.Http.SendAsync(other);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Fact]
    public async Task The_folder_is_the_page_and_its_name_leads_there()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = seeded.Memory.Address };
        using var named = await http.GetAsync(new Uri("console", UriKind.Relative));
        using var page = await http.GetAsync(new Uri("console/", UriKind.Relative));
        using var head = new HttpRequestMessage(HttpMethod.Head, "console/");
        using var asked = await http.SendAsync(head);
        using var missing = await http.GetAsync(new Uri("console/secrets.txt", UriKind.Relative));

        Assert.Equal(HttpStatusCode.PermanentRedirect, named.StatusCode);
        Assert.Equal("console/", named.Headers.Location!.OriginalString);
        Assert.Contains("<main", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(page.Content.Headers.ContentLength, asked.Content.Headers.ContentLength);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task The_reference_has_its_own_page_and_no_other()
    {
        using var page = await seeded.Memory.Http.GetAsync(new Uri("docs/", UriKind.Relative));
        using var library = await seeded.Memory.Http.GetAsync(new Uri("docs/scalar.js", UriKind.Relative));
        using var other = await seeded.Memory.Http.GetAsync(new Uri("docs/v1", UriKind.Relative));

        Assert.Contains("script-src 'self';", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, library.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public async Task The_page_weighs_little()
    {
        var bytes = Directory.GetFiles(Assets).Sum(static path => new FileInfo(path).Length);
        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes:N0} bytes in {Directory.GetFiles(Assets).Length} files");
        Assert.InRange(bytes, 1, BytesMax);
        foreach (var path in Directory.GetFiles(Assets))
        {
            var text = await File.ReadAllTextAsync(path);
            Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
            Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_page_learns_what_this_process_is_and_the_openapi_document_says_nothing_of_pages()
    {
        var about = await seeded.Memory.GetAsync("console/about.json");
        var document = await seeded.Memory.GetAsync("openapi/v1.json");

        Assert.True((bool)about["keyless"]!);
        Assert.True((bool)about["dashboard"]!);
        Assert.Contains("/v1/admin/audit", about["calls"]!.AsArray().Select(static call => (string)call!));
        string[] pages = ["console", "docs", "dashboard"];
        var paths = document["paths"]!.AsObject().Select(static path => path.Key).ToList();
        Assert.Contains("/v1/recall", paths);
        Assert.DoesNotContain(paths, path => pages.Contains(path.Split('/')[1]));
    }

    [Fact]
    public async Task With_keys_the_files_are_open_and_the_data_is_not()
    {
        await using var memory = await RunningMemory.StartAsync("MEMORY_API_KEYS=default:a-key-of-sixteen-characters:read+write+admin");
        using var page = await memory.Http.GetAsync(new Uri("console/", UriKind.Relative));
        using var data = await memory.Http.GetAsync(new Uri("v1/sessions", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, data.StatusCode);
        Assert.False((bool)(await memory.GetAsync("console/about.json"))["keyless"]!);
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var memory = await RunningMemory.StartAsync("MEMORY_CONSOLE_ENABLED=false");
        using var page = await memory.Http.GetAsync(new Uri("console/", UriKind.Relative));
        using var reference = await memory.Http.GetAsync(new Uri("docs/", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, reference.StatusCode);
        Assert.Equal("no_such_route", (string?)JsonNode.Parse(await page.Content.ReadAsStringAsync())!["code"]);
    }
}
