using System.Diagnostics.Metrics;
using System.Globalization;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Episodes;
using MemoryOrleans.Settings;
using MemoryOrleans.Models.Chat;
using MemoryOrleans.Models.Neural;
using MemoryOrleans.Scheduling;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>The chat model that distils; null: rules alone do.</summary>
public sealed record ChatSettings(ChatModelOptions? Model, int AttemptsMax)
{
    private const string ModelName = "MEMORY_CHAT_MODEL_NAME";
    private const string BaseUrl = "MEMORY_CHAT_BASE_URL";
    private const string ApiKey = "MEMORY_CHAT_API_KEY";
    private const string TimeoutName = "MEMORY_CHAT_TIMEOUT_SECONDS";

    private static readonly Dictionary<string, AnswerForm> Forms = new(StringComparer.Ordinal)
    {
        ["json_schema"] = AnswerForm.JsonSchema, ["json_object"] = AnswerForm.JsonObject, ["none"] = AnswerForm.Prompt,
    };

    /// <summary>Reads, defines and checks them; errors are collected in <paramref name="settings"/>.</summary>
    public static ChatSettings Read(MemorySettings settings)
    {
        var model = settings.Text(ModelName, null, "the model's name as its server knows it",
            "A chat model that distils turns into episodes and facts; empty: rules alone do.");
        var errors = settings.Errors.Count;
        var baseUrl = ModelAccess.ReadBaseUrl(
            settings, BaseUrl, $"Where the chat model is asked, by OpenAI's protocol, up to and with its version: "
                + $"http://localhost:11434/v1 for Ollama. Default: {NeuralEmbedderOptions.OpenAiUrl}.");
        var key = ModelAccess.ReadKey(settings, ApiKey,
            $"The chat model's API key; needed at the public address, sent to {BaseUrl} when there is one.");
        var isAccessRead = settings.Errors.Count == errors;
        var options = new ChatModelOptions
        {
            Model = model ?? string.Empty,
            BaseUrl = baseUrl ?? NeuralEmbedderOptions.OpenAiUrl,
            ApiKey = key,
            Timeout = TimeSpan.FromSeconds(settings.Integer(
                TimeoutName, 45, 1, 2_880, "seconds",
                "How long the chat model may take for one request, about 40 turns; at most eight tenths of MEMORY_DUE_LEASE_SECONDS.")),
            InputTokensMax = settings.Integer(
                "MEMORY_CHAT_MAX_INPUT_TOKENS", 6_000, 500, 1_000_000, "tokens",
                "Estimated tokens of the turns in one request to the chat model; longer turns are cut to fit."),
            OutputTokensMax = settings.Integer(
                "MEMORY_CHAT_MAX_OUTPUT_TOKENS", 3_000, 200, 100_000, "tokens", "Tokens the chat model may answer, sent as max_tokens."),
            Form = settings.OneOf(
                "MEMORY_CHAT_RESPONSE_FORMAT", "json_schema", Forms,
                "How the chat model is told to answer JSON, as far as its server takes it; none: by the prompt alone."),
        };
        var attempts = settings.Integer(
            "MEMORY_CHAT_ATTEMPTS_MAX", 4, 1, 99, "attempts",
            "After so many failures in a row the turns in question are distilled by rules, marked as a fallback; less than "
            + "MEMORY_DUE_ATTEMPTS_MAX, or one less than that holds.");
        if (model is null)
            RejectLeftovers(settings, baseUrl, key);
        else if (isAccessRead && key is null && options.BaseUrl.Host == NeuralEmbedderOptions.OpenAiUrl.Host)
            settings.Reject(ApiKey, $"is needed with {ModelName} at the public address; {BaseUrl} names another");
        return new ChatSettings(model is null ? null : options, attempts);
    }

    /// <summary>A request must end before its lease does.</summary>
    public void Check(MemorySettings settings, DueLimits due)
    {
        if (Model is { } options && options.Timeout > due.ChatRequestMax)
        {
            settings.Reject(TimeoutName, string.Create(
                CultureInfo.InvariantCulture,
                $"must be at most eight tenths of MEMORY_DUE_LEASE_SECONDS ({due.Lease.TotalSeconds}), but is "
                + $"'{options.Timeout.TotalSeconds}'"));
        }
    }

    /// <summary>Adds the model as <see cref="IDistiller"/> where one is chosen; the container disposes it.</summary>
    public void AddTo(IServiceCollection services)
    {
        if (Model is not { } options)
            return;
        services.AddSingleton<IDistiller>(provider =>
        {
            var embedder = provider.GetRequiredService<IEmbedder>();
            return new ChatDistiller(
                options, new ExtractiveDistiller(embedder), embedder, provider.GetService<TimeProvider>()
                ?? TimeProvider.System, provider.GetRequiredService<IMeterFactory>());
        });
    }

    private static void RejectLeftovers(MemorySettings settings, Uri? baseUrl, string? key)
    {
        if (baseUrl is not null)
            settings.Reject(BaseUrl, $"has no use without {ModelName}");
        if (key is not null)
            settings.Reject(ApiKey, $"has no use without {ModelName}");
    }
}
