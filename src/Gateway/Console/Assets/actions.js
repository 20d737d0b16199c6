// What changes the memory: each act is confirmed in a dialog that says what will happen.
import { announce, h } from './dom.js';
import { at, call, Problem } from './api.js';
import { field, problem, valuesOf } from './parts.js';

/**
 * Opens a dialog; `act(values)` runs when it is confirmed and may answer what to say then. The dialog stays open with the
 * problem when it fails. Resolves to true when it was done. `typed`: a word to type before the button works.
 */
export function ask({ title, text, button, danger, fields = [], typed, act }) {
    return new Promise((resolve) => {
        let done = false;
        const word =
            typed &&
            h('input', {
                id: 'field-typed',
                type: 'text',
                autocomplete: 'off',
                spellcheck: 'false',
                oninput: () => {
                    confirm.disabled = word.value !== typed;
                },
            });
        const confirm = h('button', { type: 'submit', class: danger ? 'danger' : 'strong', disabled: Boolean(typed) }, button);
        const trouble = h('div', {});
        const form = h(
            'form',
            { onsubmit: run },
            h('h2', { id: 'dialog-title' }, title),
            text && h('p', {}, text),
            fields,
            word && h('div', { class: 'field' }, h('label', { for: 'field-typed' }, 'Type ', h('code', {}, typed), ' to go on'), word),
            trouble,
            h('p', { class: 'buttons' }, h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'), confirm),
        );
        const dialog = h(
            'dialog',
            {
                'aria-labelledby': 'dialog-title',
                onclose: () => {
                    dialog.remove();
                    resolve(done);
                },
            },
            form,
        );
        document.body.append(dialog);
        dialog.showModal();

        async function run(event) {
            event.preventDefault();
            confirm.disabled = true;
            trouble.replaceChildren();
            try {
                const said = await act(valuesOf(form), form);
                done = true;
                dialog.close();
                announce(said ?? 'Done.');
            } catch (failure) {
                if (!(failure instanceof Problem)) console.error(failure);
                trouble.replaceChildren(problem(failure));
                confirm.disabled = false;
            }
        }
    });
}

const kinds = { memory_id: 'memory', turn: 'turn', session_id: 'session', user_id: 'user' };
const losses = {
    memory_id: 'The content of every version of this memory goes for good. It cannot be undone.',
    turn: 'What it said goes for good, and so does what was derived from it and rests on nothing else. It cannot be undone.',
    session_id: 'Its turns go for good, and so does what was derived from them and rests on nothing else. It cannot be undone.',
    user_id: 'All sessions, memories and entities of this user go for good, with all that was derived from them. It cannot be undone.',
};

/** Erases a memory, a turn, a session or a user; `target` is {memory_id}, {turn: {session_id, turn_id}}, {session_id} or {user_id}. */
export function erase(target) {
    const [name, named] = Object.entries(target)[0];
    const id = named.turn_id ?? named;
    return ask({
        title: `Erase ${kinds[name]} ${id}?`,
        text: losses[name],
        button: 'Erase for good',
        danger: true,
        typed: name === 'memory_id' || name === 'turn' ? null : id,
        act: async () => {
            const receipt = await eraseNow(name, named);
            if (!receipt) return 'Erased.';
            return `Erased: ${countsText(receipt.counts)}${receipt.state === 'running' ? ' so far; it goes on' : ''}.`;
        },
    });
}

/** The receipt; null with a key that may write and not administer, which gets none. */
async function eraseNow(name, id) {
    try {
        const { body, status } = await call('POST', '/v1/admin/erasures', { [name]: id });
        return status === 202 ? await untilDone(body) : body;
    } catch (failure) {
        if (failure.status !== 403 || name === 'user_id') throw failure;
        await call('DELETE', pathOf(name, id));
        return null;
    }
}

function pathOf(name, id) {
    if (name === 'turn') return at('sessions', id.session_id, 'turns', id.turn_id);
    return at(name === 'memory_id' ? 'memories' : 'sessions', id);
}

export function countsText(counts) {
    const parts = Object.entries(counts ?? {})
        .filter(([, count]) => count > 0)
        .map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`);
    return parts.length > 0 ? parts.join(', ') : 'nothing';
}

async function untilDone(erasure) {
    for (let asked = 0; asked < 60 && erasure.state === 'running'; asked++) {
        await new Promise((resume) => setTimeout(resume, 500));
        erasure = (await call('GET', at('admin', 'erasures', erasure.id))).body;
    }
    return erasure;
}

const versioned = (memory) => ({ headers: { 'If-Match': `"${memory.version}"` } });

export function edit(memory) {
    const episode = memory.kind === 'episode';
    return ask({
        title: 'Edit this memory',
        button: 'Save as the next version',
        fields: [
            field('content', 'Content', {
                type: 'textarea',
                value: memory.content,
                rows: 6,
                readonly: episode,
                hint: episode ? 'The text of an episode stays as it is.' : null,
            }),
            field('importance', 'Importance, 0 to 1', { type: 'number', value: memory.importance, min: 0, max: 1, step: 'any' }),
            field('valid_to', 'True until (UTC, empty: still)', { value: memory.valid_to ?? '', placeholder: '2026-01-31T12:00:00Z' }),
            field('status', 'Status', {
                type: 'select',
                options: [...new Set([memory.status, 'active', 'archived'])],
                value: memory.status,
            }),
        ],
        act: async (values) => {
            const change = {};
            if (!episode && values.content !== memory.content) change.content = values.content ?? '';
            if (Number(values.importance) !== memory.importance) change.importance = Number(values.importance);
            if ((values.valid_to ?? null) !== (memory.valid_to ?? null)) change.valid_to = values.valid_to ?? null;
            if (values.status !== memory.status) change.status = values.status;
            if (Object.keys(change).length === 0) return 'Nothing was changed.';
            const { body } = await call('PATCH', at('memories', memory.id), change, versioned(memory));
            return `Saved as version ${body?.version}.`;
        },
    });
}

export function pin(memory) {
    const pinned = !memory.pinned;
    return ask({
        title: pinned ? 'Pin this memory?' : 'Unpin this memory?',
        text: pinned
            ? 'A pinned memory does not fade, and retention leaves it alone.'
            : 'It fades from now on, and retention may put it away.',
        button: pinned ? 'Pin' : 'Unpin',
        act: async () => {
            await call('PATCH', at('memories', memory.id), { pinned }, versioned(memory));
            return pinned ? 'Pinned.' : 'Unpinned.';
        },
    });
}

export function undo(memory) {
    return ask({
        title: 'Undo the last change?',
        text:
            `The operation that made version ${memory.version} (${memory.change}) is taken back in every memory it changed. ` +
            'An undo can be undone the same way.',
        button: 'Undo',
        act: async () => {
            const { body } = await call('POST', `${at('memories', memory.id)}/undo`);
            return `Undone in ${body?.items?.length ?? 0} memories.`;
        },
    });
}

/** One question, one call: for acts without values. */
export function act(title, text, button, method, path, { danger, body, said } = {}) {
    return ask({
        title,
        text,
        button,
        danger,
        act: async () => {
            const answer = await call(method, path, body);
            return typeof said === 'function' ? said(answer.body) : (said ?? 'Done.');
        },
    });
}

/** Everything of the tenant as one file of the browser's. */
export function exportAll(tenant) {
    return ask({
        title: 'Export the whole tenant?',
        button: 'Export',
        text:
            `All sessions, memories and the graph of ${tenant ?? 'this tenant'} are written into one file, ` +
            'which anyone can read who has it.',
        act: async () => {
            const { body } = await call('GET', '/v1/admin/export', undefined, {
                blob: true,
                headers: { Accept: 'application/x-ndjson' },
            });
            const address = URL.createObjectURL(body);
            h('a', { href: address, download: `memory-${tenant ?? 'tenant'}.ndjson` }).click();
            setTimeout(() => URL.revokeObjectURL(address), 60_000);
            return `Exported ${body.size.toLocaleString('en-US')} bytes.`;
        },
    });
}

/** A row of buttons; each is [text, act, danger]; the screen is shown anew after one that was done. */
export const buttons = (refresh, ...all) =>
    h(
        'p',
        { class: 'buttons' },
        all.filter(Boolean).map(([text, run, danger]) =>
            h(
                'button',
                {
                    type: 'button',
                    class: danger ? 'danger' : null,
                    onclick: async () => {
                        if (await run()) refresh();
                    },
                },
                text,
            ),
        ),
    );
