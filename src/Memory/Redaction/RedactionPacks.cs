using System.Collections.Frozen;

namespace MemoryOrleans.Redaction;

/// <summary>What is taken out of texts before they are stored. Each pack is also a kind of what it takes out.</summary>
[Flags]
public enum RedactionPacks
{
    None = 0,

    /// <summary>API keys of known forms, private keys, JSON Web Tokens, and what is said to be a password.</summary>
    Secrets = 1,

    /// <summary>E-mail addresses.</summary>
    Emails = 2,

    /// <summary>International bank account numbers whose check digits are right.</summary>
    Ibans = 4,

    /// <summary>Numbers of payment cards that pass the Luhn check.</summary>
    Cards = 8,

    /// <summary>Postal addresses: streets with house numbers.</summary>
    Addresses = 16,

    /// <summary>Telephone numbers.</summary>
    Phones = 32,
}

/// <summary>The packs by the names that settings and callers know them by, and what stands where something was taken out.</summary>
public static class RedactionNames
{
    /// <summary>How a list of packs must read, as the end of the sentence "must be …".</summary>
    public const string Form = "a list of secrets, emails, ibans, cards, addresses, phones, each once; or all, or none";

    /// <summary>In the order in which they are applied.</summary>
    public static readonly IReadOnlyList<(RedactionPacks Pack, string Name, string Kind, string Label)> All =
    [
        (RedactionPacks.Secrets, "secrets", "secret", "[secret]"),
        (RedactionPacks.Emails, "emails", "email", "[email]"),
        (RedactionPacks.Ibans, "ibans", "iban", "[iban]"),
        (RedactionPacks.Cards, "cards", "card", "[card]"),
        (RedactionPacks.Addresses, "addresses", "address", "[address]"),
        (RedactionPacks.Phones, "phones", "phone", "[phone]"),
    ];

    private const string Everything = "all";
    private const string Nothing = "none";

    private static readonly FrozenDictionary<string, RedactionPacks> ByName =
        All.ToFrozenDictionary(static each => each.Name, static each => each.Pack, StringComparer.Ordinal);

    public static string LabelOf(RedactionPacks pack) => All.First(each => each.Pack == pack).Label;

    public static IReadOnlyList<string> Of(RedactionPacks packs) =>
        [.. All.Where(each => packs.HasFlag(each.Pack)).Select(static each => each.Name)];

    /// <summary>The packs of a list of names; null when one is unknown or there twice. An empty list is none.</summary>
    public static RedactionPacks? TryParse(IReadOnlyList<string?> names)
    {
        if (names is [Everything])
            return All.Aggregate(RedactionPacks.None, static (packs, each) => packs | each.Pack);
        var packs = RedactionPacks.None;
        foreach (var name in names is [Nothing] ? [] : names)
        {
            if (name is null || !ByName.TryGetValue(name, out var pack) || packs.HasFlag(pack))
                return null;
            packs |= pack;
        }

        return packs;
    }
}
