using MemoryOrleans.Gateway.Settings;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;

namespace MemoryOrleans.Gateway.Logging;

/// <summary>Writes what is logged to files as well; which lines, the same filters say as for the console.</summary>
internal static class LogFiles
{
    private static readonly TimeSpan FlushPeriod = TimeSpan.FromSeconds(1);

    public static void Add(ILoggingBuilder logging, LogFileOptions options)
    {
        var writer = new LoggerConfiguration()
            .MinimumLevel.Is(LevelAlias.Minimum)
            .Enrich.FromLogContext()
            .WriteTo.File(
                new RenderedCompactJsonFormatter(),
                Path.Combine(options.Folder, "memory-.json"),
                rollingInterval: RollingInterval.Day,
                rollOnFileSizeLimit: true,
                fileSizeLimitBytes: options.BytesMax,
                retainedFileCountLimit: options.FilesMax,
                buffered: false,
                flushToDiskInterval: FlushPeriod)
            .CreateLogger();
        // As a provider like another: the library's own way of adding it lets every line through, whatever the filters say.
        logging.AddProvider(new SerilogLoggerProvider(writer, dispose: true));
    }
}
