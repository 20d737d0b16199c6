using System.Net;
using System.Text;
using MemoryOrleans.Events;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Memory.Tests.Events;

public sealed class WebhookRulesTests
{
    [Fact]
    public void A_signature_is_that_of_the_specifications_example()
    {
        var secret = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        var body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");
        const string expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        Assert.Equal(expected, WebhookSignature.Of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body, [secret]));
        Assert.StartsWith(expected + " v1,", WebhookSignature.Of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body, [secret, [1]]),
            StringComparison.Ordinal);
        Assert.Equal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", WebhookSignature.TextOf(secret));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("172.16.5.4", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    public void An_address_is_the_internets_or_it_is_not(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData(null, MemoryStatus.Active, EventKinds.MemoryMade)]
    [InlineData(MemoryStatus.Candidate, MemoryStatus.Active, EventKinds.MemoryMade)]
    [InlineData(MemoryStatus.Active, MemoryStatus.Superseded, EventKinds.MemorySuperseded)]
    [InlineData(MemoryStatus.Archived, MemoryStatus.Superseded, EventKinds.MemorySuperseded)]
    [InlineData(MemoryStatus.Superseded, MemoryStatus.Erased, EventKinds.MemoryErased)]
    [InlineData(MemoryStatus.Candidate, MemoryStatus.Erased, EventKinds.MemoryErased)]
    [InlineData(null, MemoryStatus.Candidate, null)]
    [InlineData(MemoryStatus.Active, MemoryStatus.Active, null)]
    [InlineData(MemoryStatus.Active, MemoryStatus.Archived, null)]
    [InlineData(MemoryStatus.Superseded, MemoryStatus.Active, null)]
    [InlineData(MemoryStatus.Erased, MemoryStatus.Erased, null)]
    public void A_change_of_status_is_told_of_or_it_is_not(MemoryStatus? before, MemoryStatus after, string? kind) =>
        Assert.Equal(kind, EventKinds.Of(before, after));

    [Theory]
    [InlineData("abc-12", true)]
    [InlineData("a-b-7", true)]
    [InlineData("abc", false)]
    [InlineData("-1", false)]
    [InlineData("abc-", false)]
    [InlineData("abc--1", true)]
    [InlineData("abc-x", false)]
    public void The_id_of_a_delivery_is_read_back(string id, bool isOne) =>
        Assert.Equal(isOne, WebhookDelivery.TryParse(id, out var hook, out var seq) && WebhookDelivery.IdOf(hook, seq) == id);
}
