using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Memory.Tests.Text.Analysis;

public sealed class DateTermsTests
{
    [Theory]
    [InlineData("2023-05-08", "8", "may", "2023")]
    [InlineData("2024-09-30", "30", "septemb", "2024")]
    [InlineData("0099-01-01", "1", "januari", "0099")]
    public void A_date_has_the_terms_of_its_day_month_and_year(string date, string day, string month, string year)
    {
        var terms = new ulong[DateTerms.Count];

        DateTerms.Write(DateOnly.ParseExact(date, "yyyy-MM-dd"), terms);

        Assert.Equal([TermHash.Of(day), TermHash.Of(month), TermHash.Of(year)], terms);
    }

    [Fact]
    public void A_question_that_names_a_date_has_its_terms()
    {
        var terms = new ulong[DateTerms.Count];
        DateTerms.Write(new DateOnly(2023, 8, 14), terms);

        var asked = new TextAnalyzer().QueryAnalyzer("What happened on 14 August, 2023?").Select(term => term.Hash);

        Assert.All(terms, term => Assert.Contains(term, asked));
    }
}
