using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text.Dates;

namespace MemoryOrleans.Memory.Tests.Sessions;

public sealed class PersonClockTests
{
    private static readonly Config Runs = SameCases.Quick.WithMaxTest(300);
    private static readonly string[] Zones =
        ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"];

    // Minutes around a midnight, of the days about the nights when clocks change and of others.
    private static readonly Gen<DateTimeOffset> Moments =
        from day in Gen.Elements(new DateOnly(2025, 3, 9), new DateOnly(2025, 3, 30), new DateOnly(2025, 10, 26),
            new DateOnly(2025, 11, 2), new DateOnly(2024, 2, 29), new DateOnly(2025, 1, 1))
        from minutes in Gen.Choose(-2 * 1_440, 2 * 1_440)
        select new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).AddMinutes(minutes);

    [Fact]
    public void A_zone_tells_the_same_instant_by_its_rules() =>
        Prop.ForAll(Moments.ToArbitrary(), Gen.Elements(Zones).ToArbitrary(), static (moment, zone) =>
        {
            var told = PersonClock.At(moment, zone);
            Assert.Equal(moment, told);
            Assert.Equal(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(moment, zone).DateTime, told.DateTime);
        }).Check(Runs);

    [Fact]
    public void Yesterday_is_the_day_before_the_one_on_the_speakers_calendar() =>
        Prop.ForAll(Moments.ToArbitrary(), Gen.Elements(Zones).ToArbitrary(), static (moment, zone) =>
        {
            var said = PersonClock.At(moment, zone);
            var today = DateOnly.FromDateTime(said.DateTime);
            Assert.Equal(today.AddDays(-1), Assert.Single(ResolveDates.Find("I saw her yesterday", said)).From);
            Assert.Equal(today, Assert.Single(ResolveDates.Find("I ran this morning", said)).From);
            var tuesday = Assert.Single(ResolveDates.Find("We met last Tuesday", said)).From;
            Assert.Equal(DayOfWeek.Tuesday, tuesday.DayOfWeek);
            Assert.InRange(today.DayNumber - tuesday.DayNumber, 1, 7);
            Assert.Equal([new DaySpan(today.DayNumber - 1, today.DayNumber - 1)], NamedDays.Find("I saw her yesterday", said));
        }).Check(Runs);

    [Theory]
    [InlineData("2025-03-30T00:59:00Z", "2025-03-30T01:59:00+01:00")]
    [InlineData("2025-03-30T01:00:00Z", "2025-03-30T03:00:00+02:00")]
    [InlineData("2025-10-26T00:30:00Z", "2025-10-26T02:30:00+02:00")]
    [InlineData("2025-10-26T01:30:00Z", "2025-10-26T02:30:00+01:00")]
    public void The_clock_moves_on_the_nights_it_is_put_forward_and_back(string utc, string local) =>
        Assert.True(DateTimeOffset.Parse(local).EqualsExact(PersonClock.At(DateTimeOffset.Parse(utc), "Europe/Berlin")));

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("UTC", true)]
    [InlineData("Europe/Atlantis", false)]
    [InlineData("", false)]
    [InlineData("../etc/passwd", false)]
    [InlineData("/usr/share/zoneinfo/UTC", false)]
    [InlineData("Europe/../UTC", false)]
    [InlineData("W. Europe Standard Time", false)]
    public void A_zone_is_a_name_of_the_database_and_no_path(string zone, bool isKnown)
    {
        Assert.Equal(isKnown, PersonClock.Knows(zone));
        Assert.True(isKnown || PersonClock.At(Turns.Noon, zone).EqualsExact(Turns.Noon));
    }

    [Fact]
    public void A_time_with_an_offset_of_its_own_and_one_at_the_end_of_time_stay_as_they_are()
    {
        var given = new DateTimeOffset(2025, 5, 1, 0, 30, 0, TimeSpan.FromHours(-4));
        Assert.True(PersonClock.Tell(given, "Asia/Tokyo").EqualsExact(given));
        Assert.True(PersonClock.At(DateTimeOffset.MaxValue, "Asia/Tokyo").EqualsExact(DateTimeOffset.MaxValue));
    }

    [Theory]
    [InlineData("2025-05-01T22:30:00Z", "Europe/Berlin", 0, "2025-05-02")]
    [InlineData("2025-05-01T22:30:00Z", null, 120, "2025-05-02")]
    [InlineData("2025-05-01T22:30:00Z", null, 0, "2025-05-01")]
    [InlineData("2025-05-01T22:30:00-05:00", "Europe/Berlin", 0, "2025-05-01")]
    [InlineData("2025-05-01T00:00:00Z", "America/New_York", -240, "2025-05-01")]
    public void A_context_names_days_by_the_persons_clock_and_days_of_the_calendar_by_none(
        string time, string? zone, int minutes, string day) =>
        Assert.Equal(day, new ReadersClock(zone, TimeSpan.FromMinutes(minutes)).DayOf(DateTimeOffset.Parse(time)));
}
