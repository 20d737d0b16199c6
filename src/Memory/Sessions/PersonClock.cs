namespace MemoryOrleans.Sessions;

/// <summary>
/// The clock on a person's wall: an IANA time zone, by whose rules an instant has its offset from UTC. The rules are those of
/// the system's time zone database.
/// </summary>
public static class PersonClock
{
    /// <summary>The longest name of a zone, in characters; the database's own stay below 40.</summary>
    public const int NameLengthMax = 64;

    /// <summary>What a caller is told of a name that is none.</summary>
    public const string Form = "must be the name of a time zone of the IANA database, like Europe/Berlin";

    /// <summary>True of a zone's name, "Europe/Berlin" or "UTC", that this system's database has.</summary>
    public static bool Knows(string zone) => Find(zone) is not null;

    /// <summary>True of what has the form of a zone's name, whether or not this system's database has it.</summary>
    public static bool IsName(string zone) =>
        zone.Length is > 0 and <= NameLengthMax && char.IsAsciiLetter(zone[0]) && zone.AsSpan().IndexOfAnyExcept(NameLetters) < 0;

    /// <summary>The same instant on the zone's clock; as it was where there is no zone, or none that is known (any more).</summary>
    public static DateTimeOffset At(DateTimeOffset time, string? zone) =>
        zone is null || Find(zone) is not { } known ? time : Timestamp.At(time, known.GetUtcOffset(time));

    /// <summary>An instant of a message: told in UTC it goes by the zone's clock; an offset of its own is the better witness.</summary>
    public static DateTimeOffset Tell(DateTimeOffset time, string? zone) => time.Offset == TimeSpan.Zero ? At(time, zone) : time;

    // Only what looks like a name gets as far as the database, which is made of files.
    private static TimeZoneInfo? Find(string zone) =>
        IsName(zone) && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId ? found : null;

    private static readonly System.Buffers.SearchValues<char> NameLetters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");
}
