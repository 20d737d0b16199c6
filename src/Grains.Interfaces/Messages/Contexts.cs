using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains.Messages;

/// <summary><see cref="ContextCitation"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.ContextCitation")]
public readonly record struct ContextCitationMessage(
    [property: Id(0)] string Label,
    [property: Id(1)] string Section,
    [property: Id(2)] string Kind,
    [property: Id(3)] string? MemoryId,
    [property: Id(4)] SourceTurn[] Sources);

[RegisterConverter]
public sealed class ContextCitationConverter : IConverter<ContextCitation, ContextCitationMessage>
{
    public ContextCitation ConvertFromSurrogate(in ContextCitationMessage surrogate) =>
        new(surrogate.Label, surrogate.Section, surrogate.Kind, surrogate.MemoryId, surrogate.Sources);

    public ContextCitationMessage ConvertToSurrogate(in ContextCitation value) =>
        new(value.Label, value.Section, value.Kind, value.MemoryId, [.. value.Sources]);
}

/// <summary><see cref="ContextBlock"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.ContextBlock")]
public readonly record struct ContextBlockMessage(
    [property: Id(0)] string Text, [property: Id(1)] int Tokens, [property: Id(2)] ContextCitation[] Citations);

[RegisterConverter]
public sealed class ContextBlockConverter : IConverter<ContextBlock, ContextBlockMessage>
{
    public ContextBlock ConvertFromSurrogate(in ContextBlockMessage surrogate) =>
        new(surrogate.Text, surrogate.Tokens, surrogate.Citations);

    public ContextBlockMessage ConvertToSurrogate(in ContextBlock value) => new(value.Text, value.Tokens, [.. value.Citations]);
}
