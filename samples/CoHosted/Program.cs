using MemoryOrleans.Samples.CoHosted;
using MemoryOrleans.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// An Orleans program of your own that hosts the memory beside its grains. The store is what MEMORY_DATABASE_URL names
// (default: the SQLite file data/memory.db); clustering and reminders are the program's choice.
var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var memory = await MemorySetup.OpenAsync(builder.Configuration);
builder.UseOrleans(silo => silo
    .UseLocalhostClustering()
    .UseInMemoryReminderService()
    .AddMemory(memory));
using var host = builder.Build();
await host.StartAsync();

var guide = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IGuideGrain>("mira");
await guide.HearAsync("My sourdough starter is called Hubert.");
await guide.HearAsync("Our band rehearses on Thursday evenings.");
Console.WriteLine(await guide.RememberAsync("What is the name of my starter?"));
await host.StopAsync();
