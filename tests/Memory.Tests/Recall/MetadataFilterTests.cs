using MemoryOrleans.Recall;

namespace MemoryOrleans.Memory.Tests.Recall;

public sealed class MetadataFilterTests
{
    private const string Held = """{"place":"park","count":1.0,"open":true,"none":null,"tags":["a","b"],"box":{"x":1,"y":2}}""";

    [Theory]
    [InlineData("place", "\"park\"", true)]
    [InlineData("place", "\"Park\"", false)]
    [InlineData("place", "\"p\\u0061rk\"", true)]
    [InlineData("count", "1", true)]
    [InlineData("count", "\"1\"", false)]
    [InlineData("open", "true", true)]
    [InlineData("open", "false", false)]
    [InlineData("none", "null", true)]
    [InlineData("absent", "null", false)]
    [InlineData("tags", "[\"a\",\"b\"]", true)]
    [InlineData("tags", "[\"b\",\"a\"]", false)]
    [InlineData("tags", "\"a\"", false)]
    [InlineData("box", "{\"y\":2,\"x\":1}", true)]
    [InlineData("box", "{\"x\":1}", false)]
    [InlineData("x", "1", false)]
    public void Top_level_members_compare_as_json(string name, string json, bool allowed) =>
        Assert.Equal(allowed, MetadataFilter.Allows(new Dictionary<string, string> { [name] = json }, Held));

    [Fact]
    public void All_wanted_members_must_agree()
    {
        Assert.True(MetadataFilter.Allows(new Dictionary<string, string> { ["place"] = "\"park\"", ["open"] = "true" }, Held));
        Assert.False(MetadataFilter.Allows(new Dictionary<string, string> { ["place"] = "\"park\"", ["open"] = "false" }, Held));
    }

    [Fact]
    public void Nothing_wanted_lets_everything_pass()
    {
        Assert.True(MetadataFilter.Allows(null, null));
        Assert.True(MetadataFilter.Allows(new Dictionary<string, string>(), null));
        Assert.True(MetadataFilter.Allows(null, Held));
    }

    [Fact]
    public void A_turn_without_metadata_has_no_member() =>
        Assert.False(MetadataFilter.Allows(new Dictionary<string, string> { ["place"] = "null" }, null));

    [Theory]
    [InlineData("1e99999999999999999999", "1e99999999999999999999", true)]
    [InlineData("1e99999999999999999999", "1e-99999999999999999999", false)]
    [InlineData("1e99999999999999999999", "1", false)]
    [InlineData("1", "1e99999999999999999999", false)]
    [InlineData("[1e99999999999999999999]", "1", false)]
    public void Numbers_of_any_exponent_compare(string held, string wanted, bool allowed) =>
        Assert.Equal(allowed, MetadataFilter.Allows(new Dictionary<string, string> { ["n"] = wanted }, $$"""{"n":{{held}}}"""));
}
