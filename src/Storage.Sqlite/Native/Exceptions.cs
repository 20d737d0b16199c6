using System.Data.Common;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>SQLite could not do what was asked. A <see cref="DbException"/>, as a server database's client would throw.</summary>
/// <param name="code">SQLite's extended result code, 0 where the failure is not SQLite's.</param>
public sealed class SqliteStoreException(string message, int code) : DbException(message, code)
{
    private const int Permission = 3, Busy = 5, NoMemory = 7, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14;
    private const int Constraint = 19, NotADatabase = 26;

    /// <summary>Worth another try without a change by the caller.</summary>
    public override bool IsTransient => (ErrorCode & 0xFF) is 0 or Busy or NoMemory or InputOutput or Full || IsForbidden;

    /// <summary>What a caller of the store's ports sees: a failure that may pass, and damage, are the store's being unavailable.</summary>
    internal Exception AsUnavailable()
    {
        if (IsDamage)
            return new StoreCorruptException(Message, this);
        return IsTransient ? new StoreUnavailableException(Message, this) : this;
    }

    /// <summary>The bytes read are no database, or a damaged one.</summary>
    internal bool IsDamage => (ErrorCode & 0xFF) is Corrupt or NotADatabase;

    /// <summary>The system does not let the file, or those beside it, be opened or written.</summary>
    internal bool IsForbidden => (ErrorCode & 0xFF) is Permission or ReadOnly or CannotOpen;

    internal bool IsFull => (ErrorCode & 0xFF) == Full;

    internal bool IsNoDatabase => (ErrorCode & 0xFF) == NotADatabase;

    internal bool IsBusy => (ErrorCode & 0xFF) == Busy;

    /// <summary>A uniqueness, check or foreign key rule was broken.</summary>
    internal bool IsConstraint => (ErrorCode & 0xFF) == Constraint;
}

/// <summary>SQLite's library is missing or unfit.</summary>
public sealed class SqliteLibraryException(string message, Exception? cause = null) : InvalidOperationException(message, cause);

/// <summary>Another process, or another store of this one, has the database open.</summary>
public sealed class StoreLockedException(string message, Exception? cause) : IOException(message, cause);
