using MemoryOrleans.Text.Prose;

namespace MemoryOrleans.Memory.Tests.Text.Prose;

public sealed class FindEntitiesTests
{
    [Theory]
    [InlineData("We met Bruno Kahl in New Orleans.", "Bruno Kahl|New Orleans")]
    [InlineData("She studies at the University of Lund now.", "University of Lund")]
    [InlineData("On Monday in May I saw Ines.", "Ines")]
    [InlineData("Wow, the Åland trip with Željko!", "Åland|Željko")]
    [InlineData("Bread is good.", "")]
    [InlineData("LGBTQ groups met.", "LGBTQ")]
    [InlineData("I read \"The Long Ships\" twice.", "The Long Ships")]
    [InlineData("It was Ines's idea.", "Ines")]
    [InlineData("Last Friday I left Bergen.", "Bergen")]
    [InlineData("THIS IS ALL VERY LOUD INDEED", "")]
    [InlineData("我昨天去了北京。", "")]
    [InlineData("", "")]
    public void Names_are_runs_of_capitals_inside_a_sentence(string sentence, string names)
    {
        var entities = new FindEntities();
        entities.Read(sentence);

        Assert.Equal(names, string.Join('|', entities.In(sentence)));
    }

    [Fact]
    public void A_name_at_the_start_counts_once_it_was_seen_inside()
    {
        var entities = new FindEntities();
        Assert.Empty(entities.In("Gerald rises in the jar."));

        entities.Read("I called him Gerald.");

        Assert.Equal(["Gerald"], entities.In("Gerald rises in the jar."));
    }

    [Fact]
    public void A_speaker_needs_no_proof()
    {
        var entities = new FindEntities();
        entities.Know("Nora");

        Assert.Equal(["Nora"], entities.In("Nora, look!"));
    }
}
