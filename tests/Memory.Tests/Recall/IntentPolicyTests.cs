using MemoryOrleans.Recall;

namespace MemoryOrleans.Memory.Tests.Recall;

public sealed class IntentPolicyTests
{
    [Theory]
    [InlineData("What did I just say?", "episodic")]
    [InlineData("What was it you just said?", "recent")]
    [InlineData("What have we agreed so far?", "recent")]
    [InlineData("Just now, who called?", "recent")]
    [InlineData("What is her favourite bread?", "preference")]
    [InlineData("Which oven does she PREFER?", "preference")]
    [InlineData("What does he hate?", "preference")]
    [InlineData("How do I light the oven?", "procedural")]
    [InlineData("steps to bake bread", "procedural")]
    [InlineData("how-to", "general")]
    [InlineData("When did Ann move?", "episodic")]
    [InlineData("what happened at the park", "episodic")]
    [InlineData("Who is Bob?", "entity")]
    [InlineData("Tell me about Bob", "entity")]
    [InlineData("What is sourdough?", "semantic")]
    [InlineData("Which flour?", "semantic")]
    [InlineData("Is it rye?", "semantic")]
    [InlineData("Are they open?", "semantic")]
    [InlineData("bread", "general")]
    [InlineData("this island", "general")]
    [InlineData("whatever", "general")]
    [InlineData("somehow to", "general")]
    [InlineData("", "general")]
    [InlineData("面包在哪里", "general")]
    public void The_first_rule_whose_words_are_there_decides(string query, string intent) =>
        Assert.Equal(intent, IntentPolicy.Classify(query));
}
