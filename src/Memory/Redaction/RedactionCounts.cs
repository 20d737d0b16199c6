namespace MemoryOrleans.Redaction;

/// <summary>How many spans of each kind were taken out.</summary>
public readonly record struct RedactionCounts(
    int Secrets = 0, int Emails = 0, int Ibans = 0, int Cards = 0, int Addresses = 0, int Phones = 0)
{
    public bool IsEmpty => this == default;

    public int Of(RedactionPacks pack) => pack switch
    {
        RedactionPacks.Secrets => Secrets,
        RedactionPacks.Emails => Emails,
        RedactionPacks.Ibans => Ibans,
        RedactionPacks.Cards => Cards,
        RedactionPacks.Addresses => Addresses,
        RedactionPacks.Phones => Phones,
        _ => 0,
    };

    public RedactionCounts With(RedactionPacks pack, int more) => pack switch
    {
        RedactionPacks.Secrets => this with { Secrets = Secrets + more },
        RedactionPacks.Emails => this with { Emails = Emails + more },
        RedactionPacks.Ibans => this with { Ibans = Ibans + more },
        RedactionPacks.Cards => this with { Cards = Cards + more },
        RedactionPacks.Addresses => this with { Addresses = Addresses + more },
        RedactionPacks.Phones => this with { Phones = Phones + more },
        _ => this,
    };

    /// <summary>By the names of the kinds, those of which there is something.</summary>
    public IReadOnlyDictionary<string, int> ByKind()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (pack, _, kind, _) in RedactionNames.All)
        {
            if (Of(pack) is > 0 and var count)
                counts.Add(kind, count);
        }

        return counts;
    }
}
