using MemoryOrleans.Host.InProcess;
using MemoryOrleans.Models;

namespace MemoryOrleans.Engine.Tests;

/// <summary>
/// The neural arm with the static vectors in place of a model's: how it scales, cuts off and falls back must cost nothing.
/// </summary>
public sealed class NeuralRankingTests
{
    private const double Tolerance = 0.01;
    private const double OfStaticArm = 0.82;

    [Fact]
    public async Task Static_vectors_by_way_of_the_neural_arm_find_what_the_static_arm_finds()
    {
        await using var host = await EngineOnSqlite.StartAsync(textEmbedder: new StaticTextEmbedder(new StaticEmbedder()));
        var answers = await SampleConversations.AskAllAsync(host.Embedded, turns => EmbeddedAsync(host.Embedded, turns));
        await using var plain = await EngineOnSqlite.StartAsync();
        var expected = RecallOf(await SampleConversations.AskAllAsync(plain.Embedded));
        var recall = RecallOf(answers);

        Assert.True(expected > OfStaticArm, $"recall@10 of the static arm is {expected:F4}");
        Assert.True(recall > expected - Tolerance, $"recall@10 is {recall:F4}, that of the static arm {expected:F4}");
    }

    private static double RecallOf(IReadOnlyList<SampleAnswer> answers) =>
        answers.Where(static answer => answer.Question.Evidence.Length > 0).Average(static answer => answer.Recall);

    private static Task EmbeddedAsync(InProcessHost host, long turns) => Eventually.SeesAsync(
        async () => (await host.Embeddings.ListAsync("samples", default)).SingleOrDefault(), space => space?.TurnsEmbedded >= turns);
}
