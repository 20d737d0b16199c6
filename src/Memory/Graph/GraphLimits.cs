namespace MemoryOrleans.Graph;

/// <summary>Bounds of the knowledge graph, each for the sake of one answer's or one change's cost.</summary>
public static class GraphLimits
{
    /// <summary>Observations one request may add.</summary>
    public const int ObservationsPerRequestMax = 100;

    /// <summary>Turns one observation may cite.</summary>
    public const int SourcesMax = 16;

    /// <summary>Bytes of an entity's or relation's metadata, as canonical JSON in UTF-8.</summary>
    public const int MetadataBytesMax = MetadataRules.BytesMax;

    /// <summary>Characters of a type.</summary>
    public const int TypeLengthMax = 64;

    /// <summary>Observations and relations that one entity's answer holds, of each.</summary>
    public const int PerEntityShown = 200;

    /// <summary>Observations of one entity that search reads and shows matches of, the newest; older ones are not searched.</summary>
    public const int ObservationsSearchedMax = 200;

    /// <summary>Matching observations that search shows of one entity.</summary>
    public const int MatchesShown = 5;

    /// <summary>Most steps a path may be asked to have, and how many it may have when nothing is said.</summary>
    public const int HopsMax = 6;

    public const int HopsDefault = 4;

    /// <summary>Entities a search for a path looks at before it gives up.</summary>
    public const int PathVisitedMax = 20_000;

    /// <summary>Relations a search for a path reads before it gives up.</summary>
    public const int PathRelationsMax = 100_000;

    /// <summary>Entities whose relations are read at a time, and relations of each.</summary>
    public const int NeighbourBatch = 256;

    public const int RelationsPerRead = 500;

    /// <summary>Entities an overview names, and types it counts.</summary>
    public const int MostConnected = 10;

    public const int TypesShown = 50;
}
