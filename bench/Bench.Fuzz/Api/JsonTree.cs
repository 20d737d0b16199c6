using System.Text;
using System.Text.Json;

namespace MemoryOrleans.Bench.Fuzz.Api;

/// <summary>JSON as it is to be sent, right or wrong: leaves are text that nobody checks.</summary>
internal abstract class JsonTree
{
    public static JsonTree Text(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            if (c is '"' or '\\')
                text.Append('\\').Append(c);
            else if (c < ' ' || char.IsSurrogate(c))
                text.Append("\\u").Append(((int)c).ToString("x4"));
            else
                text.Append(c);
        }

        return new JsonLeaf(text.Append('"').ToString());
    }

    public static JsonTree Raw(string json) => new JsonLeaf(json);

    public static JsonTree Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new JsonMembers([.. element.EnumerateObject().Select(static each => (each.Name, Of(each.Value)))]),
        JsonValueKind.Array => new JsonItems([.. element.EnumerateArray().Select(Of)]),
        _ => new JsonLeaf(element.GetRawText()),
    };

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    /// <summary>Puts something else in the place of one node, of any depth, and answers the tree.</summary>
    public JsonTree Broken(Random random, Func<Random, JsonTree> make)
    {
        if (random.Next(3) == 0 || !TryBreakInside(random, make))
            return make(random);
        return this;
    }

    protected virtual bool TryBreakInside(Random random, Func<Random, JsonTree> make) => false;

    protected abstract void Write(StringBuilder text);

    private sealed class JsonLeaf(string json) : JsonTree
    {
        protected override void Write(StringBuilder text) => text.Append(json);
    }

    internal sealed class JsonMembers(List<(string Name, JsonTree Value)> members) : JsonTree
    {
        public List<(string Name, JsonTree Value)> Members => members;

        protected override bool TryBreakInside(Random random, Func<Random, JsonTree> make)
        {
            if (members.Count == 0)
                return false;
            var at = random.Next(members.Count);
            switch (random.Next(12))
            {
                case 0:
                    members.RemoveAt(at);
                    break;
                case 1:
                    members.Add(members[at]);
                    break;
                case 2:
                    members.Add((HostileTexts.Name(random), make(random)));
                    break;
                default:
                    members[at] = (members[at].Name, members[at].Value.Broken(random, make));
                    break;
            }

            return true;
        }

        protected override void Write(StringBuilder text)
        {
            text.Append('{');
            for (var i = 0; i < members.Count; i++)
            {
                if (i > 0)
                    text.Append(',');
                Text(members[i].Name).Write(text);
                text.Append(':');
                members[i].Value.Write(text);
            }

            text.Append('}');
        }
    }

    internal sealed class JsonItems(List<JsonTree> items) : JsonTree
    {
        protected override bool TryBreakInside(Random random, Func<Random, JsonTree> make)
        {
            if (items.Count == 0)
                return false;
            var at = random.Next(items.Count);
            items[at] = items[at].Broken(random, make);
            return true;
        }

        protected override void Write(StringBuilder text)
        {
            text.Append('[');
            for (var i = 0; i < items.Count; i++)
            {
                if (i > 0)
                    text.Append(',');
                items[i].Write(text);
            }

            text.Append(']');
        }
    }
}
