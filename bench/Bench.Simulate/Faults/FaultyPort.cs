using System.Reflection;
using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Bench.Simulate.Faults;

/// <summary>
/// A port of a store whose calls fail now and then, before they are done or after: reads and most writes by exception, commits
/// by their status, as the ports say. One for every port there is, so that a new method is drawn in by itself.
/// </summary>
internal class FaultyPort<TPort> : DispatchProxy
    where TPort : class
{
    private static readonly MethodInfo Results = Find(nameof(ResultAsync));
    private static readonly MethodInfo ValueResults = Find(nameof(ValueResultAsync));
    private static readonly MethodInfo Streams = Find(nameof(StreamAsync));

    private readonly Dictionary<string, object> feeds = new(StringComparer.Ordinal);
    private TPort inner = null!;
    private FaultPlan faults = null!;

    public static TPort Around(TPort inner, FaultPlan faults)
    {
        var port = Create<TPort, FaultyPort<TPort>>();
        var self = (FaultyPort<TPort>)(object)port;
        (self.inner, self.faults) = (inner, faults);
        return port;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod!;
        var call = () => method.Invoke(inner, BindingFlags.DoNotWrapExceptions, null, args, null);
        var returns = method.ReturnType;
        if (returns == typeof(IRecallFeed))
            return Feed(method.Name, (IRecallFeed)call()!);
        if (returns == typeof(Task))
            return ResultAsync(async () => { await (Task)call()!; return true; });
        if (returns == typeof(ValueTask))
            return ValueAsync(call);
        if (!returns.IsGenericType)
            return call();
        var of = returns.GetGenericTypeDefinition();
        var handle = of == typeof(Task<>) ? Results : of == typeof(ValueTask<>) ? ValueResults : of == typeof(IAsyncEnumerable<>)
            ? Streams : null;
        return handle is null ? call() : handle.MakeGenericMethod(returns.GetGenericArguments())
            .Invoke(this, BindingFlags.DoNotWrapExceptions, null, [Wrap(handle, returns, call)], null);
    }

    private static object Wrap(MethodInfo handle, Type returns, Func<object?> call) =>
        handle == Results || handle == ValueResults || handle == Streams
        ? call : throw new InvalidOperationException($"{returns} is not known here.");

    private static MethodInfo Find(string name) =>
        typeof(FaultyPort<TPort>).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic)
        .Single(each => each.Name == name && each.GetParameters()[0].ParameterType == typeof(Func<object?>));

    private object Feed(string name, IRecallFeed feed)
    {
        lock (feeds)
        {
            if (!feeds.TryGetValue(name, out var known))
                feeds[name] = known = FaultyPort<IRecallFeed>.Around(feed, faults);
            return known;
        }
    }

    private Task<T> ResultAsync<T>(Func<object?> call) => ResultAsync(() => (Task<T>)call()!);

    private ValueTask<T> ValueResultAsync<T>(Func<object?> call) => new(ResultAsync(() => ((ValueTask<T>)call()!).AsTask()));

    private ValueTask ValueAsync(Func<object?> call) => new(ResultAsync(async () =>
    {
        await (ValueTask)call()!;
        return true;
    }));

    private async IAsyncEnumerable<T> StreamAsync<T>(Func<object?> call)
    {
        Demand(faults.Next());
        await foreach (var each in (IAsyncEnumerable<T>)call()!)
        {
            yield return each;
            Demand(faults.Next());
        }
    }

    // The call itself is made before the first await: commits are queued in the order in which they are made.
    private async Task<T> ResultAsync<T>(Func<Task<T>> call)
    {
        var fault = faults.Next();
        if (fault is Fault.Before or Fault.Full)
        {
            if (typeof(T) == typeof(CommitStatus))
                return (T)(object)(fault == Fault.Full ? CommitStatus.Overloaded : CommitStatus.Unavailable);
            Demand(fault);
        }

        var done = await call();
        if (fault == Fault.None)
            return done;
        return done is CommitStatus ? (T)(object)CommitStatus.Unavailable : throw Lost();
    }

    private static void Demand(Fault fault)
    {
        if (fault != Fault.None)
            throw Lost();
    }

    private static StoreUnavailableException Lost() => new("The simulator took the store away.");
}
