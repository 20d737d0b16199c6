using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MemoryOrleans.Console.Tests;

/// <summary>What a stored text, a lost key or an open page could do.</summary>
public sealed class SafetyTests(Browser browser, SeededMemory seeded)
{
    private const string Key = "a-key-of-sixteen-characters";

    public static TheoryData<string> Hostile =>
    [
        "#/sessions/hostile", "#/recall?query=bold%20script&user_id=eve", "#/memories?user_id=eve", "#/users/eve", "#/graph",
        "#/salience?user_id=eve",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_stored_script_stays_text(string route)
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, route);
        if (route == "#/graph")
        {
            await screen.Field("Find an entity").FillAsync("Eve");
            await screen.Button("Find").ClickAsync();
            await screen.Link("Eve (person)").ClickAsync();
            await Expect(screen.Page.Locator(".node.here")).ToHaveAttributeAsync("aria-label", "Eve, person, here");
            await screen.Page.Locator(".node:not(.here)").ClickAsync();
            await Expect(screen.Page.Locator(".side ul").Last).ToContainTextAsync(SeededMemory.Markup);
        }

        await Expect(screen.Page.Locator("main")).ToContainTextAsync("<script>");
        await AssertUnbrokenAsync(screen);
    }

    [Fact]
    public async Task A_memory_of_markup_stays_text_on_its_own_screen_and_in_its_dialogs()
    {
        var listed = await seeded.Memory.GetAsync("v1/memories?user_id=eve&kind=note");
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, $"#/memories/{listed["items"]![0]!["id"]}");
        await screen.Page.GetByText("Metadata", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await screen.Button("Edit").ClickAsync();
        await Expect(screen.Field("Content")).ToHaveValueAsync(SeededMemory.Markup);
        await AssertUnbrokenAsync(screen);
    }

    [Fact]
    public async Task Even_a_script_that_got_into_the_page_would_not_run()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, "#/sessions");
        await screen.Page.EvaluateAsync("""
            () => {
                const script = document.createElement('script');
                script.textContent = 'window.broken = 1';
                document.body.append(script);
            }
            """);
        Assert.Equal("undefined", await screen.Page.EvaluateAsync<string>("() => typeof window.broken"));
        Assert.Contains(screen.Complaints, static text => text.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_is_asked_for_kept_in_the_page_alone_and_forgotten_with_it()
    {
        await using var memory = await RunningMemory.StartAsync($"MEMORY_API_KEYS=default:{Key}:read+write+admin");
        await using var screen = await browser.OpenAsync(memory.Console, "#/sessions");
        await Expect(screen.Heading).ToHaveTextAsync("Sign in");
        await Expect(screen.Field("API key")).ToBeFocusedAsync();
        Assert.Empty(screen.Complaints);

        await screen.Page.Keyboard.TypeAsync("a-wrong-key-of-some-length");
        await screen.Page.Keyboard.PressAsync("Enter");
        await Expect(screen.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("this one is not known");
        await screen.Button("Forget key").ClickAsync();
        await screen.Field("API key").FillAsync(Key);
        await screen.Button("Use key").ClickAsync();
        await Expect(screen.Table("Sessions, newest first")).ToBeVisibleAsync();

        var stored = await screen.Page.EvaluateAsync<int>("() => localStorage.length + sessionStorage.length + document.cookie.length");
        Assert.Equal(0, stored);
        Assert.DoesNotContain(Key, await screen.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, screen.Page.Url, StringComparison.Ordinal);
        await screen.Page.ReloadAsync();
        await Expect(screen.Heading).ToHaveTextAsync("Sign in");
    }

    [Fact]
    public async Task A_key_without_the_scope_is_told_so_and_may_still_erase_what_it_may_write()
    {
        await using var memory = await RunningMemory.StartAsync($"MEMORY_API_KEYS=default:{Key}:read+write");
        memory.Http.DefaultRequestHeaders.Add("X-Api-Key", Key);
        var written = await memory.PostAsync("v1/memories", new JsonObject { ["kind"] = "note", ["content"] = "Short-lived" });
        await using var screen = await browser.OpenAsync(memory.Console, $"#/memories/{written["id"]}");
        await screen.Field("API key").FillAsync(Key);
        await screen.Button("Use key").ClickAsync();
        await Expect(screen.Heading).ToHaveTextAsync("Short-lived");
        await screen.Button("Erase").ClickAsync();
        await screen.ConfirmAsync("Erase for good");
        await Expect(screen.Heading).ToHaveTextAsync("Memories");

        await screen.Link("Operations").ClickAsync();
        await Expect(screen.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("403");
    }

    [Fact]
    public async Task The_reference_shows_the_calls_and_asks_nobody_but_the_service()
    {
        await using var screen = await browser.OpenAsync(new Uri(seeded.Memory.Address, "docs/"));
        var asked = new List<string>();
        screen.Page.Request += (_, request) => asked.Add(request.Url);
        var answer = await screen.Page.GotoAsync(new Uri(seeded.Memory.Address, "docs").ToString());

        await Expect(screen.Page.Locator("a[href='#tag/sessions']")).ToBeVisibleAsync();
        await Expect(screen.Page.Locator("a[href='#tag/memories']")).ToBeVisibleAsync();
        Assert.All(
            asked.Where(static url => new Uri(url).Scheme is not ("data" or "blob")),
            url => Assert.StartsWith(seeded.Memory.Address.ToString(), url, StringComparison.Ordinal));
        Assert.Contains("script-src 'self';", await answer!.HeaderValueAsync("content-security-policy"), StringComparison.Ordinal);
        Assert.Empty(screen.Complaints);
    }

    private static async Task AssertUnbrokenAsync(Screen screen)
    {
        Assert.Equal("undefined", await screen.Page.EvaluateAsync<string>("() => typeof window.broken"));
        Assert.Equal(0, await screen.Page.Locator("main script, main img, main b:not(.meta b), main i, dialog script, dialog img")
            .CountAsync());
        Assert.Empty(screen.Complaints);
    }
}
