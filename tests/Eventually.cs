using System.Runtime.CompilerServices;

namespace MemoryOrleans.Testing;

/// <summary>
/// What happens in its own time is asked for until it has; that it never does is the failure, and it says what was seen last. A part of
/// every test project, and the one place in them that waits by the clock.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Long enough for a machine that is busy with other things; a test that passes never waits for it.</summary>
    private static readonly TimeSpan DeadlineDefault = TimeSpan.FromSeconds(60);

    public static Task HoldsAsync(
        Func<bool> holds, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(holds))] string what = "") =>
        SeesAsync(() => Task.FromResult(holds()), static seen => seen, deadline, what);

    /// <param name="holds">Asked again and again; what it throws ends the waiting.</param>
    /// <param name="deadline">From when on it is a failure; 60 s unless given.</param>
    /// <param name="what">What is waited for, in the failure's words: the condition as it is written, unless given.</param>
    public static Task HoldsAsync(
        Func<Task<bool>> holds, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(holds))] string what = "") =>
        SeesAsync(holds, static seen => seen, deadline, what);

    /// <summary>Looks until what is seen is what is waited for, and answers with it.</summary>
    public static async Task<T> SeesAsync<T>(
        Func<Task<T>> look, Func<T, bool> holds, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        var patience = deadline ?? DeadlineDefault;
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (holds(seen))
                return seen;
            if (TimeProvider.System.GetElapsedTime(begin) > patience)
                throw new TimeoutException($"Not within {patience.TotalSeconds:0} s: {what}. Last seen: {seen}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>The same for what is not there at first: looks until it is something.</summary>
    public static async Task<T> FindsAsync<T>(
        Func<Task<T?>> look, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(look))] string what = "")
        where T : class => (await SeesAsync(look, static found => found is not null, deadline, what))!;
}
