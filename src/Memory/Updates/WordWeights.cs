using System.Collections;

namespace MemoryOrleans.Updates;

/// <summary>Words with their weights, in the order in which they were found and in no more room than they need.</summary>
internal sealed class WordWeights : IEnumerable<KeyValuePair<string, double>>
{
    private readonly double[] weights;

    private WordWeights(WordSet keys, double[] weights) => (Keys, this.weights) = (keys, weights);

    public WordSet Keys { get; }

    public int Count => weights.Length;

    /// <summary>Of all of them together.</summary>
    public double Sum => weights.Sum();

    public double this[string word] => TryGetValue(word, out var weight)
        ? weight : throw new KeyNotFoundException("The statement does not have the word.");

    public static WordWeights Of(Dictionary<string, double> words) => new(WordSet.Of(words.Keys), [.. words.Values]);

    public bool ContainsKey(string word) => Keys.Contains(word);

    public bool TryGetValue(string word, out double weight)
    {
        var place = Keys.IndexOf(word);
        weight = place < 0 ? 0 : weights[place];
        return place >= 0;
    }

    /// <summary>0 without it.</summary>
    public double GetValueOrDefault(string word) => TryGetValue(word, out var weight) ? weight : 0;

    public double WeightAt(int place) => weights[place];

    public IEnumerator<KeyValuePair<string, double>> GetEnumerator()
    {
        for (var i = 0; i < weights.Length; i++)
            yield return new KeyValuePair<string, double>(Keys[i], weights[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
