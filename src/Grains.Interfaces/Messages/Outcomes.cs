using Orleans.Serialization.Cloning;

namespace MemoryOrleans.Grains.Messages;

/// <summary><see cref="MemoryError"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.Error")]
public readonly record struct ErrorMessage(
    [property: Id(0)] ErrorCode Code, [property: Id(1)] string Detail, [property: Id(2)] string? Field,
    [property: Id(3)] TimeSpan? RetryAfter);

[RegisterConverter]
public sealed class ErrorConverter : IConverter<MemoryError, ErrorMessage>
{
    public MemoryError ConvertFromSurrogate(in ErrorMessage surrogate) =>
        new(surrogate.Code, surrogate.Detail, surrogate.Field, surrogate.RetryAfter);

    public ErrorMessage ConvertToSurrogate(in MemoryError value) => new(value.Code, value.Detail, value.Field, value.RetryAfter);
}

/// <summary><see cref="Outcome{T}"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.Outcome`1")]
public readonly record struct OutcomeMessage<T>([property: Id(0)] T? Value, [property: Id(1)] MemoryError? Error);

[RegisterConverter]
public sealed class OutcomeConverter<T> : IConverter<Outcome<T>, OutcomeMessage<T>>
{
    public Outcome<T> ConvertFromSurrogate(in OutcomeMessage<T> surrogate) =>
        surrogate.Error is { } error ? error : Outcome.Of(surrogate.Value!);

    public OutcomeMessage<T> ConvertToSurrogate(in Outcome<T> value) =>
        value.IsSuccess ? new OutcomeMessage<T>(value.Value, null) : new OutcomeMessage<T>(default, value.Error);
}

/// <summary>Outcomes hold immutable records only, so that within a process the very same object is the answer.</summary>
[RegisterCopier]
public sealed class OutcomeCopier<T> : ShallowCopier<Outcome<T>>;
