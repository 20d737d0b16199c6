namespace MemoryOrleans.Transfer;

/// <summary>Enumerations by their names in lower case.</summary>
internal static class EnumNames
{
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.All.TryGetValue(value, out var name)
            ? name
            : throw new InvalidOperationException($"{value} is no {typeof(T).Name}.");

    public static bool TryRead<T>(string name, out T value)
        where T : struct, Enum => Names<T>.Values.TryGetValue(name, out value);

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> All =
            Enum.GetValues<T>().ToDictionary(static value => value, static value => value.ToString().ToLowerInvariant());

        public static readonly Dictionary<string, T> Values =
            All.ToDictionary(static pair => pair.Value, static pair => pair.Key, StringComparer.Ordinal);
    }
}
