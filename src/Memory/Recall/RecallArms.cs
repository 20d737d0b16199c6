namespace MemoryOrleans.Recall;

/// <summary>What took part in a recall, for whoever counts.</summary>
/// <param name="Turns">Turns were looked up by their words and word vectors.</param>
/// <param name="Memories">So were episodes, facts and what agents wrote.</param>
/// <param name="Meaning">The question was compared with the local encoder's vectors.</param>
/// <param name="Neural">The nearest vectors of a model behind a network took part.</param>
public readonly record struct RecallArms(bool Turns, bool Memories, bool Meaning, bool Neural);
