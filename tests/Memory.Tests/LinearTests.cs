using System.Diagnostics;
using MemoryOrleans.Episodes;
using MemoryOrleans.Facts;
using MemoryOrleans.Facts.Extraction;
using MemoryOrleans.Graph;
using MemoryOrleans.Memory.Tests.Recall;
using MemoryOrleans.Memory.Tests.Text.Words;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text.Analysis;
using MemoryOrleans.Text.Dates;
using MemoryOrleans.Text.Prose;
using MemoryOrleans.Text;
using MemoryOrleans.Updates;
using Speaker = MemoryOrleans.Text.Prose.Speaker;
using Statement = MemoryOrleans.Facts.Extraction.Statement;

namespace MemoryOrleans.Memory.Tests;

/// <summary>Whatever a text is made of, everything that reads texts takes it, in time that grows as the text does.</summary>
public sealed class LinearTests
{
    private const int Long = 100_000;
    private const int Growth = 8;

    /// <summary>Work of a length and of an eighth of it are compared; quadratic work grows 64-fold.</summary>
    private const int GrowthMax = 24;
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(200);
    private static readonly Speaker Ann = new("Ann", "ann", IsPerson: true);

    private static readonly Dictionary<string, Func<int, string>> Texts = new(StringComparer.Ordinal)
    {
        ["image marks that never end"] = static n => Repeat("[image:", n / 14) + new string(' ', n / 2) + "x]",
        ["image marks that ended long before"] = static n => Repeat("[image:", n / 14) + "]" + new string(' ', n / 2) + "x]",
        ["image marks that end"] = static n => Repeat("[image:]", n / 8) + "x",
        ["open brackets"] = static n => new string('[', n) + "]",
        ["double quotes"] = static n => new string('"', n),
        ["curly quotes"] = static n => Repeat("“A", n / 2),
        ["high halves of pairs"] = static n => new string('\ud83d', n),
        ["low halves of pairs"] = static n => Repeat("\ude00 ", n / 2),
        ["combining marks"] = static n => "a" + new string('\u0301', n),
        ["combining marks of two classes"] = static n => "a" + Repeat("\u0301\u0316", n / 2),
        ["marks of Thai"] = static n => Repeat("\u0e01\u0e49\u0e49", n / 3),
        ["one long word"] = static n => new string('a', n),
        ["one long word of vowels and endings"] = static n => Repeat("ational", n / 7),
        ["one long word in capitals"] = static n => new string('A', n),
        ["scripts in turn"] = static n => Repeat("aя猫กあ한ا", n / 7),
        ["sentences without blanks"] = static n => Repeat("a.", n / 2),
        ["enders and emoji"] = static n => Repeat("!😀", n / 3) + "x",
        ["blanks"] = static n => "a" + new string(' ', n) + "b",
        ["line breaks"] = static n => Repeat("- \n", n / 3),
        ["fences"] = static n => Repeat("```\n~~~\n", n / 8),
        ["phrases without words"] = static n => new string('，', n) + Repeat(" a", 400),
        ["phrases of Thai"] = static n => Repeat("\u0e01 ", n / 2),
        ["apostrophes"] = static n => Repeat("l'", n / 2),
        ["abbreviations"] = static n => Repeat("Dr. ", n / 4),
        ["names"] = static n => Repeat("Anna of ", n / 8),
        ["names with points"] = static n => Repeat("A.B ", n / 4),
        ["different names"] = static n => string.Concat(Enumerable.Range(0, n / 8).Select(static i => $"X.{i:D5} ")),
        ["versions"] = static n => "Merlin 1" + Repeat(".1", n / 2),
        ["openings"] = static n => Repeat("So, well, ", n / 10),
        ["subjects"] = static n => Repeat("I just really ", n / 14),
        ["adverbs"] = static n => Repeat("I'm so really just also ", n / 24),
        ["phrases without end"] = static n => "I decided on " + Repeat("on that to ", n / 11),
        ["words that a thing is made of"] = static n => "my " + Repeat("test project deadline ", n / 22),
        ["letters after I have"] = static n => "I have " + new string('a', n),
        ["months"] = static n => Repeat("may ", n / 4),
        ["dates"] = static n => Repeat("in 1999 ", n / 8),
        ["denied dates"] = static n => Repeat("like yesterday ", n / 15),
        ["questions"] = static n => Repeat(", can", n / 5),
        ["digits"] = static n => new string('7', n),
        ["control characters"] = static n => new string('\u0001', n),
        ["bidirectional marks"] = static n => Repeat("\u202e\u200d", n / 2),
        ["Hangul in parts"] = static n => Repeat("\u1100\u1161\u11a8", n / 3),
    };

    private static readonly Dictionary<string, Action<string>> Readers = new(StringComparer.Ordinal)
    {
        ["index"] = static text => new TurnAnalyzer(WordEmbedder.Small).Analyze(Turns.Said(1, "s", 1, text)),
        ["terms"] = static text => new TextAnalyzer().Analyze(text, []),
        ["chunks"] = static text => Chunker.Split(text, 64, []),
        ["tokens"] = static text => TokenEstimate.Of(text),
        ["normal form"] = static text => NormalizedText.Of(text),
        ["comparison"] = static text => Compare(text),
        ["context"] = static text => AssembleContext.Build([Turns.Of("s", 1, text), Turns.Of("s", 2, text)], [], [], 2_000),
        ["word for word"] = static text => ContextEntry.Contains(text, text[..(text.Length / 2)]),
        ["intent"] = static text => IntentPolicy.Classify(text),
        ["sentences"] = static text => SplitTurn.Split(text, 0, Ann, []),
        ["prose"] = static text => CleanText.OneLine(CleanText.Prose(text)),
        ["dates"] = static text => ResolveDates.Find(text, Turns.Noon),
        ["tense"] = static text => EnglishDates.TenseOf(text),
        ["importance"] = static text => ImportancePolicy.Of(text, 1),
        ["names"] = static text => CapitalisedRuns.In(text).Count(),
        ["statement"] = static text => Statement.Of(new Sentence(0, 0, Ann, text, IsWhole: true)),
        ["claim"] = static text => FindClaim.In(text, Ann),
        ["distillation"] = static text => Distil(text),
        ["support"] = static text => SupportPolicy.IsSummarySupported(text, [Turns.Of("s", 1, text)], WordEmbedder.Small),
        ["every pattern"] = static text => Assert.All(CorePatterns.All.Values, pattern => pattern.Find(text)),
        ["entity's name"] = static text => EntityName.Normalize(text),
        ["updates"] = static text => Update(text),
        ["speaker"] = static text => Speaker.Of("user", text),
    };

    public static TheoryData<string> Kinds => [.. Texts.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_reader_takes_the_text_in_time_linear_in_its_length(string kind)
    {
        var (part, whole) = (Texts[kind](Long / Growth), Texts[kind](Long));
        var slow = Readers.Where(reader => !IsLinear(reader.Value, part, whole)).Select(static reader => reader.Key);
        Assert.Empty(slow);
    }

    /// <summary>One attempt out of several is enough: other work on the machine only ever makes it slower.</summary>
    private static bool IsLinear(Action<string> read, string part, string whole)
    {
        const int attempts = 5;
        var least = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            var small = Measure(read, part);
            least = small < least ? small : least;
            if (Measure(read, whole) <= (least * GrowthMax) + Noise)
                return true;
        }

        return false;
    }

    private static TimeSpan Measure(Action<string> read, string text)
    {
        var start = Stopwatch.GetTimestamp();
        read(text);
        return Stopwatch.GetElapsedTime(start);
    }

    private static void Compare(string text)
    {
        var (one, other) = (FactText.Of(text, WordEmbedder.Small), FactText.Of(text + " oven", WordEmbedder.Small));
        new NearDuplicatePolicy(new ConsolidationRules()).Compare(one, other);
    }

    private static void Distil(string text)
    {
        var session = new Session("s", null, null, SessionStatus.Open, 2, 1, Turns.Noon, Turns.Noon);
        Turn[] turns = [Turns.Of("s", 1, text), Turns.Of("s", 2, text, name: "Ann")];
        var distiller = new ExtractiveDistiller(WordEmbedder.Small);
        Assert.True(distiller.DistilAsync(session, [], turns, new DistillationLimits(), CancellationToken.None).IsCompletedSuccessfully);
    }

    private static void Update(string text)
    {
        var statements = new ReadStatements(WordEmbedder.Small).Of(text);
        foreach (var statement in statements.Take(4))
            LinkRules.Find(new StatementPair(statement, statements[^1]));
    }

    private static string Repeat(string part, int times) => string.Concat(Enumerable.Repeat(part, times));
}
