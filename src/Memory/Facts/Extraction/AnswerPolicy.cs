using MemoryOrleans.Text.Prose;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>
/// Answers that say nothing without their question: "5 years already!" after "How long have you been married?". The pair is
/// kept as <c>Melanie, asked "How long have you been married?": "5 years already!"</c>.
/// </summary>
internal static class AnswerPolicy
{
    private const int QuestionLengthMax = 120;
    private const int AnswerLengthMax = 140;

    /// <summary>The pair, when the question asks a person for a fact of theirs and the answer gives one.</summary>
    /// <param name="question">The last sentence of the turn before.</param>
    /// <param name="answer">The first sentence of the turn after it.</param>
    /// <param name="names">Names in the answer.</param>
    public static string? Pair(Sentence question, Sentence answer, int names)
    {
        if (!question.IsQuestion || answer.IsQuestion || !answer.IsWhole || !answer.Speaker.IsPerson
            || question.Speaker.Key == answer.Speaker.Key)
            return null;
        if (question.Text.Length > QuestionLengthMax || answer.Text.Length > AnswerLengthMax || !AsksForFact.IsMatch(question.Text)
            || NoQuestion.IsMatch(question.Text))
            return null;
        if (NoAnswer.IsMatch(answer.Text) || (names == 0 && !Substance.IsMatch(answer.Text)))
            return null;
        return $"{answer.Speaker.Title}, asked \"{question.Text.Replace('"', '\'')}\": \"{answer.Text.Replace('"', '\'')}\"";
    }

    private static readonly Pattern AsksForFact = Pattern.AnyCase(
        @"^(\W|so|and|wow|cool|nice|oh)*\b("
        + "what|which|where|when|who|how (long|many|much|old|often)|do you (have|own|speak|play|live|work)|are you "
        + "(from|allergic|married)|have you ever"
        + @")\b.*\b(you|your|you['’]\w+|their|its|his|her)\b");

    private static readonly Pattern NoQuestion = Pattern.AnyCase(
        @"\b(what do you think|what['’]?s (up|new)|how are you|what about|it|that|this|them|these|those|can you|could you|should)\b");

    private static readonly Pattern NoAnswer = Pattern.AnyCase(
        @"\b(you|your|not sure|no idea|don['’]t know|good question|thanks|thank you|glad|sure|of course|wow|sounds|great|awesome)\b");

    private static readonly Pattern Substance = Pattern.AnyCase(
        @"[0-9]|\b(one|two|three|four|five|six|seven|eight|nine|ten|once|twice|years?|months?|weeks?|days?"
        + @"|mom|mum|dad|sister|brother|wife|husband|kids?|son|daughter|dog|cat|school|home|work)\b");
}
