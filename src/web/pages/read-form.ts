import type { Request } from 'express';
import { aProblem, type Problem } from '../problem.ts';
import { type BodyBudget, readBody } from '../read-body.ts';
import type { UploadedFile } from './page-route.ts';

export interface Form {
  readonly fields: URLSearchParams;
  readonly files: readonly UploadedFile[];
  readonly free: () => void;
}

const MAX_PLAIN_FORM = 4 * 1024 * 1024;

/** Reads a posted form, plain or with files. */
export async function readForm(
  request: Request,
  limit: number,
  budget: BodyBudget,
): Promise<{ readonly ok: true; readonly form: Form } | { readonly ok: false; readonly problem: Problem }> {
  const type = request.get('content-type') ?? '';
  const plain = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(type);
  if (!plain && !/^multipart\/form-data\s*;/i.test(type)) {
    return { ok: false, problem: aProblem('unsupported-media-type', 'This takes a form, as its page sends it.') };
  }
  const body = await readBody(request, plain ? Math.min(limit, MAX_PLAIN_FORM) : limit, budget);
  if (!body.ok) return body;
  if (plain) {
    const fields = new URLSearchParams(Buffer.from(body.bytes).toString('utf8'));
    return { ok: true, form: { fields, files: [], free: body.free } };
  }
  try {
    const data = await new Response(new Uint8Array(body.bytes), { headers: { 'content-type': type } }).formData();
    const fields = new URLSearchParams();
    const files: UploadedFile[] = [];
    for (const [name, value] of data) {
      if (typeof value === 'string') fields.append(name, value);
      else if (value.size > 0 || value.name !== '') {
        files.push({ name: value.name, type: value.type, content: new Uint8Array(await value.arrayBuffer()) });
      }
    }
    return { ok: true, form: { fields, files, free: body.free } };
  } catch (error) {
    body.free();
    if (!(error instanceof TypeError)) throw error;
    return { ok: false, problem: aProblem('malformed-request', 'The form did not arrive whole; send it again.') };
  }
}
