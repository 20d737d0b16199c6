using MemoryOrleans.Text.Dates;

namespace MemoryOrleans.Facts;

/// <summary>How long what somebody means to do is a plan.</summary>
public static class PlanPolicy
{
    // People ask for what they had planned on the day itself, by their own clock, and on the next morning.
    private const int GraceDays = 1;

    /// <summary>When the last day that a plan names is over, and a day of grace; null where it names none, or none still to come.</summary>
    /// <param name="dates">The days that the statement names.</param>
    public static DateTimeOffset? EndOf(IReadOnlyList<ResolvedDate> dates, DateTimeOffset said)
    {
        if (dates.Count == 0)
            return null;
        var last = dates.Max(static date => date.To);
        return last < DateOnly.FromDateTime(said.DateTime) || last.DayNumber + 1 + GraceDays > DateOnly.MaxValue.DayNumber
            ? null
            : new DateTimeOffset(last.AddDays(1 + GraceDays), TimeOnly.MinValue, TimeSpan.Zero);
    }
}
