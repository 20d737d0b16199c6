using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace MemoryOrleans.Models.Local;

/// <summary>Whether ONNX Runtime's native library loads on this platform.</summary>
internal static class NativeRuntime
{
    /// <exception cref="LocalModelUnavailableException">It does not.</exception>
    public static void Check() => Check(static () => OrtEnv.Instance().GetVersionString());

    /// <param name="call">Anything that needs the library.</param>
    internal static void Check(Func<string> call)
    {
        try
        {
            call();
        }
        catch (Exception failure) when (IsMissing(failure))
        {
            throw new LocalModelUnavailableException(
                LocalModelLack.NativeLibrary, $"ONNX Runtime's native library does not load on {RuntimeInformation.RuntimeIdentifier}.",
                failure);
        }
    }

    // The first call of all fails in a static constructor, and says why inside.
    private static bool IsMissing(Exception? failure) =>
        failure is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException
        || (failure is TypeInitializationException && IsMissing(failure.InnerException));
}
