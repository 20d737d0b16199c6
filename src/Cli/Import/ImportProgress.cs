using System.Globalization;
using MemoryOrleans.Cli.Terminal;
using Spectre.Console;

namespace MemoryOrleans.Cli.Import;

/// <summary>Shows how far an import has come, on stderr: a bar on a terminal, else a line now and then.</summary>
internal interface IImportProgress
{
    void Show(ImportCounts counts, long bytesRead);

    void ShowWait(TimeSpan wait, string why);
}

internal static class ImportProgress
{
    /// <param name="name">Of the input.</param>
    /// <param name="bytes">Its length; null when it is not known.</param>
    public static async Task RunAsync(string name, long? bytes, TimeProvider time, Func<IImportProgress, Task> import)
    {
        if (Console.IsErrorRedirected)
        {
            await import(new ProgressLines(Console.Error, bytes, time));
            return;
        }

        await Screen.Error().Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(),
            new SpinnerColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(name), maxValue: Math.Max(bytes ?? 1, 1));
                task.IsIndeterminate = bytes is null;
                await import(new ProgressBarTask(task, name));
            });
    }

    private static string Describe(ImportCounts counts) => string.Create(
        CultureInfo.InvariantCulture, $"{counts.Read:N0} read, {counts.Stored:N0} stored, {counts.AlreadyThere:N0} already there");

    private static string DescribeWait(TimeSpan wait, string why) =>
        string.Create(CultureInfo.InvariantCulture, $"waiting {wait.TotalSeconds:0.#} s: {why}");

    private sealed class ProgressBarTask(ProgressTask task, string name) : IImportProgress
    {
        public void Show(ImportCounts counts, long bytesRead)
        {
            task.Description = Markup.Escape($"{name}: {Describe(counts)}");
            if (!task.IsIndeterminate)
                task.Value = bytesRead;
        }

        public void ShowWait(TimeSpan wait, string why) => task.Description = Markup.Escape($"{name}: {DescribeWait(wait, why)}");
    }

    private sealed class ProgressLines(TextWriter output, long? bytes, TimeProvider time) : IImportProgress
    {
        private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

        private long shownAt = time.GetTimestamp();

        public void Show(ImportCounts counts, long bytesRead)
        {
            if (time.GetElapsedTime(shownAt) < Between)
                return;
            shownAt = time.GetTimestamp();
            var share = bytes > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({(double)bytesRead / bytes:P0})") : string.Empty;
            output.WriteLine(Describe(counts) + share);
        }

        public void ShowWait(TimeSpan wait, string why) => output.WriteLine(DescribeWait(wait, why));
    }
}
