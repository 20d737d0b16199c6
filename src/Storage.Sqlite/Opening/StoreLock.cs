namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// Keeps a second process off the database: heads, change numbers and the queue live in the memory of one. The lock is the
/// operating system's, on <c>&lt;path&gt;.lock</c>, and vanishes with the process however that ends.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(100);

    private readonly FileStream file;

    // EWOULDBLOCK of Linux and of macOS, and Windows' violations of sharing and of a lock.
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    private StoreLock(FileStream file) => this.file = file;

    /// <summary>Waits for the lock, trying ten times a second.</summary>
    /// <exception cref="StoreNotOpenedException">The file of the lock cannot be made or opened.</exception>
    /// <exception cref="StoreLockedException">Another holds it, and still did after <paramref name="timeout"/>.</exception>
    public static async Task<StoreLock> AcquireAsync(
        string databasePath, TimeSpan timeout, TimeProvider clock, CancellationToken cancel)
    {
        var path = databasePath + ".lock";
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return new StoreLock(StoreFiles.Open(path, FileShare.None));
            }
            catch (IOException error) when (IsHeld(error))
            {
                if (clock.GetElapsedTime(started) >= timeout)
                {
                    throw new StoreLockedException(
                        $"{databasePath} is in use by another process ({path} is locked); waited {timeout.TotalSeconds:0.#} s.", error);
                }
            }
            catch (Exception error) when (ExplainFailure.IsExplained(error))
            {
                throw ExplainFailure.Of(error, path);
            }

            await Task.Delay(RetryEvery, clock, cancel);
        }
    }

    private static bool IsHeld(IOException error) => Held.Contains(error.HResult);

    /// <summary>Releases the lock. The file stays: removing it could pull it from under a process that just opened it.</summary>
    public void Dispose() => file.Dispose();
}
