using MemoryOrleans.Embeddings;
using MemoryOrleans.Episodes;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Engine;

/// <summary>The models that an engine asks.</summary>
/// <param name="Words">Word vectors, in microseconds; always there.</param>
/// <param name="Texts">A neural embedder; null: word vectors only, and nobody does the work of neural ones.</param>
/// <param name="Distiller">One that asks a model and may fail; what it does not do the extractive one does. Null: that one alone.</param>
public sealed record EngineModels(IEmbedder Words, ITextEmbedder? Texts = null, IDistiller? Distiller = null);
