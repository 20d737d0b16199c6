using MemoryOrleans.Text.Dates;

namespace MemoryOrleans.Memory.Tests.Text.Dates;

public sealed class ResolveDatesTests
{
    // A Monday.
    private static readonly DateTimeOffset Said = new(2023, 5, 8, 13, 56, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("I went there yesterday", "yesterday", "2023-05-07", "2023-05-07", "on 7 May 2023")]
    [InlineData("We danced last night", "last night", "2023-05-07", "2023-05-07", "on the night of 7 May 2023")]
    [InlineData("I ran this morning", "this morning", "2023-05-08", "2023-05-08", "on the morning of 8 May 2023")]
    [InlineData("The day before yesterday it rained", "The day before yesterday", "2023-05-06", "2023-05-06", "on 6 May 2023")]
    [InlineData("I fly tomorrow", "tomorrow", "2023-05-09", "2023-05-09", "on 9 May 2023")]
    [InlineData("I ran a race last Friday", "last Friday", "2023-05-05", "2023-05-05", "on 5 May 2023")]
    [InlineData("I ran a race last Monday", "last Monday", "2023-05-01", "2023-05-01", "on 1 May 2023")]
    [InlineData("I joined last Tues", "last Tues", "2023-05-02", "2023-05-02", "on 2 May 2023")]
    [InlineData("I moved last week", "last week", "2023-05-01", "2023-05-07", "in the week of 1 May 2023")]
    [InlineData("I start next week", "next week", "2023-05-15", "2023-05-21", "in the week of 15 May 2023")]
    [InlineData("We camped last weekend", "last weekend", "2023-05-06", "2023-05-07", "on the weekend of 6 May 2023")]
    [InlineData("We camped two weekends ago", "two weekends ago", "2023-04-29", "2023-04-30", "on the weekend of 29 April 2023")]
    [InlineData("I saw her 3 days ago", "3 days ago", "2023-05-05", "2023-05-05", "on 5 May 2023")]
    [InlineData("I saw her two weeks ago", "two weeks ago", "2023-04-24", "2023-04-30", "around 24 April 2023")]
    [InlineData("I started four months ago", "four months ago", "2023-01-01", "2023-01-31", "in January 2023")]
    [InlineData("I moved here five years ago", "five years ago", "2018-01-01", "2018-12-31", "in 2018")]
    [InlineData("I will be back in two weeks", "in two weeks", "2023-05-22", "2023-05-28", "around 22 May 2023")]
    [InlineData("The fair is next month", "next month", "2023-06-01", "2023-06-30", "in June 2023")]
    [InlineData("I read it last year", "last year", "2022-01-01", "2022-12-31", "in 2022")]
    [InlineData("We sailed last summer", "last summer", "2022-06-01", "2022-08-31", "in summer 2022")]
    [InlineData("We met last June", "last June", "2022-06-01", "2022-06-30", "in June 2022")]
    [InlineData("I moved to Bern in March", "March", "2023-03-01", "2023-03-31", "in March 2023")]
    [InlineData("I will move in March", "March", "2024-03-01", "2024-03-31", "in March 2024")]
    [InlineData("I will see him on Friday", "Friday", "2023-05-12", "2023-05-12", "on 12 May 2023")]
    [InlineData("I saw him on Friday", "Friday", "2023-05-05", "2023-05-05", "on 5 May 2023")]
    [InlineData("I saw him on the 3rd", "the 3rd", "2023-05-03", "2023-05-03", "on 3 May 2023")]
    [InlineData("I will see him on the 3rd.", "the 3rd", "2023-06-03", "2023-06-03", "on 3 June 2023")]
    [InlineData("It happened on May 3", "May 3", "2023-05-03", "2023-05-03", "on 3 May 2023")]
    [InlineData("I booked it for 12 December", "12 December", "2022-12-12", "2022-12-12", "on 12 December 2022")]
    [InlineData("I booked it for 20 May", "20 May", "2023-05-20", "2023-05-20", "on 20 May 2023")]
    [InlineData("We married on 3rd of July, 2019", "3rd of July, 2019", "2019-07-03", "2019-07-03", "on 3 July 2019")]
    [InlineData("It is due 2024-02-29", "2024-02-29", "2024-02-29", "2024-02-29", "on 29 February 2024")]
    [InlineData("We met in May 2016", "May 2016", "2016-05-01", "2016-05-31", "in May 2016")]
    [InlineData("I live here since 2016", "2016", "2016-01-01", "2016-12-31", "in 2016")]
    public void A_time_is_resolved_against_the_day_it_was_said(string sentence, string words, string from, string to, string phrase)
    {
        var date = Assert.Single(ResolveDates.Find(sentence, Said));

        Assert.Equal(words, sentence.Substring(date.Start, date.Length));
        Assert.Equal(from, date.From.ToString("yyyy-MM-dd"));
        Assert.Equal(to, date.To.ToString("yyyy-MM-dd"));
        Assert.Equal(phrase, $"{date.Preposition} {date.Name}");
    }

    [Theory]
    [InlineData("You may 3 times march on")]
    [InlineData("I may go")]
    [InlineData("We march in the rain")]
    [InlineData("Give me a second")]
    [InlineData("The office is on the 3rd floor")]
    [InlineData("It is on Friday or so")]
    [InlineData("Sundays are quiet")]
    [InlineData("I see him next Friday")]
    [InlineData("I read it in two days")]
    [InlineData("It feels like just yesterday")]
    [InlineData("The last week of school")]
    [InlineData("A few days ago")]
    [InlineData("It is 2023-02-30")]
    [InlineData("On February 30 nothing happened")]
    [InlineData("The sun sat in the west")]
    [InlineData("")]
    public void What_may_mean_something_else_is_left_alone(string sentence) => Assert.Empty(ResolveDates.Find(sentence, Said));

    [Fact]
    public void The_weekday_decides_what_next_friday_is()
    {
        var saturday = new DateTimeOffset(2023, 5, 13, 9, 0, 0, TimeSpan.Zero);

        Assert.Equal(new DateOnly(2023, 5, 19), Assert.Single(ResolveDates.Find("I see him next Friday", saturday)).From);
    }

    [Fact]
    public void Several_times_come_in_the_order_of_the_sentence_without_overlaps()
    {
        var dates = ResolveDates.Find("I left last Friday and came back yesterday, on May 7, 2023", Said);

        Assert.Equal(["5 May 2023", "7 May 2023", "7 May 2023"], dates.Select(date => date.Name));
        Assert.Equal([true, true, false], dates.Select(date => date.IsRelative));
    }

    [Fact]
    public void The_ends_of_the_calendar_yield_nothing()
    {
        var sentence = "Last week, 3 years ago, yesterday, next month, next summer, tomorrow, last winter, in 900 years we will go";

        Assert.All(ResolveDates.Find(sentence, DateTimeOffset.MinValue), date => Assert.True(date.From <= date.To));
        Assert.All(ResolveDates.Find(sentence, DateTimeOffset.MaxValue), date => Assert.True(date.From <= date.To));
    }
}
