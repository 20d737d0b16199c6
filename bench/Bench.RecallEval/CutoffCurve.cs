using System.Globalization;
using System.Text.Json;

namespace MemoryOrleans.Bench.RecallEval;

internal sealed record UnanswerableQuestion(string Conversation, string Question);

/// <summary>Questions that nothing in their conversation answers, as in samples/unanswerable.json.</summary>
internal sealed record UnanswerableQuestions(IReadOnlyList<UnanswerableQuestion> Questions)
{
    public const string Category = "unanswerable";
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>The data with the file's questions asked too.</summary>
    public static EvalData AddTo(EvalData data, string path)
    {
        var added = JsonSerializer.Deserialize<UnanswerableQuestions>(File.ReadAllBytes(path), Options)
            ?? throw new InvalidDataException($"{path} is empty.");
        var category = JsonSerializer.SerializeToElement(Category);
        return new EvalData([.. data.Conversations.Select(conversation => conversation with
        {
            Questions = [.. conversation.Questions, .. added.Questions.Where(each => each.Conversation == conversation.Id)
                .Select((each, i) => new EvalQuestion($"{conversation.Id}-u{i + 1}", category, each.Question, []))],
        })]);
    }
}

/// <summary>What a least relevance of the best of ten items would leave unanswered, rightly and wrongly.</summary>
internal static class CutoffCurve
{
    private const double Step = 0.05;
    private const int Steps = 12;

    /// <param name="rows">Each question with its ranking, asked without a cut-off.</param>
    public static void Print(IReadOnlyList<(EvalQuestion Question, Ranking Ranking)> rows)
    {
        var answerable = rows.Where(static row => row.Question.HasGold).Select(static row => row.Ranking.Best).ToArray();
        var unanswerable = rows.Where(static row => !row.Question.HasGold && HasNoAnswer(row.Question))
            .Select(static row => row.Ranking.Best).ToArray();
        Console.WriteLine($"{unanswerable.Length} questions without an answer, {answerable.Length} with one; answered empty at a least relevance of");
        for (var i = 1; i <= Steps; i++)
        {
            var least = i * Step;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{least:F2}  without an answer {ShareBelow(unanswerable, least):F3}  with one {ShareBelow(answerable, least):F3}"));
        }
    }

    private static bool HasNoAnswer(EvalQuestion question) =>
        question.Category.ToString() is UnanswerableQuestions.Category or "abstention" or "5";

    private static double ShareBelow(double[] best, double least) =>
        best.Length == 0 ? 0 : best.Count(each => each < least) / (double)best.Length;
}
