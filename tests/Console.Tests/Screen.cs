using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace MemoryOrleans.Console.Tests;

/// <summary>The console in a page, with what it complained of.</summary>
public sealed class Screen : IAsyncDisposable
{
    private const int PatienceMilliseconds = 60_000;

    private readonly Uri console;
    private readonly ConcurrentQueue<string> complaints = new();

    public Screen(IPage page, Uri console)
    {
        (Page, this.console) = (page, console);
        page.SetDefaultTimeout(PatienceMilliseconds);
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => complaints.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the page so far: none, where a test expects none.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    public ILocator Heading => Page.Locator("main h1");

    public ILocator Status => Page.GetByRole(AriaRole.Status);

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    /// <summary>Opens a route, like <c>#/sessions</c>, and waits until its screen is there.</summary>
    public async Task GoAsync(string route)
    {
        await Page.GotoAsync(new Uri(console, route).ToString());
        await SettleAsync();
    }

    public async Task SettleAsync() => await Assertions.Expect(Page.Locator("main:not([aria-busy]) h1")).ToHaveCountAsync(1);

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator Field(string label) => Page.GetByLabel(label, new PageGetByLabelOptions { Exact = true });

    public ILocator Table(string captionStart) =>
        Page.Locator("table", new PageLocatorOptions { Has = Page.Locator("caption", new PageLocatorOptions { HasText = captionStart }) });

    /// <summary>Presses the button of the open dialog and waits until it is gone.</summary>
    public async Task ConfirmAsync(string button)
    {
        await Dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button, Exact = true }).ClickAsync();
        await Assertions.Expect(Dialog).ToHaveCountAsync(0);
        await SettleAsync();
    }

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
