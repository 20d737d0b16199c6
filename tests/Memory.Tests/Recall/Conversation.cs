using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Memory.Tests.Recall;

/// <summary>What one turn of an invented conversation is made of.</summary>
/// <param name="Day">Days after the conversation's first; need not rise.</param>
internal sealed record Saying(int Session, int Speaker, string Text, int Day);

/// <summary>Sayings of several interleaved sessions, in commit order, and questions about them.</summary>
internal sealed record Conversation(Saying[] Sayings, string[] Questions)
{
    public const int SessionsMax = 4;
    public static readonly DateTimeOffset FirstDay = new(2023, 5, 8, 13, 56, 0, TimeSpan.Zero);

    private static readonly (string Role, string? Name)[] Speakers =
        [("user", null), ("assistant", null), ("user", "Ann"), ("user", "Bob Stone"), ("assistant", "Li Wei")];

    private static readonly string[] Words =
    [
        "bread", "oven", "bakes", "baking", "guitar", "concert", "music", "park", "went", "go", "ran", "running", "the", "is", "a",
        "I", "my", "Ann", "Bob", "stone", "Li", "8", "May", "2023", "March", "café", "面包", "好吃的面包", "хлеб", "you", "and",
    ];

    private static readonly string[] Endings = [".", ".", "", "!", "?", "? [image: a loaf of bread]", " [image: a dog?]", "？"];
    private static readonly string[] Blanks = ["", "   ", "...", "the", "?", "[image: a cat]", "!!! 🌟"];

    /// <summary>Up to forty sayings and one to three questions.</summary>
    public static Arbitrary<Conversation> Any => Arb.From(
        from turns in Gen.Sized(static size => Gen.Choose(0, Math.Min(size, 40)))
        from sayings in SayingGen.ArrayOf(turns)
        from asked in Gen.Choose(1, 3)
        from questions in QuestionGen.ArrayOf(asked)
        select new Conversation(sayings, questions),
        Shrink);

    /// <summary>The sayings as the store's feed tells them; change n is the n-th saying.</summary>
    public IReadOnlyList<TurnCommitted> Changes => ToChanges(Sayings);

    public static string SessionId(int session) => $"s{session}";

    public static string? AgentOf(int session) => session % 2 == 0 ? "agent-a" : null;

    /// <summary>A conversation of many turns, always the same.</summary>
    public static Conversation Long(int turns)
    {
        var random = new Random(turns);
        string Phrase(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => Words[random.Next(Words.Length)]));
        var sayings = Enumerable.Range(0, turns).Select(_ => new Saying(
            random.Next(SessionsMax), random.Next(Speakers.Length), Phrase(random.Next(1, 9)) + Endings[random.Next(Endings.Length)],
            random.Next(300)));
        return new Conversation([.. sayings], ["What bread did Ann bake on 8 May?", "guitar music in the park", "Where did I go running?"]);
    }

    public override string ToString() =>
        string.Join('\n', Sayings.Select(static each => $"{each.Session}/{each.Speaker}/{each.Day}: {each.Text}")
        .Append("? " + string.Join(" | ", Questions)));

    private static Gen<Saying> SayingGen { get; } =
        from session in Gen.Choose(0, SessionsMax - 1)
        from speaker in Gen.Choose(0, Speakers.Length - 1)
        from text in Gen.Frequency((1, Gen.Elements(Blanks)), (9, SentenceGen(1, 10)), (2, ParagraphGen))
        from day in Gen.Choose(0, 400)
        select new Saying(session, speaker, text, day);

    private static Gen<string> QuestionGen { get; } = Gen.Frequency(
        (1, Gen.Elements(Blanks)), (12, SentenceGen(1, 7)),
        (2, Gen.Elements("What did Ann and Bob bake?", "What is my bread?", "Which music on 8 May 2023?")));

    private static Gen<string> ParagraphGen =>
        Gen.Choose(3, 24).SelectMany(static count => SentenceGen(6, 14).ArrayOf(count))
        .Select(static sentences => string.Join(' ', sentences));

    private static Gen<string> SentenceGen(int least, int most) =>
        from count in Gen.Choose(least, most)
        from words in Gen.Elements(Words).ArrayOf(count)
        from ending in Gen.Elements(Endings)
        select string.Join(' ', words) + ending;

    private static IReadOnlyList<TurnCommitted> ToChanges(Saying[] sayings)
    {
        var seqs = new int[SessionsMax];
        return [.. sayings.Select((saying, i) =>
            new TurnCommitted(i + 1, ToTurn(saying, ++seqs[saying.Session], i), AgentOf(saying.Session)))];
    }

    private static Turn ToTurn(Saying saying, int seq, int order)
    {
        var (role, name) = Speakers[saying.Speaker];
        return new Turn(
            SessionId(saying.Session), seq, $"t{order}", role, name, saying.Text,
            FirstDay.AddDays(saying.Day), FirstDay.AddMinutes(order), Metadata: null, TokenEstimate.Of(saying.Text));
    }

    private static IEnumerable<Conversation> Shrink(Conversation conversation)
    {
        var (sayings, questions) = (conversation.Sayings, conversation.Questions);
        for (var i = 0; i < questions.Length && questions.Length > 1; i++)
            yield return conversation with { Questions = [.. questions[..i], .. questions[(i + 1)..]] };
        for (var length = sayings.Length / 2; length > 0; length /= 2)
        {
            for (var from = 0; from + length <= sayings.Length; from += length)
                yield return conversation with { Sayings = [.. sayings[..from], .. sayings[(from + length)..]] };
        }
    }
}
