using MemoryOrleans.Facts;
using MemoryOrleans.Kinds;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Memory.Tests.Kinds;

public sealed class ReadFactKindTests
{
    [Theory]
    [InlineData("Ann is going to paint the boat in May 2024.", FactKind.Plan)]
    [InlineData("Ann: \"We're planning a trip to Oslo.\"", FactKind.Plan)]
    [InlineData("Ann bought a kayak on 7 May 2023.", FactKind.Event)]
    [InlineData("In the week of 1 May 2023, Ann's grandma passed away.", FactKind.Event)]
    [InlineData("Ann has just moved to Oslo.", FactKind.Event)]
    [InlineData("Ann was hired by Oxley Mills.", FactKind.Event)]
    [InlineData("Ann was tired of the rain.", FactKind.State)]
    [InlineData("Ann has been living in Oslo since 2019.", FactKind.State)]
    [InlineData("Ann has got a class every Tuesday.", FactKind.State)]
    [InlineData("Ann keeps bees behind the mill.", FactKind.State)]
    [InlineData("Ann enjoys sailing.", FactKind.Preference)]
    [InlineData("Ann's favourite tea is oolong.", FactKind.Preference)]
    [InlineData("Ann's brother is called Bo.", FactKind.Relation)]
    [InlineData("Ann is married to Bo.", FactKind.Relation)]
    [InlineData("Ich werde im Mai nach Oslo ziehen.", FactKind.Plan)]
    [InlineData("Ich habe das Auto verkauft.", FactKind.Event)]
    [InlineData("Ich trinke am liebsten Tee.", FactKind.Preference)]
    [InlineData("Mein Bruder heißt Bo.", FactKind.Relation)]
    [InlineData("Ich wohne in Oslo und arbeite bei der Bahn.", FactKind.State)]
    [InlineData("Je vais visiter Oslo avec ma fille.", FactKind.Plan)]
    [InlineData("J'ai vendu la voiture.", FactKind.Event)]
    [InlineData("J'aime le thé et les chats.", FactKind.Preference)]
    [InlineData("Ma soeur s'appelle Léa.", FactKind.Relation)]
    [InlineData("Voy a visitar Oslo con mi hija.", FactKind.Plan)]
    [InlineData("Vendí el coche en mayo.", FactKind.Event)]
    [InlineData("Me gusta el té por la noche.", FactKind.Preference)]
    [InlineData("Mi hermana se llama Léa.", FactKind.Relation)]
    [InlineData("Vou visitar Oslo com a minha filha.", FactKind.Plan)]
    [InlineData("Vendi o carro em maio.", FactKind.Event)]
    [InlineData("Gosto muito de chá à noite.", FactKind.Preference)]
    [InlineData("我打算五月去奥斯陆。", FactKind.Plan)]
    [InlineData("我上个月卖掉了车。", FactKind.Event)]
    [InlineData("我喜欢喝茶。", FactKind.Preference)]
    [InlineData("我妹妹叫小红。", FactKind.Relation)]
    [InlineData("我住在奥斯陆。", FactKind.State)]
    [InlineData("五月にオスロへ行くつもりです。", FactKind.Plan)]
    [InlineData("先月車を売りました。", FactKind.Event)]
    [InlineData("お茶が好きです。", FactKind.Preference)]
    [InlineData("妹の名前はハナです。", FactKind.Relation)]
    public void A_sentence_tells_its_kind(string content, string kind) => Assert.Equal(kind, ReadFactKind.Of(content, "fact", claim: null));

    [Theory]
    [InlineData("home", "oslo", true, FactKind.State)]
    [InlineData("employer", "none", true, FactKind.Event)]
    [InlineData("partner", "bo", true, FactKind.Relation)]
    [InlineData("sister", "lea", false, FactKind.Relation)]
    [InlineData("likes", "tea", false, FactKind.Preference)]
    [InlineData("plan", "sail to oslo", false, FactKind.Plan)]
    public void What_is_claimed_decides_before_words(string attribute, string value, bool isSingle, string kind) =>
        Assert.Equal(kind, ReadFactKind.Of("Ann said so.", "fact", new FactClaim("ann", attribute, value, isSingle)));

    [Fact]
    public void Only_a_plan_is_over_when_its_day_is()
    {
        var end = new DateTimeOffset(2024, 6, 2, 0, 0, 0, TimeSpan.Zero);
        var said = new FactCandidate("Ann is going to paint the boat in May 2024.", "fact", null, [new("s", "t", 1)], [], 0.6,
            end.AddDays(-60), null) { PlannedUntil = end };

        Assert.Equal((FactKind.Plan, end), (ReadFactKind.Mark(said).FactKind, ReadFactKind.Mark(said).PlannedUntil));
        Assert.Null(ReadFactKind.Mark(said with { Content = "Ann painted the boat in May 2024." }).PlannedUntil);
    }
}
