using MemoryOrleans.Embeddings;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Models.Neural;

/// <summary>Carries a text's role through the options of a generator, which know none.</summary>
internal static class RequestRole
{
    private const string Key = "role";

    public static EmbeddingGenerationOptions ToOptions(string model, int? dimensions, TextRole role) => new()
    {
        ModelId = model,
        Dimensions = dimensions,
        AdditionalProperties = new AdditionalPropertiesDictionary { [Key] = role },
    };

    /// <summary><see cref="TextRole.Stored"/> when the options say nothing.</summary>
    public static TextRole Of(EmbeddingGenerationOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(Key, out var value) == true && value is TextRole role ? role : TextRole.Stored;
}
