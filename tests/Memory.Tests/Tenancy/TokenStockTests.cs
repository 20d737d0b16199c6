using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Memory.Tests.Tenancy;

public sealed class TokenStockTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void A_minute_gives_its_permits_at_once_and_then_evenly()
    {
        var stock = new TokenStock();
        Assert.Equal(new LeaseGrant(50, 10, TimeSpan.Zero), stock.Take(60, 50, 1, Start));
        Assert.Equal(new LeaseGrant(10, 0, TimeSpan.Zero), stock.Take(60, 50, 1, Start));
        Assert.Equal(new LeaseGrant(0, 0, TimeSpan.FromSeconds(5)), stock.Take(60, 5, 5, Start));
        Assert.Equal(new LeaseGrant(5, 0, TimeSpan.Zero), stock.Take(60, 50, 5, Start.AddSeconds(5)));
        Assert.Equal(new LeaseGrant(60, 0, TimeSpan.Zero), stock.Take(60, 1_000, 1, Start.AddHours(1)));
    }

    [Fact]
    public void What_no_minute_gives_is_never_granted_and_a_clock_that_goes_back_gives_nothing()
    {
        var stock = new TokenStock();
        var refused = stock.Take(10, 11, 11, Start.AddSeconds(100));
        Assert.Equal(0, refused.Granted);
        Assert.InRange(refused.RetryAfter, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        Assert.Equal(10, stock.Take(10, 10, 1, Start.AddSeconds(100)).Granted);
        Assert.Equal(0, stock.Take(10, 1, 1, Start).Granted);
    }

    [Fact]
    public void Another_limit_holds_at_once_and_changing_it_to_and_fro_gives_nothing()
    {
        var stock = new TokenStock();
        Assert.Equal(1, stock.Take(100, 1, 1, Start).Granted);
        Assert.Equal(4, stock.Take(5, 50, 1, Start).Granted);
        Assert.Equal(0, stock.Take(5, 50, 1, Start).Granted);
        Assert.Equal(95, stock.Take(100, 500, 1, Start).Granted);
        for (var i = 0; i < 10; i++)
            Assert.Equal(0, stock.Take(i % 2 == 0 ? 5 : 100, 500, 1, Start).Granted);
    }
}
