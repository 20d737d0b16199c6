namespace MemoryOrleans.Text.Prose;

/// <summary>Who said a turn.</summary>
/// <param name="Name">As it stands inside a sentence: the turn's name, else <c>the user</c>, <c>the assistant</c>.</param>
/// <param name="Key">Canonical form for claims: the name in lower case with single spaces, else the role.</param>
/// <param name="IsPerson">True when what is said in the first person is about somebody worth remembering: not of assistants, tools and
/// systems.</param>
internal sealed record Speaker(string Name, string Key, bool IsPerson)
{
    private const int NameLengthMax = 60;

    /// <summary>The name at the start of a line.</summary>
    public string Title => char.IsLower(Name[0]) && Name.StartsWith("the ", StringComparison.Ordinal) ? $"T{Name[1..]}" : Name;

    public string Label => Name.StartsWith("the ", StringComparison.Ordinal) ? $"{char.ToUpperInvariant(Name[4])}{Name[5..]}" : Name;

    /// <param name="turnName">The name the turn was sent with, or null.</param>
    public static Speaker Of(string role, string? turnName)
    {
        var name = CleanText.OneLine(turnName ?? "");
        var isPerson = role is not ("assistant" or "system" or "tool" or "function" or "developer");
        if (name.Length is 0 or > NameLengthMax || !char.IsLetter(name, 0))
            name = $"the {(role.Length == 0 || !char.IsLetter(role, 0) ? "user" : role)}";
        var key = name.StartsWith("the ", StringComparison.Ordinal) ? name[4..] : name;
        return new Speaker(name, key.ToLowerInvariant(), isPerson);
    }
}
