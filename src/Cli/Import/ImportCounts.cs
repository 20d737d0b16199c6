namespace MemoryOrleans.Cli.Import;

/// <summary>How far an import has come.</summary>
internal sealed class ImportCounts
{
    /// <summary>Turns read from the input.</summary>
    public long Read { get; set; }

    /// <summary>Turns that the memory stored.</summary>
    public long Stored { get; set; }

    /// <summary>Turns that the memory had already, by their ids.</summary>
    public long AlreadyThere { get; set; }

    /// <summary>The user of the turns stored last.</summary>
    public string? User { get; set; }
}
