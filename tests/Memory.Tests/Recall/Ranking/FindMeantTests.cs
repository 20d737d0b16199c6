using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Feed;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

/// <summary>Slips in a question's names and rare words, and names that a question has whole.</summary>
public sealed class FindMeantTests
{
    private static readonly string[] Said =
        ["Jennifer bakes bread", "Alexander keeps bees", "Zsófia sails to Kraków", "the sourdough rises", "Дмитрий печёт хлеб"];

    [Theory]
    [InlineData("What does Jenifer bake?", "Jenifer→Jennifer", "Jennifer bakes bread")]
    [InlineData("What does Jennifre bake?", "Jennifre→Jennifer", "Jennifer bakes bread")]
    [InlineData("What does Jennifwr bake?", "Jennifwr→Jennifer", "Jennifer bakes bread")]
    [InlineData("What does Jennnifer bake?", "Jennnifer→Jennifer", "Jennifer bakes bread")]
    [InlineData("What does jenifer bake?", "jenifer→Jennifer", "Jennifer bakes bread")]
    [InlineData("What does Alexxander keep?", "Alexxander→Alexander", "Alexander keeps bees")]
    [InlineData("Where does Zsofai go?", "Zsofai→Zsófia", "Zsófia sails to Kraków")]
    [InlineData("How is the sourdoug?", "sourdoug→sourdough", "the sourdough rises")]
    [InlineData("Что делает Дмитирй?", "Дмитирй→Дмитрий", "Дмитрий печёт хлеб")]
    [InlineData("What does Alexan keep?", "Alexan→Alexander", "Alexander keeps bees")]
    [InlineData("What does Jenn like?", "Jenn→Jennifer", "Jennifer bakes bread")]
    public void A_slip_finds_what_was_meant_and_says_so(string question, string shown, string content)
    {
        var (meant, first, terms) = Ask(question, Said);

        Assert.Single(meant);
        Assert.Equal(content, first);
        Assert.Contains(shown, terms);
    }

    [Theory]
    [InlineData("ihre", "ihren Honig")]
    [InlineData("Bienen", "eine Biene")]
    [InlineData("puede", "no puedo")]
    public void Another_form_of_a_word_is_no_slip_in_a_language_that_is_not_known(string asked, string said) =>
        Assert.Empty(new FindMeant(Wordless.Instance, [ScopeOf(said)]).In($"wem {asked}"));

    [Theory]
    [InlineData("What does Jennifer bake?")]
    [InlineData("What does Fennifer bake?")]
    [InlineData("What does Jenfier bake?")]
    [InlineData("What does Jen bake?")]
    [InlineData("Who is Bob?")]
    [InlineData("")]
    public void A_word_that_is_there_or_two_slips_away_or_short_stays_as_it_is(string question)
    {
        Assert.Empty(new FindMeant(Wordless.Instance, [ScopeOf(Said)]).In(question));
        Assert.Equal(question, FindMeant.Correct(question, []));
    }

    [Fact]
    public void A_known_word_is_no_slip_and_a_known_name_only_a_long_one()
    {
        var scope = ScopeOf("we bought the flue", "Maria sings", "Jennifer bakes");
        Assert.Empty(new FindMeant(WordsKnown.All, [scope]).In("Who plays the flute? Is it Marie?"));
        Assert.Equal("Jennifer", Assert.Single(new FindMeant(WordsKnown.All, [scope]).In("Is it Jenifer?")).Text);
    }

    [Fact]
    public void What_only_one_of_two_collections_has_is_there() =>
        Assert.Empty(new FindMeant(Wordless.Instance, [ScopeOf("Jennifer bakes"), ScopeOf("Jenifer sails")]).In("Where is Jenifer?"));

    [Fact]
    public void A_speaker_is_found_by_a_slip_and_by_the_beginning_of_the_name()
    {
        var scope = ScopeOf([Turns.Said(1, "s", 1, "I bake", name: "Guadalupe")]);
        foreach (var asked in new[] { "Guadaluep", "Guada" })
            Assert.Equal("Guadalupe", Assert.Single(new FindMeant(Wordless.Instance, [scope]).In($"What does {asked} do?")).Text);
    }

    [Fact]
    public void No_more_than_a_few_words_are_looked_at()
    {
        var asked = string.Join(' ', Enumerable.Range(0, 200).Select(static i => $"jenife{(char)('a' + (i % 26))}x"));
        Assert.InRange(new FindMeant(Wordless.Instance, [ScopeOf(Said)]).In($"{asked} Jenifer").Count, 0, FindMeant.WordsMax);
    }

    [Fact]
    public void One_slip_of_any_kind_is_among_those_tried_and_nothing_else() =>
        Prop.ForAll(Gen.Elements("jennifer", "bakery", "oslo", "marrakesh").ToArbitrary(), Gen.Choose(1, 20).ToArbitrary(),
        Gen.Choose(0, 25).ToArbitrary(), static (word, place, letter) =>
        {
            var at = 1 + (place % (word.Length - 1));
            var typed = (char)('a' + letter);
            var tried = Slips.Of(word).ToHashSet(StringComparer.Ordinal);
            Assert.Contains(word.Remove(at, 1), tried);
            Assert.Contains(word.Insert(at, typed.ToString()), tried);
            Assert.True(typed == word[at] || tried.Contains(word.Remove(at, 1).Insert(at, typed.ToString())));
            Assert.All(tried, each => Assert.Equal(word[0], each[0]));
            Assert.InRange(tried.Count, 1, 54 * word.Length);
        }).Check(SameCases.Quick);

    [Theory]
    [InlineData("Is the Blue Bakery open?", "The Blue Bakery", true)]
    [InlineData("is the BLUE bakery's door open", "the blue bakery", true)]
    [InlineData("Is the bakery blue?", "the blue bakery", false)]
    [InlineData("王芳去哪里了", "王芳", true)]
    [InlineData("王小芳去哪里了", "王芳", false)]
    [InlineData("Wo ist Zoë?", "Zoe", true)]
    [InlineData("x", "?!", false)]
    public void A_name_is_in_a_question_whole_or_not_at_all(string question, string name, bool isThere) =>
        Assert.Equal(isThere, NameKeys.Of(name) is { } key && NameKeys.In(question).Contains(key));

    [Fact]
    public void A_document_that_is_named_whole_comes_first_is_fully_relevant_and_stays_so_when_others_leave()
    {
        TurnCommitted[] documents =
        [
            Turns.Said(1, "m1", 1, "Opens at seven, and rye is sold out by nine, so come early; the oven is out of order on Mondays."),
            Turns.Said(2, "m2", 1, "the big bakery by the blue bridge"),
            Turns.Said(3, "m3", 1, "Sails on Sundays") with { Aliases = ["Old Tom"] },
        ];
        documents[0] = documents[0] with { Aliases = ["the blue bakery", "Köhler's"] };
        var partition = Ranked.Build(documents);
        foreach (var each in new[] { partition.Snapshot, partition.Without(new HashSet<string>(["m2"])).Snapshot })
        {
            var first = Ranked.Rank(each, "When does the Blue Bakery open?")[0];
            Assert.Equal("m1", first.SessionId);
            Assert.InRange(first.Relevance, 0.6, 1);
            Assert.True(first.Parts.Quote > 0);
            Assert.Equal("m1", Ranked.Rank(each, "Is Kohler open?")[0].SessionId);
        }

        partition.Hide("m1");
        partition.Publish(4);
        Assert.DoesNotContain("m1",
            Ranked.Rank(partition.Snapshot, "When does the Blue Bakery open?").Select(static each => each.SessionId));
    }

    private static (IReadOnlyList<MeantWord> Meant, string First, IReadOnlyList<string> Shown) Ask(string question, string[] said)
    {
        var scope = ScopeOf(said);
        var meant = new FindMeant(WordsKnown.Everyday, [scope]).In(question);
        var asked = new QueryAnalyzer(Wordless.Instance).Analyze(FindMeant.Correct(question, meant), scope);
        asked = asked with { Terms = FindMeant.Apply(asked.Terms, meant) };
        var first = new RankTurns(scope, asked, new RankScratch()).Rank(1)[0];
        var content = said[first.SessionId[1] - '0'];
        return (meant, content, [.. asked.Terms.Where(term => Relevance.Says(first.Partition, first.Turn, term.Hash))
            .Select(term => ShowTerm.In(term, content))]);
    }

    private static RankScope ScopeOf(params string[] said) =>
        ScopeOf([.. said.Select(static (text, i) => Turns.Said(i + 1, $"s{i}", 1, text))]);

    private static RankScope ScopeOf(TurnCommitted[] turns) => new([Ranked.Build(turns, Wordless.Instance).Snapshot], [null]);
}

/// <summary>Knows no word at all, every one, or those of everyday questions.</summary>
internal sealed class WordsKnown(Predicate<string> knows) : Embeddings.IEmbedder
{
    public static readonly WordsKnown All = new(static _ => true);

    public static readonly WordsKnown Everyday = new(static word => Questions.Contains(word, StringComparer.Ordinal));

    private static readonly string[] Questions = ["what", "where", "how", "does", "is", "the", "bake", "keep", "go", "like"];

    public string ModelId => "known";

    public int Dimensions => 4;

    public bool TryEmbed(ReadOnlySpan<char> text, Span<float> vector)
    {
        vector.Clear();
        var isKnown = knows(text.ToString());
        vector[0] = isKnown ? 1 : 0;
        return isKnown;
    }
}

internal static class Wordless
{
    public static readonly WordsKnown Instance = new(static _ => false);
}
