namespace MemoryOrleans.Storage.Sealing;

/// <summary>
/// A read that began when its tenant had no data key met a text that is sealed with one: it has to be done again. Never leaves a store.
/// </summary>
public sealed class KeyMadeSinceException(string tenant) : Exception($"The tenant {tenant} got a data key while its texts were read.");
