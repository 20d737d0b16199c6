using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Tools;

/// <summary>Tools over the knowledge graph: entities, what is known of them, how they hang together.</summary>
internal static class GraphTools
{
    public static readonly IReadOnlyList<ToolDefinition> All =
    [
        new ToolDefinition<SaveEntityArguments>(SaveEntityAsync)
        {
            Name = "save_entity",
            Title = "Save an entity",
            Description = "Makes an entity (a person, project, place, thing) or finds the one of that name, and adds observations to "
                + "it. Saying the same again changes nothing. Answers with the ids.",
            IsIdempotent = true,
        },
        new ToolDefinition<GetEntityArguments>(GetEntityAsync)
        {
            Name = "get_entity",
            Title = "What is known of an entity",
            Description = "All observations and relations of one entity, by name or id, now or as of a time.",
            IsReadOnly = true,
        },
        new ToolDefinition<SearchEntitiesArguments>(SearchEntitiesAsync)
        {
            Name = "search_entities",
            Title = "Search entities",
            Description = "Entities that fit some words, best first, with the observations that fit.",
            IsReadOnly = true,
        },
        new ToolDefinition<RelateArguments>(RelateAsync)
        {
            Name = "relate",
            Title = "Relate two entities",
            Description = "Says that one entity is related to another: from 'Mira', type 'works_at', to 'Bakery'. Saying the same again "
                + "changes nothing. For something that has ended give valid_to.",
            IsIdempotent = true,
        },
        new ToolDefinition<FindPathArguments>(FindPathAsync)
        {
            Name = "find_path",
            Title = "How two entities hang together",
            Description = "A shortest chain of relations between two entities, whichever way the relations point.",
            IsReadOnly = true,
        },
    ];

    private static async Task<object> SaveEntityAsync(MemoryClient client, SaveEntityArguments arguments, CancellationToken cancel)
    {
        var entity = (await client.UpsertEntityAsync(
            new EntityRequest { Name = arguments.Name, Type = arguments.Type, UserId = arguments.UserId, AgentId = arguments.AgentId,
            Aliases = arguments.Aliases }, cancel)).Value;
        if (arguments.Observations is not { Length: > 0 } said)
            return new EntityAnswer(entity.Id, entity.Name, entity.Type, [], []);
        var several = new ObservationsRequest
        {
            Observations = [.. said.Select(content => new ObservationInput { EntityId = entity.Id, Content = content })],
        };
        var added = await client.AddObservationsAsync(several, cancel);
        return new EntityAnswer(entity.Id, entity.Name, entity.Type, [.. added.Items.Select(ObservationAnswer.Of)], []);
    }

    private static async Task<object> GetEntityAsync(MemoryClient client, GetEntityArguments arguments, CancellationToken cancel)
    {
        var valid = ToolTime.Read("as_of", arguments.AsOf);
        var found = await FindAsync(client, arguments.Entity, arguments.UserId, arguments.AgentId, cancel);
        return EntityAnswer.Of(await client.GetEntityAsync(found, valid, cancel: cancel));
    }

    private static async Task<object> SearchEntitiesAsync(MemoryClient client, SearchEntitiesArguments arguments, CancellationToken cancel)
    {
        var found = await client.SearchEntitiesAsync(
            new EntitySearchRequest
            {
                Query = arguments.Query, Type = arguments.Type, Limit = arguments.Limit, UserId = arguments.UserId,
                    AgentId = arguments.AgentId,
            },
            cancel);
        return new EntitiesAnswer([.. found.Items.Select(EntityAnswer.Of)]);
    }

    private static async Task<object> RelateAsync(MemoryClient client, RelateArguments arguments, CancellationToken cancel)
    {
        var (validFrom, validTo) = (ToolTime.Read("valid_from", arguments.ValidFrom), ToolTime.Read("valid_to", arguments.ValidTo));
        var from = await FindOrMakeAsync(client, arguments.From, arguments, cancel);
        var to = await FindOrMakeAsync(client, arguments.To, arguments, cancel);
        var relation = (await client.AddRelationAsync(
            new RelationRequest { FromId = from.Id, ToId = to.Id, Type = arguments.Type, ValidFrom = validFrom }, cancel)).Value;

        // What holds already is answered as it is, so its end is a change of its own.
        if (validTo is not null && relation.ValidTo != validTo)
            relation = (await client.EditRelationAsync(relation.Id, new RelationPatch { ValidTo = validTo }, cancel: cancel)).Value;
        return new RelationAnswer(relation.Id, from.Name, relation.Type, to.Name, relation.ValidFrom, relation.ValidTo);
    }

    private static async Task<object> FindPathAsync(MemoryClient client, FindPathArguments arguments, CancellationToken cancel)
    {
        var from = await FindAsync(client, arguments.From, arguments.UserId, arguments.AgentId, cancel);
        var to = await FindAsync(client, arguments.To, arguments.UserId, arguments.AgentId, cancel);
        return PathAnswer.Of(await client.FindPathAsync(from, to, arguments.MaxHops, cancel: cancel));
    }

    private static async Task<EntityResponse> FindOrMakeAsync(
        MemoryClient client, string nameOrId, RelateArguments arguments, CancellationToken cancel)
    {
        if (await ReadByIdAsync(client, nameOrId, cancel) is { } known)
            return known;
        var request = new EntityRequest { Name = nameOrId, UserId = arguments.UserId, AgentId = arguments.AgentId };
        return (await client.UpsertEntityAsync(request, cancel)).Value;
    }

    private static async Task<string> FindAsync(
        MemoryClient client, string nameOrId, string? userId, string? agentId, CancellationToken cancel)
    {
        if (await ReadByIdAsync(client, nameOrId, cancel) is { } known)
            return known.Id;
        var found = await client.SearchEntitiesAsync(
            new EntitySearchRequest { Query = nameOrId, Limit = 20, UserId = userId, AgentId = agentId }, cancel);
        var names = found.Items.Select(static each => each.Entity).ToArray();
        var same = Array.Find(names, each => each.Name.Equals(nameOrId.Trim(), StringComparison.OrdinalIgnoreCase));
        if (same is not null)
            return same.Id;
        var near = names.Length == 0 ? string.Empty : $" Near it are: {string.Join(", ", names.Take(5).Select(static each => each.Name))}.";
        throw new ToolException($"There is no entity called {nameOrId}.{near} search_entities finds entities by words.");
    }

    // Ids are 32 hexadecimal digits; nothing that people call something is.
    private static async Task<EntityResponse?> ReadByIdAsync(MemoryClient client, string nameOrId, CancellationToken cancel)
    {
        const int IdLength = 32;
        if (nameOrId.Length != IdLength || !nameOrId.All(char.IsAsciiHexDigit))
            return null;
        return (await client.GetEntityAsync(nameOrId, cancel: cancel)).Entity;
    }
}
