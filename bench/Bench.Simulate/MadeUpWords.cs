using System.Globalization;

namespace MemoryOrleans.Bench.Simulate;

/// <summary>What people say, each text with a word of its own by which it is found again.</summary>
internal sealed class MadeUpWords(Random random)
{
    private static readonly string[] Said =
    [
        "I live in Berlin, and I like it there.", "I work at Oxley Mills as an accountant.", "I really like chess.",
        "My dog Bruno was at the vet today.",
        "I moved to Oslo, I no longer live in Berlin.", "Remember that I need to pay 240 euros by the 3rd of May.", "It rained all day.",
        "The train was late.",
        "My sister visited me and we went to Porto for jazz.", "I see, thank you for telling me.", "What are you planning next?",
    ];

    private int minted;

    public static string Find(string content) => content[(content.LastIndexOf(' ') + 1)..];

    public string NewWord(string tenant) => string.Create(CultureInfo.InvariantCulture, $"{tenant}xq{minted++}zv");

    public string Say(string word) => $"{Said[random.Next(Said.Length)]} {word}";
}
