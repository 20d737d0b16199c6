using System.Diagnostics.Metrics;
using System.Globalization;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Settings;
using MemoryOrleans.Models.Local;
using MemoryOrleans.Models.Neural;
using MemoryOrleans.Recall.Vectors;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>
/// What turns text into vectors beside the static word vectors, which always do: a model server, the local model, or, both null, nothing.
/// </summary>
public sealed record EmbeddingSettings(NeuralEmbedderOptions? Neural, LocalModelOptions? Local)
{
    private const string Provider = "MEMORY_EMBEDDING_PROVIDER";
    private const string ModelName = "MEMORY_EMBEDDING_MODEL_NAME";
    private const string DimensionsName = "MEMORY_EMBEDDING_DIMENSIONS";
    private const string BaseUrl = "MEMORY_EMBEDDING_BASE_URL";
    private const string ApiKey = "MEMORY_EMBEDDING_API_KEY";
    private const string BatchMax = "MEMORY_EMBEDDING_BATCH_MAX";
    private const string BatchCharacters = "MEMORY_EMBEDDING_BATCH_MAX_CHARACTERS";
    private const string TextCharacters = "MEMORY_EMBEDDING_TEXT_MAX_CHARACTERS";

    private static readonly Dictionary<string, EmbedderProvider?> Providers = new(StringComparer.Ordinal)
    {
        ["static"] = null, ["local"] = EmbedderProvider.Local, ["openai"] = EmbedderProvider.OpenAi, ["gemini"] = EmbedderProvider.Gemini,
    };

    /// <summary>Reads, defines and checks them; errors are collected in <paramref name="settings"/>.</summary>
    public static EmbeddingSettings Read(MemorySettings settings)
    {
        var provider = settings.OneOf(
            Provider, "local", Providers,
            "What turns text into vectors: local runs a sentence encoder in this process (docs/ranking.md), static, the leanest, is the "
            + "embedded word-vector model alone, which works beside every other one; openai asks any server of OpenAI's protocol "
            + "(Ollama, TEI, vLLM too), gemini Google's.");
        var model = settings.Text(ModelName, null, "the model's name as its provider knows it",
            "The neural model; openai and gemini need it.");
        var dimensions = ReadDimensions(settings);
        var errors = settings.Errors.Count;
        var baseUrl = ModelAccess.ReadBaseUrl(
            settings, BaseUrl, $"Where the neural model is asked, up to and with the protocol's version: http://localhost:11434/v1 for "
                + $"Ollama. Default: {NeuralEmbedderOptions.OpenAiUrl} or {NeuralEmbedderOptions.GeminiUrl}.");
        var apiKey = ModelAccess.ReadKey(
            settings, ApiKey, "The neural model's API key; needed at the providers' public addresses, sent to MEMORY_EMBEDDING_BASE_URL "
                + "when there is one.");
        var isAccessRead = settings.Errors.Count == errors;
        var options = ReadLimits(settings, provider ?? default) with
        {
            Model = model ?? string.Empty, Dimensions = dimensions, BaseUrl = baseUrl, ApiKey = apiKey,
        };
        var isLocal = provider == EmbedderProvider.Local;
        var local = LocalModelSettings.Read(settings, isLocal, model, dimensions) with { CacheBytesMax = options.CacheBytesMax };
        if (provider is not null && !isLocal)
        {
            Check(settings, options, isAccessRead);
            return new EmbeddingSettings(options, null);
        }

        RejectLeftovers(settings, NameOf(provider), baseUrl, apiKey);
        return new EmbeddingSettings(null, isLocal ? local : null);
    }

    /// <summary>Loads a model that is named by its file, so that one that does not fit ends the start.</summary>
    /// <exception cref="SettingsException">It does not fit.</exception>
    public void CheckModel()
    {
        if (Local is not { IsNamed: true } named)
            return;
        try
        {
            LocalEmbedder.Check(named);
        }
        catch (LocalModelUnavailableException lack) when (lack.Lack != LocalModelLack.NativeLibrary)
        {
            throw new SettingsException([$"{LocalModelSettings.ModelPath}: {lack.Message}"]);
        }
    }

    /// <summary>Adds <see cref="ITextEmbedder"/> where one is chosen; the container disposes it.</summary>
    /// <param name="loads">Whether a local model is loaded beside the start, or when it is first asked.</param>
    public void AddTo(IServiceCollection services, bool loads = true)
    {
        if (Local is not null)
            LocalModel.AddTo(services, Local, loads);
        if (Neural is not { } options)
            return;
        services.AddSingleton<ITextEmbedder>(provider => new NeuralEmbedder(
            options, provider.GetService<TimeProvider>() ?? TimeProvider.System, provider.GetRequiredService<IMeterFactory>()));
    }

    private static NeuralEmbedderOptions ReadLimits(MemorySettings settings, EmbedderProvider provider) => new()
    {
        Provider = provider,
        Model = string.Empty,
        Timeout = Seconds(settings, "MEMORY_EMBEDDING_TIMEOUT_SECONDS", 10, 1, 300, "How long one request to the neural model may take."),
        BatchTextsMax = settings.Integer(
            BatchMax, 32, 1, 2_048, "texts",
            "Texts sent to the neural model in one request; gemini takes 100, TEI 32 unless told otherwise."),
        BatchCharactersMax = settings.Integer(
            BatchCharacters, 100_000, 1_000, 10_000_000, "characters", "Characters sent to the neural model in one request."),
        TextCharactersMax = settings.Integer(
            TextCharacters, 8_000, 100, 1_000_000, "characters", "Of a longer text only so many first characters are embedded."),
        ConcurrentRequestsMax = settings.Integer(
            "MEMORY_EMBEDDING_CONCURRENT_REQUESTS_MAX", 4, 1, 64, "requests",
            "Requests to the neural model at a time; others wait. Of several, one is kept for questions."),
        CacheBytesMax = settings.Integer(
            "MEMORY_EMBEDDING_CACHE_MEGABYTES", 32, 0, 4_096, "MiB", "Vectors of questions kept in memory; 0: none.") * 1024L * 1024,
        CircuitFailureRatio = settings.Number(
            "MEMORY_EMBEDDING_CIRCUIT_FAILURE_RATIO", 0.5, 0.05, 1, "failures per request",
            "When so many of the requests of the window failed, the neural model is left alone for the break."),
        CircuitRequestsMin = settings.Integer(
            "MEMORY_EMBEDDING_CIRCUIT_REQUESTS_MIN", 4, 2, 1_000, "requests",
            "With fewer requests in the window it is asked on, however many failed."),
        CircuitWindow = Seconds(
            settings, "MEMORY_EMBEDDING_CIRCUIT_WINDOW_SECONDS", 30, 1, 3_600,
            "Time over which failed requests are counted; longer than the time-out."),
        CircuitBreak = Seconds(
            settings, "MEMORY_EMBEDDING_CIRCUIT_BREAK_SECONDS", 15, 1, 3_600,
            "How long a failing neural model is left alone before one request probes it."),
    };

    private static int? ReadDimensions(MemorySettings settings) => settings.Read(
        new SettingDefinition(
            DimensionsName, "dimensions", string.Empty, $"a whole number of dimensions from 1 to {VectorSpace.DimensionsMax}",
            "Dimensions of the neural model's vectors. Default: the model's own."),
        (int?)null,
        static (string text, out int? value) =>
        {
            var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            value = number;
            return isNumber && number is >= 1 and <= VectorSpace.DimensionsMax;
        });

    /// <param name="isAccessRead">Address and key are as they were set; else what is missing may only be misspelt.</param>
    private static void Check(MemorySettings settings, NeuralEmbedderOptions options, bool isAccessRead)
    {
        if (options.Model.Length == 0)
            settings.Reject(ModelName, $"is needed with {Provider}={NameOf(options.Provider)}");
        var isPublic = options.BaseUrl is null
            || options.BaseUrl.Host == NeuralEmbedderOptions.OpenAiUrl.Host || options.BaseUrl.Host == NeuralEmbedderOptions.GeminiUrl.Host;
        if (isAccessRead && options.ApiKey is null && isPublic)
            settings.Reject(ApiKey, $"is needed with {Provider}={NameOf(options.Provider)} at the provider's public address; {BaseUrl} "
                + $"names another");
        if (options.Provider == EmbedderProvider.Gemini && options.BatchTextsMax > NeuralEmbedderOptions.GeminiBatchTextsMax)
            settings.Reject(BatchMax,
                $"must be at most {NeuralEmbedderOptions.GeminiBatchTextsMax} with {Provider}=gemini, but is '{options.BatchTextsMax}'");
        if (options.BatchCharactersMax < options.TextCharactersMax)
            settings.Reject(BatchCharacters,
                $"must be at least {TextCharacters} ({options.TextCharactersMax}), but is '{options.BatchCharactersMax}'");
        if (options.CircuitWindow <= options.Timeout)
        {
            settings.Reject(
                "MEMORY_EMBEDDING_CIRCUIT_WINDOW_SECONDS",
                $"must be more than MEMORY_EMBEDDING_TIMEOUT_SECONDS ({options.Timeout.TotalSeconds}), but is "
                + $"'{options.CircuitWindow.TotalSeconds}'");
        }
    }

    /// <summary>
    /// An address or a key for nothing is a forgotten provider; a model's name may describe a deployment of static ones too.
    /// </summary>
    private static void RejectLeftovers(MemorySettings settings, string provider, Uri? baseUrl, string? apiKey)
    {
        if (baseUrl is not null)
            settings.Reject(BaseUrl, $"has no use with {Provider}={provider}");
        if (apiKey is not null)
            settings.Reject(ApiKey, $"has no use with {Provider}={provider}");
    }

    private static string NameOf(EmbedderProvider? provider) => Providers.First(each => each.Value == provider).Key;

    private static TimeSpan Seconds(MemorySettings settings, string name, int standard, int least, int most, string description) =>
        TimeSpan.FromSeconds(settings.Integer(name, standard, least, most, "seconds", description));
}
