using FsCheck;

namespace MemoryOrleans.Testing;

/// <summary>
/// A property is tried with the same cases in every run, so that a suite fails because something was changed. With MEMORY_TEST_NEW_CASES
/// set they are others each time: whoever writes a property runs it so for some minutes.
/// </summary>
internal static class SameCases
{
    public static readonly Config Quick = Environment.GetEnvironmentVariable("MEMORY_TEST_NEW_CASES") is null
        ? Config.QuickThrowOnFailure.WithReplay(20250303, 77)
        : Config.QuickThrowOnFailure;
}
