using MemoryOrleans.Recall;

namespace MemoryOrleans.Grains.Messages;

/// <summary><see cref="ContextCitation"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.ContextCitation")]
public readonly record struct ContextCitationMessage(
    [property: Id(0)] string Label, [property: Id(1)] string Section, [property: Id(2)] string SessionId, [property: Id(3)] string TurnId, [property: Id(4)] long Seq);

[RegisterConverter]
public sealed class ContextCitationConverter : IConverter<ContextCitation, ContextCitationMessage>
{
    public ContextCitation ConvertFromSurrogate(in ContextCitationMessage surrogate) =>
        new(surrogate.Label, surrogate.Section, surrogate.SessionId, surrogate.TurnId, surrogate.Seq);

    public ContextCitationMessage ConvertToSurrogate(in ContextCitation value) =>
        new(value.Label, value.Section, value.SessionId, value.TurnId, value.Seq);
}

/// <summary><see cref="ContextBlock"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.ContextBlock")]
public readonly record struct ContextBlockMessage([property: Id(0)] string Text, [property: Id(1)] int Tokens, [property: Id(2)] ContextCitation[] Citations);

[RegisterConverter]
public sealed class ContextBlockConverter : IConverter<ContextBlock, ContextBlockMessage>
{
    public ContextBlock ConvertFromSurrogate(in ContextBlockMessage surrogate) => new(surrogate.Text, surrogate.Tokens, surrogate.Citations);

    public ContextBlockMessage ConvertToSurrogate(in ContextBlock value) => new(value.Text, value.Tokens, [.. value.Citations]);
}
