using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace MemoryOrleans.Memory.Tests;

public sealed partial class IdentifiersTests
{
    [Theory]
    [InlineData("a", true, true)]
    [InlineData("7", true, true)]
    [InlineData("Session-1_b.c@d", true, true)]
    [InlineData("user:7", true, false)]
    [InlineData(":a", false, false)]
    [InlineData("", false, false)]
    [InlineData("-a", false, false)]
    [InlineData(".", false, false)]
    [InlineData("a b", false, false)]
    [InlineData("a/b", false, false)]
    [InlineData("a\n", false, false)]
    [InlineData("é", false, false)]
    [InlineData("a\0", false, false)]
    [InlineData("a①", false, false)]
    public void An_id_has_this_form(string id, bool valid, bool validTenant) =>
        Assert.Equal((valid, validTenant), (Identifiers.IsValid(id), Identifiers.IsValidTenant(id)));

    [Fact]
    public void An_id_has_at_most_128_characters()
    {
        Assert.True(Identifiers.IsValid(new string('a', 128)));
        Assert.False(Identifiers.IsValid(new string('a', 129)));
        Assert.True(Identifiers.IsValidTenant(new string('a', 128)));
        Assert.False(Identifiers.IsValidTenant(new string('a', 129)));
    }

    [Fact]
    public void The_form_is_that_of_the_documented_pattern() =>
        Prop.ForAll(LikelyIds, static id =>
        {
            Assert.Equal(Documented().IsMatch(id), Identifiers.IsValid(id));
            Assert.Equal(Documented().IsMatch(id) && !id.Contains(':', StringComparison.Ordinal), Identifiers.IsValidTenant(id));
        }).Check(SameCases.Quick.WithMaxTest(2_000));

    private static Arbitrary<string> LikelyIds { get; } =
        Gen.Elements("aZ09._:@-é /\n٣".ToCharArray()).ArrayOf().Select(static letters => new string(letters)).ToArbitrary();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}\z", RegexOptions.None, 1000)]
    private static partial Regex Documented();
}
