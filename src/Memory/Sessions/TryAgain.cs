namespace MemoryOrleans.Sessions;

/// <summary>What is left to a host when another process writes the same session: to try again with what the store says now.</summary>
public static class TryAgain
{
    /// <summary>Processes that write one session by turns make each other fail; so often in a row is not chance.</summary>
    public const int AttemptsMax = 5;

    /// <summary>
    /// Attempts until the outcome is another than <see cref="ErrorCode.SessionMoved"/>, at most <see cref="AttemptsMax"/> times.
    /// </summary>
    /// <param name="attempt">Told how many attempts there were before, 0 at first.</param>
    public static async Task<Outcome<T>> WhenMovedAsync<T>(Func<int, Task<Outcome<T>>> attempt)
    {
        for (var before = 0; ; before++)
        {
            var outcome = await attempt(before);
            if (outcome.Error?.Code != ErrorCode.SessionMoved || before == AttemptsMax - 1)
                return outcome;
        }
    }
}
