namespace MemoryOrleans.Grains;

/// <summary>
/// References to the grains of one interface. The factory looks up an interface's attributes at every call; here they are looked up once.
/// </summary>
internal sealed class GrainReferences<T>(IGrainFactory grains)
    where T : IGrainWithStringKey
{
    private GrainReference? first;

    public T Of(string key)
    {
        if (first is not { } known)
        {
            var found = grains.GetGrain<T>(key);
            first = (GrainReference)(object)found;
            return found;
        }

        return (T)grains.GetGrain(GrainId.Create(known.GrainId.Type, key), known.InterfaceType);
    }
}
