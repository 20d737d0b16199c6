namespace MemoryOrleans.Models.Neural;

/// <summary>Whose protocol the model server speaks.</summary>
public enum EmbedderProvider
{
    /// <summary><c>POST {base}/embeddings</c> as OpenAI has it: also Ollama, TEI, vLLM, llama.cpp and gateways.</summary>
    OpenAi,

    /// <summary><c>POST {base}/models/{model}:batchEmbedContents</c> of the Generative Language API.</summary>
    Gemini,

    /// <summary>No server: a model in this process (<see cref="Local.LocalEmbedder"/>).</summary>
    Local,
}

/// <summary>Where a neural embedder is and how it is treated. The ranges are checked where the settings are read.</summary>
public sealed record NeuralEmbedderOptions
{
    public static readonly Uri OpenAiUrl = new("https://api.openai.com/v1");

    public static readonly Uri GeminiUrl = new("https://generativelanguage.googleapis.com/v1beta");

    /// <summary>What Gemini takes in one request.</summary>
    public const int GeminiBatchTextsMax = 100;

    public required EmbedderProvider Provider { get; init; }

    /// <summary>As the provider knows it.</summary>
    public required string Model { get; init; }

    /// <summary>1..4,000; null: the model's own.</summary>
    public int? Dimensions { get; init; }

    /// <summary>http or https, without query; null: the provider's public address.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Visible ASCII; null: no credential is sent.</summary>
    public string? ApiKey { get; init; }

    /// <summary>For one request, its connecting included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Texts in one request; the smallest limit known to be a server's default is TEI's 32.</summary>
    public int BatchTextsMax { get; init; } = 32;

    /// <summary>UTF-16 characters in one request, all texts together; a longer text goes alone.</summary>
    public int BatchCharactersMax { get; init; } = 100_000;

    /// <summary>UTF-16 characters of one text that are embedded; what follows them is left out.</summary>
    public int TextCharactersMax { get; init; } = 8_000;

    /// <summary>Requests under way at a time; others wait. One of several is kept for questions.</summary>
    public int ConcurrentRequestsMax { get; init; } = 4;

    /// <summary>Bytes of the vectors of questions kept; 0: none.</summary>
    public long CacheBytesMax { get; init; } = 32L * 1024 * 1024;

    /// <summary>The share of requests, 0..1, that must have failed for the circuit to open.</summary>
    public double CircuitFailureRatio { get; init; } = 0.5;

    /// <summary>Requests within <see cref="CircuitWindow"/> below which the circuit stays closed; at least 2.</summary>
    public int CircuitRequestsMin { get; init; } = 4;

    /// <summary>The time over which failures are counted; at least half a second.</summary>
    public TimeSpan CircuitWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open circuit lets nothing through, before one request probes; at least half a second.</summary>
    public TimeSpan CircuitBreak { get; init; } = TimeSpan.FromSeconds(15);
}
