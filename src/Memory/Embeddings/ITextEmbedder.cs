namespace MemoryOrleans.Embeddings;

/// <summary>What a text is to its embedder; some models embed questions otherwise than what is searched.</summary>
public enum TextRole
{
    Stored,
    Question,
}

/// <summary>
/// Port of a neural embedder: a model behind a network or beside us, slow and sometimes not there. Safe for concurrent use.
/// </summary>
public interface ITextEmbedder
{
    /// <summary>The model asked for by the settings.</summary>
    string Model { get; }

    /// <summary>Dimensions asked for by the settings; null: the model's own.</summary>
    int? Dimensions { get; }

    /// <summary>
    /// True: turns are embedded as <c>EncoderTexts</c> has them, and every turn of a scope is ranked by its vectors in the recall
    /// index. False: in larger pieces, of which the store finds the nearest.
    /// </summary>
    bool RanksInIndex => false;

    /// <summary>Batches of stored texts it does well to have at a time; at least 1.</summary>
    int StoredAtOnce => 2;

    /// <summary>How its last requests went; asks nobody, so it may be read at any rate.</summary>
    EmbedderState State { get; }

    /// <summary>
    /// One vector a text, in order, L2-normalised and of equal dimensions, checked for NaN and infinities.
    /// </summary>
    /// <param name="model">Which of the provider's models.</param>
    /// <param name="dimensions">Vectors of other dimensions are an error; null: whatever the model gives.</param>
    /// <param name="texts">Each of at least one character.</param>
    /// <exception cref="EmbedderException">It failed, or cannot be reached, or is left alone for a while after failing too
    /// often.</exception>
    ValueTask<IReadOnlyList<float[]>> EmbedAsync(
        string model, int? dimensions, IReadOnlyList<string> texts, TextRole role, CancellationToken cancel);

    /// <summary>Drops what it keeps in memory of texts it was asked for.</summary>
    void Forget()
    {
    }
}

public enum EmbedderCondition
{
    /// <summary>Nothing was asked of it yet.</summary>
    Unknown,

    /// <summary>Its last request was answered.</summary>
    Answering,

    /// <summary>Its last request failed; the next one is tried all the same.</summary>
    Failing,

    /// <summary>It failed too often, or asked for a pause: calls fail at once for a while.</summary>
    LeftAlone,
}

/// <param name="Since">When the first answer, or the first failure, of the present run was seen; null while unknown.</param>
/// <param name="Reason">What failed last, without any text or key; null unless failing or left alone.</param>
public sealed record EmbedderState(EmbedderCondition Condition, DateTimeOffset? Since, string? Reason)
{
    public static readonly EmbedderState Unknown = new(EmbedderCondition.Unknown, null, null);
}

/// <summary>The embedder gave no vectors.</summary>
/// <param name="isPassing">True when trying later may help; false when the same texts will fail again.</param>
/// <param name="retryAfter">How long the embedder asked to be left alone; null when it did not say.</param>
public sealed class EmbedderException(string message, bool isPassing, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public bool IsPassing => isPassing;

    public TimeSpan? RetryAfter => retryAfter;
}
