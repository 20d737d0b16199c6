using MemoryOrleans.Facts;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Episodes;

/// <summary>A run of turns made into an episode, before it is given an id and stored.</summary>
/// <param name="Summary">A few sentences, at most <see cref="DistillationLimits.SummaryTokensMax"/> estimated tokens.</param>
/// <param name="Topics">At most ten, most important first; lower case.</param>
/// <param name="Entities">Names of people, places, organisations and things as written, each once.</param>
/// <param name="Sources">The turns of the run, ascending; never empty.</param>
/// <param name="Importance">0..1.</param>
public sealed record EpisodeDraft(
    string Summary,
    IReadOnlyList<string> Topics,
    IReadOnlyList<string> Entities,
    IReadOnlyList<SourceTurn> Sources,
    double Importance,
    DateTimeOffset OccurredFrom,
    DateTimeOffset OccurredTo)
{
    /// <summary>Null: the distillation's.</summary>
    public string? Origin { get; init; }
}

/// <summary>What a distiller made of a session's turns.</summary>
/// <param name="Origin">The distiller with its version, and the prompt's where one was used.</param>
public sealed record Distillation(IReadOnlyList<EpisodeDraft> Episodes, IReadOnlyList<FactCandidate> Facts, string Origin);

/// <summary>Bounds of what a distiller makes.</summary>
/// <param name="TurnsMax">Turns of one episode, 2..500.</param>
/// <param name="SummaryTokensMax">Estimated tokens of a summary, 20..2,000.</param>
/// <param name="FactsMax">Fact candidates of one episode, 0..200.</param>
/// <param name="EpisodesPerSlice">Times <paramref name="TurnsMax"/>, the turns of one commit, 1..20. Long enough that an end of a slice
/// seldom cuts an episode, short enough for a lease.</param>
public sealed record DistillationLimits(int TurnsMax = 40, int SummaryTokensMax = 120, int FactsMax = 24, int EpisodesPerSlice = 5);
