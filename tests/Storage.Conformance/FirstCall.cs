using System.Reflection;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Lets something happen just before the first call of a method is made, as another process would.</summary>
public class FirstCall : DispatchProxy
{
    private object? inner;
    private string? method;
    private Func<Task>? before;

    public static T Over<T>(T inner, string method, Func<Task> before)
        where T : class
    {
        var proxy = Create<T, FirstCall>();
        var call = (FirstCall)(object)proxy;
        (call.inner, call.method, call.before) = (inner, method, before);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == method && Interlocked.Exchange(ref before, null) is { } happen)
            happen().GetAwaiter().GetResult();
        return targetMethod.Invoke(inner, args);
    }
}
