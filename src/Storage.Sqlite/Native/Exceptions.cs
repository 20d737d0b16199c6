using System.Data.Common;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>SQLite could not do what was asked. A <see cref="DbException"/>, as a server database's client would throw.</summary>
/// <param name="code">SQLite's extended result code, 0 where the failure is not SQLite's.</param>
public sealed class SqliteStoreException(string message, int code) : DbException(message, code)
{
    private const int Busy = 5, NoMemory = 7, InputOutput = 10, Full = 13, Corrupt = 11, Constraint = 19, NotADatabase = 26;

    /// <summary>Worth another try without a change by the caller.</summary>
    public override bool IsTransient => (ErrorCode & 0xFF) is 0 or Busy or NoMemory or InputOutput or Full;

    /// <summary>What a caller of the store's ports sees: a failure that may pass is the store's being unavailable.</summary>
    internal Exception AsUnavailable() => IsTransient ? new StoreUnavailableException(Message, this) : this;

    /// <summary>The bytes read are no database, or a damaged one.</summary>
    internal bool IsDamage => (ErrorCode & 0xFF) is Corrupt or NotADatabase;

    /// <summary>A uniqueness, check or foreign key rule was broken.</summary>
    internal bool IsConstraint => (ErrorCode & 0xFF) == Constraint;
}

/// <summary>SQLite's library is missing or unfit.</summary>
public sealed class SqliteLibraryException(string message, Exception? cause = null) : InvalidOperationException(message, cause);

/// <summary>Another process, or another store of this one, has the database open.</summary>
public sealed class StoreLockedException(string message, Exception? cause) : IOException(message, cause);
