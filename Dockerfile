# The memory in one container: `memory serve` over a SQLite file in /data, or over the PostgreSQL of MEMORY_DATABASE_URL.
#   docker build -t memory .
#   docker run -v memory:/data -p 127.0.0.1:8080:8080 -e MEMORY_API_KEYS=default:KEY:read+write+admin --read-only memory
# With MEMORY_CLUSTER_ROLE the same image is a silo or a gateway of a cluster (docs/cluster.md), and with another command than
# `serve` every other command. It listens beyond loopback, so it does not start without MEMORY_API_KEYS. Settings: docs/settings.md.

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
COPY .editorconfig global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY eng/ eng/
COPY src/ src/
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish src/Cli -c Release -p:RestoreLockedMode=true -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble
RUN install -d -m 700 -o "$APP_UID" -g "$APP_UID" /data
COPY --from=build /app/ /app/
COPY LICENSE NOTICE /app/
ENV PATH=/app:$PATH \
    MEMORY_URLS=http://0.0.0.0:8080 \
    MEMORY_DATABASE_URL=sqlite:/data/memory.db
USER $APP_UID
WORKDIR /data
VOLUME /data
# HTTP; in a cluster also a silo's ports, which nobody but the cluster's own processes may reach.
EXPOSE 8080 11111 30000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=1s CMD ["memory", "health", "--ready"]
ENTRYPOINT ["memory"]
CMD ["serve"]
