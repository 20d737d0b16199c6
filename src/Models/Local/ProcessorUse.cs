using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MemoryOrleans.Models.Local;

/// <summary>
/// What this process takes of the processors, beside some threads that are left out of it. Any number of threads may ask.
/// </summary>
internal sealed class ProcessorUse
{
    // Linux's clock of one thread's processor time.
    private const int ThreadClock = 3;

    // Over less than this a share is noise.
    private static readonly TimeSpan SpanMin = TimeSpan.FromMilliseconds(100);

    private readonly Lock reading = new();
    private long at = Stopwatch.GetTimestamp();
    private TimeSpan taken = Total();
    private TimeSpan leftOut;
    private double share;

    /// <summary>The calling thread's processor time so far; null where the system does not say.</summary>
    public static TimeSpan? OfThread() => OperatingSystem.IsLinux() && ReadClock(ThreadClock, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
        : null;

    /// <summary>What the rest of the process took of all processors of late, 0..1.</summary>
    /// <param name="own">What the caller's thread took since it asked last; it counts not.</param>
    public double ShareBeside(TimeSpan own)
    {
        lock (reading)
        {
            leftOut += own;
            var passed = Stopwatch.GetElapsedTime(at);
            if (passed < SpanMin)
                return share;
            var now = Total();
            share = Math.Clamp((now - taken - leftOut) / (passed * Environment.ProcessorCount), 0, 1);
            (at, taken, leftOut) = (Stopwatch.GetTimestamp(), now, TimeSpan.Zero);
            return share;
        }
    }

    private static TimeSpan Total() => Environment.CpuUsage.TotalTime;

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ReadClock(int clock, out TimeOfClock time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeOfClock
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
