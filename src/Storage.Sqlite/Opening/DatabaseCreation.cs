namespace MemoryOrleans.Storage.Sqlite;

/// <summary>What opening does about a database that is missing or has no byte.</summary>
public enum DatabaseCreation
{
    /// <summary>Makes an empty one, unless something beside it says that one was there before.</summary>
    WhenNew,

    /// <summary>Makes an empty one, whatever was there before.</summary>
    Always,

    /// <summary>Refuses.</summary>
    Never,
}
