using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MemoryOrleans.Console.Tests;

/// <summary>Acts that change the memory: none without a confirmation, and all of them really done.</summary>
public sealed class ChangingTests(Browser browser, SeededMemory seeded)
{
    [Fact]
    public async Task A_memory_is_edited_pinned_undone_and_erased()
    {
        var id = (string)(await seeded.WriteAsync("The spare key hangs behind the door."))["id"]!;
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, $"#/memories/{id}");

        await screen.Button("Edit").ClickAsync();
        await screen.Field("Content").FillAsync("The spare key lies under the mat.");
        await screen.ConfirmAsync("Save as the next version");
        await Expect(screen.Heading).ToHaveTextAsync("The spare key lies under the mat.");
        await screen.Button("Pin").ClickAsync();
        await screen.ConfirmAsync("Pin");
        await Expect(screen.Button("Unpin")).ToBeVisibleAsync();
        Assert.True((bool)(await seeded.Memory.GetAsync($"v1/memories/{id}"))["pinned"]!);

        await screen.Button("Undo last change").ClickAsync();
        await screen.ConfirmAsync("Undo");
        await Expect(screen.Button("Pin")).ToBeVisibleAsync();
        await Expect(screen.Table("Versions, oldest first").Locator("tbody tr")).ToHaveCountAsync(4);

        await screen.Button("Erase").ClickAsync();
        await screen.Dialog.GetByText("Cancel").ClickAsync();
        Assert.Equal(id, (string?)(await seeded.Memory.GetAsync($"v1/memories/{id}"))["id"]);
        await screen.Button("Erase").ClickAsync();
        await screen.ConfirmAsync("Erase for good");
        await Expect(screen.Heading).ToHaveTextAsync("Memories");
        Assert.Equal(404, (int)(await seeded.Memory.Http.GetAsync(new Uri($"v1/memories/{id}", UriKind.Relative))).StatusCode);

        await screen.Link("Audit").ClickAsync();
        await Expect(screen.Table("Erasures").GetByText($"memory {id}")).ToBeVisibleAsync();
        await Expect(screen.Table("Audit trail").GetByText(id).First).ToBeVisibleAsync();
        Assert.Empty(screen.Complaints);
    }

    [Fact]
    public async Task A_change_that_somebody_else_was_quicker_with_is_refused_in_the_dialog()
    {
        var id = (string)(await seeded.WriteAsync("The shop opens at eight."))["id"]!;
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, $"#/memories/{id}");
        await screen.Button("Edit").ClickAsync();
        await seeded.Memory.PatchAsync($"v1/memories/{id}", new JsonObject { ["content"] = "The shop opens at seven." });
        await screen.Field("Content").FillAsync("The shop opens at nine.");
        await screen.Button("Save as the next version").ClickAsync();

        await Expect(screen.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("412");
        Assert.Equal("The shop opens at seven.", (string?)(await seeded.Memory.GetAsync($"v1/memories/{id}"))["content"]);
    }

    [Fact]
    public async Task A_session_is_distilled_closed_and_erased_once_its_name_is_typed()
    {
        const string Id = "to-be-erased";
        await seeded.Memory.PostAsync($"v1/sessions/{Id}/turns", new JsonObject
        {
            ["role"] = "user", ["content"] = "I moved to Aarhus last week and I love the harbour.", ["user_id"] = "mover",
        });
        await seeded.Memory.PostAsync($"v1/sessions/{Id}/turns",
            new JsonObject { ["role"] = "user", ["content"] = "My PIN is Xylophone, forget it." });
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, $"#/sessions/{Id}");
        await screen.Button("Erase turn 2").ClickAsync();
        await screen.ConfirmAsync("Erase for good");
        await Expect(screen.Page.GetByText("My PIN is Xylophone")).ToHaveCountAsync(0);
        var left = (await seeded.Memory.GetAsync($"v1/sessions/{Id}/turns")).ToJsonString();
        Assert.DoesNotContain("Xylophone", left, StringComparison.Ordinal);

        await screen.Button("Distil now").ClickAsync();
        await screen.ConfirmAsync("Distil");
        await Expect(screen.Status).ToContainTextAsync("of 2 turns");
        await screen.Button("Close").ClickAsync();
        await screen.ConfirmAsync("Close");
        await Expect(screen.Page.Locator(".badge").First).ToHaveTextAsync("closed");

        await screen.Button("Erase").ClickAsync();
        var erase = screen.Button("Erase for good");
        await Expect(erase).ToBeDisabledAsync();
        await screen.Dialog.GetByRole(AriaRole.Textbox).FillAsync(Id);
        await Expect(erase).ToBeEnabledAsync();
        await screen.ConfirmAsync("Erase for good");
        await Expect(screen.Heading).ToHaveTextAsync("Sessions");
        Assert.Equal(404, (int)(await seeded.Memory.Http.GetAsync(new Uri($"v1/sessions/{Id}", UriKind.Relative))).StatusCode);
        Assert.Empty(screen.Complaints);
    }

    [Fact]
    public async Task A_user_is_erased_with_all_that_is_theirs()
    {
        const string Id = "leaver";
        await seeded.Memory.PostAsync("v1/sessions/leaving/turns", new JsonObject
        {
            ["role"] = "user", ["content"] = "Please forget me.", ["user_id"] = Id,
        });
        await seeded.Memory.PostAsync("v1/memories", new JsonObject
        {
            ["kind"] = "note", ["content"] = "Wants to be forgotten", ["user_id"] = Id,
        });
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, $"#/users/{Id}");
        await screen.Button("Erase this user").ClickAsync();
        await screen.Dialog.GetByRole(AriaRole.Textbox).FillAsync(Id);
        await screen.ConfirmAsync("Erase for good");

        await Expect(screen.Heading).ToHaveTextAsync("Users");
        await Expect(screen.Status).ToContainTextAsync("1 turns");
        Assert.Empty((await seeded.Memory.GetAsync($"v1/memories?user_id={Id}"))["items"]!.AsArray());
        Assert.Equal(404, (int)(await seeded.Memory.Http.GetAsync(new Uri("v1/sessions/leaving", UriKind.Relative))).StatusCode);
        Assert.Empty(screen.Complaints);
    }

    [Fact]
    public async Task Retention_says_what_it_would_do_and_does_nothing()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, "#/operations");
        await screen.Button("What would it do now?").ClickAsync();
        await screen.ConfirmAsync("Ask");
        await Expect(screen.Status).ToContainTextAsync("It would:");
        Assert.Empty(screen.Complaints);
    }

    [Fact]
    public async Task The_tenant_is_exported_as_a_file_and_its_limit_is_set()
    {
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, "#/operations");
        await screen.Button("Export everything").ClickAsync();
        var download = await screen.Page.RunAndWaitForDownloadAsync(() => screen.Button("Export").ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync());
        Assert.Equal("memory-default.ndjson", download.SuggestedFilename);
        Assert.Contains("memory-orleans-export", lines[0], StringComparison.Ordinal);
        Assert.Contains("trailer", lines[^1], StringComparison.Ordinal);
        await screen.SettleAsync();

        await screen.Button("Change the limit").ClickAsync();
        await screen.Field("Turns a minute (empty: as many as can be)").FillAsync("9000000");
        await screen.ConfirmAsync("Save");
        await Expect(screen.Page.GetByText("9,000,000")).ToBeVisibleAsync();
        Assert.Empty(screen.Complaints);
    }

    [Fact]
    public async Task An_entity_is_erased_with_its_relations()
    {
        var entity = await seeded.Memory.PostAsync("v1/entities", new JsonObject
        {
            ["name"] = "Soon gone", ["type"] = "thing", ["user_id"] = "writer",
        });
        await using var screen = await browser.OpenAsync(seeded.Memory.Console, $"#/graph?entity={entity["id"]}");
        await screen.Button("Erase this entity").ClickAsync();
        await screen.ConfirmAsync("Erase for good");
        await Expect(screen.Page.Locator(".node.here")).Not.ToHaveAttributeAsync("aria-label", "Soon gone, thing, here");
        Assert.Equal(404, (int)(await seeded.Memory.Http.GetAsync(new Uri($"v1/entities/{entity["id"]}", UriKind.Relative))).StatusCode);
    }
}
