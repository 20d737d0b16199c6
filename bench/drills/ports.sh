# Sourced by drills that start several servers.

# free_port LEAST: a port of the 3,000 from there on that nobody listens on just now
free_port() {
  local port
  while
    port=$(($1 + RANDOM % 3000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null
  do :; done
  echo "$port"
}
