-- A tenant's relations in the order they were made, for exports.
CREATE INDEX graph_relations_of_tenant ON graph_relations (tenant);
