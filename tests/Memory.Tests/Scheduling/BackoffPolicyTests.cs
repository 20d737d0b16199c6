using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Memory.Tests.Scheduling;

public sealed class BackoffPolicyTests
{
    private static readonly BackoffPolicy Equal = new(TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(1, 0.0, 0.5)]
    [InlineData(1, 0.5, 0.75)]
    [InlineData(3, 0.0, 2)]
    [InlineData(5, 0.0, 8)]
    [InlineData(6, 0.0, 15)]
    [InlineData(6, 0.999999, 30)]
    [InlineData(10_000, 0.0, 15)]
    public void With_equal_jitter_a_delay_is_half_its_whole_and_a_share_of_the_rest(int failures, double chance, double seconds) =>
        Assert.Equal(seconds, Equal.DelayAfter(failures, chance).TotalSeconds, 3);

    [Theory]
    [InlineData(1, 0.0, 0)]
    [InlineData(4, 0.5, 4)]
    [InlineData(50, 0.5, 15)]
    public void With_full_jitter_a_delay_is_a_share_of_its_whole(int failures, double chance, double seconds) =>
        Assert.Equal(seconds, (Equal with { Jitter = Jitter.Full }).DelayAfter(failures, chance).TotalSeconds, 3);

    [Fact]
    public void The_same_chance_never_gives_a_shorter_delay_after_more_failures() =>
        Prop.ForAll(Gen.Choose(1, 2_000).ToArbitrary(), Gen.Choose(0, 999).ToArbitrary(), static (failures, mille) =>
            Equal.DelayAfter(failures + 1, mille / 1000.0) >= Equal.DelayAfter(failures, mille / 1000.0)
            && Equal.DelayAfter(failures, mille / 1000.0) <= Equal.Max).Check(SameCases.Quick);

    [Fact]
    public void No_failure_has_no_delay() => Assert.Throws<ArgumentOutOfRangeException>(static () => Equal.DelayAfter(0, 0));
}
