namespace MemoryOrleans.Storage.Postgres;

/// <summary>The role of the URL could see every tenant's rows, or the tables' row-level security is not in force.</summary>
public sealed class StoreIsolationException(string message) : InvalidOperationException(message);

/// <summary>The server cannot hold this store: its version, or a setting that would lose acknowledged writes.</summary>
public sealed class StoreServerUnfitException(string message) : InvalidOperationException(message);
