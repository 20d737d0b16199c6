-- Vectors of entities, each of what the entity is called and known for now: in a table for each space, made with it; here for the spaces
-- there are. A change of an entity or its observations gives it a new number, by whatever process: that removes them and wakes
-- embed_entity:SPACE.

DO $$
DECLARE
    space record;
BEGIN
    FOR space IN SELECT s.id, s.dimensions FROM spaces s LOOP
        EXECUTE format(
            'CREATE TABLE entity_vectors_%1$s (
                tenant     text   NOT NULL,
                entity_key bigint NOT NULL,
                embedding  halfvec(%2$s) NOT NULL,
                PRIMARY KEY (tenant, entity_key));
            ALTER TABLE entity_vectors_%1$s ALTER COLUMN embedding SET STORAGE %3$s;
            ALTER TABLE entity_vectors_%1$s ENABLE ROW LEVEL SECURITY;
            ALTER TABLE entity_vectors_%1$s FORCE ROW LEVEL SECURITY;
            CREATE POLICY own_tenant ON entity_vectors_%1$s USING (tenant = current_setting(''memory.tenant'', true))',
            space.id, space.dimensions, CASE WHEN space.dimensions <= 3900 THEN 'PLAIN' ELSE 'EXTERNAL' END);
    END LOOP;
END
$$;

-- The spaces are read after the entity's row was written: whoever opens or drops a space locks the table graph_entities first. A process
-- of the release before may have opened one without the table. A tenant that is moved brings its vectors and its work along.
CREATE FUNCTION tend_entity_vectors_1() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    space integer;
    living integer[];
BEGIN
    IF current_setting('memory.moving', true) = OLD.tenant THEN
        RETURN NULL;
    END IF;
    FOR space IN SELECT s.id FROM spaces s WHERE to_regclass('entity_vectors_' || s.id) IS NOT NULL LOOP
        EXECUTE format('DELETE FROM entity_vectors_%s v WHERE v.tenant = $1 AND v.entity_key = $2', space) USING OLD.tenant, OLD.entity_key;
    END LOOP;
    IF TG_OP = 'UPDATE' THEN
        living := ARRAY(SELECT s.id FROM spaces s WHERE s.state < 2 ORDER BY s.id);
        IF cardinality(living) > 0 THEN
            PERFORM wake_1(
                NEW.tenant, array_fill(NEW.id, ARRAY[cardinality(living)]), ARRAY(SELECT 'embed_entity:' || l.id FROM unnest(living) l (id)),
                array_fill(told_at_1(), ARRAY[cardinality(living)]), told_at_1());
        END IF;
    END IF;
    RETURN NULL;
END
$$;

-- A new entity has the number 0 until the end of its commit.
CREATE TRIGGER entity_change_is_embedded AFTER UPDATE OF change ON graph_entities
    FOR EACH ROW WHEN (OLD.change <> NEW.change) EXECUTE FUNCTION tend_entity_vectors_1();
CREATE TRIGGER entity_is_forgotten AFTER DELETE ON graph_entities
    FOR EACH ROW EXECUTE FUNCTION tend_entity_vectors_1();

-- Whoever opens a space fills it for tenants of whom there is nothing but a graph, too.
GRANT SELECT (tenant) ON graph_tenants TO memory_worker;
CREATE POLICY any_tenant_graph ON graph_tenants FOR SELECT TO memory_worker USING (true);

-- What there is already is woken by the fill of each living space; a cursor of -2^62 begins with the entities.
-- Row-level security binds the tables' owner too; it is lifted for this statement, inside the migration's transaction.
ALTER TABLE graph_tenants NO FORCE ROW LEVEL SECURITY;
ALTER TABLE due NO FORCE ROW LEVEL SECURITY;
INSERT INTO due (tenant, subject, kind, due_at, created_at, cursor)
    SELECT t.tenant, '', 'fill:' || s.id, (extract(epoch FROM now()) * 1000000)::bigint, (extract(epoch FROM now()) * 1000000)::bigint,
           -4611686018427387904
    FROM graph_tenants t CROSS JOIN spaces s WHERE s.state < 2
    ON CONFLICT DO NOTHING;
ALTER TABLE graph_tenants FORCE ROW LEVEL SECURITY;
ALTER TABLE due FORCE ROW LEVEL SECURITY;
