using System.CommandLine;
using MemoryOrleans.Bench.RecallEval;

var data = new Argument<FileInfo>("DATA") { Description =
    "Conversations with questions and evidence (JSON, as samples/conversations.json), or cases, as samples/updates.json." };
var golden = new Option<FileInfo?>("--golden") { Description = "Expected top tens to compare with; rows of other sets are ignored." };
var write = new Option<FileInfo?>("--write-golden") { Description = "Write this run's top tens there." };
var limit = new Option<int>("--limit") { Description = "Items a question asks for, 10..100.", DefaultValueFactory = static _ => 20 };
var tolerance = new Option<double>("--tolerance") { Description = "Largest score difference that is not reported.",
    DefaultValueFactory = static _ => 0.02 };
var verbose = new Option<bool>("--verbose") { Description = "Print every ranking that differs." };
var tiers = new Option<bool>("--tiers") { Description =
    "Distil too, and compare turns alone with all tiers within 1,500 tokens (docs/ranking.md)." };
var weights = new Option<string[]>("--weights") { Description =
    "With --tiers: EPISODE,FACT weights to try instead of the defaults; may repeat." };
var meaning = new Option<bool>("--meaning") { Description =
    "Rank with the local encoder; without --tiers over the index alone (docs/ranking.md)." };
var vectors = new Option<DirectoryInfo?>("--vectors") { Description = "With --meaning: a folder to keep vectors in between runs." };
var cutoff = new Option<FileInfo?>("--cutoff") { Description =
    "Print what cut-offs would leave unanswered, these questions without an answer among the others." };
var links = new Option<bool>("--links") { Description = "List the links between turns with both texts, by class and rule." };
var facts = new Option<int?>("--facts") { Description = "List so many promoted facts, drawn by a fixed seed, and how many there are." };
var root = new RootCommand("Measures recall quality in process, over an embedded memory on a throw-away SQLite file.")
{
    data, golden, write, limit, tolerance, verbose, tiers, weights, meaning, vectors, cutoff, links, facts,
};
root.SetAction(async (arguments, cancel) =>
{
    var file = arguments.GetRequiredValue(data);
    var set = Path.GetFileNameWithoutExtension(file.Name);
    if (arguments.GetValue(links) || arguments.GetValue(facts) is not null)
    {
        var told = EvalCases.Read(file.FullName);
        await (arguments.GetValue(facts) is { } count ? ListDistilled.FactsAsync(told, count, cancel)
            : ListDistilled.LinksAsync(told, cancel));
        return 0;
    }

    var conversations = EvalCases.Read(file.FullName);
    var unanswerable = arguments.GetValue(cutoff);
    if (unanswerable is not null)
        conversations = UnanswerableQuestions.AddTo(conversations, unanswerable.FullName);
    if (arguments.GetValue(tiers))
    {
        if (arguments.GetValue(meaning))
            await EvaluateTiers.RunWithMeaningAsync(conversations, arguments.GetValue(weights) ?? [],
                arguments.GetValue(vectors)?.FullName, cancel);
        else
            await EvaluateTiers.RunAsync(conversations, arguments.GetValue(weights) ?? [], cancel);
        return 0;
    }

    var embedded = arguments.GetValue(meaning)
        ? await EvaluateMeaning.RunAsync(conversations, arguments.GetValue(limit), arguments.GetValue(vectors)?.FullName, cancel)
        : null;
    var rankings = embedded?.Select(static each => each.Ranking).ToArray() ?? await Evaluate.RunAsync(
        conversations, arguments.GetValue(limit), unanswerable is null ? null : 0, cancel);
    var questions = conversations.Conversations
        .SelectMany(static each => each.Questions.Select(question => (each.Id, question)))
        .ToDictionary(static each => (each.Id, each.question.Id), static each => each.question);
    Metrics.Print(rankings
        .Select(ranking => (ranking, question: questions[(ranking.Conversation, ranking.Question)]))
        .Where(static each => each.question.HasGold)
        .Select(static each => (each.question.Category.ToString(),
        Metrics.Of([.. each.ranking.Items.Select(static item => item.Turn)], each.question.Evidence.ToHashSet()))));
    NewestFirst.Print(conversations, rankings, arguments.GetValue(verbose));
    if (unanswerable is not null)
        CutoffCurve.Print([.. rankings.Select(ranking => (questions[(ranking.Conversation, ranking.Question)], ranking))]);
    var took = rankings.Select(static ranking => ranking.Took.TotalMilliseconds).Order().ToArray();
    Console.WriteLine($"recall latency ms: p50 {took[took.Length / 2]:F3}  p95 {took[(int)(took.Length * 0.95)]:F3}");
    if (arguments.GetValue(write) is { } target)
        Golden.Write(target.FullName, set, rankings);
    if (embedded is not null)
        return arguments.GetValue(golden) is not { } wanted
            || MeaningGolden.Read(wanted.FullName).Compare(embedded, arguments.GetValue(verbose)) ? 0 : 1;
    return arguments.GetValue(golden) is not { } expected
        || Golden.Read(expected.FullName).Compare(rankings, set, arguments.GetValue(tolerance), arguments.GetValue(verbose)) ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();
