using System.Text.Json;
using MemoryOrleans.Cli.Import.Foreign;

namespace MemoryOrleans.Cli.Tests.Import;

/// <summary>The forms of other systems' exports beside those of the samples; all of it made up.</summary>
public sealed class ForeignFormatsTests
{
    [Theory]
    [InlineData("""{"count": 1, "next": null, "results": [{"id": "m-1", "memory": "Likes plums", "user_id": "mira"}]}""")]
    [InlineData("""[{"count": 2, "results": [{"id": "m-1", "memory": "Likes plums", "user_id": "mira"}]}, {"count": 2, "results": []}]""")]
    [InlineData("""{"status": "success", "command": "list", "data": [{"id": "m-1", "memory": "Likes plums", "user_id": "mira"}]}""")]
    [InlineData("""[{"id": "m-1", "memory": "Likes plums", "userId": "mira"}]""")]
    public void Pages_and_envelopes_of_mem0_are_unwrapped(string json)
    {
        var memory = Assert.Single(Read<ForeignMemory>("mem0", json));
        Assert.Equal(("m-1", "Likes plums", "mira"), (memory.SourceId, memory.Memory.Content, memory.Memory.UserId));
    }

    [Fact]
    public void A_memory_of_mem0_keeps_its_own_metadata_its_run_and_who_said_it()
    {
        var memory = Assert.Single(Read<ForeignMemory>("mem0", """
            [{"id": "m-1", "memory": "Likes plums", "metadata": {"fruit": "plum", "source": "form", "stars": 4, "none": null},
              "session_id": "r-1", "app_id": "shop", "actor_id": "Mira", "attributed_to": "user", "updated_at": "2025-03-01T00:00:00Z"}]
            """));
        var metadata = memory.Memory.Metadata!.Value;
        Assert.Equal(("plum", "mem0", "form"), (metadata.Text("fruit"), metadata.Text("source"), metadata.Text("mem0_source")));
        Assert.Equal(4, metadata.GetProperty("stars").GetInt32());
        Assert.Equal(("r-1", "shop", "Mira"), (metadata.Text("run_id"), metadata.Text("app_id"), metadata.Text("actor_id")));
        Assert.Equal(("user", "2025-03-01T00:00:00Z"), (metadata.Text("attributed_to"), metadata.Text("updated_at")));
    }

    [Fact]
    public void Metadata_that_are_too_long_are_left_out_and_the_memory_is_kept()
    {
        var tooLong = new string('b', 20_000);
        var json = $$$"""[{"id": "m-1", "memory": "a", "metadata": {"b": "{{{tooLong}}}"}}]""";
        var memory = Assert.Single(Read<ForeignMemory>("mem0", json));
        Assert.Equal(["source", "source_id"], memory.Memory.Metadata!.Value.EnumerateObject().Select(static each => each.Name));
    }

    [Fact]
    public void An_expiration_date_of_mem0_is_the_last_day_of_being_true()
    {
        var memory = Assert.Single(Read<ForeignMemory>("mem0", """
            [{"id": "m-1", "memory": "Is in Lisbon", "createdAt": "2025-05-01T10:00:00.5-07:00", "expiration_date": "2025-05-09"}]
            """));
        Assert.Equal(Time("2025-05-01T17:00:00.5Z"), memory.Memory.ValidFrom);
        Assert.Equal(Time("2025-05-10T00:00:00Z"), memory.Memory.ValidTo);
    }

    [Fact]
    public void Messages_of_Zep_have_their_roles_names_times_and_metadata()
    {
        var records = Read<ForeignRecord>("zep", """
            {"thread_id": "t-1", "user_id": "ana", "messages": [
              {"uuid": "1", "role": "user", "name": "Ana", "content": "Good morning", "created_at": "2025-03-01T10:00:00.123456789Z",
                "metadata": {"a": 1}},
              {"uuid": "2", "role": "assistant", "name": "Bot", "content": "Hello", "reference_time": "2024-01-01T00:00:00Z",
                "created_at": "2025-03-01T10:00:01Z"},
              {"uuid": "3", "role": "system", "content": "Be kind"},
              {"uuid": "4", "role": "tool", "content": "{}"},
              {"uuid": "5", "role_type": "user", "role": "Ana", "name": "episode 5", "content": "Bye",
                "timestamp": "2025-03-01T10:00:02Z"}]}
            """);
        var turns = records.OfType<ForeignTurn>().Select(static each => each.Turn).ToList();
        Assert.Equal(["user Ana", "assistant Bot", "user Ana"], turns.Select(static each => $"{each.Turn.Role} {each.Turn.Name}"));
        Assert.All(turns, static each => Assert.Equal(("t-1", "ana"), (each.SessionId, each.UserId)));
        Assert.Equal([2025, 2024, 2025], turns.Select(static each => each.Turn.OccurredAt!.Value.Year));
        Assert.Equal(1, turns[0].Turn.Metadata!.Value.GetProperty("a").GetInt32());
        Assert.Equal(2, records.OfType<Skipped>().Count());
    }

    [Fact]
    public void An_episode_of_Graphiti_says_in_its_text_who_spoke_and_a_document_is_a_memory()
    {
        var records = Read<ForeignRecord>("zep", """
            {"episodes": [
              {"uuid": "1", "name": "talk 1", "source": "message", "group_id": "g", "content": "Ana(user): I play chess",
                "valid_at": "2025-03-01T10:00:00Z"},
              {"uuid": "2", "name": "talk 2", "source": "message", "group_id": "g", "content": "(assistant): Who wins?"},
              {"uuid": "3", "name": "plans", "source": "text", "group_id": "g", "content": "The club meets on Fridays.",
                "source_description": "a page"},
              {"uuid": "4", "name": "talk 4", "source": "message", "group_id": "g", "content": "Chess (not go): my game"}]}
            """);
        Assert.Equal(
            ["user Ana I play chess", "assistant  Who wins?", "user  Chess (not go): my game"],
            records.OfType<ForeignTurn>().Select(static each => $"{each.Turn.Turn.Role} {each.Turn.Turn.Name} {each.Turn.Turn.Content}"));
        var page = Assert.Single(records.OfType<ForeignMemory>());
        Assert.Equal(("note", "plans"), (page.Memory.Kind, page.Memory.Metadata!.Value.Text("title")));
    }

    [Fact]
    public void Lists_and_pages_of_Zep_are_told_by_their_members_and_a_hyperedge_is_one_fact()
    {
        var records = Read<ForeignRecord>("zep", """
            [{"items": [{"uuid": "f-1", "hyperedge_uuid": "h", "name": "PLAYS", "fact": "Ana plays chess with Bo",
                         "source_node_uuid": "n-1", "target_node_name": "chess", "attributes": {"since": "school"}},
                        {"uuid": "f-2", "hyperedge_uuid": "h", "name": "WITH", "fact": "Ana plays chess with Bo"}], "next_cursor": "x"},
             {"nodes": {"items": [{"uuid": "n-1", "name": "Ana", "labels": ["Entity", "Person"], "summary": "Plays chess"}]}},
             {"uuid": "e-1", "role": "user", "content": "I play"}]
            """);
        var fact = Assert.Single(records.OfType<ForeignMemory>()).Memory.Metadata!.Value;
        Assert.Equal(("PLAYS", "Ana", "chess", "school"), (fact.Text("relation"), fact.Text("from"), fact.Text("to"), fact.Text("since")));
        var ana = Assert.Single(records.OfType<ForeignEntity>()).Entity;
        Assert.Equal(("Ana", "person"), (ana.Name, ana.Type));
        Assert.Single(records.OfType<ForeignTurn>());
    }

    [Fact]
    public void A_fact_whose_end_alone_is_known_does_not_end_before_it_begins()
    {
        var facts = Read<ForeignMemory>("zep", """
            {"edges": [
              {"uuid": "1", "fact": "Ana lived in Graz", "valid_at": null, "invalid_at": "2020-06-01T00:00:00Z",
                "created_at": "2025-03-01T00:00:00Z"},
              {"uuid": "2", "fact": "Ana had a dog", "expired_at": "2021-06-01T00:00:00Z"},
              {"uuid": "3", "fact": "Ana lives in Linz", "valid_at": "2020-06-01T00:00:00Z", "invalid_at": null}]}
            """).Select(static each => each.Memory).ToList();
        Assert.Equal((Time("2020-05-31T23:59:59Z"), Time("2020-06-01T00:00:00Z")), (facts[0].ValidFrom, facts[0].ValidTo));
        Assert.Equal((Time("2021-05-31T23:59:59Z"), Time("2021-06-01T00:00:00Z")), (facts[1].ValidFrom, facts[1].ValidTo));
        Assert.Equal((Time("2020-06-01T00:00:00Z"), null), (facts[2].ValidFrom, facts[2].ValidTo));
    }

    [Fact]
    public void ChatGPT_keeps_what_was_said_to_people_with_times_and_without_the_marks_of_links()
    {
        var records = Read<ForeignRecord>("chatgpt", """
            {"title": "Trip", "id": "c-1", "create_time": 1740823200.5, "current_node": "f", "mapping": {
              "a": {"message": {"id": "a", "author": {"role": "user"}, "content": {"content_type": "text", "parts": ["Rules"]},
                "metadata": {"is_user_system_message": true}}, "parent": null},
              "b": {"message": {"id": "b", "author": {"role": "user"}, "create_time": null,
                "content": {"content_type": "multimodal_text", "parts": [
                {"content_type": "image_asset_pointer", "asset_pointer": "x"}, {"content_type": "audio_transcription",
                  "text": "Where to?"}]}}, "parent": "a"},
              "c": {"message": {"id": "c", "author": {"role": "assistant"}, "recipient": "web", "content": {"content_type": "text",
                "parts": ["search(trip)"]}}, "parent": "b"},
              "d": {"message": {"id": "d", "author": {"role": "assistant"}, "content": {"content_type": "thoughts", "thoughts": []}},
                "parent": "c"},
              "e": {"message": {"id": "e", "author": {"role": "assistant"}, "content": {"content_type": "text", "parts": ["Old"]}},
                "parent": "d"},
              "f": {"message": {"id": "f", "author": {"role": "assistant"}, "recipient": "all", "create_time": 1740823300,
                "content": {"content_type": "text", "parts": [
                "To \ue200entity\ue202[\"city\",\"Linz\",\"a city\"]\ue201 \ue200cite\ue202turn0search1\ue201.",
                "See \ue200url\ue202the map\ue202turn0\ue201【3†source】."]}}, "parent": "d"}}}
            """);
        var turns = records.OfType<ForeignTurn>().Select(static each => each.Turn.Turn).ToList();
        Assert.Equal(["Where to?", "To Linz.\nSee the map."], turns.Select(static each => each.Content));
        Assert.Equal([Time("2025-03-01T10:00:00.5Z"), Time("2025-03-01T10:01:40Z")], turns.Select(static each => each.OccurredAt));
        Assert.Equal(3, records.OfType<Skipped>().Count());
    }

    [Fact]
    public void Without_a_current_node_the_branch_of_ChatGPT_that_ends_last_is_taken()
    {
        var turns = Read<ForeignTurn>("chatgpt", """
            [{"id": "c-1", "mapping": {
              "q": {"message": {"id": "q", "author": {"role": "user"}, "create_time": 10, "content": {"parts": ["Tea?"]}},
                "parent": null, "children": ["y", "n"]},
              "y": {"message": {"id": "y", "author": {"role": "assistant"}, "create_time": 30, "content": {"parts": ["Yes"]}},
                "parent": "q", "children": []},
              "n": {"message": {"id": "n", "author": {"role": "assistant"}, "create_time": 20, "content": {"parts": ["No"]}},
                "parent": "q", "children": []}}}]
            """);
        Assert.Equal(["Tea?", "Yes"], turns.Select(static each => each.Turn.Turn.Content));
    }

    [Theory]
    [InlineData("""
        {"thread_id": "t-1", "created_at": "2025-05-12T14:04:08.268Z", "values": {"messages": [{"type": "human", "content": "Hi", "id": "h"}]}}
        """)]
    [InlineData("""
        {"values": {"messages": [{"type": "human", "content": "Hi", "id": "h"}]}, "checkpoint": {"thread_id": "t-1"},
         "created_at": "2025-05-12T14:04:08Z"}
        """)]
    [InlineData("""
        [{"values": {"messages": [{"type": "human", "content": "Hi", "id": "h"}]}, "checkpoint": {"thread_id": "t-1"},
          "created_at": "2025-05-12T14:04:08Z"},
         {"values": {"messages": []}, "checkpoint": {"thread_id": "t-1"}, "created_at": "2025-05-12T14:04:07Z"}]
        """)]
    [InlineData("""
        {"config": {"configurable": {"thread_id": "t-1"}}, "checkpoint": {"ts": "2025-05-12T14:04:08Z", "channel_values": {"messages": [
          {"lc": 1, "type": "constructor", "id": ["langchain_core", "messages", "HumanMessage"], "kwargs": {"content": "Hi",
            "id": "h"}}]}}}
        """)]
    [InlineData("""{"t-1": {"created_at": "2025-05-12", "messages": [{"type": "human", "data": {"content": "Hi", "id": "h"}}]}}""")]
    public void Threads_states_and_checkpoints_of_LangGraph_are_read_once(string json)
    {
        var turn = Assert.Single(Read<ForeignTurn>("langchain", json)).Turn;
        Assert.Equal(("t-1", "h", "Hi", 2025), (turn.SessionId, turn.Turn.Id, turn.Turn.Content, turn.Turn.OccurredAt!.Value.Year));
    }

    [Fact]
    public void Messages_of_LangChain_have_roles_of_chat_messages_names_times_and_only_what_was_said()
    {
        var turns = Read<ForeignTurn>("langchain", """
            [{"type": "chat", "data": {"role": "user", "content": "A", "name": "Mira", "additional_kwargs": {"timestamp": 1740823200500}}},
             {"type": "AIMessageChunk", "content": [{"type": "reasoning", "text": "Hm"}, {"type": "thinking", "thinking": "Hm"},
               {"type": "text", "text": "B"},
               {"type": "text-plain", "text": "a file"}], "response_metadata": {"created_at": "2025-03-01T10:00:05.123456789Z"}},
             {"role": "assistant", "content": "C", "timestamp": "2025-03-01 10:00:06"}]
            """).Select(static each => each.Turn.Turn).ToList();
        Assert.Equal(["user A", "assistant B", "assistant C"], turns.Select(static each => $"{each.Role} {each.Content}"));
        Assert.Equal("Mira", turns[0].Name);
        Assert.Equal(["10:00:00", "10:00:05", "10:00:06"], turns.Select(static each => $"{each.OccurredAt:HH:mm:ss}"));
    }

    [Fact]
    public void Agents_of_Letta_say_what_they_send_and_think_the_rest()
    {
        var records = Read<ForeignRecord>("letta", """
            {"agent_type": "memgpt_agent", "name": "gardener", "version": "0.6", "core_memory": [{"label": "human",
              "value": "Has a garden", "description": "the person"}], "messages": [
              {"role": "user", "created_at": "2025-04-01T08:00:00.1", "content": [{"type": "text",
                "text": "{\"type\": \"login\", \"last_login\": \"never\"}"}]},
              {"role": "user", "created_at": "2025-04-01T08:00:01.1", "content": [{"type": "text",
                "text": "{\"type\": \"user_message\", \"message\": \"The quince blossoms\", \"name\": \"Mira\"}"}]},
              {"role": "assistant", "created_at": "2025-04-01T08:00:02.1", "content": [{"type": "text", "text": "I should note it"}],
                "tool_calls": [{"function": {"name": "core_memory_append", "arguments": "{}"}}]},
              {"role": "assistant", "created_at": "2025-04-01T08:00:03.1", "content": [{"type": "text", "text": "Be warm"}],
                "tool_calls": [{"function": {"name": "send_message", "arguments": "{\"message\": \"Lovely\"}"}}]},
              {"role": "user", "created_at": "2025-04-01T08:00:04.1", "content": [{"type": "text",
                "text": "{\"type\": \"system_alert\", \"message\": \"hidden\"}"}]},
              {"role": "user", "created_at": "2025-04-01T08:00:05.1", "content": [{"type": "text", "text": "{\"type\": \"pear\"}"}]}]}
            """);
        var turns = records.OfType<ForeignTurn>().Select(static each => each.Turn.Turn).ToList();
        Assert.Equal(
            ["user The quince blossoms", "assistant Lovely", "user {\"type\": \"pear\"}"],
            turns.Select(static each => $"{each.Role} {each.Content}"));
        Assert.Equal(("Mira", Time("2025-04-01T08:00:01.1Z")), (turns[0].Name, turns[0].OccurredAt));
        Assert.Equal(3, records.OfType<Skipped>().Count());
        Assert.Equal("the person", Assert.Single(records.OfType<ForeignMemory>()).Memory.Metadata!.Value.Text("description"));
    }

    [Fact]
    public void Text_beside_a_call_is_said_by_the_newer_agents_of_Letta()
    {
        var turn = Assert.Single(Read<ForeignTurn>("letta", """
            {"agents": [{"id": "agent-0", "name": "gardener", "agent_type": "letta_v1_agent", "messages": [{"id": "message-0",
              "role": "assistant", "created_at": "2025-04-01T08:00:00Z",
              "content": [{"type": "reasoning", "reasoning": "Hm"}, {"type": "text", "text": "Let me look"}],
                "tool_calls": [{"function": {"name": "search", "arguments": "{}"}}]}]}]}
            """));
        Assert.Equal("Let me look", turn.Turn.Turn.Content);
    }

    [Fact]
    public void Agent_files_number_their_records_anew_so_they_are_known_by_what_they_say()
    {
        var first = Read<ForeignRecord>("letta", AgentFile("gardener", "message-0", "Plant"));
        var later = Read<ForeignRecord>("letta", AgentFile("gardener", "message-7", "Plant"));
        var other = Read<ForeignRecord>("letta", AgentFile("cook", "message-0", "Bake"));
        Assert.Equal(Ids(first), Ids(later));
        Assert.Empty(Ids(first).Intersect(Ids(other)));
    }

    private static string AgentFile(string name, string id, string text) => $$"""
        {"agents": [{"id": "agent-0", "name": "{{name}}", "block_ids": ["block-0"], "messages": [
          {"id": "{{id}}", "role": "user", "content": "{{text}}", "created_at": "2025-04-01T08:00:00Z"}]}],
         "blocks": [{"id": "block-0", "label": "human", "value": "{{name}}"}]}
        """;

    private static List<string> Ids(List<ForeignRecord> records) =>
    [
        .. records.OfType<ForeignMemory>().Select(static each => each.SourceId),
        .. records.OfType<ForeignTurn>().Select(static each => $"{each.Turn.SessionId} {each.Turn.Turn.Id}"),
    ];

    private static List<T> Read<T>(string format, string json)
        where T : ForeignRecord
    {
        using var document = JsonDocument.Parse(json);
        return [.. ForeignExports.Read(format, document.RootElement.Clone(), null, null).OfType<T>()];
    }

    private static DateTimeOffset? Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
