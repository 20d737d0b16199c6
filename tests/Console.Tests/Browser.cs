using System.Diagnostics;
using Microsoft.Playwright;

namespace MemoryOrleans.Console.Tests;

/// <summary>One real Chromium for all tests, which eng/chromium.sh finds or fetches.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly TimeSpan FetchTime = TimeSpan.FromMinutes(5);

    private IPlaywright playwright = null!;
    private IBrowser chromium = null!;

    public async ValueTask InitializeAsync()
    {
        var path = await FindAsync();
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args = ["--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A page of a browser without a past; close it by disposing the screen.</summary>
    public async Task<Screen> OpenAsync(Uri console, string route = "", ColorScheme scheme = ColorScheme.Light)
    {
        var context = await chromium.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme, ViewportSize = new ViewportSize { Width = 1280, Height = 860 }, AcceptDownloads = true,
        });
        var screen = new Screen(await context.NewPageAsync(), console);
        if (route.Length > 0)
            await screen.GoAsync(route);
        return screen;
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null)
            await chromium.CloseAsync();
        playwright?.Dispose();
    }

    /// <summary>Fails, and says why, where no browser can be had: these tests are never passed over.</summary>
    private static async Task<string> FindAsync()
    {
        using var script = Process.Start(new ProcessStartInfo(Checkout.PathOf("eng/chromium.sh"))
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        using var patience = new CancellationTokenSource(FetchTime);
        var said = script.StandardError.ReadToEndAsync(patience.Token);
        var path = (await script.StandardOutput.ReadToEndAsync(patience.Token)).Trim();
        await script.WaitForExitAsync(patience.Token);
        return script.ExitCode == 0 ? path : throw new InvalidOperationException($"No Chromium for the console's tests.\n{await said}");
    }
}
