using System.Text.Json;
using MemoryOrleans.Embeddings;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Models.Neural.Providers;

/// <summary>
/// <c>POST {base}/models/{model}:batchEmbedContents</c> of the Generative Language API; the key travels in a header, never in
/// the address. Vectors shortened by <c>outputDimensionality</c> come without unit length: they are normalised later anyway.
/// </summary>
internal sealed class GeminiGenerator(NeuralEmbedderOptions options, TimeProvider time) : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string ModelsPrefix = "models/";

    private readonly ModelServer server = new(
        options.BaseUrl ?? NeuralEmbedderOptions.GeminiUrl,
        options.ApiKey is { } key ? ("x-goog-api-key", key) : null,
        time, ModelServerPort.Embedder);

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var model = NameOf(options);
        return server.PostAsync(
            $"{ModelsPrefix}{Uri.EscapeDataString(model)}:batchEmbedContents", writer =>
            Write(writer, ModelsPrefix + model, values, options),
            static answer => Read(answer), cancellationToken);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() => server.Dispose();

    private string NameOf(EmbeddingGenerationOptions? asked)
    {
        var model = asked?.ModelId ?? options.Model;
        return model.StartsWith(ModelsPrefix, StringComparison.Ordinal) ? model[ModelsPrefix.Length..] : model;
    }

    private static void Write(Utf8JsonWriter writer, string model, IEnumerable<string> texts, EmbeddingGenerationOptions? asked)
    {
        var task = RequestRole.Of(asked) == TextRole.Question ? "RETRIEVAL_QUERY" : "RETRIEVAL_DOCUMENT";
        writer.WriteStartObject();
        writer.WriteStartArray("requests");
        foreach (var text in texts)
        {
            writer.WriteStartObject();
            writer.WriteString("model", model);
            writer.WriteString("taskType", task);
            if (asked?.Dimensions is { } dimensions)
                writer.WriteNumber("outputDimensionality", dimensions);
            writer.WriteStartObject("content");
            writer.WriteStartArray("parts");
            writer.WriteStartObject();
            writer.WriteString("text", text);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // {"embeddings": [{"values": […]}]}, in the order asked.
    private static GeneratedEmbeddings<Embedding<float>> Read(JsonElement answer) =>
        [.. answer.GetProperty("embeddings").EnumerateArray()
        .Select(static each => new Embedding<float>(VectorJson.Read(each.GetProperty("values"))))];
}
