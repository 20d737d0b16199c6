using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MemoryOrleans.Scripted;

namespace MemoryOrleans.Models.Tests.Neural;

/// <summary>The scripted server as other processes drive it.</summary>
public sealed class ControlTests
{
    [Fact]
    public async Task Behaviour_is_changed_and_requests_are_counted_over_http()
    {
        await using var server = await ScriptedEmbedder.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(server.OpenAiUrl, "/") };
        using var put = await http.PutAsync("control", Json("""{"act":"refuse","status":429,"retry_after":"5","times":2}"""));
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        for (var i = 0; i < 3; i++)
        {
            using var answer = await http.PostAsync("v1/embeddings", Json("""{"model":"m","input":["a","b"]}"""));
            Assert.Equal(i < 2 ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK, answer.StatusCode);
        }

        var shown = await http.GetFromJsonAsync<JsonObject>("control");
        Assert.Equal((3, 6), (shown!["requests"]!.GetValue<int>(), shown["texts"]!.GetValue<int>()));
        using var wrong = await http.PutAsync("control", Json("""{"act":"no such"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        await http.DeleteAsync("control");
        Assert.Equal((0, Behaviour.Normal), (server.Requests, server.Behaviour));
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
