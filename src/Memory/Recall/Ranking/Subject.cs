using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// Whom a question is about: the one speaker it names, else, in the first person, whoever speaks in the role user.
/// Turns they said count more, others' less; a question about nobody, or about two speakers, treats all alike.
/// </summary>
internal sealed class Subject
{
    public static readonly Subject Nobody = new(static _ => 1f);

    private readonly Func<SpeakerEntry, float> multiplier;

    private Subject(Func<SpeakerEntry, float> multiplier) => this.multiplier = multiplier;

    public static Subject Named(string name) => Those(speaker => speaker.Name == name);

    public static Subject Asker { get; } = Those(static speaker => speaker.Role == "user");

    public float MultiplierOf(SpeakerEntry speaker) => multiplier(speaker);

    /// <summary>The multiplier of each of the partition's speakers, by number.</summary>
    public float[] MultipliersOf(PartitionSnapshot partition)
    {
        var multipliers = new float[Math.Max(partition.SpeakerCount, 1)];
        for (var i = 0; i < partition.SpeakerCount; i++)
            multipliers[i] = multiplier(partition.Speakers[i]);
        return multipliers;
    }

    private static Subject Those(Func<SpeakerEntry, bool> said) =>
        new(speaker => said(speaker) ? RankerWeights.BySubject : RankerWeights.NotBySubject);
}
