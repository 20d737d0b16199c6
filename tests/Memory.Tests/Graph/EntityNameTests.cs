using MemoryOrleans.Graph;

namespace MemoryOrleans.Memory.Tests.Graph;

public sealed class EntityNameTests
{
    [Theory]
    [InlineData("Ada Lovelace", "ada  LOVELACE ")]
    [InlineData("José", "JOSE\u0301")]
    [InlineData("Ｆｕｌｌ", "full")]
    [InlineData("ﬁle", "FILE")]
    [InlineData("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8")]
    public void Case_form_width_and_blanks_do_not_make_another_name(string one, string other) =>
        Assert.Equal(EntityName.Normalize(one), EntityName.Normalize(other));

    [Theory]
    [InlineData("C++", "C#")]
    [InlineData("☃", "☂")]
    [InlineData("😀", "😁")]
    [InlineData("R&D", "R D")]
    [InlineData("कि", "का")]
    [InlineData("か", "が")]
    [InlineData("A–B", "A B")]
    [InlineData("€", "£")]
    [InlineData("a1", "a2")]
    [InlineData("\u0301", "\u0302")]
    public void What_tells_names_apart_is_kept(string one, string other) =>
        Assert.NotEqual(EntityName.Normalize(one), EntityName.Normalize(other));

    [Fact]
    public void A_name_normalises_to_itself_once_normalised()
    {
        foreach (var name in new[] { "Ada Lovelace", "C++", "😀 cat", "Ｆｕｌｌ ™", "東京 Tower" })
            Assert.Equal(EntityName.Normalize(name), EntityName.Normalize(EntityName.Normalize(name)));
    }
}
