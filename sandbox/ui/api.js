// The control interface, and waiting for changes.

export class Refused extends Error {}

export async function post(path, body) {
  const answer = await fetch(`/_control/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const data = await answer.json();
  if (!data.ok) throw new Refused(data.error || `${path} was refused`);
  return data;
}

export async function get(path) {
  const answer = await fetch(`/_control/${path}`);
  const data = await answer.json();
  if (!data.ok && answer.status >= 400) throw new Refused(data.error || path);
  return data;
}

// Calls `changed` after every change of the workspace, for as long as the page is open.
export async function watch(changed) {
  let seq = -1;
  for (;;) {
    try {
      const data = await get(`changes?since=${seq}&timeout=25`);
      if (data.seq !== seq) {
        seq = data.seq;
        await changed();
      }
    } catch {
      await new Promise((done) => setTimeout(done, 1500)); // the sandbox went away; it may come back
    }
  }
}
