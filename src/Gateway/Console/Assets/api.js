// Calls of the service. The key lives in this variable and nowhere else: a reload forgets it.

let key = null;
let about = { keyless: false, dashboard: false, calls: [] };
const base = new URL('..', document.baseURI);

export const setKey = (value) => {
    key = value || null;
};
export const hasKey = () => key !== null;

/** What this process is: {version, keyless, dashboard, calls}; read once before the first screen. */
export const facts = () => about;

/** Whether the service has a call, for instance '/v1/admin/audit'. */
export const has = (path) => about.calls.includes(path);

export async function readAbout() {
    const answer = await fetch('about.json');
    if (answer.ok) about = { ...about, ...(await answer.json()) };
}

/** An answer that is no success: problem details, or what could be made out. */
export class Problem extends Error {
    constructor(status, body, requestId) {
        super(body?.detail || body?.title || `The service answered ${status}.`);
        this.status = status;
        this.code = body?.code ?? null;
        this.errors = body?.errors ?? null;
        this.requestId = body?.request_id ?? requestId;
    }
}

/** Asks the service; answers {body, etag, status}. Fails with a Problem. */
export async function call(method, path, body, options = {}) {
    const headers = { Accept: 'application/json', ...options.headers };
    if (key) headers['X-Api-Key'] = key;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    let answer;
    try {
        answer = await fetch(new URL(path.slice(1), base), {
            method,
            headers,
            signal: options.signal,
            cache: 'no-store',
            credentials: 'omit',
            body: body === undefined ? undefined : JSON.stringify(body),
        });
    } catch (failure) {
        if (failure.name === 'AbortError') throw failure;
        throw new Problem(0, { title: 'The service could not be reached.' });
    }
    if (!answer.ok) throw new Problem(answer.status, await jsonOf(answer), answer.headers.get('X-Request-Id'));
    if (options.blob) return { body: await answer.blob(), status: answer.status };
    return { body: await jsonOf(answer), etag: answer.headers.get('ETag'), status: answer.status };
}

async function jsonOf(answer) {
    try {
        return await answer.json();
    } catch {
        return null;
    }
}

/** A path with a query; absent values are left out. */
export function withQuery(path, query) {
    const asked = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {})) {
        if (value !== null && value !== undefined && value !== '') asked.set(name, value);
    }
    const text = asked.toString();
    return text ? `${path}?${text}` : path;
}

export const get = async (path, query, signal) => (await call('GET', withQuery(path, query), undefined, { signal })).body ?? {};

/** Up to `most` items of a paged list, with whether there are more. */
export async function many(path, query, most, signal) {
    const items = [];
    let cursor = null;
    do {
        const page = await get(path, { ...query, limit: Math.min(100, most - items.length), cursor }, signal);
        items.push(...(page.items ?? []));
        cursor = page.next_cursor;
    } while (cursor && items.length < most);
    return { items, more: Boolean(cursor) };
}

export const at = (...parts) => '/v1/' + parts.map(encodeURIComponent).join('/');
