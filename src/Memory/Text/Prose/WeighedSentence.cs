namespace MemoryOrleans.Text.Prose;

/// <summary>A sentence with how much it matters by <see cref="ImportancePolicy"/>.</summary>
internal readonly record struct WeighedSentence(Sentence Sentence, double Importance);
