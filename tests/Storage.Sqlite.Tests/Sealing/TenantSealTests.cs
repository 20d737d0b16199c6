using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Storage.Sealing.Tests;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class TenantSealTests
{
    private static readonly byte[] Key = SHA256.HashData("a data key"u8);

    private readonly TenantSeal seal = new("tenant", 1, Key);

    [Fact]
    public void Every_text_comes_back_as_it_was_and_stands_in_no_other_place() =>
        Prop.ForAll<NonNull<string>, PositiveInt>((text, place) =>
        {
            var plain = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text.Get));
            var stored = seal.Seal(SealedField.TurnContent, "s", place.Get, plain)!;
            Assert.Equal(plain, seal.Open(SealedField.TurnContent, "s", place.Get, stored));
            if (plain.Length == 0)
                return;
            Assert.NotEqual(stored, seal.Seal(SealedField.TurnContent, "s", place.Get, plain));
            Assert.Equal(UnreadableText.Sentence, seal.Open(SealedField.TurnContent, "s", place.Get + 1L, stored));
            Assert.Equal(UnreadableText.Sentence, seal.Open(SealedField.TurnContent, "t", place.Get, stored));
            Assert.Null(seal.OpenOrNull(SealedField.TurnName, "s", place.Get, stored));
            // Even with the same data key, another tenant's seal is another one.
            Assert.Equal(UnreadableText.Sentence, new TenantSeal("other", 1, Key).Open(SealedField.TurnContent, "s", place.Get, stored));
            Assert.Equal(UnreadableText.Sentence, new TenantSeal("tenant", 2, Key).Open(SealedField.TurnContent, "s", place.Get, stored));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_sealed_text_that_is_changed_anywhere_is_refused()
    {
        var told = new List<string>();
        var watched = new TenantSeal("tenant", 1, Key, (field, id) => told.Add($"{field} {id}"));
        var refused = 0;
        // Of every length of the last group of base64, and often enough that one ends in every character.
        for (var text = "a"; text.Length <= 120; text += "a")
        {
            var stored = watched.Seal(SealedField.MemoryContent, "m", 0, text)!;
            for (var i = TenantSeal.Prefix.Length; i < stored.Length; i++, refused++)
            {
                var changed = stored[..i] + (stored[i] == 'A' ? 'B' : 'A') + stored[(i + 1)..];
                Assert.Equal(UnreadableText.Sentence, watched.Open(SealedField.MemoryContent, "m", 0, changed));
            }

            Assert.Equal(UnreadableText.Sentence, watched.Open(SealedField.MemoryContent, "m", 0, stored.Insert(stored.Length / 2, " ")));
            refused++;
        }

        Assert.Equal(refused, told.Count(static each => each == "MemoryContent m"));
        Assert.Equal(UnreadableText.Sentence, watched.Open(SealedField.MemoryContent, "m", 0, TenantSeal.Prefix));
    }

    [Fact]
    public void Texts_that_are_compared_are_sealed_alike_where_they_stand_and_nowhere_else()
    {
        var stored = seal.SealComparably(SealedField.MemoryContent, "m", "the same");
        Assert.Equal(stored, seal.SealComparably(SealedField.MemoryContent, "m", "the same"));
        Assert.NotEqual(stored, seal.SealComparably(SealedField.MemoryContent, "n", "the same"));
        Assert.NotEqual(seal.Digest(SealedField.NameDigest, Key), new TenantSeal("other", 1, Key).Digest(SealedField.NameDigest, Key));
        Assert.NotEqual(seal.Digest(SealedField.NameDigest, Key), seal.Digest(SealedField.ObservationDigest, Key));
    }

    [Fact]
    public void Nothing_is_sealed_of_what_is_not_there_and_plain_texts_are_read()
    {
        Assert.Null(seal.Seal(SealedField.TurnName, "s", 1, null));
        Assert.Equal(string.Empty, seal.Seal(SealedField.TurnName, "s", 1, string.Empty));
        Assert.Equal("plain", seal.Open(SealedField.TurnName, "s", 1, "plain"));
        Assert.Equal("plain", new TenantSeal("tenant", 0, dataKey: null).Open(SealedField.TurnName, "s", 1, "plain"));
    }

    [Theory]
    [InlineData("", "1 to 16")]
    [InlineData("k1", "colon")]
    [InlineData("K1:AAAA", "colon")]
    [InlineData("k1:AAAA", "'k1' must be 32 bytes")]
    public void Master_keys_that_are_not_right_are_refused_with_a_reason(string text, string reason)
    {
        Assert.False(MasterKeys.TryParse(text, out _, out var wrong));
        Assert.Contains(reason, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Master_keys_are_read_from_lines_with_comments_and_the_first_wraps()
    {
        Assert.True(MasterKeys.TryParse($"# new\nk2:{TestKeys.KeyOf("k2")}\n\nk1:{TestKeys.KeyOf("k1")}\n", out var keys, out _));
        Assert.Equal("k2", keys!.FirstId);
        Assert.True(keys.Knows("k1"));
        Assert.False(MasterKeys.TryParse($"k1:{TestKeys.KeyOf("k1")},k1:{TestKeys.KeyOf("k1")}", out _, out var twice));
        Assert.Contains("twice", twice, StringComparison.Ordinal);
    }
}
