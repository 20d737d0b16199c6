using Microsoft.Win32.SafeHandles;

namespace MemoryOrleans.Cli.Terminal;

/// <summary>stdout for streams of bytes.</summary>
internal static class StandardOutput
{
    private const int Handle = 1;
    private const int BufferBytes = 64 * 1024;

    /// <summary>
    /// A pipe whose reader is gone makes an <see cref="IOException"/>: the console's own stream would swallow what nobody reads. A
    /// file keeps that stream, which leaves its position to the shell.
    /// </summary>
    public static Stream Open()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        // Its own buffer mixes up single bytes and what is written asynchronously where it cannot seek.
        var pipe = new FileStream(new SafeFileHandle(Handle, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!pipe.CanSeek)
            return new BufferedStream(pipe, BufferBytes);
        pipe.Dispose();
        return Console.OpenStandardOutput();
    }
}
