using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Redaction;

namespace MemoryOrleans.Memory.Tests.Redaction;

/// <summary>
/// Whatever a text is made of, redaction takes it, is done when it is done, and looks at each character a bounded number of times.
/// </summary>
public sealed class RedactionPropertyTests
{
    private const RedactionPacks All = (RedactionPacks)63;

    /// <summary>Looks at a character, over all packs, at most on average; texts made to be looked at most come to some hundred.</summary>
    private const int ReadsMax = 1_000;

    private static readonly string[] Pieces =
    [
        "a", "Z", "9", "0", " ", "  ", "\n", ".", ",", "-", "@", ":", "=", "+", "(", ")", "/", "\"", "'", "[", "]", "é", "写", "\u00a0",
        "\ud83d", "_", "password",
        "password: ", "pwd=", " is ", "bearer ", "AKIAIOSFODNN7EXAMPLE", "sk-", "ghp_", "eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0In0",
        ".abcdefghijklmnop",
        "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----", "ada@example.com", "@example.com", "DE89",
        "DE89 3704 0044 0532 0130 00",
        "4111 1111 1111 1111", "4111", "1111", "4111111111111111", "+49", " 30 1234567", "030", "0171", "555-123-4567", "tel ", "order ",
        "12 Main Street",
        "Hauptstraße", " 5", "rue de la Paix", "Via Roma", ", 10115 Berlin", ", IL 62704", "://user:pw@", "[card]", "[secret]", "[phone]",
        "secret", "Apt",
    ];

    private static readonly Gen<string> Texts = Gen.Elements(Pieces).ListOf(12).Select(static parts => string.Concat(parts));

    public static TheoryData<string> Repeated =>
        [.. Pieces, .. Pieces.Select(static piece => piece + " "), "sk-1", "eyJa.", "A a ", "12 A ", "1-", "[card]password:", "-----END "];

    [Fact]
    public void Done_again_it_changes_nothing() => Prop.ForAll(Texts.ToArbitrary(), static text =>
    {
        var once = new Redactor(All).Of(text);
        var again = new Redactor(All);
        return (again.Of(once) == once && again.Counts.IsEmpty).Label($"'{text}' became '{once}' became '{new Redactor(All).Of(once)}'");
    }).Check(SameCases.Quick.WithMaxTest(20_000));

    [Fact]
    public void Done_again_it_changes_nothing_with_any_choice_of_packs() => Prop.ForAll(
        Texts.ToArbitrary(), Gen.Choose(0, (int)All).ToArbitrary(), static (text, packs) =>
        {
            var once = new Redactor((RedactionPacks)packs).Of(text);
            return (new Redactor((RedactionPacks)packs).Of(once) == once).Label($"'{text}' became '{once}' with {(RedactionPacks)packs}");
        }).Check(SameCases.Quick.WithMaxTest(20_000));

    [Fact]
    public void What_only_a_label_ends_is_taken_out_too()
    {
        var redactor = new Redactor(RedactionPacks.Addresses | RedactionPacks.Phones);
        Assert.Equal("[address]'[phone]", redactor.Of("12 Main Street'555-123-4567"));
        Assert.Equal((1, 1), (redactor.Counts.Of(RedactionPacks.Addresses), redactor.Counts.Of(RedactionPacks.Phones)));
    }

    [Fact]
    public void Any_text_at_all_is_taken_and_is_the_same_unless_something_is_counted() => Prop.ForAll<string>(static text =>
    {
        var redactor = new Redactor(All);
        return text is null || ReferenceEquals(redactor.Of(text), text) == redactor.Counts.IsEmpty;
    }).Check(SameCases.Quick.WithMaxTest(2_000));

    [Theory]
    [MemberData(nameof(Repeated))]
    public void The_looks_at_a_text_grow_as_it_does(string piece)
    {
        var (shorter, longer) = (ReadsOf(piece, 5_000), ReadsOf(piece, 40_000));
        Assert.InRange(longer, 1, 40_000L * ReadsMax);
        Assert.InRange(longer, 0, (shorter * 9) + 10_000);
    }

    private static long ReadsOf(string piece, int length)
    {
        var redactor = new Redactor(All);
        redactor.Of(string.Concat(Enumerable.Repeat(piece, (length / piece.Length) + 1))[..length]);
        return redactor.Reads;
    }
}
