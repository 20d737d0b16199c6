using MemoryOrleans.Recall;

namespace MemoryOrleans.Memory.Tests.Recall;

public sealed class CutoffPolicyTests
{
    [Theory]
    [InlineData(null, "Where do I live?", true, CutoffPolicy.Default)]
    [InlineData(null, "Wo wohne ich jetzt?", true, CutoffPolicy.Default)]
    [InlineData(null, "Where do I live?", false, 0)]
    [InlineData(0.3, "Wo wohne ich jetzt?", true, 0.3)]
    [InlineData(0.3, "Where do I live?", false, 0.3)]
    [InlineData(0.3, "Wo wohne ich jetzt?", false, 0)]
    [InlineData(0.3, "¿Dónde vivo ahora?", false, 0)]
    [InlineData(0.3, "我住在哪里？", false, 0)]
    [InlineData(0.0, "Where do I live?", true, 0)]
    public void Without_the_encoder_only_what_is_set_and_English_is_judged(double? set, string question, bool isMeant, double least) =>
        Assert.Equal(least, CutoffPolicy.LeastOf(set, question, isMeant));
}
