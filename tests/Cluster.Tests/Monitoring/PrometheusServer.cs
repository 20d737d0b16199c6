using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MemoryOrleans.Cluster.Tests.Monitoring;

/// <summary>
/// A real Prometheus, which eng/prometheus.sh finds or fetches, with the rules that are shipped; it scrapes and judges every second.
/// Where there is none to be had, these tests fail: they are never passed over.
/// </summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan FetchTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<string>> Programs = new(FindAsync);

    private readonly Process process;
    private readonly DirectoryInfo folder;
    private readonly HttpClient http;

    private PrometheusServer(Process process, DirectoryInfo folder, Uri address) =>
        (this.process, this.folder, http) = (process, folder, new HttpClient { BaseAddress = address });

    /// <summary>Starts it over targets HOST:PORT, each with the job it is scraped as.</summary>
    public static async Task<PrometheusServer> StartAsync(params (string Job, string Target)[] targets)
    {
        var bin = await Programs.Value;
        var home = Directory.CreateTempSubdirectory("memory-prometheus-");
        var jobs = targets.GroupBy(static each => each.Job, StringComparer.Ordinal).Select(static job =>
            $"  - job_name: {job.Key}\n    static_configs: [{{targets: [{string.Join(", ", job.Select(static each => $"'{each.Target}'"))}]}}]\n");
        var configuration = Path.Combine(home.FullName, "prometheus.yaml");
        await File.WriteAllTextAsync(
            configuration,
            $"global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: ['{PathOf("deploy/prometheus/alerts.yaml")}']\nscrape_configs:\n{string.Concat(jobs)}");
        var port = FreePorts.Next().ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            Path.Combine(bin, "prometheus"),
            [$"--config.file={configuration}", $"--storage.tsdb.path={home.FullName}/data", $"--web.listen-address=127.0.0.1:{port}",
            "--log.level=error"])
        {
            UseShellExecute = false, WorkingDirectory = home.FullName,
        };
        return new PrometheusServer(Process.Start(start)!, home, new Uri($"http://127.0.0.1:{port}/"));
    }

    /// <summary>Runs promtool in deploy/prometheus, and answers what it wrote.</summary>
    public static async Task<(int ExitCode, string Said)> CheckAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(await Programs.Value, "promtool"), arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
                WorkingDirectory = PathOf("deploy/prometheus"),
        };
        using var promtool = Process.Start(start)!;
        var errors = promtool.StandardError.ReadToEndAsync();
        var said = await promtool.StandardOutput.ReadToEndAsync() + await errors;
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, said);
    }

    public static string PathOf(string path) => Path.Combine(TestDatabase.RepositoryRoot(), path);

    /// <summary>The series that a query answers, each with its value.</summary>
    public async Task<IReadOnlyList<(string Labels, double Value)>> QueryAsync(string expression)
    {
        using var answer = JsonDocument.Parse(
            await http.GetStringAsync(new Uri($"api/v1/query?query={Uri.EscapeDataString(expression)}", UriKind.Relative)));
        var result = answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray();
        return [.. result.Select(static series => (
            series.GetProperty("metric").GetRawText(),
            double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)))];
    }

    /// <summary>Ends when a query answers something; fails after a minute.</summary>
    public Task WhenAnyAsync(string expression) => WhenAsync(async () => (await QueryAsync(expression)).Count > 0, expression);

    /// <summary>Ends when an alert is pending, or fires.</summary>
    public Task WhenAlertedAsync(string name, bool fires) =>
        WhenAnyAsync($"ALERTS{{alertname=\"{name}\"{(fires ? ",alertstate=\"firing\"" : string.Empty)}}}");

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private static async Task WhenAsync(Func<Task<bool>> isSo, string what)
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return await isSo();
                }
                catch (HttpRequestException)
                {
                    // Not listening yet.
                    return false;
                }
            },
            Patience, $"Prometheus comes to know {what}");
    }

    private static async Task<string> FindAsync()
    {
        using var script = Process.Start(new ProcessStartInfo(PathOf("eng/prometheus.sh"))
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        using var patience = new CancellationTokenSource(FetchTime);
        var said = script.StandardError.ReadToEndAsync(patience.Token);
        var path = (await script.StandardOutput.ReadToEndAsync(patience.Token)).Trim();
        await script.WaitForExitAsync(patience.Token);
        return script.ExitCode == 0 ? path : throw new InvalidOperationException($"No Prometheus for these tests.\n{await said}");
    }
}
