using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Models;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Outdated;
using MemoryOrleans.Sessions;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Memory.Tests.Updates;

/// <summary>Whatever was said in whatever order: items are moved, none is lost, doubled or made better than the one above it.</summary>
public sealed class MoveItemsTests
{
    private static readonly ReadStatements Read = new(new StaticEmbedder());

    private static readonly string[] Texts =
    [
        "I live in Leuven.", "I moved to Namur.", "I moved back to Leuven.", "My brother moved to Namur.", "My locker code is 4402.",
        "My locker code is 7719 now.",
        "I no longer eat fish.", "I eat fish twice a week.", "Thanks, that's great!", "Vivo en Murcia.", "Me mudé a Gijón.", "我住在武汉。",
        "我搬到了南京。", "",
    ];

    private static readonly string[] Questions =
        ["Where do I live?", "Where did I live before?", "What is my locker code?", "Do I eat fish?", "¿Dónde vivo?", "我住在哪里?"];

    [Fact]
    public void Items_are_only_moved_and_scores_go_on_falling() => Prop.ForAll(Talks(), static talk =>
    {
        var (items, question) = Present(talk);
        var moved = Run(items, question, KnownLinks.None);

        return moved.Select(static item => item.Id).Order().SequenceEqual(items.Select(static item => item.Id).Order())
            && moved.Zip(moved.Skip(1)).All(static pair => pair.First.Score >= pair.Second.Score - 1e-9)
            && moved.All(item => Math.Abs(item.Score - (item.Update?.Part ?? 0) - items.Single(each => each.Id == item.Id).Score) < 1e-6);
    }).Check(SameCases.Quick);

    [Fact]
    public void What_was_said_later_than_asked_for_has_no_say() => Prop.ForAll(Talks(), static talk =>
    {
        var (items, question) = Present(talk);
        var until = Turns.Noon.AddDays(talk.Length / 2);
        var visible = items.Where(item => item.Turn.OccurredAt <= until).ToList();
        var moved = Run(visible, question, KnownLinks.None);
        var ids = visible.Select(static item => item.Id).ToHashSet();

        return moved.All(item => ids.Contains(item.Id) && (item.Update?.Updates is not { } other || ids.Contains(other))
            && (item.Update?.UpdatedBy is not { } by || ids.Contains(by)));
    }).Check(SameCases.Quick);

    [Fact]
    public void A_newer_one_is_put_above_by_a_link_and_not_by_one_that_was_undone()
    {
        var items = new[] { Item(0, 0, "I like the bread of the mill.", 2), Item(1, 1, "We tried the loaf of the tower.", 1) };
        var link = new UpdateLink(SourceOf(items[1]), SourceOf(items[0]), "names-old", UpdateClass.Lifts, 1, items[1].Turn.OccurredAt);

        Assert.Equal(["s1:1", "s0:1"],
            Run(items, "Which bread do I like?", new KnownLinks([link], new HashSet<(TurnAddress, TurnAddress)>()))
            .Select(static item => item.Id));
        Assert.Equal(["s0:1", "s1:1"], Run(items, "Which bread do I like?", KnownLinks.None).Select(static item => item.Id));
    }

    [Theory]
    [InlineData("What dose do I take?", "Grandpa's dose was raised to 20 mg.", "I'm on 10 mg of the drops.")]
    [InlineData("How much rent do I pay?", "Oskar pays 1,200 euros rent.", "My rent is 900 euros.")]
    [InlineData("On which day do we ship?", "The other team ships on Wednesdays.", "We ship on Fridays.")]
    public void A_question_for_ones_own_value_is_not_answered_by_somebody_elses(string question, string another, string own)
    {
        var items = new[] { Item(0, 2, another, 3), Item(1, 1, own, 1) };
        Assert.Equal([own, another], Run(items, question, KnownLinks.None).Select(static item => item.Content));
    }

    [Theory]
    [InlineData("When does my brother fly?", "My brother flies on Monday.", "I fly on Friday.")]
    [InlineData("How much rent do I pay?", "Oskar pays 1,200 euros rent.", "I'd like to pay 900 euros rent.")]
    [InlineData("What does the server run?", "The server runs Debian 12.", "The test server runs Ubuntu 24.")]
    [InlineData("What is my work email?", "My work email is ada@mill.example.", "My private email is ada@home.example.")]
    [InlineData("Combien est mon loyer ?", "Mon loyer est de 650 euros.", "Le loyer de Paul est de 900 euros.")]
    public void What_is_no_better_answer_stays_below(string question, string first, string second)
    {
        var items = new[] { Item(0, 1, first, 1.2), Item(1, 2, second, 1) };
        Assert.Equal([first, second], Run(items, question, KnownLinks.None).Select(static item => item.Content));
    }

    [Theory]
    [InlineData("s1", true)]
    [InlineData("s0", false)]
    public void Talk_of_short_sentences_that_tells_a_change_in_another_session_is_put_above(string session, bool isMoved)
    {
        const string older = "The door code is 4471, for the front and for the back. Please lock up at night, and leave the key. The alarm is off.";
        const string newer = "Small note on the house for all of you. The door code was changed to 9920 by the owner. The alarm is still off.";
        var said = Item(1, 1, newer, 1);
        var items = new[] { Item(0, 0, older, 2),
            said with { Turn = said.Turn with { SessionId = session, Seq = 2 }, Id = $"{session}:2" } };

        var moved = Run(items, "What is the door code?", KnownLinks.None);

        Assert.Equal(isMoved ? newer : older, moved[0].Content);
        Assert.Equal(isMoved ? ToldRule.Name : null, moved[0].Update?.Rule);
    }

    [Fact]
    public void Of_the_kin_that_is_asked_for_the_newer_one_stays_first()
    {
        var items = new[] { Item(0, 2, "Our third child was born on Friday.", 2), Item(1, 1, "We have two children.", 1.9) };
        Assert.Equal("Our third child was born on Friday.", Run(items, "How many children do we have?", KnownLinks.None)[0].Content);
    }

    [Fact]
    public void A_question_for_what_will_be_asks_for_the_plan_that_holds()
    {
        var items = new[] { Item(0, 1, "We'll meet at noon.", 2), Item(1, 2, "We'll meet at one instead.", 1.9) };
        Assert.Equal("We'll meet at one instead.", Run(items, "When will we meet?", KnownLinks.None)[0].Content);
    }

    private static Arbitrary<int[]> Talks() =>
        Gen.Choose(0, Texts.Length - 1).ArrayOf().Where(static talk => talk.Length is > 0 and < 12).ToArbitrary();

    private static (List<RecalledItem> Items, string Question) Present(int[] talk) =>
        ([.. talk.Select((text, i) => Item(i, talk.Length - (i * 7 % talk.Length), Texts[text], 5 - (i * 0.1)))],
        Questions[talk.Sum() % Questions.Length]);

    private static RecalledItem Item(int number, int day, string text, double score)
    {
        var turn = new Turn($"s{number}", 1, $"t{number}", "user", null, text, Turns.Noon.AddDays(day), Turns.Noon.AddDays(day), null, 5);
        return new RecalledItem($"s{number}:1", "turn", "episodic", text, score, 0.5, turn, null);
    }

    private static SourceTurn SourceOf(RecalledItem item) => new(item.Turn.SessionId, item.Turn.Id, item.Turn.Seq);

    private static IReadOnlyList<RecalledItem> Run(IReadOnlyList<RecalledItem> items, string question, KnownLinks known)
    {
        var asked = UpdateQuestion.Of(Read.OfQuestion(question, new Dictionary<string, int>()));
        var stated = items.Select(static item => new StatedItem(item, item.Turn, "user", Read.Of(item.Content))).ToList();
        return new MoveItems(items, stated, asked, known).Run();
    }
}
