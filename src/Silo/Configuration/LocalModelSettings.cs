using MemoryOrleans.Models.Local;
using MemoryOrleans.Settings;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>
/// The settings of a model that runs in this process: the one that comes with it, or another of the same form, named by its file.
/// </summary>
internal static class LocalModelSettings
{
    public const string ModelPath = "MEMORY_EMBEDDING_MODEL_PATH";
    private const string PoolingName = "MEMORY_EMBEDDING_POOLING";
    private const string QuestionPrefix = "MEMORY_EMBEDDING_QUESTION_PREFIX";
    private const string StoredPrefix = "MEMORY_EMBEDDING_STORED_PREFIX";

    private static readonly Dictionary<string, Pooling> Poolings =
        new(StringComparer.Ordinal) { ["mean"] = Pooling.Mean, ["cls"] = Pooling.Cls };

    /// <summary>Reads and defines them.</summary>
    /// <param name="isChosen">False where another provider is: then none but limits may be set.</param>
    /// <param name="name">What the settings call the model; null: nothing.</param>
    public static LocalModelOptions Read(MemorySettings settings, bool isChosen, string? name, int? dimensions)
    {
        var path = settings.Text(
            ModelPath, null, "a path of an ONNX file, its vocabulary beside it as vocab.txt or NAME.vocab.txt",
            "Another sentence encoder for local than the one that comes with it, of the same form (docs/operations.md). Its file's "
            + "name, or MEMORY_EMBEDDING_MODEL_NAME, names its vectors.");
        var pooling = settings.OneOf(PoolingName, "mean", Poolings,
            "How that model's token vectors become a text's: their mean, or the first one.");
        var question = settings.Text(QuestionPrefix, null, "any text",
            "What that model wants before a question, such as query:. A blank is put after it.");
        var stored = settings.Text(StoredPrefix, null, "any text",
            "What that model wants before what is stored, such as passage:. A blank is put after it.");
        var options = new LocalModelOptions
        {
            TokensMax = settings.Integer(
                "MEMORY_EMBEDDING_LOCAL_TOKENS_MAX", 256, 8, 512, "tokens",
                "Tokens of a text that the local model reads; what follows is left out."),
            ConcurrentTextsMax = ReadConcurrentTexts(settings),
            BusyPercent = settings.Integer(
                "MEMORY_EMBEDDING_LOCAL_BUSY_PERCENT", LocalModelOptions.BusyPercentDefault, 1, 100, "percent",
                "Of the time that the local model may take for stored texts while requests keep half of all processors busy; at leisure "
                + "it takes what it needs."),
        };
        if (path is not null && isChosen)
            return Named(settings, options, path) with
            {
                Name = name ?? Path.GetFileNameWithoutExtension(path), Pooling = pooling, QuestionPrefix = WithBlank(question),
                    StoredPrefix = WithBlank(stored),
                Dimensions = dimensions,
            };
        RejectLeftovers(settings, path, pooling, question, stored);
        if (isChosen && dimensions is not null and not LocalModelOptions.DefaultDimensions)
            settings.Reject("MEMORY_EMBEDDING_DIMENSIONS",
                $"must be {LocalModelOptions.DefaultDimensions} with the model that comes with local, but is '{dimensions}'");
        return options;
    }

    private static int ReadConcurrentTexts(MemorySettings settings) => settings.Integer(
        "MEMORY_EMBEDDING_LOCAL_TEXTS_MAX", LocalModelOptions.ConcurrentTextsDefault, 1, LocalModelOptions.ConcurrentTextsLimit, "texts",
        "Stored texts that the local model embeds at a time, a processor each, while it has nothing else to do; a question more finds "
        + "its place beside them.");

    private static LocalModelOptions Named(MemorySettings settings, LocalModelOptions options, string path)
    {
        var vocabulary = VocabulariesOf(path).FirstOrDefault(File.Exists);
        if (!File.Exists(path))
            settings.Reject(ModelPath, $"there is no file {path}");
        else if (vocabulary is null)
            settings.Reject(ModelPath, $"there is no vocabulary beside it: {string.Join(" or ", VocabulariesOf(path))}");
        return options with { ModelPath = path, VocabularyPath = vocabulary ?? string.Empty, IsNamed = true };
    }

    // Of a.int8.onnx: vocab.txt, a.int8.vocab.txt, a.vocab.txt.
    private static IEnumerable<string> VocabulariesOf(string path)
    {
        yield return Path.Combine(Path.GetDirectoryName(path) ?? string.Empty, "vocab.txt");
        for (var stem = path; Path.HasExtension(stem);)
        {
            stem = Path.ChangeExtension(stem, null);
            yield return $"{stem}.vocab.txt";
        }
    }

    private static void RejectLeftovers(MemorySettings settings, string? path, Pooling pooling, string? question, string? stored)
    {
        if (path is not null)
        {
            settings.Reject(ModelPath, "has no use without MEMORY_EMBEDDING_PROVIDER=local");
            return;
        }

        foreach (var (name, isSet) in new[] { (PoolingName, pooling != Pooling.Mean), (QuestionPrefix, question is not null),
            (StoredPrefix, stored is not null) })
        {
            if (isSet)
                settings.Reject(name, $"has no use without {ModelPath}");
        }
    }

    private static string WithBlank(string? prefix) => prefix is null ? string.Empty : $"{prefix} ";
}
