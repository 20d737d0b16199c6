using Microsoft.Playwright;

namespace MemoryOrleans.Console.Tests;

/// <summary>How soon the page is there, and the pictures of the documentation.</summary>
public sealed class PictureTests(Browser browser, SeededMemory seeded)
{
    private const long PictureBytesMax = 200 * 1024;
    private const long PageBytesMax = 500 * 1024;
    private const string Setting = "MEMORY_SCREENSHOTS";

    public static TheoryData<string, string, int> Pictures => new()
    {
        { "console-session", "#/sessions/bakery-s1", 860 },
        { "console-recall", "#/recall?query=What%20did%20Ilias%20sign%20up%20for%3F&user_id=bakery&limit=6", 1040 },
        { "console-graph", "#/graph", 900 },
    };

    /// <summary>Each picture is taken; it replaces the one in docs/images where MEMORY_SCREENSHOTS is set.</summary>
    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task A_screen_can_be_shown_in_the_documentation(string name, string route, int height)
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console);
        await screen.Page.SetViewportSizeAsync(1280, height);
        await screen.GoAsync(route);
        if (name == "console-graph")
        {
            await screen.Page.Locator(".node[aria-label^='The Second Rise']").PressAsync("Enter");
            await Assertions.Expect(screen.Page.Locator(".node.here")).ToHaveAttributeAsync("aria-label", "The Second Rise, company, here");
            await screen.Page.Locator(".node[aria-label^='Ilias']").PressAsync("Enter");
            await Assertions.Expect(screen.Page.Locator(".node.here")).ToHaveAttributeAsync("aria-label", "Ilias, person, here");
        }

        await screen.Page.EvaluateAsync("() => document.getElementById('status').replaceChildren()");
        var picture = await screen.Page.ScreenshotAsync(new PageScreenshotOptions { Animations = ScreenshotAnimations.Disabled });

        Assert.InRange(picture.Length, 10_000, PictureBytesMax);
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Setting)))
        {
            var folder = Directory.CreateDirectory(Checkout.PathOf("docs/images"));
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"{name}.png"), picture);
        }
    }

    /// <summary>What the browser fetches of the page itself, as it is on disk and as it comes over the wire with its headers.</summary>
    [Fact]
    public async Task The_page_paints_and_asks_nobody_but_the_service()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console);
        var asked = new List<string>();
        screen.Page.Request += (_, request) => asked.Add(request.Url);
        await screen.GoAsync("#/sessions");
        var paint = await screen.Page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0].startTime");

        var (raw, transferred) = (await BytesAsync(screen, "decodedBodySize"), await BytesAsync(screen, "transferSize"));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"first contentful paint after {paint:F0} ms, {asked.Count} requests; files of the page: {raw:N0} bytes, {transferred:N0} transferred");
        Assert.True(paint > 0);
        Assert.InRange(transferred, raw / 10, PageBytesMax);
        Assert.All(asked, url => Assert.StartsWith(seeded.Memory.Address.ToString(), url, StringComparison.Ordinal));
    }

    private static Task<long> BytesAsync(Screen screen, string measure) => screen.Page.EvaluateAsync<long>(
        "measure => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
            + ".filter(entry => entry.name.includes('/console/')).reduce((sum, entry) => sum + entry[measure], 0)",
        measure);
}
