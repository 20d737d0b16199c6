using System.Reflection;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>
/// Counts the calls of several proxies and fails one: before it is made, or after it took effect, as when the answer is lost.
/// </summary>
public sealed class FailingCall(int failAt, bool takesEffect, Func<Exception> failure)
{
    private int calls;

    /// <summary>Whether there were as many calls as it waited for.</summary>
    public bool HasFailed => Volatile.Read(ref calls) >= failAt;

    public T Over<T>(T inner)
        where T : class
    {
        var proxy = DispatchProxy.Create<T, Proxy>();
        ((Proxy)(object)proxy).Set(inner, this);
        return proxy;
    }

    private object? Invoke(object inner, MethodInfo method, object?[]? arguments)
    {
        var fails = Interlocked.Increment(ref calls) == failAt;
        if (fails && !takesEffect)
            throw failure();
        var result = method.Invoke(inner, arguments);
        if (!fails)
            return result;
        switch (result)
        {
            case Task task:
                task.GetAwaiter().GetResult();
                break;
            case ValueTask<long> number:
                _ = number.AsTask().GetAwaiter().GetResult();
                break;
        }

        throw failure();
    }

    /// <summary>Public, since proxies are made in an assembly of their own.</summary>
    public class Proxy : DispatchProxy
    {
        private object? inner;
        private FailingCall? call;

        internal void Set(object target, FailingCall failing) => (inner, call) = (target, failing);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => call!.Invoke(inner!, targetMethod!, args);
    }
}
