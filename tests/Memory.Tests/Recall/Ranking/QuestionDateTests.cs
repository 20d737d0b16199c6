using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

public sealed class QuestionDateTests
{
    [Theory]
    [InlineData("What did I paint on October 13, 2023?", 2023, 10, 13)]
    [InlineData("What did I paint on the 13th of October 2023?", 2023, 10, 13)]
    [InlineData("What did I paint on 2023-10-13?", 2023, 10, 13)]
    [InlineData("Where was I on 8 May?", null, 5, 8)]
    [InlineData("When did I go camping in june?", null, 6, null)]
    [InlineData("What happened in Sept 2023?", 2023, 9, null)]
    [InlineData("How often was I there in 2023?", 2023, 0, null)]
    public void Dates_are_read_as_people_write_them(string question, int? year, int month, int? day) =>
        Assert.Equal(new QuestionDate(year, month, day), Assert.Single(QuestionDate.Find(question)));

    [Theory]
    [InlineData("May I ask what may happen in a march?", 1)]
    [InlineData("may I march?", 0)]
    [InlineData("How often was I there in room 3000?", 0)]
    [InlineData("", 0)]
    public void Words_that_are_no_dates_are_left_alone(string question, int count) =>
        Assert.Equal(count, QuestionDate.Find(question).Count);

    [Theory]
    [InlineData("2023-10-13", "2023-10-13", 1)]
    [InlineData("2023-10-20", "2023-10-20", .5)]
    [InlineData("2023-10-09", "2023-10-15", .5)]
    [InlineData("2023-01-01", "2023-12-31", .5)]
    [InlineData("2022-10-13", "2022-10-13", 0)]
    [InlineData("2023-12-01", "2024-02-29", 0)]
    public void A_day_agrees_with_itself_and_in_part_with_what_it_lies_in(string from, string to, double expected) =>
        Assert.Equal(expected, new QuestionDate(2023, 10, 13).Agreement(Span(from, to)), 3);

    [Theory]
    [InlineData("2023-06-03", "2023-06-03", 1)]
    [InlineData("2023-05-29", "2023-06-04", 1)]
    [InlineData("2023-06-01", "2023-08-31", .5)]
    [InlineData("2023-09-01", "2023-11-30", 0)]
    [InlineData("2022-12-01", "2023-02-28", 0)]
    public void A_month_agrees_with_its_days_and_weeks_and_in_part_with_its_season(string from, string to, double expected) =>
        Assert.Equal(expected, new QuestionDate(null, 6, null).Agreement(Span(from, to)), 3);

    [Theory]
    [InlineData("2023-06-03", "2023-06-03", .5)]
    [InlineData("2022-12-01", "2023-02-28", .5)]
    [InlineData("2024-01-01", "2024-12-31", 0)]
    public void A_year_alone_agrees_in_part_with_what_lies_in_it(string from, string to, double expected) =>
        Assert.Equal(expected, new QuestionDate(2023, 0, null).Agreement(Span(from, to)), 3);

    [Fact]
    public void What_happened_in_a_month_is_told_in_the_week_after()
    {
        var june = new QuestionDate(null, 6, null);
        Assert.True(june.IsToldSoon(Span("2023-07-06", "2023-07-06").From));
        Assert.False(june.IsToldSoon(Span("2023-07-17", "2023-07-17").From));
        Assert.False(june.IsToldSoon(Span("2023-06-30", "2023-06-30").From));
        Assert.False(new QuestionDate(null, 6, 30).IsToldSoon(Span("2023-07-06", "2023-07-06").From));
        Assert.False(june.IsToldSoon(Span("0001-01-01", "0001-01-01").From));
    }

    private static DaySpan Span(string from, string to) =>
        new(DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture).DayNumber,
        DateOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture).DayNumber);
}
