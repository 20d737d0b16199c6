using FsCheck;
using FsCheck.Fluent;

namespace MemoryOrleans.Memory.Tests;

public sealed class TimestampTests
{
    [Fact]
    public void Whole_microseconds_come_back_as_they_were() =>
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), Gen.Choose(0, 999_999).ToArbitrary(),
        static (seconds, fraction) =>
        {
            var microseconds = (seconds * 1_000_000L) + fraction;
            Assert.Equal(microseconds, Timestamp.Of(Timestamp.Read(microseconds)));
        }).Check(SameCases.Quick.WithMaxTest(1_000));

    [Fact]
    public void The_epoch_is_zero_in_every_zone()
    {
        Assert.Equal(0, Timestamp.Of(DateTimeOffset.UnixEpoch));
        Assert.Equal(0, Timestamp.Of(DateTimeOffset.UnixEpoch.ToOffset(TimeSpan.FromHours(9))));
        Assert.Equal(1_000_000, Timestamp.Of(DateTimeOffset.UnixEpoch.AddSeconds(1)));
        Assert.Equal(-1, Timestamp.Of(Timestamp.Read(-1)));
    }

    [Fact]
    public void The_first_and_the_last_time_fit()
    {
        Assert.Equal(DateTimeOffset.MinValue, Timestamp.Read(Timestamp.Of(DateTimeOffset.MinValue)));
        Assert.Equal(DateTimeOffset.MaxValue.Ticks / 10 * 10, Timestamp.Read(Timestamp.Of(DateTimeOffset.MaxValue)).Ticks);
    }

    [Fact]
    public void A_clock_that_would_lead_out_of_the_calendar_leaves_the_time_in_utc()
    {
        var (first, last) = (Timestamp.Of(DateTimeOffset.MinValue), Timestamp.Of(DateTimeOffset.MaxValue));
        Assert.Equal(TimeSpan.Zero, Timestamp.Read(first, -60).Offset);
        Assert.Equal(TimeSpan.Zero, Timestamp.Read(last, 60).Offset);
        Assert.Equal(TimeSpan.FromHours(1), Timestamp.Read(first, 60).Offset);
        Assert.Equal(TimeSpan.FromHours(-1), Timestamp.Read(last, -60).Offset);
        Assert.Equal(DateTimeOffset.MinValue, Timestamp.At(DateTimeOffset.MinValue, TimeSpan.FromHours(-3)));
    }

    [Fact]
    public void Times_read_are_in_utc() => Assert.Equal(TimeSpan.Zero, Timestamp.Read(5).Offset);

    [Fact]
    public void No_time_is_no_number()
    {
        Assert.Null(Timestamp.Of((DateTimeOffset?)null));
        Assert.Equal(0, Timestamp.Of((DateTimeOffset?)DateTimeOffset.UnixEpoch));
    }
}
