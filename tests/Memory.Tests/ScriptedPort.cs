using System.Reflection;

namespace MemoryOrleans.Memory.Tests;

/// <summary>A port of which a test answers the few methods it is about, by their names.</summary>
public class ScriptedPort : DispatchProxy
{
    private Func<string, object?[], object?>? answer;

    public static T Of<T>(Func<string, object?[], object?> answer)
        where T : class
    {
        var port = Create<T, ScriptedPort>();
        ((ScriptedPort)(object)port).answer = answer;
        return port;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => answer!(targetMethod!.Name, args!);
}
