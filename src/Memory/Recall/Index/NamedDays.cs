using MemoryOrleans.Text.Analysis;
using MemoryOrleans.Text.Dates;
using System.Buffers;

namespace MemoryOrleans.Recall.Index;

/// <summary>The days that a text names, resolved against the day it was said.</summary>
internal static class NamedDays
{
    // Of a longer text, so many days are kept: it is a list of dates, and agrees with every question.
    private const int SpansMax = 16;

    // Resolving is dear, and most sentences name no time: one without any of these names none.
    private static readonly SearchValues<string> Cues = SearchValues.Create(
        [
            "day", "week", "month", "year", "night", "tomorrow", "morning", "evening", "afternoon", "spring", "summer", "autumn", "fall",
            "winter", "jan", "feb",
            "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "19", "20", "on the ", "on mon", "on tue", "on wed",
            "on thu", "on fri", "on sat", "on sun",
        ],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>False of a text that names no time, and is not worth looking at closer.</summary>
    public static bool MayName(string text) => text.AsSpan().ContainsAny(Cues);

    public static DaySpan[] Find(string text, DateTimeOffset saidAt)
    {
        if (!MayName(text))
            return [];
        var spans = new List<DaySpan>();
        for (var from = 0; from < text.Length && spans.Count < SpansMax;)
        {
            var length = Sentences.LengthOfFirst(text.AsSpan(from));
            var sentence = text.AsSpan(from, length);
            if (sentence.ContainsAny(Cues))
                spans.AddRange(ResolveDates.Find(sentence.ToString(), saidAt)
                    .Select(static date => new DaySpan(date.From.DayNumber, date.To.DayNumber)));
            from += length;
        }

        return [.. spans.Distinct().Take(SpansMax)];
    }
}
