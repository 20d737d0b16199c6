namespace MemoryOrleans.Bench.Fuzz.Api;

/// <summary>Texts and values made to break what reads them, those that once did among them.</summary>
internal static class HostileTexts
{
    private static readonly string[] BrokenJson =
    [
        "null", "true", "0", "-1", "-0", "1.5", "1e999", "1e-400", "9223372036854775807", "9223372036854775808",
        "99999999999999999999999999", "NaN",
        "\"\"", "\" \"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\u202e\\u2066\"",
        "\"\\ufeff\"",
        "\"\\uffff\"", "\"\\x\"", "[]", "{}", "[null]", "[[]]", "{\"\":\"\"}", "{\"a\":{\"a\":{\"a\":[{\"a\":null}]}}}",
        "\"0001-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59.9999999Z\"", "\"2026-02-30T00:00:00Z\"", "\"2026-01-01T00:00:00+14:00\"", "\"2026-01-01T00:00:00-14:59\"",
        "\"-2026-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59-14:00\"", "\"<script>alert(1)</script>\"",
        "\"'; DROP TABLE turns;--\"", "\"../../etc/passwd\"", "\"%00\"", "\"%s%n{0}\"", "\"Europe/Berlin\"", "\"Etc/../../passwd\"",
        "\"\\\\\"",
        "\"\\\"\"", "\"" + "\\n" + "\"", "'x'", "undefined", "1 2", "01", "+1", ".5", "1.", "0x10", "\"2026-01-01T00:00:00Z\\u0000\"",
        "1e308", "-1e308",
    ];

    private static readonly string[] Fragments =
    [
        "[image:", "(", "\"", "'", "a", "A ", "I live in ", "? ", ". ", "! ", "\n", "\r\n", "\t", " ", "\u3000", "\u00a0", "漢", "かな", "é",
        "e\u0301", "\u0301",
        "\u200d", "👨‍👩‍👧‍👦", "🇩🇪", "\ud83d\ude00", "1", "1,", "2026-01-01 ", "yesterday ", "last Tuesday ", "http://a.b/c?d=e ", "- ",
        "# ", "```", "<b>", "&amp;", "-", "--",
        "İ", "ß", "ﬃ", "\u202e", "\u2066", "x]", "Mr. ", "e.g. ", "U.S.", "3.14", "a'b", "don't ", "never mind ", "my name is ",
        "my dog Bruno ", "instead of ", "no longer ",
        "the 3rd of May ", "half past ", "million ", "$1,000.00 ", "%", "\\", "/", "_", "*", "|", "\u0001", "\u007f", "\u0085", "\u2028",
        "\ufffe",
    ];

    /// <summary>JSON that is not what belongs there, or no JSON.</summary>
    public static JsonTree Value(Random random) => random.Next(24) switch
    {
        0 => JsonTree.Text(Text(random)),
        1 => JsonTree.Raw(new string('[', random.Next(1, 80)) + new string(']', random.Next(1, 80))),
        2 => JsonTree.Raw(Nested(random.Next(20, 6000))),
        3 => JsonTree.Raw("[" + string.Join(',', Enumerable.Repeat("null", random.Next(10, 12_000))) + "]"),
        4 => JsonTree.Text(new string('x', random.Next(250, 300))),
        5 => JsonTree.Raw(new string('9', random.Next(20, 2000))),
        6 => JsonTree.Raw("\"" + string.Concat(Enumerable.Repeat("\\ud800", random.Next(1, 50))) + "\""),
        _ => JsonTree.Raw(BrokenJson[random.Next(BrokenJson.Length)]),
    };

    /// <summary>A text that is allowed, and made to cost: one fragment, or two, many times over; now and then as long as may be.</summary>
    public static string Text(Random random)
    {
        var (first, second, third) = (Pick(random), Pick(random), Pick(random));
        var length = random.Next(40) switch
        {
            0 => random.Next(50_000, 100_001),
            < 6 => random.Next(2_000, 20_000),
            _ => random.Next(1, 400),
        };
        var text = new System.Text.StringBuilder();
        while (text.Length < length)
            text.Append(text.Length < length / 2 ? first : second);
        if (random.Next(2) == 0)
            text.Append(' ', Math.Min(length, 50_000)).Append(third);
        return text.ToString(0, Math.Min(text.Length, random.Next(30) == 0 ? 100_001 : 100_000));
    }

    /// <summary>A name that no member has, or an odd one.</summary>
    public static string Name(Random random) => random.Next(5) switch
    {
        0 => "",
        1 => "__proto__",
        2 => new string('n', random.Next(100, 20_000)),
        3 => "id",
        _ => Pick(random),
    };

    /// <summary>What may stand in a path, a query or a header and should not.</summary>
    public static string Word(Random random) => random.Next(14) switch
    {
        0 => "",
        1 => "..",
        2 => "%00",
        3 => "%ud800",
        4 => "%ed%a0%80",
        5 => new string('a', random.Next(128, 9_000)),
        6 => "a%2Fb",
        7 => "-1",
        8 => "99999999999999999999",
        9 => "*",
        10 => "%c3%28",
        11 => "a:b:c",
        12 => Uri.EscapeDataString(Pick(random)),
        _ => "%",
    };

    private static string Pick(Random random) => Fragments[random.Next(Fragments.Length)];

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
}
