using MemoryOrleans.Models.Local;

namespace MemoryOrleans.Models.Tests.Local;

public sealed class RestPolicyTests
{
    private static readonly TimeSpan Worked = TimeSpan.FromMilliseconds(12);

    [Theory]
    [InlineData(0, 10, 0)]
    [InlineData(0.25, 10, 0)]
    [InlineData(0.375, 10, 54)]
    [InlineData(0.5, 10, 108)]
    [InlineData(1, 10, 108)]
    [InlineData(1, 50, 12)]
    [InlineData(1, 100, 0)]
    public void Beside_a_busy_process_work_takes_its_share_of_the_time(double busy, int percent, double milliseconds) =>
        Assert.Equal(milliseconds, RestPolicy.After(Worked, busy, percent).TotalMilliseconds, 3);

    [Fact]
    public void However_long_a_piece_takes_the_next_begins_within_a_second() =>
        Assert.Equal(TimeSpan.FromSeconds(1), RestPolicy.After(TimeSpan.FromSeconds(40), 1, 1));

    [Fact]
    public void What_the_caller_itself_takes_is_not_the_rest_of_the_process()
    {
        var before = ProcessorUse.OfThread();
        while (ProcessorUse.OfThread() == before)
            Thread.SpinWait(1_000);
        if (OperatingSystem.IsLinux())
            Assert.True(ProcessorUse.OfThread() > before);
        Assert.InRange(new ProcessorUse().ShareBeside(TimeSpan.FromHours(1)), 0, 1);
    }
}
