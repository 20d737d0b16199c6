// The frame: which screen the address names, the key, what happens when a screen fails.
import { announce, h, link } from './dom.js';
import { facts, hasKey, readAbout, setKey } from './api.js';
import { problem } from './parts.js';
import { sessions, session } from './sessions.js';
import { memories, memory } from './memories.js';
import { recall } from './recall.js';
import { users, user } from './users.js';
import { graph } from './graph.js';
import { salience } from './salience.js';
import { operations } from './operations.js';
import { audit } from './audit.js';

const lists = { sessions, recall, memories, users, graph, salience, operations, audit };
const single = { sessions: session, memories: memory, users: user };
const main = document.getElementById('main');
let current = null;

function asked() {
    const [path, query] = location.hash.replace(/^#\/?/, '').split('?', 2);
    const [name, ...rest] = (path || 'sessions').split('/').map(decode);
    return { name, id: rest.join('/') || null, query: Object.fromEntries(new URLSearchParams(query ?? '')) };
}

function decode(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

/** Shows the screen of the address. One that took long gives way to the next. */
async function show(moved) {
    current?.abort();
    const mine = (current = new AbortController());
    const { name, id, query } = asked();
    const screen = id ? single[name] : lists[name];
    for (const anchor of document.querySelectorAll('nav a')) {
        if (anchor.getAttribute('href') === `#/${name}`) anchor.setAttribute('aria-current', 'page');
        else anchor.removeAttribute('aria-current');
    }
    main.setAttribute('aria-busy', 'true');
    let view;
    try {
        view = screen ? await screen({ id, query, signal: mine.signal, refresh: () => show(false) }) : lost();
    } catch (failure) {
        if (mine.signal.aborted) return;
        if (!failure.status && failure.status !== 0) console.error(failure);
        view = h(
            'section',
            {},
            h('h1', {}, titleOf(name)),
            problem(failure, () => show(false)),
        );
        if (failure.status === 401) document.getElementById('api-key').focus();
        moved = moved && failure.status !== 401;
    }
    if (mine.signal.aborted) return;
    main.replaceChildren(view);
    main.removeAttribute('aria-busy');
    const heading = main.querySelector('h1');
    document.title = `${heading?.textContent ?? 'Memory'} · Memory console`;
    if (moved) {
        heading?.setAttribute('tabindex', '-1');
        heading?.focus();
        scrollTo(0, 0);
    }
}

const titleOf = (name) => name.charAt(0).toUpperCase() + name.slice(1);

const lost = () => h('section', {}, h('h1', {}, 'No such screen'), h('p', {}, link(['sessions'], 'To the sessions')));

function showWho() {
    const form = document.getElementById('sign-in');
    const needed = !facts().keyless && !hasKey();
    form.hidden = !needed;
    document.getElementById('sign-out').hidden = !hasKey();
    document.getElementById('who').textContent = hasKey()
        ? 'Signed in; the key is forgotten when this page closes.'
        : facts().keyless
          ? 'No key is needed on this machine.'
          : '';
}

document.getElementById('sign-in').addEventListener('submit', (event) => {
    event.preventDefault();
    const input = document.getElementById('api-key');
    setKey(input.value.trim());
    input.value = '';
    showWho();
    announce('The key is used from now on.');
    show(true);
});

document.getElementById('sign-out').addEventListener('click', () => {
    setKey(null);
    showWho();
    announce('The key is forgotten.');
    show(false);
    document.getElementById('api-key').focus();
});

// The skip link's own fragment would be taken for a screen.
document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
});

addEventListener('hashchange', () => show(true));

await readAbout().catch(() => announce('The service could not be reached.'));
showWho();
if (facts().keyless) {
    await show(false);
} else {
    main.replaceChildren(
        h(
            'section',
            {},
            h('h1', {}, 'Sign in'),
            h('p', {}, 'This memory asks for an API key. It is kept in this page only, in memory, and sent to this service only.'),
        ),
    );
    document.getElementById('api-key').focus();
}
