using System.Net;
using System.Text;
using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>An answer, read whole.</summary>
internal sealed record Answer(HttpResponseMessage Response, string Text)
{
    public HttpStatusCode Status => Response.StatusCode;

    public JsonElement Json => JsonElement.Parse(Text);

    public string? ETag => Response.Headers.ETag?.Tag;

    public string Header(string name) => Response.Headers.TryGetValues(name, out var values) ? values.First() : string.Empty;

    /// <summary>Holds that this is a problem of the given status and code, in the form every problem has; answers its JSON.</summary>
    public JsonElement IsProblem(int status, string code)
    {
        Assert.True((int)Status == status, $"{(int)Status}: {Text}");
        Assert.Equal("application/problem+json", Response.Content.Headers.ContentType?.ToString());
        var problem = Json;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal("urn:memoryorleans:problem:" + code, problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.Equal(Header("X-Request-Id"), problem.GetProperty("request_id").GetString());
        return problem;
    }

    /// <summary>Holds that this is a 400 that blames the field.</summary>
    public void Blames(string field, string code = "invalid_input")
    {
        var errors = IsProblem(400, code).GetProperty("errors").EnumerateArray().ToArray();
        Assert.Contains(field, errors.Select(e => e.GetProperty("field").GetString()));
        Assert.All(errors, e => Assert.NotEmpty(e.GetProperty("message").GetString()!));
    }
}

internal static class Calls
{
    public static Task<Answer> GetAsync(this RunningGateway gateway, string path, params string[] headers) =>
        gateway.Http.CallAsync("GET", path, null, headers);

    /// <param name="headers">As <c>Name: value</c>.</param>
    public static Task<Answer> PostAsync(this RunningGateway gateway, string path, string? json, params string[] headers) =>
        gateway.Http.CallAsync("POST", path, json, headers);

    public static async Task<Answer> CallAsync(this HttpClient http, string method, string path, string? json, params string[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var header in headers)
        {
            var (name, value) = (header[..header.IndexOf(':', StringComparison.Ordinal)],
                header[(header.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
            if (name == "Content-Type")
                request.Content!.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(value);
            else
                request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await http.SendAsync(request);
        return new Answer(response, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A session id that no other test uses.</summary>
    public static string NewId() => "s-" + Guid.NewGuid().ToString("n");

    public static string Said(string content, string role = "user") => JsonSerializer.Serialize(new { role, content });
}
