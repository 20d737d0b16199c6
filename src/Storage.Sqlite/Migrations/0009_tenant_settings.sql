-- What an operator has set for a tenant: a JSON object, limits by name.
CREATE TABLE tenant_settings (
    tenant   TEXT PRIMARY KEY NOT NULL,
    settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;
