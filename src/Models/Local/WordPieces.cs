using MemoryOrleans.Text.Analysis;
using Microsoft.ML.Tokenizers;

namespace MemoryOrleans.Models.Local;

/// <summary>Text to the numbers of BERT's word pieces, uncased, accents folded. Safe for concurrent use.</summary>
internal sealed class WordPieces
{
    private static readonly BertOptions Form = new()
    {
        LowerCaseBeforeTokenization = true,
        ApplyBasicTokenization = true,
        IndividuallyTokenizeCjk = true,
        RemoveNonSpacingMarks = true,

        // "[SEP]" in a text is five characters that somebody wrote.
        SplitOnSpecialTokens = false,
    };

    private readonly BertTokenizer tokenizer;
    private readonly int tokensMax;

    /// <exception cref="LocalModelUnavailableException">The file is not there, or is no vocabulary.</exception>
    public WordPieces(string vocabularyPath, int tokensMax)
    {
        this.tokensMax = tokensMax;
        try
        {
            using var vocabulary = File.OpenRead(vocabularyPath);
            tokenizer = BertTokenizer.Create(vocabulary, Form);
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or FormatException or IOException
            or UnauthorizedAccessException)
        {
            throw new LocalModelUnavailableException(
                failure is IOException ? LocalModelLack.File : LocalModelLack.Form,
                $"{vocabularyPath} cannot be read as a vocabulary of word pieces.", failure);
        }
    }

    /// <summary>The pieces' numbers, those that mark the ends included: at least 2, at most the maximum.</summary>
    public long[] Encode(string text)
    {
        // The runtime removes no marks under invariant globalization, and a word with an accent would be unknown as a whole.
        var ids = tokenizer.EncodeToIds(FoldAccents.Fold(text), tokensMax, addSpecialTokens: true, out _, out _);
        var numbers = new long[ids.Count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = ids[i];
        return numbers;
    }
}
