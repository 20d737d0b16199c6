using System.Reflection;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Memory.Tests.Text.Words;

/// <summary>Every pattern that the core reads texts by.</summary>
internal static class CorePatterns
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>By the names of their types and fields.</summary>
    public static IReadOnlyDictionary<string, Pattern> All { get; } = typeof(Turn).Assembly.GetTypes()
        .SelectMany(static type => type.GetFields(Static).Where(static field => field.FieldType == typeof(Pattern)))
        .ToDictionary(static field => $"{field.DeclaringType!.Name}.{field.Name}", static field => (Pattern)field.GetValue(null)!);
}
