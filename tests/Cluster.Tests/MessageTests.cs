using System.Reflection;
using MemoryOrleans.Grains.Messages;
using MemoryOrleans.Recall;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>What a domain record holds must arrive in another process: its message has a member for each of its own.</summary>
public sealed class MessageTests
{
    // Every record that has a converter, by name, with its message.
    private static readonly Dictionary<string, (Type Domain, Type Message)> Pairs = typeof(TurnMessage).Assembly.GetTypes()
        .SelectMany(static type => type.GetInterfaces())
        .Where(static face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IConverter<,>))
        .Select(static face => (Domain: face.GetGenericArguments()[0], Message: face.GetGenericArguments()[1]))
        .Where(static pair => !pair.Domain.ContainsGenericParameters)
        .ToDictionary(static pair => pair.Domain.Name, StringComparer.Ordinal);

    public static TheoryData<string> Records => [.. Pairs.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Records))]
    public void Every_member_of_a_record_is_in_its_message(string record)
    {
        var (domain, message) = Pairs[record];
        var sent = NumberedOf(message).Select(static member => member.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(MembersOf(domain).Where(member => !IsSent(member, sent)).Select(static member => member.Name));
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void Every_member_of_a_message_has_a_number_of_its_own(string record)
    {
        var message = Pairs[record].Message;
        var numbered = NumberedOf(message);
        Assert.Equal(numbered.Count, numbered.Select(static member => member.GetCustomAttribute<IdAttribute>()!.Id).Distinct().Count());
        Assert.Empty(DataOf(message).Except(numbered).Select(static member => member.Name));
    }

    [Fact]
    public void The_records_of_sessions_memories_graph_and_recall_are_compared()
    {
        Assert.Subset(Pairs.Keys.ToHashSet(StringComparer.Ordinal),
            new HashSet<string>(["Turn", "MemoryRecord", "Entity", nameof(RecallQuery)], StringComparer.Ordinal));
        Assert.Contains("IsErased", MembersOf(Pairs["Turn"].Domain).Select(static member => member.Name));
    }

    // What a record is made of: what its constructor or an initializer sets. What it computes has no setter.
    private static IEnumerable<PropertyInfo> MembersOf(Type domain) => domain.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(static property => property.SetMethod is { IsPublic: true });

    // A small record may be laid out flat in the message of the one that holds it: Idempotency.Key as IdempotencyKey, Scope.UserId as
    // UserId.
    private static bool IsSent(PropertyInfo member, HashSet<string> sent)
    {
        if (sent.Contains(member.Name))
            return true;
        return member.PropertyType.Assembly == typeof(RecallQuery).Assembly
            && MembersOf(member.PropertyType).ToList() is { Count: > 0 } parts
            && parts.TrueForAll(part => sent.Contains(part.Name) || sent.Contains(member.Name + part.Name));
    }

    private static List<MemberInfo> NumberedOf(Type message) =>
        [.. DataOf(message).Where(static member => member.GetCustomAttribute<IdAttribute>() is not null)];

    private static IEnumerable<MemberInfo> DataOf(Type message) =>
        [.. message.GetProperties(BindingFlags.Public | BindingFlags.Instance),
        .. message.GetFields(BindingFlags.Public | BindingFlags.Instance)];
}
