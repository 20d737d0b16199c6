namespace MemoryOrleans.Recall.Vectors;

/// <summary>How the vectors of a turn that an encoder embeds are numbered in the store.</summary>
internal static class EncoderPieces
{
    /// <summary>The turn in its context: every turn has it, so turns are counted by it.</summary>
    public const int Context = 0;

    public const int First = 1;
}
