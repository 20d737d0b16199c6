using MemoryOrleans.Redaction;

namespace MemoryOrleans.Memory.Tests.Redaction;

public sealed class RedactorTests
{
    private const RedactionPacks All = RedactionPacks.Secrets | RedactionPacks.Emails | RedactionPacks.Ibans | RedactionPacks.Cards
        | RedactionPacks.Addresses | RedactionPacks.Phones;

    [Theory]
    [InlineData("My key is AKIAIOSFODNN7EXAMPLE, keep it.", "My key is [secret], keep it.")]
    [InlineData("use ghp_0123456789abcdefABCDEF0123456789abcd now", "use [secret] now")]
    [InlineData("sk-proj-abc123DEF456ghi789JKL0", "[secret]")]
    [InlineData("https://hooks.test/?k=sk_live_51Habcdefghijklmnop&x=1", "https://hooks.test/?k=[secret]&x=1")]
    [InlineData("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P end", "token [secret] end")]
    [InlineData("password: hunter2", "password: [secret]")]
    [InlineData("My Password is hunter2!", "My Password is [secret]")]
    [InlineData("DB_PASSWORD=\"a b c\" next", "DB_PASSWORD=\"[secret]\" next")]
    [InlineData("{\"userPassword\": \"tr0ub4dor\", \"x\": 1}", "{\"userPassword\": \"[secret]\", \"x\": 1}")]
    [InlineData("Das Passwort lautet geheim123.", "Das Passwort lautet [secret]")]
    [InlineData("**Password**: `abc` ok", "**Password**: `[secret]` ok")]
    [InlineData("密码：abc123，请记住", "密码：[secret]，请记住")]
    [InlineData("Authorization: Bearer 0123456789abcdef0123", "Authorization: Bearer [secret]")]
    [InlineData("postgres://app:s3cr3t@db:5432/memory", "postgres://app:[secret]@db:5432/memory")]
    [InlineData("a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb", "a\n[secret]\nb")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIEcut off", "[secret]")]
    [InlineData("mem_acme_0123456789abcdef_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "[secret]")]
    public void Secrets_are_taken_out(string text, string redacted) => Assert.Equal(redacted, Redact(RedactionPacks.Secrets, text));

    [Theory]
    [InlineData("The password is required.")]
    [InlineData("I forgot my password again")]
    [InlineData("password: ")]
    [InlineData("password_hash is stored")]
    [InlineData("a passwordless: login")]
    [InlineData("sk-learn-is-a-library-of-many-things")]
    [InlineData("AKIAIOSFODNN7EXAMPLETOOLONG")]
    [InlineData("eyJ is how it starts")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----")]
    [InlineData("the bearer of good news arrived at 10")]
    [InlineData("http://host:8080/path@x")]
    public void What_is_no_secret_stays(string text) => Assert.Equal(text, Redact(RedactionPacks.Secrets, text));

    [Theory]
    [InlineData("Pay with 4111 1111 1111 1111 please", "Pay with [card] please")]
    [InlineData("4111111111111111", "[card]")]
    [InlineData("5500-0000-0000-0004,", "[card],")]
    [InlineData("Amex 3782 822463 10005.", "Amex [card].")]
    [InlineData("3530111333300000 and 6011111111111117", "[card] and [card]")]
    [InlineData("4111 1111 1111 1111 4012 8888 8888 1881", "[card] [card]")]
    public void Cards_are_taken_out(string text, string redacted) => Assert.Equal(redacted, Redact(RedactionPacks.Cards, text));

    [Theory]
    [InlineData("4111 1111 1111 1112")]
    [InlineData("41111111111111111")]
    [InlineData("1234567812345670")]
    [InlineData("order 4000123")]
    [InlineData("0.4111111111111111")]
    [InlineData("2024-01-05 10:00:00")]
    [InlineData("411 111 111 111 111 1")]
    [InlineData("x4111111111111111")]
    public void Numbers_that_are_no_cards_stay(string text) => Assert.Equal(text, Redact(RedactionPacks.Cards, text));

    [Theory]
    [InlineData("Write to ada.lovelace+x@mail.example.org.", "Write to [email].")]
    [InlineData("<bob@example.com>", "<[email]>")]
    [InlineData("mailto:bob@example.co.uk?x", "mailto:[email]?x")]
    [InlineData("写信给ada@example.com吧", "写信给[email]吧")]
    [InlineData("jürgen@münchen.de", "[email]")]
    public void Addresses_of_mail_are_taken_out(string text, string redacted) =>
        Assert.Equal(redacted, Redact(RedactionPacks.Emails, text));

    [Theory]
    [InlineData("pkg@1.2.3")]
    [InlineData("@ada said hi")]
    [InlineData("user@localhost")]
    [InlineData("a @ b.com")]
    [InlineData("5 apples @ 1.20")]
    public void What_is_no_address_of_mail_stays(string text) => Assert.Equal(text, Redact(RedactionPacks.Emails, text));

    [Theory]
    [InlineData("IBAN: DE89 3704 0044 0532 0130 00.", "IBAN: [iban].")]
    [InlineData("GB82WEST12345698765432", "[iban]")]
    [InlineData("fr14 2004 1010 0505 0001 3m02 606", "[iban]")]
    [InlineData("NO9386011117947", "[iban]")]
    [InlineData("MT84MALT011000012345MTLCAST001S", "[iban]")]
    public void Accounts_are_taken_out(string text, string redacted) => Assert.Equal(redacted, Redact(RedactionPacks.Ibans, text));

    [Theory]
    [InlineData("DE88 3704 0044 0532 0130 00")]
    [InlineData("DE89 3704 0044 0532 0130")]
    [InlineData("DE89370400440532013000X")]
    [InlineData("XX89370400440532013000")]
    public void Accounts_that_cannot_be_stay(string text) => Assert.Equal(text, Redact(RedactionPacks.Ibans, text));

    [Theory]
    [InlineData("Call +49 30 1234567 today", "Call [phone] today")]
    [InlineData("+1 (555) 123-4567", "[phone]")]
    [InlineData("tel:+442079460958", "tel:[phone]")]
    [InlineData("0049 30 1234567", "[phone]")]
    [InlineData("(555) 123-4567 or 555-123-4568", "[phone] or [phone]")]
    [InlineData("030 1234567, 0171/1234567", "[phone], [phone]")]
    [InlineData("020 7946 0958", "[phone]")]
    [InlineData("06 12 34 56 78", "[phone]")]
    [InlineData("090-1234-5678", "[phone]")]
    [InlineData("Handy 01711234567", "Handy [phone]")]
    [InlineData("call me at 5551234567", "call me at [phone]")]
    [InlineData("030 1234567 0171 1234567", "[phone] [phone]")]
    [InlineData("Meine Telefonnummer: 1234567", "Meine Telefonnummer: [phone]")]
    public void Telephone_numbers_are_taken_out(string text, string redacted) =>
        Assert.Equal(redacted, Redact(RedactionPacks.Phones, text));

    [Theory]
    [InlineData("on 2024-01-05 at 10:30")]
    [InlineData("05-06-2024")]
    [InlineData("call me on 05.06.2024")]
    [InlineData("2024-01-05T10:00:00+02:00")]
    [InlineData("version 10.0.15.2")]
    [InlineData("192.168.100.100")]
    [InlineData("order 0171-1234567")]
    [InlineData("Bestellnummer: 030 1234567")]
    [InlineData("my order number is 555-123-4567")]
    [InlineData("4500012345")]
    [InlineData("it cost 1 234 567 euros")]
    [InlineData("1,234,567.89")]
    [InlineData("978-3-16-148410-0")]
    [InlineData("between 1914 and 1918")]
    [InlineData("123e4567-e89b-12d3-a456-426614174000")]
    [InlineData("1733000000000")]
    [InlineData("$0300 1234567")]
    public void Numbers_that_are_no_telephones_stay(string text) => Assert.Equal(text, Redact(RedactionPacks.Phones, text));

    [Theory]
    [InlineData("I live at 12 Main Street.", "I live at [address].")]
    [InlineData("742 Evergreen Terrace, Springfield, IL 62704, USA", "[address], USA")]
    [InlineData("10 Downing Street, London SW1A 2AA", "[address]")]
    [InlineData("Ich wohne in der Hauptstraße 5a, 10115 Berlin.", "Ich wohne in der [address].")]
    [InlineData("Karl-Marx-Allee 34", "[address]")]
    [InlineData("Lange Str. 12-14", "[address]")]
    [InlineData("12 bis, rue de la Paix, 75002 Paris", "[address]")]
    [InlineData("Calle de Alcalá, 48", "[address]")]
    [InlineData("Via Roma 12", "[address]")]
    [InlineData("Kerkstraat 12, 1012 AB Amsterdam", "[address]")]
    [InlineData("ул. Ленина, д. 5", "[address]")]
    public void Postal_addresses_are_taken_out(string text, string redacted) =>
        Assert.Equal(redacted, Redact(RedactionPacks.Addresses, text));

    [Theory]
    [InlineData("Spring 2024 was warm")]
    [InlineData("I walked 12 kilometres down the street")]
    [InlineData("In 1999 we drove to Paris")]
    [InlineData("Chapter 5 of the book")]
    [InlineData("the way 5 people went")]
    [InlineData("Die Straße ist 5 Kilometer lang")]
    public void What_is_no_address_stays(string text) => Assert.Equal(text, Redact(RedactionPacks.Addresses, text));

    [Fact]
    public void What_was_taken_out_is_counted_by_kind()
    {
        var redactor = new Redactor(All);
        var text = redactor.Of("password: x, ada@example.com, DE89370400440532013000, 4111111111111111, 12 Main Street, +49 30 1234567 and bob@example.com");
        Assert.Equal("password: [secret] [email], [iban], [card], [address], [phone] and [email]", text);
        Assert.Equal(new RedactionCounts(1, 2, 1, 1, 1, 1), redactor.Counts);
        Assert.Equal(
            new Dictionary<string, int> { ["secret"] = 1, ["email"] = 2, ["iban"] = 1, ["card"] = 1, ["address"] = 1, ["phone"] = 1 },
            redactor.Counts.ByKind());
    }

    [Fact]
    public void Only_the_packs_chosen_are_applied()
    {
        const string text = "ada@example.com 4111111111111111";
        Assert.Equal("ada@example.com [card]", Redact(RedactionPacks.Cards, text));
        Assert.Same(text, Redact(RedactionPacks.None, text));
    }

    [Fact]
    public void Names_texts_and_numbers_of_metadata_are_redacted_and_stay_canonical_JSON()
    {
        var redactor = new Redactor(All);
        Assert.Equal(
            """{"[email]":[{"card":"[card]"},"[phone]"],"n":12,"z":null}""",
            redactor.OfJson("""{"ada@example.com":[{"card":4111111111111111},"+49 30 1234567"],"n":12,"z":null}"""));
        Assert.Equal(3, redactor.Counts.Emails + redactor.Counts.Cards + redactor.Counts.Phones);
        const string plain = """{"b":1.50,"a":"x"}""";
        Assert.Same(plain, redactor.OfJson(plain));
    }

    [Theory]
    [InlineData("secrets cards", RedactionPacks.Secrets | RedactionPacks.Cards)]
    [InlineData("all", All)]
    [InlineData("none", RedactionPacks.None)]
    [InlineData("cards cards", null)]
    [InlineData("card", null)]
    [InlineData("all cards", null)]
    public void Packs_are_read_by_their_names(string names, RedactionPacks? packs) =>
        Assert.Equal(packs, RedactionNames.TryParse(names.Split(' ')));

    private static string Redact(RedactionPacks packs, string text) => new Redactor(packs).Of(text);
}
