using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MemoryOrleans.Console.Tests;

/// <summary>axe on every screen in both schemes, and what a keyboard alone can reach.</summary>
public sealed class AccessibilityTests(Browser browser, SeededMemory seeded)
{
    private static readonly string[] Grave = ["serious", "critical"];

    public static TheoryData<string, ColorScheme> Screens
    {
        get
        {
            string[] routes =
            [
                "#/sessions", "#/sessions/bakery-s1", "#/recall?query=coffee&user_id=bakery&max_tokens=60", "#/memories",
                "#/memories/EDITED", "#/users", "#/users/bakery", "#/graph", "#/salience", "#/operations", "#/audit", "#/nowhere",
            ];
            var all = new TheoryData<string, ColorScheme>();
            foreach (var route in routes)
            {
                all.Add(route, ColorScheme.Light);
                all.Add(route, ColorScheme.Dark);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task No_screen_has_a_serious_finding(string route, ColorScheme scheme)
    {
        await using var screen = await browser.OpenAsync(
            seeded.Memory.Console, route.Replace("EDITED", seeded.Edited, StringComparison.Ordinal), scheme);
        await AssertSoundAsync(screen);
    }

    [Fact]
    public async Task No_dialog_has_a_serious_finding()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, $"#/memories/{seeded.Edited}");
        foreach (var button in new[] { "Edit", "Unpin", "Pin", "Undo last change", "Erase" })
        {
            if (await screen.Button(button).CountAsync() == 0)
                continue;
            await screen.Button(button).ClickAsync();
            await AssertSoundAsync(screen);
            await screen.Page.Keyboard.PressAsync("Escape");
            await Expect(screen.Dialog).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task A_keyboard_skips_to_the_content_and_each_screen_takes_the_focus_to_its_heading()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, "#/sessions");
        await screen.Page.Keyboard.PressAsync("Tab");
        await Expect(screen.Link("Skip to the content")).ToBeFocusedAsync();
        await screen.Page.Keyboard.PressAsync("Enter");
        await Expect(screen.Page.Locator("main")).ToBeFocusedAsync();

        await screen.Link("Memories").FocusAsync();
        await screen.Page.Keyboard.PressAsync("Enter");
        await Expect(screen.Heading).ToHaveTextAsync("Memories");
        await Expect(screen.Heading).ToBeFocusedAsync();
        await Expect(screen.Link("Memories")).ToHaveAttributeAsync("aria-current", "page");
        await Expect(screen.Page).ToHaveTitleAsync("Memories · Memory console");
    }

    private static async Task AssertSoundAsync(Screen screen)
    {
        var result = await screen.Page.RunAxe();
        var findings = result.Violations
            .Select(static one => $"{one.Impact} {one.Id}: {one.Help} ({one.Nodes.Length}×, {one.Nodes[0].Html})").ToList();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{result.Passes.Length} rules passed, {findings.Count} findings: {string.Join("; ", findings)}");
        Assert.DoesNotContain(
            findings, static finding => Array.Exists(Grave, grave => finding.StartsWith(grave, StringComparison.Ordinal)));
    }
}
