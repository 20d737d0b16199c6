using System.Globalization;

namespace MemoryOrleans.Bench.Month;

/// <summary>
/// Turns in which people tell of themselves: what is said again, what changes, and much that says little. The same for the same seed.
/// </summary>
internal sealed class MadeUpTalk(int seed)
{
    private static readonly string[] Cities = ["Berlin", "Lyon", "Porto", "Oslo", "Kyoto", "Quito", "Leeds", "Turin"];
    private static readonly string[] Firms = ["Brandt Logistics", "Oxley Mills", "Nordwind", "Harbour Books", "Lumen Labs"];
    private static readonly string[] Things = ["hiking", "baking bread", "chess", "old films", "gardening", "cycling", "green tea", "jazz"];
    private static readonly string[] Pets = ["Bruno", "Mitzi", "Pepper", "Olga"];
    private static readonly string[] Small =
        ["It rained all day.", "The meeting ran long again.", "I could not find my keys this morning.", "Nothing much happened.",
        "The train was late."];
    private static readonly string[] Answers =
        ["I see, thank you for telling me.", "That sounds good.", "What are you planning next?", "Would you like a reminder for that?"];

    private readonly Random random = new(seed);

    /// <summary>Turns of one session, user and assistant in turn.</summary>
    public IReadOnlyList<(string Role, string Content)> Session(int turns) =>
        [.. Enumerable.Range(0, turns).Select(i => i % 2 == 0 ? ("user", Say()) : ("assistant", Pick(Answers)))];

    public int Below(int bound) => random.Next(bound);

    private string Say() => random.Next(10) switch
    {
        0 => $"I live in {Pick(Cities)}, and I like it there.",
        1 => $"I work at {Pick(Firms)} as an accountant.",
        2 => $"I really like {Pick(Things)}.",
        3 => $"My dog {Pick(Pets)} was at the vet today, but all is well.",
        4 => string.Create(CultureInfo.InvariantCulture,
        $"Remember that I need to pay {random.Next(20, 900)} euros by the {random.Next(1, 28)}th of May."),
        5 => $"My sister visited me and we went to {Pick(Cities)} for {Pick(Things)}.",
        _ => $"{Pick(Small)} {Pick(Small)}",
    };

    private string Pick(string[] words) => words[random.Next(words.Length)];
}
