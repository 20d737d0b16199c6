namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

public sealed class SubjectPolicyTests
{
    private static readonly (string Role, string? Name)[] Everybody =
        [("user", "Ann"), ("user", "Bob Stone"), ("assistant", "Li Wei"), ("user", "José"), ("user", "Will Grey"), ("assistant", null),
            ("user", null)];

    [Theory]
    [InlineData("What did Ann bake?", "Ann")]
    [InlineData("what did ANN bake", "Ann")]
    [InlineData("Where is Ann's oven?", "Ann")]
    [InlineData("Does Bob like bread?", "Bob Stone")]
    [InlineData("Does Bob Stone like bread?", "Bob Stone")]
    [InlineData("What did jose say?", "José")]
    [InlineData("Did Ann tell me about my bread?", "Ann")]
    [InlineData("What did Will bake in May?", "Will Grey")]
    [InlineData("what did will bake", "Will Grey")]
    [InlineData("What will Ann bake?", "Ann")]
    public void The_one_speaker_a_question_names_is_its_subject(string question, string name)
    {
        foreach (var (speaker, multiplier) in MultipliersFor(question))
            Assert.Equal(speaker.Name == name ? 1.3 : 0.7, multiplier);
    }

    [Theory]
    [InlineData("Did Ann meet Bob?")]
    [InlineData("Ann, Bob and Li: who bakes?")]
    [InlineData("Did I meet Ann and Bob?")]
    public void A_question_that_names_two_is_about_nobody(string question) =>
        Assert.All(MultipliersFor(question), static each => Assert.Equal(1, each.Multiplier));

    [Theory]
    [InlineData("Where did I leave my keys?")]
    [InlineData("is it mine")]
    [InlineData("Will I need a coat?")]
    [InlineData("What do you know of ME?")]
    [InlineData("what I've said")]
    public void In_the_first_person_the_subject_is_the_role_user(string question)
    {
        foreach (var (speaker, multiplier) in MultipliersFor(question))
            Assert.Equal(speaker.Role == "user" ? 1.3 : 0.7, multiplier);
    }

    [Theory]
    [InlineData("What is bread?")]
    [InlineData("")]
    [InlineData("Who is Annabel?")]
    [InlineData("What about Stone?")]
    public void Any_other_question_is_about_nobody(string question) =>
        Assert.All(MultipliersFor(question), static each => Assert.Equal(1, each.Multiplier));

    [Theory]
    [InlineData("What did Ann Lee bake?", "Ann Lee")]
    [InlineData("What did Ann bake?", null)]
    public void Of_two_who_share_a_first_name_the_whole_name_tells(string question, string? subject)
    {
        var both = Ranked.Build([Turns.Said(1, "a", 1, "bread is done", name: "Ann Lee"), Turns.Said(2, "a", 2, "bread", name: "Ann Roe")])
            .Snapshot;

        Assert.All(
            Ranked.Rank([both], question + " bread"),
            turn => Assert.Equal(subject is null ? 1 : turn.Seq == 1 ? 1.3 : 0.7, turn.Parts.Multiplier));
    }

    [Fact]
    public void A_name_in_any_partition_of_the_scope_counts()
    {
        var ann = Ranked.Build([Turns.Said(1, "a", 1, "bread is done", name: "Ann")]).Snapshot;
        var bob = Ranked.Build([Turns.Said(1, "b", 1, "bread is done", name: "Bob")]).Snapshot;

        Assert.All(Ranked.Rank([ann, bob], "bread of Bob"),
            static turn => Assert.Equal(turn.SessionId == "b" ? 1.3 : 0.7, turn.Parts.Multiplier));
        Assert.All(Ranked.Rank([ann, bob], "bread of Bob and Ann"), static turn => Assert.Equal(1, turn.Parts.Multiplier));
    }

    [Fact]
    public void A_speaker_newer_than_the_snapshot_is_not_known_yet()
    {
        var partition = Ranked.Build([Turns.Said(1, "a", 1, "bread is done", name: "Ann")]);
        var before = partition.Snapshot;
        Ranked.Append(partition, [Turns.Said(2, "a", 2, "so it is", name: "Bob")]);

        Assert.Equal(1.3, Ranked.Rank(before, "bread of Ann and Bob")[0].Parts.Multiplier);
        Assert.Equal(1, Ranked.Rank(partition.Snapshot, "bread of Ann and Bob")[0].Parts.Multiplier);
    }

    private static IEnumerable<((string Role, string? Name) Speaker, double Multiplier)> MultipliersFor(string question)
    {
        // The last word brings every turn into the answer.
        var said = Everybody.Select(static (speaker, i) => Turns.Said(i + 1, "s", i + 1, "zebra", speaker.Role, speaker.Name));
        var ranked = Ranked.Rank(Ranked.Build(said).Snapshot, question + " zebra");
        Assert.Equal(Everybody.Length, ranked.Count);
        return ranked.Select(static turn => (Everybody[turn.Seq - 1], turn.Parts.Multiplier));
    }
}
