using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Memory.Tests.Text.Analysis;

public sealed class Porter2StemmerTests
{
    [Theory]
    // Too short, and words with a stem of their own.
    [InlineData("a", "a"), InlineData("by", "by"), InlineData("skis", "ski"), InlineData("skies", "sky"), InlineData("dying", "die")]
    [InlineData("lying", "lie"), InlineData("tying", "tie"), InlineData("idly", "idl"), InlineData("gently", "gentl"),
        InlineData("ugly", "ugli")]
    [InlineData("early", "earli"), InlineData("only", "onli"), InlineData("singly", "singl"), InlineData("sky", "sky"),
        InlineData("news", "news")]
    [InlineData("howe", "howe"), InlineData("atlas", "atlas"), InlineData("cosmos", "cosmos"), InlineData("bias", "bias"),
        InlineData("andes", "andes")]
    // Finished after the plural.
    [InlineData("innings", "inning"), InlineData("outing", "outing"), InlineData("cannings", "canning"), InlineData("herrings", "herring")]
    [InlineData("earrings", "earring"), InlineData("proceeds", "proceed"), InlineData("exceed", "exceed"),
        InlineData("succeeds", "succeed")]
    // Prefixes that set R1.
    [InlineData("generate", "generat"), InlineData("general", "general"), InlineData("generous", "generous"),
        InlineData("communism", "communism")]
    [InlineData("community", "communiti"), InlineData("arsenal", "arsenal"), InlineData("arsenic", "arsenic")]
    // Plurals.
    [InlineData("caresses", "caress"), InlineData("ties", "tie"), InlineData("cries", "cri"), InlineData("cried", "cri"),
        InlineData("gas", "gas")]
    [InlineData("this", "this"), InlineData("gaps", "gap"), InlineData("kiwis", "kiwi"), InlineData("consensus", "consensus"),
        InlineData("class", "class")]
    // Past and progressive.
    [InlineData("agreed", "agre"), InlineData("feed", "feed"), InlineData("agreedly", "agre"), InlineData("plastered", "plaster"),
        InlineData("bled", "bled")]
    [InlineData("motoring", "motor"), InlineData("sing", "sing"), InlineData("luxuriated", "luxuri"), InlineData("troubled", "troubl"),
        InlineData("sizing", "size")]
    [InlineData("hopping", "hop"), InlineData("falling", "fall"), InlineData("hoping", "hope"), InlineData("repeatedly", "repeat"),
        InlineData("seemingly", "seem")]
    // y.
    [InlineData("cry", "cri"), InlineData("say", "say"), InlineData("yes", "yes"), InlineData("youth", "youth"),
        InlineData("enjoyed", "enjoy")]
    // Double suffixes.
    [InlineData("relational", "relat"), InlineData("conditional", "condit"), InlineData("rational", "ration"),
        InlineData("valency", "valenc")]
    [InlineData("hesitancy", "hesit"), InlineData("conformably", "conform"), InlineData("differently", "differ"),
        InlineData("organizer", "organ")]
    [InlineData("vietnamization", "vietnam"), InlineData("operator", "oper"), InlineData("feudalism", "feudal"),
        InlineData("decisiveness", "decis")]
    [InlineData("hopefulness", "hope"), InlineData("callousness", "callous"), InlineData("formality", "formal"),
        InlineData("sensitivity", "sensit")]
    [InlineData("sensibility", "sensibl"), InlineData("apology", "apolog"), InlineData("hopefully", "hope"),
        InlineData("fearlessly", "fearless")]
    [InlineData("quickly", "quick"), InlineData("family", "famili"), InlineData("radically", "radic"), InlineData("analogously", "analog")]
    // Adjective suffixes.
    [InlineData("triplicate", "triplic"), InlineData("formative", "format"), InlineData("formalize", "formal"),
        InlineData("electricity", "electr")]
    [InlineData("electrical", "electr"), InlineData("goodness", "good"), InlineData("negative", "negat")]
    // Residual suffixes and the last e or l.
    [InlineData("revival", "reviv"), InlineData("allowance", "allow"), InlineData("inference", "infer"), InlineData("airliner", "airlin")]
    [InlineData("adjustable", "adjust"), InlineData("defensible", "defens"), InlineData("irritant", "irrit"),
        InlineData("replacement", "replac")]
    [InlineData("adjustment", "adjust"), InlineData("dependent", "depend"), InlineData("adoption", "adopt"),
        InlineData("activate", "activ")]
    [InlineData("homologous", "homolog"), InlineData("effective", "effect"), InlineData("bowdlerize", "bowdler"),
        InlineData("champion", "champion")]
    [InlineData("probate", "probat"), InlineData("rate", "rate"), InlineData("cease", "ceas"), InlineData("controlling", "control"),
        InlineData("roll", "roll")]
    public void The_stem_is_that_of_english_stem(string word, string stem) => Assert.Equal(stem, Stem(word));

    [Theory]
    [InlineData("b2bs"), InlineData("1990s"), InlineData("naïves"), InlineData("домами"), InlineData("Houses"), InlineData("")]
    public void A_word_with_a_character_outside_a_to_z_is_left_as_it_is(string word) => Assert.Equal(word, Stem(word));

    [Fact]
    public void A_stem_is_never_longer_than_its_word_and_stays_within_a_to_z() =>
        Prop.ForAll(
            Gen.Elements("aeiouyslitngdcmbrez".ToCharArray()).ArrayOf().ToArbitrary(),
            letters =>
            {
                var stem = Stem(new string(letters));
                return stem.Length <= letters.Length && stem.All(char.IsAsciiLetterLower);
            }).Check(SameCases.Quick);

    private static string Stem(string word)
    {
        var letters = word.ToCharArray();
        return new string(letters, 0, Porter2Stemmer.Stem(letters));
    }
}
