namespace MemoryOrleans.Models.Chat;

/// <summary>How the model is told that its answer must be JSON; servers differ in what they take.</summary>
public enum AnswerForm
{
    /// <summary><c>response_format: json_schema</c>, strict: OpenAI, Ollama, vLLM, llama.cpp.</summary>
    JsonSchema,

    /// <summary><c>response_format: json_object</c>.</summary>
    JsonObject,

    /// <summary>By the prompt alone.</summary>
    Prompt,
}

/// <summary>The chat model that distils, and how it is treated. The ranges are checked where the settings are read.</summary>
public sealed record ChatModelOptions
{
    /// <summary>Up to and with the protocol's version; http or https, without query.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>As its server knows it.</summary>
    public required string Model { get; init; }

    /// <summary>Visible ASCII; null: no credential is sent.</summary>
    public string? ApiKey { get; init; }

    /// <summary>For one request; less than nine tenths of the lease of due work.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Estimated tokens of the turns in one request; longer turns are cut to fit.</summary>
    public int InputTokensMax { get; init; } = 6_000;

    /// <summary>Tokens the model may answer, as its server counts them.</summary>
    public int OutputTokensMax { get; init; } = 3_000;

    public AnswerForm Form { get; init; } = AnswerForm.JsonSchema;

    /// <summary>The share of requests, 0..1, that must have failed for the model to be left alone.</summary>
    public double CircuitFailureRatio { get; init; } = 0.5;

    /// <summary>Requests within <see cref="CircuitWindow"/> below which it is asked on; at least 2.</summary>
    public int CircuitRequestsMin { get; init; } = 4;

    /// <summary>The time over which failures are counted.</summary>
    public TimeSpan CircuitWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it is left alone before one request probes it.</summary>
    public TimeSpan CircuitBreak { get; init; } = TimeSpan.FromSeconds(30);
}
