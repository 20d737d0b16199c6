namespace MemoryOrleans.Redaction;

/// <summary>What redaction may do to a text's form: a label is longer than a very short secret.</summary>
public static class RedactedTexts
{
    /// <summary>The error for a text that is not of valid form any more; null when it is.</summary>
    /// <param name="fault">The end of a sentence that begins with the field's name, as of <see cref="TextRules"/>.</param>
    public static MemoryError? FaultIn(string field, string? fault) => fault is null
        ? null
        : new MemoryError(ErrorCode.InvalidInput, $"With labels in the place of what is redacted it {fault}.", field);
}
