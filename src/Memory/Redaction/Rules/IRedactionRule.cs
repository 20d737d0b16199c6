using System.Buffers;

namespace MemoryOrleans.Redaction.Rules;

/// <summary>Finds one kind of thing. Safe for concurrent use.</summary>
internal interface IRedactionRule
{
    /// <summary>Characters at which <see cref="Match"/> is worth asking.</summary>
    SearchValues<char> Starts { get; }

    /// <summary>
    /// What is to be taken out on account of the character at a place; nothing, or a span that begins at <see cref="ScannedText.Floor"/>
    /// or later and ends after <paramref name="at"/>. Looks at a bounded number of characters, or at none for which an earlier call looked.
    /// </summary>
    TextSpan Match(ScannedText text, int at);
}
