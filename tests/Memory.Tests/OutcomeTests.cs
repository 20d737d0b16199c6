namespace MemoryOrleans.Memory.Tests;

public sealed class OutcomeTests
{
    private static readonly MemoryError Missing = new(ErrorCode.NotFound, "There is no such session.");

    [Fact]
    public void A_value_is_a_success()
    {
        Outcome<string> outcome = "bread";

        Assert.True(outcome.IsSuccess);
        Assert.Null(outcome.Error);
        Assert.Equal("bread", outcome.Value);
    }

    [Fact]
    public void An_error_has_no_value_and_says_why()
    {
        Outcome<string> outcome = Missing;

        Assert.False(outcome.IsSuccess);
        Assert.Same(Missing, outcome.Error);
        Assert.Equal("NotFound: There is no such session.", Assert.Throws<InvalidOperationException>(() => outcome.Value).Message);
    }

    [Fact]
    public void No_value_may_be_the_value()
    {
        Outcome<string?> outcome = default(string);

        Assert.True(outcome.IsSuccess);
        Assert.Null(outcome.Value);
    }

    [Fact]
    public void Interfaces_are_wrapped_by_name()
    {
        IReadOnlyList<int> list = [1, 2];

        Assert.Same(list, Outcome.Of(list).Value);
    }

    [Fact]
    public void Outcomes_of_equal_content_are_equal()
    {
        Assert.Equal<Outcome<int>>(7, 7);
        Assert.Equal<Outcome<int>>(Missing, new MemoryError(ErrorCode.NotFound, "There is no such session."));
        Assert.NotEqual<Outcome<int>>(7, Missing);
    }
}
