namespace MemoryOrleans.Gateway.Tests;

/// <summary>Tests that look at what the whole process measures, and so run beside no others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
