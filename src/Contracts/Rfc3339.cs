using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>
/// Times of the contract (RFC 3339, section 5.6): read with any offset, which must be there; kept and written to the
/// microsecond, in UTC unless a property says otherwise (<see cref="PersonTimeConverter"/>).
/// </summary>
public static class Rfc3339
{
    /// <summary>What a caller is told when a time does not have this form.</summary>
    public const string Form = "must be an RFC 3339 time with an offset, like 2025-03-14T09:26:53Z, of the years 1 to 9999 in UTC";

    private const int SecondsLength = 19;

    // No clock is further from UTC, and no DateTimeOffset either.
    private static readonly TimeSpan OffsetMax = TimeSpan.FromHours(14);

    /// <summary>Reads a time, in UTC; digits beyond the microsecond are cut off.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        var isTime = TryParseLocal(text, out time);
        time = time.ToUniversalTime();
        return isTime;
    }

    /// <summary>Reads a time with its offset; one of more than 14 hours is taken as UTC.</summary>
    public static bool TryParseLocal(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length <= SecondsLength || text[10] is not ('T' or 't' or ' '))
            return false;
        if (!DateTime.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || !TimeSpan.TryParseExact(text[11..SecondsLength], @"hh\:mm\:ss", CultureInfo.InvariantCulture, out var clock))
        {
            return false;
        }

        var rest = text[SecondsLength..];
        if (!TryTakeFraction(ref rest, out var fraction) || !TryReadOffset(rest, out var offset))
            return false;
        var ticks = day.Ticks + clock.Ticks + fraction - offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        if (offset.Duration() <= OffsetMax)
            time = time.ToOffset(offset);
        return true;
    }

    /// <summary>Writes a time in UTC, with as many digits after the second as it needs, at most six.</summary>
    public static string Format(DateTimeOffset time)
    {
        Span<byte> utf8 = stackalloc byte[32];
        return System.Text.Encoding.ASCII.GetString(utf8[..Format(time, utf8)]);
    }

    /// <summary>Writes a time with its offset, or Z where that is none.</summary>
    public static string FormatLocal(DateTimeOffset time)
    {
        Span<byte> utf8 = stackalloc byte[40];
        return System.Text.Encoding.ASCII.GetString(utf8[..FormatLocal(time, utf8)]);
    }

    internal static int FormatLocal(DateTimeOffset time, Span<byte> utf8)
    {
        if (time.Offset == TimeSpan.Zero)
            return Format(time, utf8);
        time.TryFormat(utf8, out var length, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture);
        return length;
    }

    internal static int Format(DateTimeOffset time, Span<byte> utf8)
    {
        time.UtcDateTime.TryFormat(utf8, out var length, "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
        return length;
    }

    private static bool TryTakeFraction(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest.IsEmpty || rest[0] != '.')
            return true;
        var digits = 0;
        while (digits + 1 < rest.Length && char.IsAsciiDigit(rest[digits + 1]))
        {
            if (digits < 6)
                ticks = (ticks * 10) + (rest[digits + 1] - '0');
            digits++;
        }

        for (var i = Math.Min(digits, 6); i < 7; i++)
            ticks *= 10;

        rest = rest[(digits + 1)..];
        return digits > 0;
    }

    private static bool TryReadOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is "Z" or "z")
            return true;
        if (text.Length != 6 || text[0] is not ('+' or '-')
            || !TimeSpan.TryParseExact(text[1..], @"hh\:mm", CultureInfo.InvariantCulture, out offset))
        {
            return false;
        }

        if (text[0] == '-')
            offset = -offset;
        return true;
    }
}

/// <summary>Times in JSON bodies.</summary>
public class Rfc3339Converter : JsonConverter<DateTimeOffset>
{
    private const int CharactersMax = 64;

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[CharactersMax];
        if (reader.TokenType != JsonTokenType.String
            || (reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length) > CharactersMax
            || !Rfc3339.TryParseLocal(text[..reader.CopyString(text)], out var time))
        {
            throw new JsonException(Rfc3339.Form);
        }

        return Kept(time);
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> utf8 = stackalloc byte[40];
        writer.WriteStringValue(utf8[..Rfc3339.FormatLocal(Kept(value), utf8)]);
    }

    /// <summary>As it is read and written.</summary>
    protected virtual DateTimeOffset Kept(DateTimeOffset time) => time.ToUniversalTime();
}

/// <summary>Times by a person's clock: the offset stays as it was given.</summary>
public sealed class PersonTimeConverter : Rfc3339Converter
{
    protected override DateTimeOffset Kept(DateTimeOffset time) => time;
}
