using System.Globalization;
using Spectre.Console;

namespace MemoryOrleans.Cli.Terminal;

/// <summary>Shows how far long work has come, on stderr: a bar on a terminal, else a line now and then.</summary>
internal static class Progressing
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    /// <param name="name">Of what is worked on.</param>
    /// <param name="total">How much there is; null when nobody knows.</param>
    /// <param name="noun">What is counted, in the plural.</param>
    /// <param name="work">Is given what to call with the count so far.</param>
    public static async Task RunAsync(string name, long? total, string noun, Func<Action<long>, Task> work)
    {
        if (Console.IsErrorRedirected)
        {
            await work(Lines(Console.Error, noun, TimeProvider.System));
            return;
        }

        await Screen.Error().Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(),
            new SpinnerColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(name), maxValue: Math.Max(total ?? 1, 1));
                task.IsIndeterminate = total is null;
                await work(done =>
                {
                    if (total is not null)
                        task.Value = done;
                    task.Description = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{name}: {done:N0} {noun}"));
                });
            });
    }

    /// <summary>Writes a line at most every five seconds.</summary>
    public static Action<long> Lines(TextWriter output, string noun, TimeProvider time)
    {
        var shownAt = time.GetTimestamp();
        return done =>
        {
            if (time.GetElapsedTime(shownAt) < Between)
                return;
            shownAt = time.GetTimestamp();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done:N0} {noun}"));
        };
    }
}
