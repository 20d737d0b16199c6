-- The clock a person speaks by: a turn's offset from UTC in minutes, and a session's IANA time zone.
ALTER TABLE turns ADD COLUMN utc_offset INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN time_zone TEXT;
CREATE INDEX sessions_with_zone ON sessions (owner_key, session_key) WHERE time_zone IS NOT NULL;
