using MemoryOrleans.Recall.Meaning;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>What a question is to the formula with an encoder, beside what it is to every ranking.</summary>
/// <param name="Space">Whose vectors they are.</param>
/// <param name="Vector">Of the question as <see cref="RewriteQuestion"/> has it.</param>
/// <param name="Terms">Of the same, for windows: without names and what only says how to answer.</param>
/// <param name="Dates">What it names of dates.</param>
/// <param name="AsksAssistant">Who speaks then tells nothing.</param>
/// <param name="AsksWhen">A turn that names a time is then what is sought.</param>
internal sealed record MeaningQuery(
    VectorSpace Space, QueryVector Vector, IReadOnlyList<WeightedTerm> Terms, IReadOnlyList<QuestionDate> Dates, bool AsksAssistant,
    bool AsksWhen)
{
    /// <summary>The most that dates and times add to a turn's score.</summary>
    public float DateMost => (Dates.Count > 0 ? MeaningWeights.Date : 0) + (AsksWhen ? MeaningWeights.NamesTime : 0);

    /// <summary>The question as the encoder is to embed it, given who speaks in the scope.</summary>
    public static string TextOf(string question, RankScope scope) => RewriteQuestion.ForEncoder(question, NamesOf(scope));

    /// <param name="text">As <see cref="TextOf"/> gave it.</param>
    /// <param name="days">What the question means by "yesterday" and the like; null: nothing.</param>
    /// <param name="vector">The text's, a unit vector of the space.</param>
    public static MeaningQuery Of(string question, string text, VectorSpace space, float[] vector, AskedDays? days = null) => new(
        space, QueryVector.Of(vector), QueryAnalyzer.TermsOf(text), [.. QuestionDate.Find(question), .. days?.Dates ?? []],
        RewriteQuestion.AsksAssistant(question), RewriteQuestion.AsksWhen(question));

    private static IEnumerable<string> NamesOf(RankScope scope) => scope.Partitions
        .SelectMany(static partition => partition.Speakers.Take(partition.SpeakerCount)
        .Where((_, number) => partition.Hidden?.HasSpeaker(number) != true))
        .Select(static speaker => speaker.Name)
        .OfType<string>()
        .Distinct(StringComparer.Ordinal);
}
