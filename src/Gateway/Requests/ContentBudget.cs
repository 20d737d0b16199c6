using System.Text;
using MemoryOrleans.Gateway.Settings;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>
/// What the contents of one answer may come to: MEMORY_ANSWER_CONTENT_MAX_CHARACTERS for each, MEMORY_ANSWER_MEGABYTES for all.
/// What is longer, or comes when the answer is full, is answered as a snippet.
/// </summary>
internal sealed class ContentBudget(LimitOptions limits, string? query = null)
{
    /// <summary>Characters of a snippet in an answer that is full.</summary>
    private const int SnippetLength = 400;

    private const int WordLengthMin = 3;
    private const int WordsMax = 16;

    private readonly string[] words = (query ?? string.Empty)
        .Split([' ', '\t', '\n', ',', '.', '?', '!', ';', ':'], StringSplitOptions.RemoveEmptyEntries)
        .Where(static word => word.Length >= WordLengthMin)
        .OrderByDescending(static word => word.Length)
        .Take(WordsMax)
        .ToArray();

    private long bytesLeft = limits.AnswerBytesMax;

    /// <summary>False when the answer is full.</summary>
    public bool HasRoom => bytesLeft > 0;

    /// <summary>The content, or the part of it that fits: where the query's words are, else its beginning.</summary>
    public string Take(string content, out bool isSnippet)
    {
        var bytes = Encoding.UTF8.GetByteCount(content);
        isSnippet = content.Length > limits.AnswerContentMax || bytes > bytesLeft;
        if (!isSnippet)
        {
            bytesLeft -= bytes;
            return content;
        }

        // A character takes three bytes at most.
        var length = (int)Math.Clamp(bytesLeft / 3, SnippetLength, limits.AnswerContentMax);
        isSnippet = content.Length > length;
        var snippet = isSnippet ? Around(content, length) : content;
        bytesLeft -= Encoding.UTF8.GetByteCount(snippet);
        return snippet;
    }

    private string Around(string content, int length)
    {
        var found = words.Select(word => content.IndexOf(word, StringComparison.OrdinalIgnoreCase)).FirstOrDefault(static at => at >= 0, 0);
        var start = Math.Clamp(found - (length / 4), 0, content.Length - length);
        var end = start + length;

        // Never half of a surrogate pair.
        if (char.IsLowSurrogate(content[start]))
            start++;
        if (char.IsHighSurrogate(content[end - 1]))
            end--;
        return content[start..end];
    }
}
