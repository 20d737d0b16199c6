using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Models.Neural.Providers;

/// <summary>
/// <c>POST {base}/embeddings</c>. <c>encoding_format</c> is left out: there are servers that refuse any, and others that
/// ignore it, so both forms are read. The role of texts has no place in this protocol.
/// </summary>
internal sealed class OpenAiGenerator(NeuralEmbedderOptions options, TimeProvider time) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly ModelServer server = new(
        options.BaseUrl ?? NeuralEmbedderOptions.OpenAiUrl,
        options.ApiKey is { } key ? ("Authorization", $"Bearer {key}") : null,
        time, ModelServerPort.Embedder);

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        server.PostAsync("embeddings", writer => Write(writer, values, options), static answer => Read(answer), cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() => server.Dispose();

    private void Write(Utf8JsonWriter writer, IEnumerable<string> texts, EmbeddingGenerationOptions? asked)
    {
        writer.WriteStartObject();
        writer.WriteString("model", asked?.ModelId ?? options.Model);
        writer.WriteStartArray("input");
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
        if (asked?.Dimensions is { } dimensions)
            writer.WriteNumber("dimensions", dimensions);
        writer.WriteEndObject();
    }

    // {"data": [{"index": 0, "embedding": […]}]}; the order of data is not promised.
    private static GeneratedEmbeddings<Embedding<float>> Read(JsonElement answer)
    {
        var data = answer.GetProperty("data");
        var vectors = new float[data.GetArrayLength()][];
        var next = 0;
        foreach (var each in data.EnumerateArray())
        {
            var at = each.TryGetProperty("index", out var index) && index.ValueKind == JsonValueKind.Number ? index.GetInt32() : next;
            if (at < 0 || at >= vectors.Length || vectors[at] is not null)
                throw new FormatException();
            vectors[at] = VectorJson.Read(each.GetProperty("embedding"));
            next++;
        }

        return [.. vectors.Select(static vector => new Embedding<float>(vector))];
    }
}
