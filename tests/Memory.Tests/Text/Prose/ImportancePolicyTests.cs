using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Memory.Tests.Text.Analysis;
using MemoryOrleans.Text.Prose;

namespace MemoryOrleans.Memory.Tests.Text.Prose;

public sealed class ImportancePolicyTests
{
    [Theory]
    [InlineData("Remember that the alarm code is 4711.", "The alarm code is somewhere here.")]
    [InlineData("We decided to rent the hall in Lund.", "The hall in Lund has windows.")]
    [InlineData("I was diagnosed with asthma.", "The air is dry up there.")]
    [InlineData("My sister Ines got married.", "The cake was rather sweet.")]
    [InlineData("I prefer trains to planes.", "Trains run past the planes.")]
    [InlineData("I no longer work on Sundays.", "The shop works as ever.")]
    [InlineData("I bought a cello yesterday.", "Hey, that is so cool!")]
    [InlineData("The deadline is 4 June.", "Sounds great, talk soon!")]
    [InlineData("I live in Lund.", "I live in Lund, right?")]
    public void What_one_would_keep_weighs_more(string kept, string dropped) =>
        Assert.True(ImportancePolicy.Of(kept, 0) > ImportancePolicy.Of(dropped, 0));

    [Fact]
    public void A_name_more_never_weighs_less()
    {
        var weights = Enumerable.Range(0, 5).Select(names => ImportancePolicy.Of("The hall has windows to the lake.", names)).ToArray();

        Assert.Equal(weights.Order(), weights);
        Assert.True(weights[1] > weights[0]);
    }

    [Fact]
    public void Every_text_weighs_between_nothing_and_one() =>
        Prop.ForAll(AnyUtf16.Texts, text => ImportancePolicy.Of(text, text.Length % 4) is >= 0 and <= 1)
        .Check(SameCases.Quick.WithMaxTest(500));

    [Fact]
    public void A_run_weighs_as_its_best_three()
    {
        Assert.Equal(0.5, ImportancePolicy.OfRun([0.1, 0.7, 0.3, 0.1, 0.5, 0.0]), 9);
        Assert.Equal(ImportancePolicy.Base, ImportancePolicy.OfRun([]));
    }
}
