namespace MemoryOrleans.Bench.RecallEval;

/// <summary>
/// Of questions about what was updated, in how many the newest of several pieces of evidence stands above all older ones.
/// </summary>
internal static class NewestFirst
{
    private const string Category = "knowledge_update";

    /// <param name="verbose">Name the others.</param>
    public static void Print(EvalData data, IReadOnlyList<Ranking> rankings, bool verbose)
    {
        var byId = rankings.ToDictionary(static each => (each.Conversation, each.Question));
        var (asked, first) = (0, 0);
        foreach (var conversation in data.Conversations)
        {
            var order = conversation.Sessions.SelectMany(static session => session.Turns)
                .Select(static (turn, at) => (turn.Id, at)).DistinctBy(static each => each.Id)
                .ToDictionary(static each => each.Id, static each => each.at);
            foreach (var question in conversation.Questions.Where(static each => each.Category.ToString() == Category
                && each.Evidence.Distinct().Skip(1).Any()))
            {
                var newest = question.Evidence.MaxBy(turn => order[turn])!;
                var ranked = byId[(conversation.Id, question.Id)].Items.Select(static item => item.Turn).ToList();
                var place = ranked.IndexOf(newest);
                var isFirst = place >= 0 && question.Evidence.Where(turn => turn != newest)
                    .All(turn => ranked.IndexOf(turn) is var at && (at < 0 || at > place));
                asked++;
                first += isFirst ? 1 : 0;
                if (verbose && !isFirst)
                    Console.WriteLine($"  older first: {question.Id}  {string.Join(' ', question.Evidence.OrderBy(turn => order[turn]).Select(turn => $"{turn}@{ranked.IndexOf(turn) + 1}"))}");
            }
        }

        if (asked > 0)
            Console.WriteLine($"questions about updates with evidence of several times: the newest first in {first} of {asked}");
    }
}
