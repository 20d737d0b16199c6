-- The vectors of the turn after an erased one may hold text of it: they go too. Their work is set back to where they are made
-- again, without it; a claim of that work, whose end would move it on, is void.
CREATE OR REPLACE FUNCTION erase_turns_2(
    p_tenant text, p_session text, p_seqs bigint[], p_now bigint, OUT turns bigint, OUT vectors bigint, OUT records bigint, OUT works bigint)
LANGUAGE plpgsql AS $$
DECLARE
    erased_seqs bigint[];
    is_all boolean;
    session sessions%ROWTYPE;
    owner owners%ROWTYPE;
    follower_seqs bigint[];
    space record;
    removed bigint;
    followers bigint;
    first_seq bigint;
BEGIN
    PERFORM set_config('memory.tenant', p_tenant, true);
    turns := 0; vectors := 0; records := 0; works := 0;
    SELECT * INTO session FROM sessions s WHERE s.tenant = p_tenant AND s.id = p_session;
    SELECT * INTO owner FROM owners o WHERE o.tenant = p_tenant AND o.user_id = session.user_id FOR NO KEY UPDATE;
    -- A session made anew meanwhile may be another user's: then there is nothing left of the one that was meant.
    SELECT * INTO session FROM sessions s
        WHERE s.tenant = p_tenant AND s.id = p_session AND s.user_id = owner.user_id FOR UPDATE;
    SELECT array_agg(t.seq ORDER BY t.seq) FILTER (WHERE p_seqs IS NULL OR t.seq = ANY (p_seqs)),
           bool_and(p_seqs IS NULL OR t.seq = ANY (p_seqs))
        INTO erased_seqs, is_all
        FROM turns t WHERE t.tenant = p_tenant AND t.session_key = session.session_key AND NOT t.erased;
    IF erased_seqs IS NULL THEN
        RETURN;
    END IF;

    UPDATE turns t SET erased = true, name = NULL, content = '', metadata = NULL, tokens = 0
        WHERE t.tenant = p_tenant AND t.session_key = session.session_key AND t.seq = ANY (erased_seqs);
    turns := cardinality(erased_seqs);
    DELETE FROM idempotency i WHERE i.tenant = p_tenant AND i.session_key = session.session_key
        AND EXISTS (SELECT FROM unnest(erased_seqs) e (seq) WHERE e.seq >= i.first_seq AND e.seq < i.first_seq + i.count);
    GET DIAGNOSTICS records = ROW_COUNT;
    UPDATE sessions s SET version = s.version + 1, erased_version = s.version + 1, updated_at = greatest(s.updated_at, p_now)
        WHERE s.tenant = p_tenant AND s.session_key = session.session_key;
    SELECT array_agg(t.seq) INTO follower_seqs FROM turns t
        WHERE t.tenant = p_tenant AND t.session_key = session.session_key AND NOT t.erased
          AND t.seq = ANY (ARRAY(SELECT e.seq + 1 FROM unnest(erased_seqs) e (seq)));
    -- Read after the session's row was written: whoever drops a space locks the table sessions first.
    FOR space IN SELECT s.id, s.state FROM spaces s LOOP
        EXECUTE format('DELETE FROM vectors_%s v WHERE v.tenant = $1 AND v.session_key = $2 AND v.seq = ANY ($3)', space.id)
            USING p_tenant, session.session_key, erased_seqs;
        GET DIAGNOSTICS removed = ROW_COUNT;
        EXECUTE format(
            'WITH d AS (DELETE FROM vectors_%s v WHERE v.tenant = $1 AND v.session_key = $2 AND v.seq = ANY ($3) RETURNING v.seq)
             SELECT count(*), min(d.seq) FROM d', space.id)
            INTO followers, first_seq USING p_tenant, session.session_key, follower_seqs;
        vectors := vectors + removed + followers;
        IF followers > 0 AND space.state < 2 THEN
            INSERT INTO due AS d (tenant, subject, kind, due_at, created_at, cursor)
                VALUES (p_tenant, p_session, 'embed:' || space.id, p_now, p_now, first_seq - 1)
                ON CONFLICT (tenant, subject, kind) DO UPDATE SET
                    wakes = d.wakes + 1, claims = d.claims + 1, state = 0, attempts = 0, lease_until = 0,
                    due_at = greatest(excluded.due_at, d.not_before),
                    cursor = CASE d.cursor WHEN 0 THEN excluded.cursor ELSE least(d.cursor, excluded.cursor) END;
        END IF;
    END LOOP;
    IF is_all THEN
        DELETE FROM due d WHERE d.tenant = p_tenant AND d.subject = p_session;
        GET DIAGNOSTICS works = ROW_COUNT;
        erased_seqs := ARRAY[NULL::bigint];
    END IF;
    INSERT INTO removals (tenant, owner_key, change, session_id, seq)
        SELECT p_tenant, owner.owner_key, owner.head + e.place, p_session, e.seq
        FROM unnest(erased_seqs) WITH ORDINALITY AS e (seq, place);
    UPDATE owners o SET head = owner.head + cardinality(erased_seqs)
        WHERE o.tenant = p_tenant AND o.user_id = owner.user_id;
END
$$;
