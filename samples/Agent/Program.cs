using MemoryOrleans.Samples.Agent;

// An agent that remembers its user from one run to the next. Needs a memory (./run.sh) and a model that speaks OpenAI's protocol:
//   OPENAI_BASE_URL=http://localhost:11434/v1 OPENAI_MODEL=llama3.2 dotnet run --project samples/Agent -- mira "I keep bees."
//   OPENAI_BASE_URL=http://localhost:11434/v1 OPENAI_MODEL=llama3.2 dotnet run --project samples/Agent -- mira "What do I keep?"
if (args is not [var user, var message])
{
    Console.Error.WriteLine("usage: agent USER MESSAGE");
    return 2;
}

var memory = new Uri(Environment.GetEnvironmentVariable("MEMORY_BASE_URL") ?? "http://127.0.0.1:8080");
var model = new Uri(Environment.GetEnvironmentVariable("OPENAI_BASE_URL") ?? "https://api.openai.com/v1");
using var agent = RememberingAgent.Create(
    memory, Environment.GetEnvironmentVariable("MEMORY_API_KEY"), model,
    Environment.GetEnvironmentVariable("OPENAI_API_KEY") ?? "none", Environment.GetEnvironmentVariable("OPENAI_MODEL") ?? "gpt-4.1-mini");
Console.WriteLine(await agent.AnswerAsync(user, message));
return 0;
