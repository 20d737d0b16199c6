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
    [InlineData("tags", "\"a\"", true)]
    [InlineData("tags", "\"c\"", false)]
    [InlineData("tags", "{\"any\":[\"c\",\"b\"]}", true)]
    [InlineData("tags", "{\"any\":[\"c\",\"d\"]}", false)]
    [InlineData("tags", "{\"not\":\"a\"}", false)]
    [InlineData("tags", "{\"not\":[\"c\",\"d\"]}", true)]
    [InlineData("place", "{\"any\":[\"lake\",\"park\"],\"not\":\"lake\"}", true)]
    [InlineData("place", "{\"gte\":\"p\",\"lt\":\"q\"}", true)]
    [InlineData("place", "{\"gt\":\"q\"}", false)]
    [InlineData("count", "{\"gt\":0.5,\"lte\":1}", true)]
    [InlineData("count", "{\"gt\":1}", false)]
    [InlineData("count", "{\"lt\":\"2\"}", false)]
    [InlineData("absent", "{\"not\":1}", true)]
    [InlineData("absent", "{\"lt\":1}", false)]
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

    [Fact]
    public void Without_metadata_only_a_denial_is_met() =>
        Assert.True(MetadataFilter.Allows(new Dictionary<string, string> { ["place"] = "{\"not\":\"park\"}" }, null));

    [Fact]
    public void One_element_of_a_list_lies_within_all_bounds()
    {
        Assert.True(MetadataFilter.Allows(new Dictionary<string, string> { ["n"] = """{"gt":2,"lt":6}""" }, """{"n":[1,5,9]}"""));
        Assert.False(MetadataFilter.Allows(new Dictionary<string, string> { ["n"] = """{"gt":2,"lt":6}""" }, """{"n":[1,9]}"""));
    }

    [Theory]
    [InlineData("1e99999999999999999999", "1e99999999999999999999", true)]
    [InlineData("1e99999999999999999999", "1e-99999999999999999999", false)]
    [InlineData("1e99999999999999999999", "1", false)]
    [InlineData("1", "1e99999999999999999999", false)]
    [InlineData("[1e99999999999999999999]", "1", false)]
    public void Numbers_of_any_exponent_compare(string held, string wanted, bool allowed) =>
        Assert.Equal(allowed, MetadataFilter.Allows(new Dictionary<string, string> { ["n"] = wanted }, $$"""{"n":{{held}}}"""));
}
