namespace MemoryOrleans.Models.Local;

/// <summary>How a text's token vectors become one.</summary>
public enum Pooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The first one's, which stands for the whole text.</summary>
    Cls,
}

/// <summary>
/// A model that runs in this process: by default the one that comes with the build, else any ONNX file of the same form (BERT's
/// word pieces; inputs <c>input_ids</c>, <c>attention_mask</c> and, where it wants them, <c>token_type_ids</c>; one output of
/// a vector a token). The ranges are checked where the settings are read.
/// </summary>
public sealed record LocalModelOptions
{
    /// <summary>The name of the default model's vectors: others of another quantisation would be another space.</summary>
    public const string DefaultName = "all-MiniLM-L6-v2.int8";

    /// <summary>Dimensions of the default model's vectors.</summary>
    public const int DefaultDimensions = 384;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>Names the space of its vectors.</summary>
    public string Name { get; init; } = DefaultName;

    /// <summary>The ONNX file.</summary>
    public string ModelPath { get; init; } = Path.Combine(Folder, "all-MiniLM-L6-v2.int8.onnx");

    /// <summary>The word pieces, one a line, numbered from 0.</summary>
    public string VocabularyPath { get; init; } = Path.Combine(Folder, "all-MiniLM-L6-v2.vocab.txt");

    /// <summary>
    /// True of a model that an operator named by its file: one that does not fit is an error, where the default one's lack is a warning.
    /// </summary>
    public bool IsNamed { get; init; }

    public Pooling Pooling { get; init; } = Pooling.Mean;

    /// <summary>What goes before a question, and before what is stored, as some models were trained; empty: nothing.</summary>
    public string QuestionPrefix { get; init; } = string.Empty;

    public string StoredPrefix { get; init; } = string.Empty;

    /// <summary>1..4,000; null: the model's own. Others than the model's are an error.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Tokens of a text that are read, 8..512, the two that mark its ends included; what follows is left out.</summary>
    public int TokensMax { get; init; } = 256;

    /// <summary>
    /// Stored texts embedded at a time, 1..64, a processor each; one question more finds its place beside them. They share the model, and
    /// take only processor time that nobody else wants.
    /// </summary>
    public int ConcurrentTextsMax { get; init; } = ConcurrentTextsDefault;

    /// <summary>One: on two cores, two of them took appends more than they gave (docs/decisions/0030).</summary>
    public const int ConcurrentTextsDefault = 1;

    public const int ConcurrentTextsLimit = 64;

    /// <summary>
    /// Of the time that each of those threads takes for stored texts while the rest of the process keeps half of all processors busy,
    /// 1..100; 100: they never rest. Beside each other, what one has under way counts as the rest's.
    /// </summary>
    public int BusyPercent { get; init; } = BusyPercentDefault;

    public const int BusyPercentDefault = 10;

    /// <summary>
    /// For one request of a few texts; the first also loads the model. Stored texts wait long while processors are busy, and that is no
    /// failure.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes of the vectors of questions kept; 0: none.</summary>
    public long CacheBytesMax { get; init; } = 32L * 1024 * 1024;
}
