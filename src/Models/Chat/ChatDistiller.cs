using System.Diagnostics.Metrics;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Episodes;
using MemoryOrleans.Sessions;
using Microsoft.Extensions.AI;

namespace MemoryOrleans.Models.Chat;

/// <summary>
/// Asks a chat model for summaries and facts of turns that the rules have cut into episodes, and takes of its answer what the
/// turns bear out. When that is nothing, the rules' own result stands, marked as a fallback; when the model does not answer,
/// the port's exception says so and the durable work tries again.
/// </summary>
public sealed class ChatDistiller : IDistiller, IDisposable
{
    /// <summary>The meter of all its instruments.</summary>
    public const string MeterName = "MemoryOrleans.Models";

    /// <summary>Raised when the same answer is made into something else.</summary>
    public const string Name = "chat-1";

    private const int Seed = 1;

    private readonly ChatModelOptions options;
    private readonly IDistiller rules;
    private readonly IEmbedder embedder;
    private readonly IChatClient chat;
    private readonly Counter<long> answers;
    private readonly Counter<long> dropped;

    /// <param name="rules">The local distiller whose episodes and claims are the frame; it does not fail.</param>
    public ChatDistiller(ChatModelOptions options, IDistiller rules, IEmbedder embedder, TimeProvider time, IMeterFactory meters)
        : this(options, new OpenAiChatClient(options, time), rules, embedder, time, meters)
    {
    }

    internal ChatDistiller(ChatModelOptions options, IChatClient model, IDistiller rules, IEmbedder embedder, TimeProvider time,
        IMeterFactory meters)
    {
        this.options = options;
        this.rules = rules;
        this.embedder = embedder;
        var meter = meters.Create(MeterName);
        chat = new GuardingChatClient(model, options, time, meter);
        answers = meter.CreateCounter<long>("memory_distiller_answers",
            description: "Answers of the chat model, by result: taken, or fallback to the rules");
        dropped = meter.CreateCounter<long>("memory_distiller_facts_dropped",
            description: "Facts of taken answers that their turns did not bear out");
        Origin = $"{Name} {DistilPrompt.Version} {options.Model}";
    }

    /// <summary>The distiller with its version, the prompt's, and the model.</summary>
    public string Origin { get; }

    public async ValueTask<Distillation> DistilAsync(
        Session session, IReadOnlyList<Turn> before, IReadOnlyList<Turn> turns, DistillationLimits limits, CancellationToken cancel)
    {
        var made = await rules.DistilAsync(session, before, turns, limits, cancel);
        var text = await AskAsync(before, EpisodesOf(made, turns), limits, cancel);
        var grounded = DistilAnswer.Read(text) is { } answer
            ? new GroundAnswer(turns, made, limits, embedder, Origin).Ground(answer) : null;
        answers.Add(1, new KeyValuePair<string, object?>("result", grounded is null ? "fallback" : "taken"));
        if (grounded is not { } taken)
            return made with { Origin = made.Origin + FallbackDistiller.Mark };
        dropped.Add(taken.FactsDropped);
        return taken.Made;
    }

    public void Dispose() => chat.Dispose();

    private static List<IReadOnlyList<Turn>> EpisodesOf(Distillation made, IReadOnlyList<Turn> turns)
    {
        var bySeq = turns.ToDictionary(static turn => turn.Seq);
        return [.. made.Episodes.Select(draft => draft.Sources.Select(source => bySeq[source.Seq]).ToList())];
    }

    private async Task<string> AskAsync(
        IReadOnlyList<Turn> before, IReadOnlyList<IReadOnlyList<Turn>> episodes, DistillationLimits limits, CancellationToken cancel)
    {
        ChatMessage[] messages =
        [
            new(ChatRole.System, DistilPrompt.Instructions(limits)),
            new(ChatRole.User, DistilPrompt.Write(before, episodes, options.InputTokensMax)),
        ];
        var answer = await chat.GetResponseAsync(messages, AskFor(), cancel);
        return answer.Text;
    }

    private ChatOptions AskFor() => new()
    {
        ModelId = options.Model,
        Temperature = 0,
        Seed = Seed,
        MaxOutputTokens = options.OutputTokensMax,
        ResponseFormat = options.Form switch
        {
            AnswerForm.JsonSchema => ChatResponseFormat.ForJsonSchema(DistilPrompt.Schema, "distillation"),
            AnswerForm.JsonObject => ChatResponseFormat.Json,
            _ => null,
        },
    };
}
