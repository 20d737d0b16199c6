// A cluster of the memory under Aspire: two silos and a gateway over a PostgreSQL that is there already.
//   Parameters__database=postgres://memory:PASSWORD@127.0.0.1:5432/memory dotnet run --project samples/Aspire
// Everything else is the memory's own: docs/cluster.md.
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
var database = builder.AddParameter("database", secret: true);
var schema = builder.Configuration["Schema"] ?? "memory";
var gatewayPort = builder.Configuration.GetValue("GatewayPort", 8080);

Add("silo-1", "silo");
Add("silo-2", "silo");
Add("gateway", "gateway", gatewayPort);
builder.Build().Run();

void Add(string name, string role, int? port = null)
{
    var member = builder.AddProject<Projects.Cli>(name, launchProfileName: null).WithArgs("serve")
        .WithHttpEndpoint(port)
        .WithEnvironment("MEMORY_DATABASE_URL", database)
        .WithEnvironment("MEMORY_DATABASE_SCHEMA", schema)
        .WithEnvironment("MEMORY_CLUSTER_ROLE", role)
        .WithEnvironment("MEMORY_CLUSTER_ADDRESS", "127.0.0.1");
    var http = member.GetEndpoint("http").Property(EndpointProperty.TargetPort);
    member.WithEnvironment("MEMORY_URLS", ReferenceExpression.Create($"http://127.0.0.1:{http}"));
    if (role == "silo")
    {
        // Silos and gateways tell each other these ports, so they are what the processes listen on, not what Aspire's proxy does.
        member.WithEndpoint(name: "silo", scheme: "tcp", env: "MEMORY_CLUSTER_SILO_PORT")
            .WithEndpoint(name: "clients", scheme: "tcp", env: "MEMORY_CLUSTER_GATEWAY_PORT");
    }

    member.WithHttpHealthCheck("/health/ready");
}
